"""The desk's forms: publish, correct, and create or change a story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.cards.escaping import clean_line
from bot.cards.message_limits import OPTION_TEXT_LIMIT
from bot.cards.new_companies import NewCompany
from bot.cards.publication_draft import NEW_STORY
from bot.errors import InputError
from bot.languages import say, say_as
from bot.model.dates import PartialDate
from bot.model.story import DescribedState, Development, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.drafts import StoryDraft, parse_development, parse_source
from bot.newsroom.field_validation import HEADLINE_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT, check_text
from bot.newsroom.form_fields import (
    format_parties,
    format_sources,
    parse_header,
    parse_sources,
)
from bot.newsroom.pasted_articles import KnownFields
from bot.platforms.discord.client import Interaction
from bot.services import Services
from cogs.autocomplete import MAX_CHOICES
from cogs.desk.outcomes import build_correction_card, build_publication_card, build_story_card
from cogs.desk.pasting import build_draft_card
from cogs.editors import get_actor
from cogs.modal import FormValues, RetryableModal

#: The option of the form's menu of stories that leaves the choice to the tracker.
SUGGESTED_STORY = "suggested story"
#: Stories in the menu, beside a new one and the suggested one.
_MAX_STORIES = MAX_CHOICES - 2
RELATED_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """The options of ``desk publish``, which the form does not ask for; empty for those that were not given."""

    date: str = ""
    claim: str = ""
    stage: str = ""
    kind: str = ""

    def to_known_fields(self) -> KnownFields:
        """Return what the options say of an article."""
        return KnownFields(
            date=PartialDate.parse(self.date) if self.date else None,
            claim=Claim(self.claim) if self.claim else None,
            stage=Stage(self.stage) if self.stage else None,
            kind=Kind(self.kind) if self.kind else None,
        )


def get_today(services: Services) -> str:
    """Return today's date in the desk's time zone."""
    return services.clock().astimezone(services.settings.timezone).date().isoformat()


class PublishModal(RetryableModal):
    """A new development: for a given story, or for one that is selected in the form, or for a new one.

    A link alone is enough: then the page says the rest, and the editor sees it before it is published.
    """

    def __init__(
        self,
        options: PublishOptions,
        story: Story | None,
        newest: tuple[StoryListItem, ...],
        values: FormValues | None = None,
    ) -> None:
        title = (
            say_as("form", "Publish in: {story}", story=story.title)
            if story
            else say_as("form", "Publish a development")
        )
        super().__init__(title, values or FormValues({"story": SUGGESTED_STORY}))
        self._options, self._story, self._newest = options, story, newest
        if story is None:
            stories = {entry.slug: clean_line(entry.title, OPTION_TEXT_LIMIT) for entry in newest[:_MAX_STORIES]}
            self.add_menu(
                "story",
                say_as("form", "Story"),
                {
                    SUGGESTED_STORY: say_as("menu", "Let the bot suggest one"),
                    NEW_STORY: say_as("menu", "A new story"),
                    **stories,
                },
            )
        self.add_headline_field(
            say_as("form hint", "What happened, in one line (leave empty to use the title of the linked page)"),
            required=False,
        )
        self.add_text_field()
        self.add_sources_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return PublishModal(self._options, self._story, self._newest, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Publish the development; without a story or a headline, show what would be published."""
        values = self.values
        rows = parse_sources(values.get("sources"))
        headline, slug = values.get("headline").strip(), self._story.slug if self._story else values.get("story")
        link = rows[0].get("url", "") if rows else ""
        if not headline and not link:
            raise InputError("headline", say("can't be empty, unless the field for sources has a link"))
        if not headline or slug == SUGGESTED_STORY:
            return await self._paste(interaction, slug, headline, rows, link)
        services = interaction.client.services
        story = None if slug == NEW_STORY else await services.library.get_story(slug)
        kind = story.kind if story else Kind(self._options.kind or Kind.OTHER)
        fields = {
            "date": self._options.date or get_today(services),
            "claim": self._options.claim or Claim.REPORTED.value,
        }
        fields |= {"stage": self._options.stage} if self._options.stage else {}
        fields |= {"headline": headline, "text": values.get("text")}
        draft = parse_development({**fields, "source": rows}, "", kind)
        if story is None:
            summary = values.get("text")[:SUMMARY_LIMIT] or headline
            header = parse_header(headline, summary, kind.value, "", "")
            outcome = await services.desk.open_story(header, (draft,), actor=get_actor(interaction))
            return build_publication_card(outcome, hint=say("Add its parties with `/desk story`."))
        outcome = await services.desk.publish(StoryDraft(story.slug, None, (draft,)), actor=get_actor(interaction))
        return build_publication_card(outcome)

    async def _paste(
        self, interaction: Interaction, slug: str, headline: str, rows: list[dict[str, str]], link: str
    ) -> discord.ui.LayoutView:
        """Return the card of a draft with what was typed; its page, if there is a link, says the rest."""
        sources = tuple(parse_source(row, f"source[{index}]") for index, row in enumerate(rows, start=1))
        slugs = {SUGGESTED_STORY: None, NEW_STORY: ""}
        known = replace(
            self._options.to_known_fields(),
            slug=slugs.get(slug, slug),
            headline=check_text("headline", headline, HEADLINE_LIMIT, required=False),
            text=check_text("text", self.values.get("text"), TEXT_LIMIT, multiline=True, required=False),
            sources=sources,
        )
        await interaction.response.defer(ephemeral=True, thinking=True)
        services = interaction.client.services
        return await build_draft_card(services, await services.pasted_articles.paste(link, known))


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
            self._story.slug,
            lambda current: replace(current, **changes),
            actor=get_actor(interaction),
            described_state=_get_described_state(self._story, changed_names),
        )
        return build_story_card(outcome)


def _get_described_state(story: Story, changed_names: set[str]) -> DescribedState | None:
    """Return for which state headline and summary are once these fields were changed in a form that showed the story.

    If both were outdated, one new one does not make the other right.
    """
    changed_texts = {"headline", "summary"} & changed_names
    if not changed_texts:
        return None
    is_half_done = story.is_description_outdated and len(changed_texts) == 1
    return story.described_state if is_half_done else DescribedState(story.stage, story.as_of)


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
