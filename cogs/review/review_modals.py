"""The forms of the review queue: edit an article's draft, create a story with it, or name a story."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.cards.labels import line_choice
from bot.cards.review import decision_card, review_card
from bot.languages import get_language, say, say_as, use_language
from bot.model.review import Review
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.article_drafts import shorten
from bot.newsroom.drafts import DevelopmentDraft, parse_enum, parse_partial_date
from bot.newsroom.field_validation import HEADLINE_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT, check_text
from bot.newsroom.form_fields import parse_header
from bot.platforms.discord.client import Interaction
from bot.services import Services
from cogs.autocomplete import MAX_CHOICES, NO_STAGE
from cogs.editors import get_actor
from cogs.modal import FormValues, RetryableModal


async def show_decision(interaction: Interaction, review: Review) -> None:
    """Show the review as it is now in place of the clicked card; in a private queue, with a button to the next.

    The message in the desk's channel is in the language of the desk's server.
    """
    message, client = interaction.message, interaction.client
    is_own = bool(message and message.flags.ephemeral)
    is_public = bool(message and not is_own and message.id == review.message_id)
    language = await client.language_resolver.for_guild(interaction.guild_id or 0) if is_public else get_language().code
    with use_language(language):
        card = await _build_card(client.services, review, is_own=is_own)
    if is_own or is_public:
        await interaction.response.edit_message(view=card)
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def _build_card(services: Services, review: Review, *, is_own: bool) -> discord.ui.LayoutView:
    stories = await services.review_queue.get_stories(review)
    if review.is_waiting:
        newest = await services.library.complete_story("", deals_only=False, limit=MAX_CHOICES)
        return review_card(review, stories, map(line_choice, newest))
    return decision_card(review, stories, await services.review_queue.count_waiting() if is_own else None)


class ReviewModal(RetryableModal):
    """A form that decides about an article."""

    def __init__(self, title: str, review_id: int, values: FormValues) -> None:
        super().__init__(title, values)
        self.review_id = review_id

    async def show_result(self, interaction: Interaction, result: discord.ui.LayoutView) -> None:
        """Show the decision in place of the article."""
        await show_decision(interaction, await interaction.client.services.review_queue.get(self.review_id))


class EditDraftModal(ReviewModal):
    """The draft of a development, to be edited before it is published."""

    def __init__(self, review_id: int, story: Story, draft: DevelopmentDraft, values: FormValues | None = None) -> None:
        defaults = {
            "headline": draft.headline,
            "text": draft.text,
            "date": draft.date.input_text,
            "claim": draft.claim.value,
            "stage": draft.stage.value if draft.stage else NO_STAGE,
        }
        super().__init__(say_as("form", "Publish a development"), review_id, values or FormValues(defaults))
        self._story, self._draft = story, draft
        # Translators: below the field for the headline of a development: the story that it will be in
        hint = shorten(say_as("form hint", "In: {story}", story=story.headline), 100)
        self.add_headline_field(hint)
        self.add_text_field()
        self.add_date_field()
        self.add_menu("claim", say_as("form", "Claim"), {claim.value: claim.label for claim in Claim})
        if story.kind.is_deal:
            no_stage = {NO_STAGE: say_as("menu", "Keep the stage")}
            self.add_menu("stage", say_as("form", "Stage"), no_stage | {stage.value: stage.label for stage in Stage})

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return EditDraftModal(self.review_id, self._story, self._draft, values)

    async def submit(self, interaction: Interaction) -> str:
        """Publish the development as it was sent."""
        values = self.values
        stage = values.get("stage") or NO_STAGE
        changes: dict[str, Any] = {
            "headline": check_text("headline", values.get("headline"), HEADLINE_LIMIT),
            "text": check_text("text", values.get("text"), TEXT_LIMIT, multiline=True, required=False),
            "date": parse_partial_date("date", values.get("date")),
            "claim": parse_enum("claim", values.get("claim"), Claim),
            "stage": None if stage == NO_STAGE else parse_enum("stage", stage, Stage),
        }
        await interaction.client.services.review_queue.publish(
            self.review_id,
            self._story.slug,
            actor=get_actor(interaction),
            change=lambda draft: replace(draft, **changes),
        )
        return say("Published.")


class NewStoryModal(ReviewModal):
    """A new story that starts with the article."""

    def __init__(self, review: Review, values: FormValues | None = None) -> None:
        defaults = {
            "headline": shorten(review.article.title, HEADLINE_LIMIT),
            "summary": "",
            "kind": Kind.OTHER.value,
            "parties": "\n".join(review.recommendation.companies),
        }
        super().__init__(say_as("form", "New story"), review.id, values or FormValues(defaults))
        self._review = review
        self.add_headline_field()
        hint = say_as("form hint", "Two to four sentences (leave empty to use the headline)")
        self.add_field("summary", say_as("form", "Summary"), SUMMARY_LIMIT, hint=hint, multiline=True, required=False)
        self.add_menu("kind", say_as("form", "Kind"), {kind.value: kind.label for kind in Kind})
        self.add_parties_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return NewStoryModal(self._review, values)

    async def submit(self, interaction: Interaction) -> str:
        """Create the story with the article as its first development."""
        values = self.values
        headline = values.get("headline")
        summary = values.get("summary").strip() or headline
        header = parse_header(headline, summary, values.get("kind"), values.get("parties"), "")
        await interaction.client.services.review_queue.open_story(self.review_id, header, actor=get_actor(interaction))
        return say("Published.")


class StoryNameModal(ReviewModal):
    """The story to publish in, by any of its names."""

    def __init__(self, review_id: int, values: FormValues | None = None) -> None:
        super().__init__(say_as("form", "Publish in another story"), review_id, values or FormValues())
        hint = say_as("form hint", "Its headline, its slug, or what you would ask")
        self.add_field("story", say_as("form", "Story"), 200, hint=hint)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return StoryNameModal(self.review_id, values)

    async def submit(self, interaction: Interaction) -> str:
        """Find the story, and publish the article in it."""
        services = interaction.client.services
        slug = await services.library.resolve_story(self.values.get("story"))
        await services.review_queue.publish(self.review_id, slug, actor=get_actor(interaction))
        return say("Published.")
