"""The buttons and menus of the asking cards. They know nothing but their ``custom_id``, so they outlive a restart."""

from __future__ import annotations

import re
from typing import Any, Self, TypeVar

import discord

from bot.cards import ids
from bot.cards.full import full_story_beside
from bot.cards.lists import latest_list, story_list
from bot.cards.story import story_card
from bot.client import Interaction, tell
from bot.languages import speak
from bot.library.answers import NewsFilter, StoryFilter
from bot.library.library import Library
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.sentences import sentence_of
from cogs.places import home

_Base = TypeVar("_Base", bound=discord.ui.Item[Any])

#: Companies whose names begin alike that a button's is looked for among.
_BEGIN_SO = 200


class Click(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"dw:never"):
    """One kind of button or menu: the groups of its pattern, and what it answers."""

    def __init__(self, item: discord.ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.said = match.groupdict()

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Made anew for every click."""
        return cls(item, match)

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # the base leaves the client open
        """Answer; an error is told to the one who clicked."""
        speak(await interaction.client.audience.of_interaction(interaction))
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.answer(interaction)
        except Exception as exc:  # noqa: BLE001 - told, and logged under a reference when it is none of ours
            sentence = sentence_of(exc)
            if sentence:
                await tell(interaction, sentence)

    async def answer(self, interaction: Interaction) -> None:
        """What this click does."""
        raise TypeError(f"{type(self).__name__} has no answer")


def reading_place(interaction: Interaction) -> int:
    """Where somebody reads, as follows know it: the channel or thread; where the bot is not, and in DMs, the person."""
    return interaction.user.id if home(interaction) is None else interaction.channel_id or 0


async def new_here(interaction: Interaction, story: Story) -> frozenset[int]:
    """The developments of a story that are new to the clicker, for a card that nobody else sees."""
    reading = interaction.client.services.reading
    return await reading.new_to(interaction.user.id, reading_place(interaction), story)


def is_own(interaction: Interaction) -> bool:
    """Whether the card that was clicked is the clicker's own: an answer to them, or one that only they see."""
    message = interaction.message
    asked_by = message.interaction_metadata.user.id if message and message.interaction_metadata else 0
    return message is not None and (message.flags.ephemeral or asked_by == interaction.user.id)


async def turn(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card in place of the one that was clicked if that is the clicker's own, else beside it, for them alone."""
    if is_own(interaction):
        # The picture of the card that was there goes with it.
        await interaction.response.edit_message(view=card, attachments=[])
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def beside(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card for the clicker alone, in place of an earlier one that was theirs alone."""
    if interaction.message and interaction.message.flags.ephemeral:
        await interaction.response.edit_message(view=card, attachments=[])
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


class Full(Click, template=ids.FULL):
    """A page of the full story."""

    async def answer(self, interaction: Interaction) -> None:
        """Show it to the one who clicked."""
        story = await interaction.client.services.library.story(self.said["slug"])
        new = await new_here(interaction, story)
        await beside(interaction, await full_story_beside(story, int(self.said["page"]), new))


class OfPost(Click, template=ids.POST):
    """The Full story button of a post."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the story to the one who clicked."""
        story = await interaction.client.services.library.story(self.said["slug"])
        await beside(interaction, await full_story_beside(story, 0, await new_here(interaction, story)))


class Pick(Click, template=ids.PICK):
    """A menu of other stories."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the story that was picked."""
        menu = self.item
        slug = menu.values[0] if isinstance(menu, discord.ui.Select) and menu.values else ""
        await show_beside(interaction, slug)


class Show(Click, template=ids.SHOW):
    """The button of a related story."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the story to the one who clicked."""
        await show_beside(interaction, self.said["slug"])


async def show_beside(interaction: Interaction, slug: str) -> None:
    """A story's card for the clicker alone, with what is new to them."""
    answer = await interaction.client.services.library.show(slug)
    await beside(interaction, story_card(answer, new=await new_here(interaction, answer.story)))


class DealsPage(Click, template=ids.DEALS):
    """Another page of a list of stories."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        library = interaction.client.services.library
        company = await whole_name(library, self.said["company"], ids.DEALS_NAME)
        chosen = StoryFilter(
            company=company,
            stage=Stage(self.said["stage"]) if self.said["stage"] else None,
            kind=Kind(self.said["kind"]) if self.said["kind"] else None,
            deals_only=self.said["deals"] == "1",
        )
        await turn(interaction, story_list(await library.stories(chosen, int(self.said["page"]))))


class LatestPage(Click, template=ids.LATEST):
    """Another page of the newest developments."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        library = interaction.client.services.library
        chosen = NewsFilter(await whole_name(library, self.said["company"], ids.NAME))
        await turn(interaction, latest_list(await library.latest(chosen, int(self.said["page"]))))


class NewsPage(Click, template=ids.NEWS):
    """Another page of the newest developments of some kind, stage or claim."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        library, said = interaction.client.services.library, self.said
        chosen = NewsFilter(
            await whole_name(library, said["company"], ids.NEWS_NAME),
            Kind(said["kind"]) if said["kind"] else None,
            Stage(said["stage"]) if said["stage"] else None,
            Claim(said["claim"]) if said["claim"] else None,
        )
        await turn(interaction, latest_list(await library.latest(chosen, int(said["page"]))))


async def whole_name(library: Library, said: str, room: int) -> str:
    """The name of a company, of which a button remembers no more than it has room for."""
    beginning = ids.beginning_of(said, room)
    if not beginning:
        return said
    found = await library.complete_company(beginning, _BEGIN_SO)
    return next((name for name in found if ids.shortened(name, room) == said), next(iter(found), said))


ITEMS: tuple[type[Click], ...] = (Full, OfPost, Pick, Show, DealsPage, LatestPage, NewsPage)
