"""The desk's forms: publish, correct, and create or change a story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.cards.escaping import clean_line
from bot.cards.message_limits import OPTION_TEXT_LIMIT
from bot.cards.new_companies import NewCompany
from bot.languages import say, say_as
from bot.model.story import Development, Story, StoryListItem
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import StoryDraft, parse_development
from bot.newsroom.field_validation import SUMMARY_LIMIT, TEXT_LIMIT
from bot.newsroom.form_fields import (
    format_parties,
    format_sources,
    parse_header,
    parse_sources,
)
from bot.platforms.discord.client import Interaction
from cogs.autocomplete import MAX_CHOICES
from cogs.desk.outcomes import build_correction_card, build_publication_card, build_story_card
from cogs.editors import get_actor
from cogs.modal import FormValues, RetryableModal

NEW_STORY = "new story"
RELATED_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """The options of ``desk publish``, which the form does not ask for."""

    date: str
    claim: str
    stage: str
    kind: str


class PublishModal(RetryableModal):
    """A new development: for a given story, or for one that is selected in the form, or for a new one."""

    def __init__(
        self,
        options: PublishOptions,
        story: Story | None,
        newest: tuple[StoryListItem, ...],
        values: FormValues | None = None,
    ) -> None:
        super().__init__(say_as("form", "Publish a development"), values or FormValues())
        self._options, self._story, self._newest = options, story, newest
        if story is None:
            stories = {entry.slug: clean_line(entry.headline, OPTION_TEXT_LIMIT) for entry in newest[: MAX_CHOICES - 1]}
            self.add_menu(
                "story",
                say_as("form", "Story"),
                {NEW_STORY: say_as("menu", "A new story"), **stories},
                placeholder=say_as("menu", "Which story?"),
            )
        self.add_headline_field(say_as("form hint", "What happened, in one line"))
        self.add_text_field()
        self.add_sources_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return PublishModal(self._options, self._story, self._newest, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Publish the development."""
        services, values = interaction.client.services, self.values
        slug = self._story.slug if self._story else values.get("story")
        story = None if slug == NEW_STORY else await services.library.get_story(slug)
        kind = story.kind if story else Kind(self._options.kind)
        fields = {"date": self._options.date, "claim": self._options.claim, "stage": self._options.stage}
        fields = {key: value for key, value in fields.items() if value}
        fields |= {"headline": values.get("headline"), "text": values.get("text")}
        draft = parse_development({**fields, "source": parse_sources(values.get("sources"))}, "", kind)
        if story is None:
            summary = values.get("text")[:SUMMARY_LIMIT] or values.get("headline")
            header = parse_header(values.get("headline"), summary, kind.value, "", "")
            outcome = await services.desk.open_story(header, (draft,), actor=get_actor(interaction))
            return build_publication_card(outcome, hint=say("Add its parties with `/desk story`."))
        outcome = await services.desk.publish(StoryDraft(story.slug, None, (draft,)), actor=get_actor(interaction))
        return build_publication_card(outcome)


class CorrectModal(RetryableModal):
    """A correction of a development."""

    def __init__(
        self, slug: str, development: Development, fields: dict[str, Any], values: FormValues | None = None
    ) -> None:
        self._original_values = FormValues(
            {
                "headline": development.headline,
                "text": development.text,
                "sources": format_sources(development.sources)[:TEXT_LIMIT],
            }
        )
        super().__init__(say_as("form", "Correct a development"), values or self._original_values)
        self._slug, self._development, self._option_fields = slug, development, fields
        self.add_headline_field()
        self.add_text_field()
        self.add_sources_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return CorrectModal(self._slug, self._development, self._option_fields, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Correct only the fields that were changed in the form, so that a concurrent change of the others is kept."""
        values = self.values
        changed_names = values.find_changes(self._original_values)
        fields: dict[str, Any] = {**self._option_fields, **{name: values.get(name) for name in changed_names}}
        if "sources" in changed_names:
            del fields["sources"]
            fields["source"] = parse_sources(values.get("sources"))
        desk = interaction.client.services.desk
        outcome = await desk.correct(self._slug, self._development.key, fields, actor=get_actor(interaction))
        return build_correction_card(outcome)


class StoryModal(RetryableModal):
    """A story without its developments."""

    def __init__(self, story: Story | None, kind: Kind, values: FormValues | None = None) -> None:
        self._original_values = FormValues() if story is None else build_story_values(story)
        title = say_as("form", "Change the story") if story else say_as("form", "New story")
        super().__init__(title, values or self._original_values)
        self._story, self._kind = story, kind
        self.add_headline_field()
        hint = say_as("form hint", "Two to four sentences")
        self.add_field("summary", say_as("form", "Summary"), SUMMARY_LIMIT, hint=hint, multiline=True)
        self.add_parties_field()
        hint = say_as("form hint", "Their slugs")
        self.add_field("related", say_as("form", "Related stories"), RELATED_LIMIT, hint=hint, required=False)

    async def find_new_companies(self, interaction: Interaction) -> tuple[NewCompany, ...]:
        """Return the new companies if the parties were changed: the field can be too short for all that a story has."""
        has_changed = "parties" in self.values.find_changes(self._original_values)
        return await super().find_new_companies(interaction) if has_changed else ()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return StoryModal(self._story, self._kind, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Create the story, or change only the edited fields, so that a concurrent change of the others is kept."""
        values, desk = self.values, interaction.client.services.desk
        header = parse_header(
            values.get("headline"),
            values.get("summary"),
            self._kind.value,
            values.get("parties"),
            values.get("related"),
        )
        if self._story is None:
            return build_story_card(await desk.open_story(header, actor=get_actor(interaction)))
        changed_names = values.find_changes(self._original_values) | (
            {"kind"} if self._kind is not self._story.kind else set()
        )
        changes: dict[str, Any] = {name: getattr(header, name) for name in changed_names}
        outcome = await desk.edit_story(
            self._story.slug, lambda current: replace(current, **changes), actor=get_actor(interaction)
        )
        return build_story_card(outcome)


def build_story_values(story: Story) -> FormValues:
    """Return the values of a story's form."""
    return FormValues(
        {
            "headline": story.headline,
            "summary": story.summary,
            "parties": format_parties(story.parties)[:TEXT_LIMIT],
            "related": " ".join(story.related_slugs)[:RELATED_LIMIT],
        }
    )
