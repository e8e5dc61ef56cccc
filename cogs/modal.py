"""What every form is: what is refused is shown again, with a button that opens the form as it was filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.cards.simple_cards import error_card, success_card
from bot.languages import get_language, say, say_as, set_language
from bot.newsroom.field_validation import HEADLINE_LIMIT, TEXT_LIMIT
from bot.newsroom.form_fields import PARTY_FORMAT, SOURCE_FORMAT, localize_field
from bot.platforms.discord.client import Interaction
from bot.platforms.discord.error_messages import build_error_message
from cogs.editors import check_editor

#: How long a refused form can be opened again.
RETRY_TIMEOUT_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class FormValues:
    """What is in a form's fields, by name: what it opens with, and what is sent."""

    fields: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The text of a field, empty when there is none."""
        return self.fields.get(name, "")

    def find_changes(self, other: FormValues) -> set[str]:
        """The fields that say something else there."""
        return {name for name, value in self.fields.items() if value.strip() != other.get(name).strip()}


class RetryableModal(discord.ui.Modal):
    """A form whose refusal loses nothing."""

    def __init__(self, title: str, values: FormValues) -> None:
        super().__init__(title=title[:45])
        self._initial_values = values
        self._fields: dict[str, discord.ui.TextInput[Any]] = {}

    def add_field(
        self, name: str, label: str, limit: int, *, hint: str = "", multiline: bool = False, required: bool = True
    ) -> None:
        """Add a field for text."""
        text_input: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph if multiline else discord.TextStyle.short,
            max_length=limit,
            required=required,
            default=self._initial_values.get(name)[:limit] or None,
        )
        self._fields[name] = text_input
        self.add_item(discord.ui.Label(text=label, description=hint or None, component=text_input))

    def add_headline_field(self, hint: str = "") -> None:
        """Add the field for a headline."""
        self.add_field("headline", say_as("form", "Headline"), HEADLINE_LIMIT, hint=hint)

    def add_text_field(self) -> None:
        """Add the field for the text of a development."""
        self.add_field("text", say_as("form", "Text"), TEXT_LIMIT, multiline=True, required=False)

    def add_sources_field(self) -> None:
        """Add the field for sources."""
        label = say_as("form", "Sources, one a line")
        self.add_field("sources", label, TEXT_LIMIT, hint=say(SOURCE_FORMAT), multiline=True, required=False)

    def add_parties_field(self) -> None:
        """Add the field for parties."""
        label = say_as("form", "Parties, one a line")
        self.add_field("parties", label, TEXT_LIMIT, hint=say(PARTY_FORMAT), multiline=True, required=False)

    @property
    def values(self) -> FormValues:
        """What is in the fields now, up to the length that each may have."""
        return FormValues(
            {name: text_input.value[: text_input.max_length] for name, text_input in self._fields.items()}
        )

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override]  # the base leaves the client open
        """Do it, or show what is to be mended."""
        set_language(await interaction.client.language_resolver.for_interaction(interaction))
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.check(interaction)
            result = await self.submit(interaction)
        except Exception as exc:  # noqa: BLE001 - told, with all that was typed; logged when it is none of ours
            card = _build_retry_view(build_error_message(localize_field(exc)), self.rebuild, self.values)
            await interaction.response.send_message(view=card, ephemeral=True)
            return
        await self.show_result(interaction, success_card(result) if isinstance(result, str) else result)

    async def check(self, interaction: Interaction) -> None:
        """Raise Refused unless the sender may do it: the desk."""
        await check_editor(interaction)

    async def show_result(self, interaction: Interaction, result: discord.ui.LayoutView) -> None:
        """Show what was done."""
        await interaction.response.send_message(view=result, ephemeral=True)

    async def submit(self, interaction: Interaction) -> str | discord.ui.LayoutView:
        """Do what the form is for, and say what was done."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def rebuild(self, values: FormValues) -> RetryableModal:
        """The same form, filled in."""
        raise TypeError(f"{type(self).__name__} cannot be opened again")


class RetryView(discord.ui.LayoutView):
    """What is to be mended, and the button that opens the form again."""

    def __init__(self, card: discord.ui.LayoutView, build_modal: Callable[[], RetryableModal]) -> None:
        super().__init__(timeout=RETRY_TIMEOUT_SECONDS)
        language = get_language().code
        for item in list(card.children):
            self.add_item(item)
        button: discord.ui.Button[RetryView] = discord.ui.Button(
            label=say_as("button", "Mend it"), style=discord.ButtonStyle.primary
        )

        async def reopen(interaction: discord.Interaction) -> None:
            set_language(language)
            await interaction.response.send_modal(build_modal())

        button.callback = reopen  # type: ignore[method-assign]  # discord.py's own way for one button
        self.add_item(discord.ui.ActionRow(button))


def _build_retry_view(
    message: str, rebuild: Callable[[FormValues], RetryableModal], values: FormValues
) -> discord.ui.LayoutView:
    return RetryView(error_card(message), lambda: rebuild(values))
