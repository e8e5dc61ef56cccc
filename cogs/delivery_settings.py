"""``settings``: time zone, digest hour, quiet hours, cap and language of a server or of a user's DMs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.delivery_settings import AUTOMATIC, quiet_hours_label, settings_card
from bot.cards.simple_cards import success_card
from bot.errors import InputError, NotAllowed
from bot.languages import LANGUAGES, format_number, get_weekday_name, say, say_as, set_language
from bot.model.delivery_settings import DeliverySettings, QuietHoursError
from bot.model.text_input import (
    WEEKDAYS,
    find_matching_timezones,
    find_timezone,
    find_weekdays,
    format_time_of_day,
    get_off_label,
    is_none_word,
    parse_quiet_hours,
    parse_time_of_day,
    parse_weekday,
)
from bot.platforms.discord.client import Context, Dealwire, Interaction, installable_everywhere
from bot.platforms.discord.locales import get_client_language
from cogs.autocomplete import make_choices
from cogs.modal import FormValues, RetryableModal
from cogs.permissions import can_manage, find_guild
from cogs.persistent import PersistentItem, reply_privately

_T = TypeVar("_T")
MAX_CAP = 1_000
_FIELD_LIMIT = 40


class DeliverySettingsCog(commands.Cog):
    """The ``settings`` command."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot

    @app_commands.command()
    @installable_everywhere
    @app_commands.describe(
        time_zone="such as Europe/Berlin, or just the city",
        digest_hour="when digests arrive, such as 8 or 18:00",
        digest_day="the day of weekly digests",
        quiet_hours="such as 22:00-07:00, or off",
        cap="max posts per hour per channel; 0: no limit",
        language="the language that the bot uses here",
    )
    @app_commands.choices(
        language=[
            app_commands.Choice(name="Automatic", value=AUTOMATIC),
            *(app_commands.Choice(name=entry.name, value=code) for code, entry in LANGUAGES.items()),
        ]
    )
    async def settings(
        self,
        interaction: Interaction,
        time_zone: str | None = None,
        digest_hour: str | None = None,
        digest_day: str | None = None,
        quiet_hours: str | None = None,
        cap: app_commands.Range[int, 0, MAX_CAP] | None = None,
        language: str | None = None,
    ) -> None:
        """Show or change when posts arrive here, how many per hour, and in which language."""
        options = {
            "time_zone": time_zone,
            "digest_hour": digest_hour,
            "digest_day": digest_day,
            "quiet_hours": quiet_hours,
            "cap": None if cap is None else str(cap),
            "language": language,
        }
        changes = {name: value for name, value in options.items() if value is not None}
        card = await _save(interaction, changes) if changes else await _show_card(interaction)
        await interaction.response.send_message(view=card, ephemeral=True)

    @settings.autocomplete("time_zone")
    async def _complete_zone(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return make_choices(list(find_matching_timezones(current)))

    @settings.autocomplete("digest_day")
    async def _complete_day(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=get_weekday_name(day), value=WEEKDAYS[day]) for day in find_weekdays(current)]

    @settings.autocomplete("digest_hour")
    async def _complete_hour(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        hours = [format_time_of_day(hour * 60) for hour in range(24)]
        return make_choices([hour for hour in hours if current.strip() in hour])

    @settings.autocomplete("quiet_hours")
    async def _complete_quiet_hours(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        labels = {"off": get_off_label(), "22:00-07:00": "22:00-07:00", "20:00-08:00": "20:00-08:00"}
        query = current.strip().casefold()
        return [
            app_commands.Choice(name=label, value=value)
            for value, label in labels.items()
            if query in value or query in label.casefold()
        ]

    @commands.command(name="settings")
    async def typed_settings(self, ctx: Context) -> None:
        """Reply with a button that opens the form, because settings are a slash command."""
        card = success_card(say("Settings are private, so use `/settings`, or open the form here:"))
        open_button: discord.ui.Button[Any] = discord.ui.Button(
            label=say_as("button", "Open settings"), custom_id=custom_ids.SETTINGS.build()
        )
        card.add_item(discord.ui.ActionRow(open_button))
        await ctx.send(view=card)


class SettingsButton(PersistentItem, template=custom_ids.SETTINGS.pattern):
    """The button that opens the settings form."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form with the current settings."""
        _check_permission(interaction)
        await interaction.response.send_modal(SettingsModal(await _get_settings(interaction)))


class LanguageMenu(PersistentItem, template=custom_ids.LANGUAGE.pattern):
    """The menu of languages on the settings card."""

    async def handle(self, interaction: Interaction) -> None:
        """Save the selected language, and show the settings."""
        language = self.get_selection() or AUTOMATIC
        await reply_privately(interaction, await _save(interaction, {"language": language}))


class SettingsModal(RetryableModal):
    """The form for delivery settings, except the language."""

    def __init__(self, settings: DeliverySettings, values: FormValues | None = None) -> None:
        self._original_values = FormValues(_build_form_fields(settings))
        super().__init__(say_as("form", "When posts arrive"), values or self._original_values)
        self._settings = settings
        self._add_time_fields()
        hint = say_as("form hint", "Such as 22:00-07:00, or off; posts wait until they end")
        self.add_field("quiet_hours", say_as("form", "Quiet hours"), _FIELD_LIMIT, hint=hint)
        hint = say_as("form hint", "0: no limit")
        self.add_field("cap", say_as("form", "Max posts per hour per channel"), _FIELD_LIMIT, hint=hint)

    def _add_time_fields(self) -> None:
        hint = say_as("form hint", "Such as Europe/Berlin, or just the city")
        self.add_field("time_zone", say_as("form", "Time zone"), 60, hint=hint)
        self.add_field(
            "digest_hour", say_as("form", "Digest time"), _FIELD_LIMIT, hint=say_as("form hint", "Such as 08:00")
        )
        self.add_field("digest_day", say_as("form", "Day of weekly digests"), _FIELD_LIMIT)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return SettingsModal(self._settings, values)

    async def check(self, interaction: Interaction) -> None:
        """Raise NotAllowed unless the user may change the settings."""
        _check_permission(interaction)

    async def show_result(self, interaction: Interaction, result: discord.ui.LayoutView) -> None:
        """Replace the card that the form was opened from by the new settings."""
        await reply_privately(interaction, result)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Save only the fields that were changed, so that a concurrent change of the others is kept."""
        values = self.values
        return await _save(interaction, {name: values.get(name) for name in values.find_changes(self._original_values)})


def parse_settings(settings: DeliverySettings, texts: dict[str, str]) -> DeliverySettings:
    """Return *settings* with the options in *texts* changed. Raises InputError, which names the bad option."""
    changes: dict[str, Any] = {}
    if "time_zone" in texts:
        changes["zone"] = _parse_option("time_zone", texts, find_timezone)
    if "digest_hour" in texts:
        changes["digest_hour"] = _parse_option("digest_hour", texts, _parse_full_hour)
    if "digest_day" in texts:
        changes["digest_day"] = _parse_option("digest_day", texts, parse_weekday)
    if "quiet_hours" in texts:
        begin, end = _parse_option("quiet_hours", texts, parse_quiet_hours) or (None, None)
        changes |= {"quiet_from": begin, "quiet_until": end}
    if "cap" in texts:
        changes["cap"] = _parse_option("cap", texts, _parse_cap)
    if "language" in texts:
        changes["language"] = "" if texts["language"] == AUTOMATIC else texts["language"]
    try:
        return replace(settings, **changes)
    except ValueError as exc:
        raise InputError("quiet_hours" if isinstance(exc, QuietHoursError) else "", str(exc)) from exc


def _parse_option(option: str, texts: dict[str, str], parser: Callable[[str], _T]) -> _T:
    try:
        return parser(texts[option])
    except ValueError as exc:
        raise InputError(option, str(exc)) from exc


def _parse_full_hour(text: str) -> int:
    minutes = parse_time_of_day(text)
    if minutes % 60:
        raise ValueError(
            say("digests are sent on the hour, such as {time}", time=format_time_of_day(minutes - minutes % 60))
        )
    return minutes // 60


def _parse_cap(text: str) -> int:
    if is_none_word(text):
        return 0
    if not text.strip().isdecimal() or int(text) > MAX_CAP:
        limit = format_number(MAX_CAP)
        raise ValueError(say("{typed!r} isn't a number between 0 and {most}", typed=text.strip(), most=limit))
    return int(text)


def _build_form_fields(settings: DeliverySettings) -> dict[str, str]:
    return {
        "time_zone": settings.zone,
        "digest_hour": format_time_of_day(settings.digest_hour * 60),
        "digest_day": get_weekday_name(settings.digest_day),
        "quiet_hours": quiet_hours_label(settings),
        "cap": str(settings.cap),
    }


def _check_permission(interaction: Interaction) -> None:
    if find_guild(interaction) is not None and not can_manage(interaction):
        raise NotAllowed(
            say(
                "You need Manage Server to change this server's settings; in a DM with the bot, you "
                "can change your own."
            )
        )


def _get_owner_id(interaction: Interaction) -> int:
    guild = find_guild(interaction)
    return guild.id if guild else interaction.user.id


async def _get_settings(interaction: Interaction) -> DeliverySettings:
    return await interaction.client.services.delivery_settings.get(_get_owner_id(interaction))


async def _show_card(interaction: Interaction) -> discord.ui.LayoutView:
    may_change = find_guild(interaction) is None or can_manage(interaction)
    return _build_card(interaction, await _get_settings(interaction), may_change=may_change)


async def _save(interaction: Interaction, changes: dict[str, str]) -> discord.ui.LayoutView:
    _check_permission(interaction)
    settings = parse_settings(await _get_settings(interaction), changes)
    await interaction.client.services.delivery_settings.save(_get_owner_id(interaction), settings)
    # The new language applies to this answer already if the user's Discord is in none of ours.
    set_language(await interaction.client.language_resolver.for_interaction(interaction))
    return _build_card(interaction, settings, is_saved=True)


def _build_card(
    interaction: Interaction, settings: DeliverySettings, *, is_saved: bool = False, may_change: bool = True
) -> discord.ui.LayoutView:
    guild = find_guild(interaction)
    return settings_card(
        settings,
        interaction.client.services.clock(),
        by_dm=guild is None,
        client_language=get_client_language(guild.preferred_locale if guild else None),
        is_saved=is_saved,
        may_change=may_change,
    )


async def setup(bot: Dealwire) -> None:
    """Add the command, the button that opens its form, and the menu of languages."""
    bot.add_dynamic_items(SettingsButton, LanguageMenu)
    await bot.add_cog(DeliverySettingsCog(bot))
