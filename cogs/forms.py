"""The desk's forms: to publish, to correct, to begin and change a story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.cards.budget import OPTION_TEXT_LIMIT
from bot.cards.prose import in_a_row
from bot.cards.safe import line, plain
from bot.client import Interaction
from bot.languages import noted, say, say_as, say_count
from bot.model.story import Development, Story, StoryLine
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import StoryDraft, read_development
from bot.newsroom.entering import Outcome
from bot.newsroom.forms import (
    read_face,
    show_parties,
    show_sources,
    source_fields,
)
from bot.newsroom.limits import SUMMARY_LIMIT, TEXT_LIMIT
from cogs.editors import actor
from cogs.form import Form, Typed

NEW = "new story"
#: What was done, for :func:`told_outcome`.
PUBLISHED = noted("Published: **{story}** (`{slug}`).")
PUBLISHED_NEW = noted("Published as a new story: **{story}** (`{slug}`).")
CORRECTED = noted("Corrected: **{story}** (`{slug}`).")
RETRACTED = noted("Retracted: **{story}** (`{slug}`).")
BEGUN = noted("Begun: **{story}** (`{slug}`).")
CHANGED = noted("Changed: **{story}** (`{slug}`).")
RELATED_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Said:
    """What was said with the command, before the form."""

    date: str
    claim: str
    stage: str
    kind: str


class PublishForm(Form):
    """A development for a known story, or for one that is chosen in the form, or for a new one."""

    def __init__(
        self, said: Said, story: Story | None, newest: tuple[StoryLine, ...], typed: Typed | None = None
    ) -> None:
        super().__init__(say_as("form", "Publish a development"), typed or Typed())
        self._said, self._story, self._newest = said, story, newest
        self._picker: discord.ui.Select[Any] | None = None
        if story is None:
            self._picker = _picker(newest, self._opened_with.get("story"))
            self.add_item(discord.ui.Label(text=say_as("form", "Story"), component=self._picker))
        self.ask_headline(say_as("form hint", "What happened, in one line"))
        self.ask_text()
        self.ask_sources()

    @property
    def typed(self) -> Typed:
        """What is in the fields now, the story that was picked too."""
        values = dict(super().typed.values)
        if self._picker is not None:
            values["story"] = self._picker.values[0] if self._picker.values else NEW
        return Typed(values)

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return PublishForm(self._said, self._story, self._newest, typed)

    async def carry_out(self, interaction: Interaction) -> str:
        """Publish it."""
        services, typed = interaction.client.services, self.typed
        slug = self._story.slug if self._story else typed.get("story")
        story = None if slug == NEW else await services.library.story(slug)
        kind = story.kind if story else Kind(self._said.kind)
        fields = {"date": self._said.date, "claim": self._said.claim, "stage": self._said.stage}
        fields = {key: value for key, value in fields.items() if value}
        fields |= {"headline": typed.get("headline"), "text": typed.get("text")}
        draft = read_development({**fields, "source": source_fields(typed.get("sources"))}, "", kind)
        if story is None:
            summary = typed.get("text")[:SUMMARY_LIMIT] or typed.get("headline")
            face = read_face(typed.get("headline"), summary, kind.value, "", "")
            outcome = await services.desk.open_story(face, (draft,), actor=actor(interaction))
            return in_a_row(told_outcome(outcome, PUBLISHED_NEW), say("`/desk story` adds its parties."))
        outcome = await services.desk.publish(StoryDraft(story.slug, None, (draft,)), actor=actor(interaction))
        return told_outcome(outcome, PUBLISHED)


class CorrectForm(Form):
    """What a development says, to be changed."""

    def __init__(self, slug: str, known: Development, fields: dict[str, Any], typed: Typed | None = None) -> None:
        self._shown = Typed(
            {"headline": known.headline, "text": known.text, "sources": show_sources(known.sources)[:TEXT_LIMIT]}
        )
        super().__init__(say_as("form", "Correct a development"), typed or self._shown)
        self._slug, self._known, self._said = slug, known, fields
        self.ask_headline()
        self.ask_text()
        self.ask_sources()

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return CorrectForm(self._slug, self._known, self._said, typed)

    async def carry_out(self, interaction: Interaction) -> str:
        """Correct it: only what was changed in the form, so that a colleague's change meanwhile stays."""
        typed = self.typed
        changed = typed.unlike(self._shown)
        fields: dict[str, Any] = {**self._said, **{name: typed.get(name) for name in changed}}
        if "sources" in changed:
            del fields["sources"]
            fields["source"] = source_fields(typed.get("sources"))
        desk = interaction.client.services.desk
        outcome = await desk.correct(self._slug, self._known.key, fields, actor=actor(interaction))
        return told_outcome(outcome, CORRECTED)


