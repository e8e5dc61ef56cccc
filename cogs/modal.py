"""The base of all forms: a refused form is shown again with a button that reopens it with the same values."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.cards import custom_ids
from bot.cards.escaping import clean_line
from bot.cards.new_companies import NewCompany, new_companies_card
from bot.cards.simple_cards import refused_form_card, success_card
from bot.errors import NotAllowed
from bot.languages import say, say_as, set_language
from bot.newsroom.field_validation import HEADLINE_LIMIT, TEXT_LIMIT
from bot.newsroom.form_fields import PARTY_FORMAT, SOURCE_FORMAT, localize_field, parse_parties, rename_party
from bot.platforms.discord.client import Dealwire, Interaction, send_error
from bot.platforms.discord.error_messages import build_error_message
from bot.recorder import AnswerWay
from bot.services import Services
from cogs.editors import check_editor
from cogs.persistent import PersistentItem, reply_privately

#: How many forms that are not done are kept; of more the oldest are forgotten.
_MAX_OPEN_FORMS = 500
#: Room for a day with the words for "by" in any language.
_DATE_LIMIT = 40
#: How many similar names are offered for a new company.
_MAX_SIMILAR = 3
#: Discord's (https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal).
_TITLE_LIMIT = 45


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
        super().__init__(title=clean_line(title, _TITLE_LIMIT))
        self._initial_values = values
        self._fields: dict[str, discord.ui.TextInput[Any]] = {}
        self._menus: dict[str, discord.ui.Select[Any]] = {}
        self._labels: dict[str, str] = {}
        #: What was sent, of a form that is processed without being shown again.
        self.sent_values: FormValues | None = None

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

    def add_headline_field(self, hint: str = "", *, required: bool = True) -> None:
        """Add the field for a headline."""
        self.add_field("headline", say_as("form", "Headline"), HEADLINE_LIMIT, hint=hint, required=required)

    def add_text_field(self) -> None:
        """Add the field for the text of a development."""
        self.add_field("text", say_as("form", "Text"), TEXT_LIMIT, multiline=True, required=False)

    def add_date_field(self) -> None:
        """Add the field for the date of a development."""
        hint = say_as("form hint", "2025, 2025-08, 2025-08-16 or by 2025-08")
        self.add_field("date", say_as("form", "Date"), _DATE_LIMIT, hint=hint)

    def add_sources_field(self) -> None:
        """Add the field for sources."""
        label = say_as("form", "Sources (one per line)")
        # Translators: {form} is how a source is written: "Publisher | title | link | date"
        hint = say_as("form hint", "A link, or {form}", form=say(SOURCE_FORMAT))
        self.add_field("sources", label, TEXT_LIMIT, hint=hint, multiline=True, required=False)

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
        if self.sent_values is not None:
            return self.sent_values
        texts = {name: text_input.value[: text_input.max_length] for name, text_input in self._fields.items()}
        selections = {name: ",".join(sorted(menu.values)) for name, menu in self._menus.items()}
        return FormValues({**texts, **selections})

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override]  # the base leaves the client open
        """Submit the form and show the result, or show what is wrong with a button to reopen the form."""
        with interaction.client.services.recorder.time_answer(AnswerWay.FORM):
            set_language(await interaction.client.language_resolver.for_interaction(interaction))
            await self.process(interaction)

    async def process(self, interaction: Interaction, *, is_confirmed: bool = False) -> None:
        """Submit what was sent and show the result. ``is_confirmed``: the editor wants the new companies among the parties."""
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.check(interaction)
            new_companies = () if is_confirmed else await self.find_new_companies(interaction)
            if new_companies:
                await self._ask_about_companies(interaction, new_companies)
                return
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
        key = _keep_open(interaction.client, OpenForm(self, values))
        card = refused_form_card(message, typed_texts, key)
        if interaction.response.is_done():
            await interaction.followup.send(view=card, ephemeral=True)
        else:
            await interaction.response.send_message(view=card, ephemeral=True)

    async def _ask_about_companies(self, interaction: Interaction, companies: tuple[NewCompany, ...]) -> None:
        key = _keep_open(interaction.client, OpenForm(self, self.values, companies))
        await reply_privately(interaction, new_companies_card(companies, key))

    async def find_new_companies(self, interaction: Interaction) -> tuple[NewCompany, ...]:
        """Return the parties in the form that no company has the name of. Raises InputError for a line that cannot be read."""
        if "parties" not in self._fields:
            return ()
        names = [row["company"] for row in parse_parties(self.values.get("parties"))]
        return await find_new_companies(interaction.client.services, names)

    async def check(self, interaction: Interaction) -> None:
        """Raise NotAllowed unless the user may send the form. By default, only editors may."""
        await check_editor(interaction)

    async def show_result(self, interaction: Interaction, result: discord.ui.LayoutView) -> None:
        """Show the result to the user alone, in place of the private card that the form was opened from, if any."""
        await reply_privately(interaction, result)

    async def submit(self, interaction: Interaction) -> str | discord.ui.LayoutView:
        """Process the form, and return a message or a card with the result."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        raise TypeError(f"{type(self).__name__} cannot be opened again")


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that was sent and is not done: refused, or with new companies that the editor is asked about."""

    form: RetryableModal
    values: FormValues
    new_companies: tuple[NewCompany, ...] = ()


async def find_new_companies(services: Services, names: Iterable[str]) -> tuple[NewCompany, ...]:
    """Return those of these names that no company has, each with similar ones."""
    return tuple(
        [
            NewCompany(name, await _find_similar_companies(services, name))
            for name in await services.desk.find_unknown_companies(names)
        ]
    )


async def _find_similar_companies(services: Services, name: str) -> tuple[str, ...]:
    """Return the companies whose names a name may be a slip of; none for a single letter, which begins too many."""
    return (await services.library.complete_company(name))[:_MAX_SIMILAR] if len(name) > 1 else ()


def _keep_open(client: Dealwire, form: OpenForm) -> str:
    """Keep a form, and return the key by which its buttons find it."""
    key = secrets.token_hex(8)
    client.open_forms[key] = form
    while len(client.open_forms) > _MAX_OPEN_FORMS:
        del client.open_forms[next(iter(client.open_forms))]
    return key


def _get_open_form(client: Dealwire, key: str) -> OpenForm:
    form = client.open_forms.get(key)
    if not isinstance(form, OpenForm):
        raise NotAllowed(
            say(
                "This form has already been sent, or the bot has restarted since. Copy your text "
                "from above and start again."
            )
        )
    return form


class RetryButton(PersistentItem, template=custom_ids.RETRY_FORM.pattern):
    """The button that reopens a form as it was sent."""

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # the base leaves the client open
        """Reopen the form, whatever the user's cooldown: sending it again is what counts."""
        set_language(await interaction.client.language_resolver.for_interaction(interaction))
        try:
            form = _get_open_form(interaction.client, self.params["form"])
        except NotAllowed as exc:
            await send_error(interaction, build_error_message(exc))
        else:
            await interaction.response.send_modal(form.form.rebuild(form.values))


class NewCompaniesButton(PersistentItem, template=custom_ids.NEW_COMPANIES.pattern):
    """The buttons below new companies: use a similar name, or create them and save the form."""

    async def handle(self, interaction: Interaction) -> None:
        """Submit the form again, with a name replaced or with the editor's consent."""
        key = self.params["form"]
        form = _get_open_form(interaction.client, key)
        del interaction.client.open_forms[key]
        is_confirmed = self.params["action"] == "create"
        values = form.values
        if not is_confirmed:
            company = form.new_companies[int(self.params["index"])]
            parties = rename_party(values.get("parties"), company.name, company.similar[0])
            values = FormValues({**values.fields, "parties": parties})
        sent_form = form.form.rebuild(values)
        sent_form.sent_values = values
        await sent_form.process(interaction, is_confirmed=is_confirmed)
