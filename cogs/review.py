"""The review queue as editors see it: in the desk's channel, and one by one in ``desk queue``."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import discord
from discord.ext import commands, tasks

from bot.cards import ids
from bot.cards.aside import plain_review_card
from bot.cards.marks import choice
from bot.cards.notes import note
from bot.cards.review import BY_NAME, review_card, shown_review, twins_card
from bot.cards.safe import line
from bot.client import Dealwire, Interaction
from bot.errors import Refused
from bot.languages import say
from bot.loops import Attempts, ErrorLog
from bot.model.company import Company
from bot.newsroom.limits import check_name
from bot.newsroom.review import InQueue
from bot.publisher.desk import DeskChannel
from bot.publisher.refusals import code_of, delivery_error
from cogs.clicks import Click, beside
from cogs.editors import actor, check_editor
from cogs.reviewforms import EditForm, NameForm, OpenForm, shown_after

log = logging.getLogger(__name__)

#: How often the desk's channel is brought up to date, in seconds.
EVERY = 2.0
_NEWEST = 25


class DeskQueue(commands.Cog):
    """Keeps the desk's channel up to date."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._channel = DeskChannel(bot, bot.services)
        self._attempts = Attempts(ErrorLog(log, "Updating the desk's channel"))

    async def cog_load(self) -> None:
        """Begin."""
        if self._bot.services.settings.desk_channel_id:
            self._catch_up.start()

    async def cog_unload(self) -> None:
        """End."""
        self._catch_up.cancel()

    @tasks.loop(seconds=EVERY)
    async def _catch_up(self) -> None:
        delay = await self._attempts.run(self._show_all)
        self._catch_up.change_interval(seconds=max(EVERY, delay))

    async def _show_all(self) -> None:
        while self._bot.is_ready() and await self._channel.catch_up():
            pass


async def show_waiting(interaction: Interaction, waiting: InQueue) -> None:
    """Show one of those that wait, with the way to the next; if Discord refuses its card, without the article's words."""
    try:
        await beside(interaction, await _waiting_card(interaction, waiting))
    except discord.HTTPException as exc:
        if not code_of(exc) or interaction.response.is_done():
            raise
        place = (waiting.at, waiting.count)
        await beside(interaction, plain_review_card(waiting.review, delivery_error(exc).reason, place=place))


async def _waiting_card(interaction: Interaction, waiting: InQueue) -> discord.ui.LayoutView:
    services = interaction.client.services
    newest = await services.library.complete_story("", deals_only=False, limit=_NEWEST)
    stories = await services.reviews.stories(waiting.review)
    set_aside = await services.failed_work.count()
    return review_card(waiting.review, stories, map(choice, newest), (waiting.at, waiting.count), set_aside)


class QueuePage(Click, template=ids.QUEUE):
    """Another article of the queue."""

    async def answer(self, interaction: Interaction) -> None:
        """Show it to an editor."""
        await check_editor(interaction)
        waiting = await interaction.client.services.reviews.waiting(int(self.said["at"]))
        if waiting is None:
            raise Refused(say("No article waits any more."))
        await show_waiting(interaction, waiting)


class Decide(Click, template=ids.REVIEW):
    """A button under an article."""

    async def answer(self, interaction: Interaction) -> None:
        """Decide, for an editor."""
        await check_editor(interaction)
        await _ACTS[self.said["act"]](interaction, int(self.said["number"]))


async def _likeliest(interaction: Interaction, number: int) -> str:
    """The slug of the story that is suggested first."""
    reviews = interaction.client.services.reviews
    stories = await reviews.stories(await reviews.get(number))
    if not stories:
        raise Refused(say("The suggested story is gone; choose another from the menu, or begin a new one."))
    return stories[0].slug


async def _publish(interaction: Interaction, number: int) -> None:
    slug = await _likeliest(interaction, number)
    review, _ = await interaction.client.services.reviews.publish(number, slug, actor=actor(interaction))
    await shown_after(interaction, review)


async def _edit(interaction: Interaction, number: int) -> None:
    slug = await _likeliest(interaction, number)
    _, story, draft = await interaction.client.services.reviews.draft(number, slug)
    await interaction.response.send_modal(EditForm(number, story, draft))


