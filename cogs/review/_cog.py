"""The review queue: in the desk's channel, and article by article in ``desk queue``."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import discord
from discord.ext import commands, tasks

from bot.cards import custom_ids
from bot.cards.escaping import escape_line
from bot.cards.labels import line_choice
from bot.cards.review import (
    BY_NAME,
    EVENT_CHOICE,
    TERM_CHOICE,
    current_review_card,
    duplicate_prompt_card,
    review_card,
)
from bot.cards.set_aside import plain_review_card
from bot.cards.simple_cards import success_card
from bot.errors import NotAllowed
from bot.languages import say
from bot.loops import ErrorLog, StepRunner
from bot.model.company import Company
from bot.model.review import Review
from bot.newsroom.field_validation import check_name
from bot.newsroom.review_queue import QueueItem
from bot.platforms.discord.client import Dealwire, Interaction
from bot.platforms.discord.error_mapping import get_error_code, to_delivery_error
from bot.platforms.discord.queue_board import QueueBoard
from cogs.autocomplete import MAX_CHOICES
from cogs.desk.expected import ExpectedEventModal, build_event_values
from cogs.desk.terms import TermModal, build_term_values
from cogs.editors import check_editor, get_actor
from cogs.persistent import PersistentItem, reply_privately
from cogs.review.review_modals import EditDraftModal, NewStoryModal, StoryNameModal, show_decision

log = logging.getLogger(__name__)

#: Seconds between two updates of the desk's channel.
UPDATE_INTERVAL_SECONDS = 2.0


class ReviewCog(commands.Cog):
    """Keeps the desk's channel up to date."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._board = QueueBoard(bot, bot.services)
        self._attempts = StepRunner(ErrorLog(log, "Updating the desk's channel"))

    async def cog_load(self) -> None:
        """Start the updates if there is a desk channel."""
        if self._bot.services.settings.desk_channel_id:
            self._update_loop.start()

    async def cog_unload(self) -> None:
        """Stop the updates."""
        self._update_loop.cancel()

    @tasks.loop(seconds=UPDATE_INTERVAL_SECONDS)
    async def _update_loop(self) -> None:
        delay = await self._attempts.run(self._update_channel)
        self._update_loop.change_interval(seconds=max(UPDATE_INTERVAL_SECONDS, delay))

    async def _update_channel(self) -> None:
        # Of several bots on one store, the leader keeps the channel: two would post every article twice.
        while self._bot.membership.is_leader and self._bot.is_ready() and await self._board.refresh():
            pass


async def show_queue_entry(interaction: Interaction, entry: QueueItem[Review]) -> None:
    """Show an article of the queue with a button to the next; without its words if Discord refuses the card."""
    try:
        await reply_privately(interaction, await _build_queue_card(interaction, entry))
    except discord.HTTPException as exc:
        if not get_error_code(exc) or interaction.response.is_done():
            raise
        position = (entry.position, entry.count)
        await reply_privately(
            interaction, plain_review_card(entry.item, to_delivery_error(exc).reason, position=position)
        )


async def _build_queue_card(interaction: Interaction, entry: QueueItem[Review]) -> discord.ui.LayoutView:
    services = interaction.client.services
    newest = await services.library.complete_story("", deals_only=False, limit=MAX_CHOICES)
    stories = await services.review_queue.get_stories(entry.item)
    failure_count = await services.failed_work.count()
    return review_card(entry.item, stories, map(line_choice, newest), (entry.position, entry.count), failure_count)


class ReviewPageButton(PersistentItem, template=custom_ids.REVIEW_QUEUE.pattern):
    """A page button of the review queue."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the article to an editor."""
        await check_editor(interaction)
        entry = await interaction.client.services.review_queue.get_at(int(self.params["index"]))
        if entry is None:
            raise NotAllowed(say("No more articles are waiting."))
        await show_queue_entry(interaction, entry)


class ReviewButton(PersistentItem, template=custom_ids.REVIEW.pattern):
    """A button of an article under review."""

    async def handle(self, interaction: Interaction) -> None:
        """Run the action of the button, for an editor."""
        await check_editor(interaction)
        await _ACTIONS[self.params["action"]](interaction, int(self.params["review_id"]))


async def _find_likeliest_slug(interaction: Interaction, review_id: int) -> str:
    """Return the slug of the story that is recommended first."""
    reviews = interaction.client.services.review_queue
    stories = await reviews.get_stories(await reviews.get(review_id))
    if not stories:
        raise NotAllowed(say("The suggested story no longer exists; choose another from the menu, or start a new one."))
    return stories[0].slug


async def _publish(interaction: Interaction, review_id: int) -> None:
    slug = await _find_likeliest_slug(interaction, review_id)
    review, _ = await interaction.client.services.review_queue.publish(review_id, slug, actor=get_actor(interaction))
    await show_decision(interaction, review)


async def _edit(interaction: Interaction, review_id: int) -> None:
    slug = await _find_likeliest_slug(interaction, review_id)
    _, story, draft = await interaction.client.services.review_queue.build_draft(review_id, slug)
    await interaction.response.send_modal(EditDraftModal(review_id, story, draft))


async def _open(interaction: Interaction, review_id: int) -> None:
    await interaction.response.send_modal(NewStoryModal(await interaction.client.services.review_queue.get(review_id)))


