"""What every form is: what is refused is shown again, with a button that opens the form as it was filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.cards.notes import error_note, note
from bot.client import Interaction
from bot.languages import say, say_as, speak, spoken
from bot.newsroom.forms import PARTY_FORM, SOURCE_FORM, in_words
from bot.newsroom.limits import HEADLINE_LIMIT, TEXT_LIMIT
from bot.sentences import sentence_of
from cogs.editors import check_editor

#: How long a refused form can be opened again.
MENDABLE_SECONDS = 900.0


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
        """What is in the fields now, up to the length that each may have."""
        return Typed({name: text.value[: text.max_length] for name, text in self._fields.items()})

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override]  # the base leaves the client open
        """Do it, or show what is to be mended."""
        speak(await interaction.client.audience.of_interaction(interaction))
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.check(interaction)
            done = await self.carry_out(interaction)
        except Exception as exc:  # noqa: BLE001 - told, with all that was typed; logged when it is none of ours
            card = _refusal(sentence_of(in_words(exc)), self.again, self.typed)
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
