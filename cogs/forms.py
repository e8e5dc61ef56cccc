"""The desk's forms. What is refused is shown again, with a button that opens the form as it was filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import discord

from bot.cards.notes import error_note, note
from bot.cards.prose import in_a_row
from bot.cards.safe import line
from bot.client import Interaction
from bot.languages import noted, say, say_as, say_count, speak, spoken
from bot.model.story import Development, Story, StoryLine
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import StoryDraft, read_development
from bot.newsroom.entering import Outcome
from bot.newsroom.forms import (
    PARTY_FORM,
    SOURCE_FORM,
    in_words,
    read_face,
    show_parties,
    show_sources,
    source_fields,
)
from bot.newsroom.limits import HEADLINE_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT
from bot.sentences import sentence_of
from cogs.editors import actor, check_editor

NEW = "new story"
#: What was done, for :func:`told_outcome`.
PUBLISHED = noted("Published: **{story}** (`{slug}`).")
PUBLISHED_NEW = noted("Published as a new story: **{story}** (`{slug}`).")
CORRECTED = noted("Corrected: **{story}** (`{slug}`).")
RETRACTED = noted("Retracted: **{story}** (`{slug}`).")
BEGUN = noted("Begun: **{story}** (`{slug}`).")
CHANGED = noted("Changed: **{story}** (`{slug}`).")
RELATED_LIMIT = 1000
#: How long a refused form can be opened again.
MENDABLE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Said:
    """What was said with the command, before the form."""

    date: str
    claim: str
    stage: str
    kind: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What is in a form's fields, by name: what it opens with, and what is sent."""

    values: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The text of a field, empty when there is none."""
        return self.values.get(name, "")

    def unlike(self, other: Typed) -> set[str]:
        """The fields that say something else there."""
        return {name for name, text in self.values.items() if text.strip() != other.get(name).strip()}


class Form(discord.ui.Modal):
    """A form whose refusal loses nothing."""

    def __init__(self, title: str, typed: Typed) -> None:
        super().__init__(title=title[:45])
        self._opened_with = typed
        self._fields: dict[str, discord.ui.TextInput[Any]] = {}

    def ask(
        self, name: str, label: str, limit: int, *, hint: str = "", long: bool = False, required: bool = True
    ) -> None:
        """Add a field for text."""
        text: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
            max_length=limit,
            required=required,
            default=self._opened_with.get(name)[:limit] or None,
        )
        self._fields[name] = text
        self.add_item(discord.ui.Label(text=label, description=hint or None, component=text))

    def ask_headline(self, hint: str = "") -> None:
        """Add the field for a headline."""
        self.ask("headline", say_as("form", "Headline"), HEADLINE_LIMIT, hint=hint)

    def ask_text(self) -> None:
        """Add the field for the text of a development."""
        self.ask("text", say_as("form", "Text"), TEXT_LIMIT, long=True, required=False)

    def ask_sources(self) -> None:
        """Add the field for sources."""
        label = say_as("form", "Sources, one a line")
        self.ask("sources", label, TEXT_LIMIT, hint=say(SOURCE_FORM), long=True, required=False)

    def ask_parties(self) -> None:
        """Add the field for parties."""
        label = say_as("form", "Parties, one a line")
        self.ask("parties", label, TEXT_LIMIT, hint=say(PARTY_FORM), long=True, required=False)

    @property
    def typed(self) -> Typed:
        """What is in the fields now."""
        return Typed({name: text.value for name, text in self._fields.items()})

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override]  # the base leaves the client open
        """Do it, or show what is to be mended."""
        speak(await interaction.client.audience.of_interaction(interaction))
        try:
            await self.check(interaction)
            done = await self.carry_out(interaction)
        except Exception as exc:  # noqa: BLE001 - told, with all that was typed; logged when it is none of ours
            card = _refusal(_told(exc), self.again, self.typed)
            await interaction.response.send_message(view=card, ephemeral=True)
            return
        await self.show(interaction, note(done) if isinstance(done, str) else done)

    async def check(self, interaction: Interaction) -> None:
        """Raise Refused unless the sender may do it: the desk."""
        await check_editor(interaction)

    async def show(self, interaction: Interaction, done: discord.ui.LayoutView) -> None:
        """Show what was done."""
        await interaction.response.send_message(view=done, ephemeral=True)

    async def carry_out(self, interaction: Interaction) -> str | discord.ui.LayoutView:
        """Do what the form is for, and say what was done."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        raise TypeError(f"{type(self).__name__} cannot be opened again")


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


class Refusal(discord.ui.LayoutView):
    """What is to be mended, and the button that opens the form again."""

    def __init__(self, card: discord.ui.LayoutView, form: Callable[[], Form]) -> None:
        super().__init__(timeout=MENDABLE_SECONDS)
        language = spoken().code
        for item in list(card.children):
            self.add_item(item)
        button: discord.ui.Button[Refusal] = discord.ui.Button(
            label=say_as("button", "Mend it"), style=discord.ButtonStyle.primary
        )

        async def reopen(interaction: discord.Interaction) -> None:
            speak(language)
            await interaction.response.send_modal(form())

        button.callback = reopen  # type: ignore[method-assign]  # discord.py's own way for one button
        self.add_item(discord.ui.ActionRow(button))


def _refusal(sentence: str, again: Callable[[Typed], Form], typed: Typed) -> discord.ui.LayoutView:
    return Refusal(error_note(sentence), lambda: again(typed))


def _told(error: Exception) -> str:
    """What is wrong, with the field called as the form calls it; one that is an option of a command too, as that is called."""
    named = in_words(error)
    return sentence_of(named, typed=str(named) != str(error))


def _picker(newest: tuple[StoryLine, ...], chosen: str) -> discord.ui.Select[Any]:
    options = [discord.SelectOption(label=say_as("menu", "A new story"), value=NEW, default=chosen == NEW)]
    options += [
        discord.SelectOption(label=entry.headline[:100], value=entry.slug, default=entry.slug == chosen)
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