async def _mark_re_report(interaction: Interaction, review_id: int) -> None:
    services = interaction.client.services
    review = await services.review_queue.get(review_id)
    recommendation = review.recommendation
    if recommendation.story and recommendation.development_key:
        decided_review, _ = await services.review_queue.mark_re_report(
            review_id, recommendation.story, recommendation.development_key, actor=get_actor(interaction)
        )
        await show_decision(interaction, decided_review)
        return
    card = duplicate_prompt_card(review, await services.review_queue.get_stories(review))
    await interaction.response.send_message(view=card, ephemeral=True)


async def _dismiss(interaction: Interaction, review_id: int) -> None:
    review = await interaction.client.services.review_queue.dismiss(review_id, actor=get_actor(interaction))
    await show_decision(interaction, review)


async def _undo(interaction: Interaction, review_id: int) -> None:
    review = await interaction.client.services.review_queue.undo(review_id, actor=get_actor(interaction))
    await show_decision(interaction, review)


async def _show(interaction: Interaction, review_id: int) -> None:
    services = interaction.client.services
    review = await services.review_queue.get(review_id)
    newest = await services.library.complete_story("", deals_only=False, limit=MAX_CHOICES)
    card = current_review_card(review, await services.review_queue.get_stories(review), map(line_choice, newest))
    await interaction.response.send_message(view=card, ephemeral=True)


_ACTIONS: dict[str, Callable[[Interaction, int], Awaitable[None]]] = {
    "publish": _publish,
    "edit": _edit,
    "new": _open,
    "retold": _mark_re_report,
    "dismiss": _dismiss,
    "undo": _undo,
    "show": _show,
}


class ReviewStoryMenu(PersistentItem, template=custom_ids.REVIEW_STORY.pattern):
    """The menu of stories to publish an article in."""

    async def handle(self, interaction: Interaction) -> None:
        """Publish the article in the selected story, or ask for the story's name."""
        await check_editor(interaction)
        review_id, selection = int(self.params["review_id"]), self.get_selection()
        if selection == BY_NAME:
            await interaction.response.send_modal(StoryNameModal(review_id))
            return
        review, _ = await interaction.client.services.review_queue.publish(
            review_id, selection, actor=get_actor(interaction)
        )
        await show_decision(interaction, review)


class ReviewDuplicateMenu(PersistentItem, template=custom_ids.REVIEW_DUPLICATE.pattern):
    """The menu of developments that an article may re-report."""

    async def handle(self, interaction: Interaction) -> None:
        """Add the article to the selected development as a source."""
        await check_editor(interaction)
        reviews, review_id = interaction.client.services.review_queue, int(self.params["review_id"])
        stories = await reviews.get_stories(await reviews.get(review_id))
        story_index, _, development_id = self.get_selection().partition(":")
        story = stories[int(story_index)] if story_index.isdecimal() and int(story_index) < len(stories) else None
        development = next((d for d in story.developments if str(d.id) == development_id), None) if story else None
        if story is None or development is None:
            raise NotAllowed(say("That development has since changed; please select it again."))
        review, _ = await reviews.mark_re_report(review_id, story.slug, development.key, actor=get_actor(interaction))
        await show_decision(interaction, review)


class CompanyNameMenu(PersistentItem, template=custom_ids.REVIEW_NAMES.pattern):
    """The menu of unknown company names in an article."""

    async def handle(self, interaction: Interaction) -> None:
        """Create a company with the selected name."""
        await check_editor(interaction)
        name = check_name("company", self.get_selection())
        new_companies = await interaction.client.services.desk.add_companies(
            [Company(name)], actor=get_actor(interaction)
        )
        await interaction.response.send_message(
            view=success_card(_describe_company(name, is_new=bool(new_companies))), ephemeral=True
        )


class ProposalMenu(PersistentItem, template=custom_ids.REVIEW_PROPOSAL.pattern):
    """The menu of the figures and the expected events that an article gives."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form of the story with the selected one, for an editor."""
        await check_editor(interaction)
        services = interaction.client.services
        review = await services.review_queue.get(int(self.params["review_id"]))
        stories = await services.review_queue.get_stories(review)
        story = next((story for story in stories if story.slug == review.slug), None)
        selection, recommendation = self.get_selection(), review.recommendation
        source = services.review_queue.build_source(review)
        terms = {f"{TERM_CHOICE}{index}": term for index, term in enumerate(recommendation.terms)}
        events = {f"{EVENT_CHOICE}{index}": event for index, event in enumerate(recommendation.expected_events)}
        if story is None or not (selection in terms or selection in events):
            raise NotAllowed(say("The article is no longer published in a story."))
        if selection in terms:
            values = build_term_values(terms[selection], recommendation.claim, source)
            await interaction.response.send_modal(TermModal(story, None, values))
        else:
            await interaction.response.send_modal(
                ExpectedEventModal(story, None, build_event_values(events[selection], source))
            )


def _describe_company(name: str, *, is_new: bool) -> str:
    company = escape_line(name, 120)
    if is_new:
        return say(
            "**{company}** was added as a company; use `/desk story` to make it a party to a story.", company=company
        )
    return say("**{company}** was already added as a company.", company=company)
