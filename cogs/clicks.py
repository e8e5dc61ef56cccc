"""The buttons and menus of the asking cards. They know nothing but their ``custom_id``, so they outlive a restart."""

from __future__ import annotations

import re
from typing import Any, Self, TypeVar

import discord

from bot.cards import ids
from bot.cards.full import full_story
from bot.cards.lists import company_card, latest_list, story_list
from bot.cards.nothing import no_answer
from bot.cards.story import story_card
from bot.client import Interaction, sentence_of, tell
from bot.library.answers import CompanyPage, StoryFilter
from bot.library.library import Library
from bot.model.vocabulary import Kind, Stage

_Base = TypeVar("_Base", bound=discord.ui.Item[Any])


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
        try:
            await self.answer(interaction)
        except Exception as exc:  # noqa: BLE001 - told, and logged under a reference when it is none of ours
            sentence = sentence_of(exc)
            if sentence:
                await tell(interaction, sentence)

    async def answer(self, interaction: Interaction) -> None:
        """What this click does."""
        raise TypeError(f"{type(self).__name__} has no answer")


async def turn(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card in place of the one that was clicked if that is the clicker's own, else beside it, for them alone."""
    message = interaction.message
    asked_by = message.interaction_metadata.user.id if message and message.interaction_metadata else 0
    if message and (message.flags.ephemeral or asked_by == interaction.user.id):
        await interaction.response.edit_message(view=card)
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def beside(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card for the clicker alone, in place of an earlier one that was theirs alone."""
    if interaction.message and interaction.message.flags.ephemeral:
        await interaction.response.edit_message(view=card)
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


class Full(Click, template=ids.FULL):
    """A page of the full story."""

    async def answer(self, interaction: Interaction) -> None:
        """Show it to the one who clicked."""
        story = await interaction.client.services.library.story(self.said["slug"])
        await beside(interaction, full_story(story, int(self.said["page"])))


class OfPost(Click, template=ids.POST):
    """The Full story button of a post."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the story to the one who clicked."""
        story = await interaction.client.services.library.story(self.said["slug"])
        await beside(interaction, full_story(story, 0))


class Pick(Click, template=ids.PICK):
    """A menu of other stories."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the story that was picked."""
        menu = self.item
        slug = menu.values[0] if isinstance(menu, discord.ui.Select) and menu.values else ""
        card = story_card(await interaction.client.services.library.show(slug))
        await beside(interaction, card)


class Meant(Click, template=ids.MEANT):
    """A "did you mean" button."""

    async def answer(self, interaction: Interaction) -> None:
        """Answer with what was meant."""
        library = interaction.client.services.library
        if self.said["kind"] == "story":
            await turn(interaction, story_card(await library.show(self.said["value"])))
            return
        page = await library.company(await _whole_name(library, self.said["value"], ids.NAME))
        await turn(interaction, company_card(page) if isinstance(page, CompanyPage) else no_answer(page))


class DealsPage(Click, template=ids.DEALS):
    """Another page of a list of stories."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        library = interaction.client.services.library
        company = await _whole_name(library, self.said["company"], ids.DEALS_NAME)
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
        company = await _whole_name(library, self.said["company"], ids.NAME)
        await turn(interaction, latest_list(await library.latest(company, int(self.said["page"]))))


async def _whole_name(library: Library, said: str, room: int) -> str:
    """The name of a company, of which a button remembers no more than it has room for."""
    if len(said) < room:
        return said
    return next(iter(await library.complete_company(said, 1)), said)


ITEMS: tuple[type[Click], ...] = (Full, OfPost, Pick, Meant, DealsPage, LatestPage)
