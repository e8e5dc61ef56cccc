"""The base of all forms: a refused form is shown again with a button that reopens it with the same values."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.cards import custom_ids
from bot.cards.simple_cards import refused_form_card, success_card
from bot.errors import NotAllowed
from bot.languages import say, say_as, set_language
from bot.newsroom.field_validation import HEADLINE_LIMIT, TEXT_LIMIT
from bot.newsroom.form_fields import PARTY_FORMAT, SOURCE_FORMAT, localize_field
from bot.platforms.discord.client import Dealwire, Interaction, send_error
from bot.platforms.discord.error_messages import build_error_message
from cogs.editors import check_editor
from cogs.persistent import PersistentItem

#: How many refused forms can be reopened; of more the oldest are forgotten.
_MAX_REFUSED_FORMS = 500


@dataclass(frozen=True, slots=True)
class FormValues:
    """The values of a form's fields, by name: those that it opens with, or those that the user has sent."""

    fields: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return the value of a field; empty if there is none."""
        return self.fields.get(name, "")

    def find_changes(self, other: FormValues) -> set[str]:
        """Return the names of the fields whose value differs in *other*, apart from surrounding blanks."""
        return {name for name, value in self.fields.items() if value.strip() != other.get(name).strip()}


class RetryableModal(discord.ui.Modal):
    """A form that loses nothing if it is refused."""

    def __init__(self, title: str, values: FormValues) -> None:
        super().__init__(title=title[:45])
        self._initial_values = values
        self._fields: dict[str, discord.ui.TextInput[Any]] = {}
        self._menus: dict[str, discord.ui.Select[Any]] = {}
        self._labels: dict[str, str] = {}

    def add_field(
        self, name: str, label: str, limit: int, *, hint: str = "", multiline: bool = False, required: bool = True
    ) -> None:
        """Add a text field."""
        text_input: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph if multiline else discord.TextStyle.short,
            max_length=limit,
            required=required,
            default=self._initial_values.get(name)[:limit] or None,
        )
        self._fields[name], self._labels[name] = text_input, label
        self.add_item(discord.ui.Label(text=label, description=hint or None, component=text_input))

    def add_headline_field(self, hint: str = "") -> None:
        """Add the field for a headline."""
        self.add_field("headline", say_as("form", "Headline"), HEADLINE_LIMIT, hint=hint)

    def add_text_field(self) -> None:
        """Add the field for the text of a development."""
        self.add_field("text", say_as("form", "Text"), TEXT_LIMIT, multiline=True, required=False)

    def add_sources_field(self) -> None:
        """Add the field for sources."""
        label = say_as("form", "Sources (one per line)")
        self.add_field("sources", label, TEXT_LIMIT, hint=say(SOURCE_FORMAT), multiline=True, required=False)

    def add_parties_field(self) -> None:
        """Add the field for parties."""
        label = say_as("form", "Parties (one per line)")
        self.add_field("parties", label, TEXT_LIMIT, hint=say(PARTY_FORMAT), multiline=True, required=False)

    def add_menu(
        self,
        name: str,
        label: str,
        labels: Mapping[str, str],
        *,
        multiple: bool = False,
        placeholder: str | None = None,
    ) -> None:
        """Add a menu of values with their labels, with the initial value selected.

        With ``multiple``, any number of values can be selected, even none. The form holds them as one text, joined by commas.
        """
        selection = self._initial_values.get(name).split(",")
        options = [
            discord.SelectOption(label=text, value=value, default=value in selection) for value, text in labels.items()
        ]
        self._labels[name] = label
        self._menus[name] = discord.ui.Select(
            options=options,
            required=not multiple,
            min_values=0 if multiple else 1,
            max_values=len(options) if multiple else 1,
            placeholder=placeholder,
        )
        self.add_item(discord.ui.Label(text=label, component=self._menus[name]))

    @property
    def values(self) -> FormValues:
        """Return the current values of the fields, each cut to its maximum length, and of the menus."""
        texts = {name: text_input.value[: text_input.max_length] for name, text_input in self._fields.items()}
        selections = {name: ",".join(sorted(menu.values)) for name, menu in self._menus.items()}
        return FormValues({**texts, **selections})

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override]  # the base leaves the client open
        """Submit the form and show the result, or show what is wrong with a button to reopen the form."""
        set_language(await interaction.client.language_resolver.for_interaction(interaction))
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.check(interaction)
            result = await self.submit(interaction)
        except Exception as exc:  # noqa: BLE001 - shown with the values of the form, and logged if it is a bug
            await self._show_refusal(interaction, exc)
            return
        await self.show_result(interaction, success_card(result) if isinstance(result, str) else result)

    async def _show_refusal(self, interaction: Interaction, error: Exception) -> None:
        """Show what is wrong, what was typed, and a button that reopens the form with it."""
        values = self.values
        message = build_error_message(localize_field(error, self._labels))
        typed_texts = [(self._labels[name], values.get(name)) for name in self._fields if values.get(name).strip()]
        card = refused_form_card(message, typed_texts, _remember(interaction.client, self, values))
        await interaction.response.send_message(view=card, ephemeral=True)

    async def check(self, interaction: Interaction) -> None:
        """Raise NotAllowed unless the user may send the form. By default, only editors may."""
        await check_editor(interaction)

    async def show_result(self, interaction: Interaction, result: discord.ui.LayoutView) -> None:
        """Show the result to the user alone."""
        await interaction.response.send_message(view=result, ephemeral=True)

    async def submit(self, interaction: Interaction) -> str | discord.ui.LayoutView:
        """Process the form, and return a message or a card with the result."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        raise TypeError(f"{type(self).__name__} cannot be opened again")


def _remember(client: Dealwire, form: RetryableModal, values: FormValues) -> str:
    """Keep a refused form, and return the key by which its button finds it."""
    key = secrets.token_hex(8)
    client.refused_forms[key] = lambda: form.rebuild(values)
    while len(client.refused_forms) > _MAX_REFUSED_FORMS:
        del client.refused_forms[next(iter(client.refused_forms))]
    return key


class RetryButton(PersistentItem, template=custom_ids.RETRY_FORM.pattern):
    """The button that reopens a refused form as it was sent."""

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # the base leaves the client open
        """Reopen the form, whatever the user's cooldown: sending it again is what counts."""
        set_language(await interaction.client.language_resolver.for_interaction(interaction))
        build_form = interaction.client.refused_forms.get(self.params["form"])
        if build_form is None:
            expired = NotAllowed(
                say("The bot was restarted, so this form can't be reopened. Copy your text from above and start again.")
            )
            await send_error(interaction, build_error_message(expired))
        else:
            await interaction.response.send_modal(build_form())


async def setup(bot: Dealwire) -> None:
    """Add the button that reopens a refused form."""
    bot.add_dynamic_items(RetryButton)
