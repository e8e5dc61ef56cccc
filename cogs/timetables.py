"""``settings``: the time zone, the hour of digests, quiet hours, a cap and the language, of a server or of one's own DMs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.audience import discords
from bot.cards import ids
from bot.cards.notes import note
from bot.cards.timetables import AUTOMATIC, quiet_hours, timetable_card
from bot.client import Context, Dealwire, Interaction, everywhere
from bot.errors import InputError, Refused
from bot.languages import LANGUAGES, number, say, say_as, speak, weekday
from bot.model.timetable import (
    DAYS,
    QuietHoursError,
    Timetable,
    complete_day,
    read_clock,
    read_day,
    read_quiet,
    show_clock,
)
from bot.model.typed import means_none, off
from bot.model.zones import complete_zone, find_zone
from cogs.clicks import Click, beside
from cogs.form import Form, Typed
from cogs.offers import choices_of
from cogs.places import home, manages

_T = TypeVar("_T")
MOST_A_DAY = 1_000
_FIELD = 40


class Timetables(commands.Cog):
    """When posts may come."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot

    @app_commands.command()
    @everywhere
    @app_commands.describe(
        time_zone="such as Europe/Berlin, or the city alone",
        digest_hour="when digests come, such as 8 or 18:00",
        digest_day="the day of weekly digests",
        quiet_hours="such as 22:00-07:00, or off",
        cap="most posts an hour in a channel; 0: as many as there are",
        language="what the bot speaks here",
    )
    @app_commands.choices(
        language=[
            app_commands.Choice(name="Automatic", value=AUTOMATIC),
            *(app_commands.Choice(name=known.name, value=code) for code, known in LANGUAGES.items()),
        ]
    )
    async def settings(
        self,
        interaction: Interaction,
        time_zone: str | None = None,
        digest_hour: str | None = None,
        digest_day: str | None = None,
        quiet_hours: str | None = None,
        cap: app_commands.Range[int, 0, MOST_A_DAY] | None = None,
        language: str | None = None,
    ) -> None:
        """Show or set when posts come here, how many an hour, and in which language."""
        typed = {
            "time_zone": time_zone,
            "digest_hour": digest_hour,
            "digest_day": digest_day,
            "quiet_hours": quiet_hours,
            "cap": None if cap is None else str(cap),
            "language": language,
        }
        named = {name: value for name, value in typed.items() if value is not None}
        card = await _saved(interaction, named) if named else await _shown(interaction)
        await interaction.response.send_message(view=card, ephemeral=True)

    @settings.autocomplete("time_zone")
    async def _complete_zone(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices_of(list(complete_zone(typed)))

    @settings.autocomplete("digest_day")
    async def _complete_day(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=weekday(day), value=DAYS[day]) for day in complete_day(typed)]

    @settings.autocomplete("digest_hour")
    async def _complete_hour(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        hours = [show_clock(hour * 60) for hour in range(24)]
        return choices_of([hour for hour in hours if typed.strip() in hour])

    @settings.autocomplete("quiet_hours")
    async def _complete_quiet(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        named = {"off": off(), "22:00-07:00": "22:00-07:00", "20:00-08:00": "20:00-08:00"}
        wanted = typed.strip().casefold()
        return [
            app_commands.Choice(name=shown, value=value)
            for value, shown in named.items()
            if wanted in value or wanted in shown.casefold()
        ]

    @commands.command(name="settings")
    async def typed_settings(self, ctx: Context) -> None:
        """Settings are a slash command."""
        card = note(say("Settings are a slash command, for only you see them: `/settings`. Or open them as a form:"))
        opener: discord.ui.Button[Any] = discord.ui.Button(
            label=say_as("button", "Open settings"), custom_id=ids.SETTINGS
        )
        card.add_item(discord.ui.ActionRow(opener))
        await ctx.send(view=card)


class OpenSettings(Click, template=ids.SETTINGS):
    """The button that opens the form."""

    async def answer(self, interaction: Interaction) -> None:
        """Open it, filled in as things stand."""
        _check(interaction)
        await interaction.response.send_modal(SettingsForm(await _table(interaction)))


class ChooseLanguage(Click, template=ids.LANGUAGE):
    """The menu of languages under the settings."""

    async def answer(self, interaction: Interaction) -> None:
        """Keep the one that was chosen, and show the settings as they are now."""
        menu = self.item
        chosen = menu.values[0] if isinstance(menu, discord.ui.Select) and menu.values else AUTOMATIC
        await beside(interaction, await _saved(interaction, {"language": chosen}))


class SettingsForm(Form):
    """All of a timetable."""

    def __init__(self, table: Timetable, typed: Typed | None = None) -> None:
        self._shown = Typed(_as_typed(table))
        super().__init__(say_as("form", "When posts come"), typed or self._shown)
        self._table = table
        self._ask_when()
        hint = say_as("form hint", "Such as 22:00-07:00, or off; what comes is held")
        self.ask("quiet_hours", say_as("form", "Quiet hours"), _FIELD, hint=hint)
        hint = say_as("form hint", "0: as many as there are")
        self.ask("cap", say_as("form", "Most posts an hour in a channel"), _FIELD, hint=hint)

    def _ask_when(self) -> None:
        hint = say_as("form hint", "Such as Europe/Berlin, or the city alone")
        self.ask("time_zone", say_as("form", "Time zone"), 60, hint=hint)
        self.ask("digest_hour", say_as("form", "Hour of digests"), _FIELD, hint=say_as("form hint", "Such as 08:00"))
        self.ask("digest_day", say_as("form", "Day of weekly digests"), _FIELD)

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return SettingsForm(self._table, typed)

    async def check(self, interaction: Interaction) -> None:
        """Whoever may set it."""
        _check(interaction)

    async def show(self, interaction: Interaction, done: discord.ui.LayoutView) -> None:
        """The settings as they are now, in place of the card that the form was opened from."""
        await beside(interaction, done)

    async def carry_out(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Set what was changed in the form, so that a colleague's change meanwhile stays."""
        typed = self.typed
        return await _saved(interaction, {name: typed.get(name) for name in typed.unlike(self._shown)})


def read_timetable(table: Timetable, typed: dict[str, str]) -> Timetable:
    """A timetable with what was typed in place of what it has. InputError names the option that was not understood."""
    changes: dict[str, Any] = {}
    if "time_zone" in typed:
        changes["zone"] = _read("time_zone", typed, find_zone)
    if "digest_hour" in typed:
        changes["digest_hour"] = _read("digest_hour", typed, _whole_hour)
    if "digest_day" in typed:
        changes["digest_day"] = _read("digest_day", typed, read_day)
    if "quiet_hours" in typed:
        begin, end = _read("quiet_hours", typed, read_quiet) or (None, None)
        changes |= {"quiet_from": begin, "quiet_until": end}
    if "cap" in typed:
        changes["cap"] = _read("cap", typed, _cap)
    if "language" in typed:
        changes["language"] = "" if typed["language"] == AUTOMATIC else typed["language"]
    try:
        return replace(table, **changes)
    except ValueError as exc:
        raise InputError("quiet_hours" if isinstance(exc, QuietHoursError) else "", str(exc)) from exc


def _read(option: str, typed: dict[str, str], reader: Callable[[str], _T]) -> _T:
    try:
        return reader(typed[option])
    except ValueError as exc:
        raise InputError(option, str(exc)) from exc


def _whole_hour(typed: str) -> int:
    minutes = read_clock(typed)
    if minutes % 60:
        raise ValueError(say("digests come at a full hour, such as {time}", time=show_clock(minutes - minutes % 60)))
    return minutes // 60


def _cap(typed: str) -> int:
    if means_none(typed):
        return 0
    if not typed.strip().isdecimal() or int(typed) > MOST_A_DAY:
        most = number(MOST_A_DAY)
        raise ValueError(say("{typed!r} is no number between 0 and {most}", typed=typed.strip(), most=most))
    return int(typed)


def _as_typed(table: Timetable) -> dict[str, str]:
    return {
        "time_zone": table.zone,
        "digest_hour": show_clock(table.digest_hour * 60),
        "digest_day": weekday(table.digest_day),
        "quiet_hours": quiet_hours(table),
        "cap": str(table.cap),
    }


def _check(interaction: Interaction) -> None:
    if home(interaction) is not None and not manages(interaction):
        raise Refused(
            say("You need Manage Server to change this server's settings; in a DM with the bot, they are your own.")
        )


def _owner(interaction: Interaction) -> int:
    guild = home(interaction)
    return guild.id if guild else interaction.user.id


async def _table(interaction: Interaction) -> Timetable:
    return await interaction.client.services.following.timetable(_owner(interaction))


async def _shown(interaction: Interaction) -> discord.ui.LayoutView:
    may_change = home(interaction) is None or manages(interaction)
    return _card(interaction, await _table(interaction), may_change=may_change)


async def _saved(interaction: Interaction, named: dict[str, str]) -> discord.ui.LayoutView:
    _check(interaction)
    table = read_timetable(await _table(interaction), named)
    await interaction.client.services.following.set_timetable(_owner(interaction), table)
    # Whose Discord is in none of our languages is answered in the one that is set.
    speak(await interaction.client.audience.of_interaction(interaction))
    return _card(interaction, table, saved=True)


def _card(
    interaction: Interaction, table: Timetable, *, saved: bool = False, may_change: bool = True
) -> discord.ui.LayoutView:
    guild = home(interaction)
    return timetable_card(
        table,
        interaction.client.services.clock(),
        by_dm=guild is None,
        discords=discords(guild.preferred_locale if guild else None),
        saved=saved,
        may_change=may_change,
    )


async def setup(bot: Dealwire) -> None:
    """Add the command, the button that opens its form, and the menu of languages."""
    bot.add_dynamic_items(OpenSettings, ChooseLanguage)
    await bot.add_cog(Timetables(bot))