async def _open(interaction: Interaction, number: int) -> None:
    await interaction.response.send_modal(OpenForm(await interaction.client.services.reviews.get(number)))


async def _retold(interaction: Interaction, number: int) -> None:
    services = interaction.client.services
    review = await services.reviews.get(number)
    said = review.suggestion
    if said.story and said.key:
        decided, _ = await services.reviews.re_report(number, said.story, said.key, actor=actor(interaction))
        await shown_after(interaction, decided)
        return
    card = twins_card(review, await services.reviews.stories(review))
    await interaction.response.send_message(view=card, ephemeral=True)


async def _dismiss(interaction: Interaction, number: int) -> None:
    review = await interaction.client.services.reviews.dismiss(number, actor=actor(interaction))
    await shown_after(interaction, review)


async def _undo(interaction: Interaction, number: int) -> None:
    review = await interaction.client.services.reviews.undo(number, actor=actor(interaction))
    await shown_after(interaction, review)


async def _show(interaction: Interaction, number: int) -> None:
    services = interaction.client.services
    review = await services.reviews.get(number)
    newest = await services.library.complete_story("", deals_only=False, limit=_NEWEST)
    card = shown_review(review, await services.reviews.stories(review), map(choice, newest))
    await interaction.response.send_message(view=card, ephemeral=True)


_ACTS: dict[str, Callable[[Interaction, int], Awaitable[None]]] = {
    "publish": _publish,
    "edit": _edit,
    "new": _open,
    "retold": _retold,
    "dismiss": _dismiss,
    "undo": _undo,
    "show": _show,
}


class PickStory(Click, template=ids.REVIEW_STORY):
    """The menu of stories to publish an article in."""

    async def answer(self, interaction: Interaction) -> None:
        """Publish it there, or ask for the story's name."""
        await check_editor(interaction)
        number, picked = int(self.said["number"]), _picked(self.item)
        if picked == BY_NAME:
            await interaction.response.send_modal(NameForm(number))
            return
        review, _ = await interaction.client.services.reviews.publish(number, picked, actor=actor(interaction))
        await shown_after(interaction, review)


class PickTwin(Click, template=ids.REVIEW_TWIN):
    """The menu of developments that an article may tell again."""

    async def answer(self, interaction: Interaction) -> None:
        """Add it to the one that was picked."""
        await check_editor(interaction)
        reviews, number = interaction.client.services.reviews, int(self.said["number"])
        stories = await reviews.stories(await reviews.get(number))
        at, _, told = _picked(self.item).partition(":")
        story = stories[int(at)] if at.isdecimal() and int(at) < len(stories) else None
        found = next((d for d in story.developments if str(d.number) == told), None) if story else None
        if story is None or found is None:
            raise Refused(say("That development has changed meanwhile; pick it anew."))
        review, _ = await reviews.re_report(number, story.slug, found.key, actor=actor(interaction))
        await shown_after(interaction, review)


class PickName(Click, template=ids.REVIEW_NAMES):
    """The menu of names that are not known yet."""

    async def answer(self, interaction: Interaction) -> None:
        """Make the one that was picked known as a company."""
        await check_editor(interaction)
        name = check_name("company", _picked(self.item))
        added = await interaction.client.services.desk.add_companies([Company(name)], actor=actor(interaction))
        await interaction.response.send_message(view=note(_told(name, is_new=bool(added))), ephemeral=True)


def _told(name: str, *, is_new: bool) -> str:
    company = line(name, 120)
    if is_new:
        return say("**{company}** is a company now; `/desk story` makes it a party of a story.", company=company)
    return say("**{company}** is a company already.", company=company)


def _picked(item: discord.ui.Item[discord.ui.LayoutView]) -> str:
    return item.values[0] if isinstance(item, discord.ui.Select) and item.values else ""


async def setup(bot: Dealwire) -> None:
    """Add the buttons, the menus, and what keeps the channel up to date."""
    bot.add_dynamic_items(Decide, PickStory, PickTwin, PickName, QueuePage)
    await bot.add_cog(DeskQueue(bot))