class StoryForm(Form):
    """All of a story but its developments."""

    def __init__(self, story: Story | None, kind: Kind, typed: Typed | None = None) -> None:
        self._shown = Typed() if story is None else as_typed(story)
        title = say_as("form", "Change the story") if story else say_as("form", "Begin a story")
        super().__init__(title, typed or self._shown)
        self._story, self._kind = story, kind
        self.ask_headline()
        hint = say_as("form hint", "Two to four sentences")
        self.ask("summary", say_as("form", "Summary"), SUMMARY_LIMIT, hint=hint, long=True)
        self.ask_parties()
        hint = say_as("form hint", "Their slugs")
        self.ask("related", say_as("form", "Related stories"), RELATED_LIMIT, hint=hint, required=False)

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return StoryForm(self._story, self._kind, typed)

    async def carry_out(self, interaction: Interaction) -> str:
        """Write it: of a known story only what was changed in the form, so that a colleague's change meanwhile stays."""
        typed, desk = self.typed, interaction.client.services.desk
        face = read_face(
            typed.get("headline"), typed.get("summary"), self._kind.value, typed.get("parties"), typed.get("related")
        )
        if self._story is None:
            return told_outcome(await desk.open_story(face, actor=actor(interaction)), BEGUN)
        changed = typed.unlike(self._shown) | ({"kind"} if self._kind is not self._story.kind else set())
        changes: dict[str, Any] = {name: getattr(face, name) for name in changed}
        outcome = await desk.revise(self._story.slug, lambda now: replace(now, **changes), actor=actor(interaction))
        return told_outcome(outcome, CHANGED)


def told_outcome(outcome: Outcome, done: str) -> str:
    """What was done (``done``, one of the messages above), to how many destinations it goes, how many posts it changes."""
    story = line(outcome.story.headline, 200)
    if not outcome.changed:
        return say("Nothing to change: **{story}** says so already.", story=story)
    sentences = [say(done, story=story, slug=outcome.story.slug)]
    if outcome.added:
        # Said: of a development that was published
        sentences.append(say_count("It goes to {count} destination.", "It goes to {count} destinations.", outcome.owed))
    if outcome.edits:
        sentences.append(
            say_count("{count} post is brought up to date.", "{count} posts are brought up to date.", outcome.edits)
        )
    return in_a_row(*sentences)


def _picker(newest: tuple[StoryLine, ...], chosen: str) -> discord.ui.Select[Any]:
    options = [discord.SelectOption(label=say_as("menu", "A new story"), value=NEW, default=chosen == NEW)]
    options += [
        discord.SelectOption(
            label=plain(entry.headline, OPTION_TEXT_LIMIT), value=entry.slug, default=entry.slug == chosen
        )
        for entry in newest[:24]
    ]
    return discord.ui.Select(options=options, placeholder=say_as("menu", "Which story?"))


def as_typed(story: Story) -> Typed:
    """A story as its form shows it."""
    return Typed(
        {
            "headline": story.headline,
            "summary": story.summary,
            "parties": show_parties(story.parties)[:TEXT_LIMIT],
            "related": " ".join(story.related)[:RELATED_LIMIT],
        }
    )
