"""The settings of a server, or of a person's DMs: when posts may come, and in which language."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.marks import small
from bot.languages import ENGLISH, LANGUAGES, noted, number, say, say_as, weekday
from bot.model.timetable import Mode, Timetable, is_quiet, next_digest, show_clock
from bot.model.typed import off

#: The value of the choice that leaves the language to Discord.
AUTOMATIC = "auto"

#: By whether they are those of somebody's DMs, and whether they were changed just now.
_TITLES = {
    (False, False): noted("Settings of this server"),
    (False, True): noted("Saved: settings of this server"),
    (True, False): noted("Settings of your DMs"),
    (True, True): noted("Saved: settings of your DMs"),
}


def timetable_card(
    table: Timetable, now: datetime, *, by_dm: bool, discords: str = "", saved: bool = False, may_change: bool = True
) -> Card:
    """When posts come to a server, or to a person by DM, and in which language; a button and a menu to change it.

    ``discords`` is the code of the language that Discord has there, empty where the bot does not speak it.
    """
    change = [row(button(say_as("button", "Change"), ids.SETTINGS)), _languages(table)] if may_change else []
    return Card(
        box(
            text(safe.heading(say(_TITLES[by_dm, saved]))),
            rule(),
            text(*_lines(table, now), _language(table, by_dm=by_dm, discords=discords)),
            text(*_hints(by_dm=by_dm)),
            *change,
            colour=marks.GOOD if saved else marks.NEUTRAL,
        )
    )


def quiet_hours(table: Timetable) -> str:
    """``22:00-07:00``, or ``off``."""
    if table.quiet_from is None or table.quiet_until is None:
        return off()
    return f"{show_clock(table.quiet_from)}-{show_clock(table.quiet_until)}"


def _hints(*, by_dm: bool) -> tuple[str, ...]:
    what = say("What comes, and how loud, is set for each follow: `/follow`, or the menu of `/following`")
    if by_dm:
        who = say("Slash commands, buttons and menus answer in the language of your Discord")
    else:
        who = say("Slash commands, buttons and menus answer everybody in the language of their own Discord")
    return small(what), small(who)


def _lines(table: Timetable, now: datetime) -> list[str]:
    local = now.astimezone(ZoneInfo(table.zone))
    daily, weekly = (next_digest(table, mode, now) for mode in (Mode.DAILY, Mode.WEEKLY))
    clock = show_clock(local.hour * 60 + local.minute)
    return [
        say("**Time zone** · {zone}, where it is {time} now", zone=table.zone, time=clock),
        say(
            "**Daily digests** · at {time}, the next {when}",
            time=show_clock(table.digest_hour * 60),
            when=marks.ago(daily),
        ),
        # Said: {day} is the name of a day of the week, {when} is as in "in 3 days"
        say(
            "**Weekly digests** · on {day} at the same hour, the next {when}",
            day=weekday(table.digest_day),
            when=marks.ago(weekly),
        ),
        _quiet(table, now),
        _cap(table),
    ]


def _quiet(table: Timetable, now: datetime) -> str:
    if table.quiet_from is None:
        return say("**Quiet hours** · off: posts come at any hour")
    hours = quiet_hours(table)
    if is_quiet(table, now):
        return say(
            "**Quiet hours** · {hours}, it is quiet now; what comes meanwhile is held and then posted", hours=hours
        )
    return say("**Quiet hours** · {hours}; what comes meanwhile is held and then posted", hours=hours)


def _cap(table: Timetable) -> str:
    if not table.cap:
        return say("**Most posts an hour** · off: as many as there are")
    return say(
        "**Most posts an hour** · {cap} a channel; what is more comes folded into the last of them",
        cap=number(table.cap),
    )


def _language(table: Timetable, *, by_dm: bool, discords: str) -> str:
    """In which language posts come, and what is typed is answered."""
    if table.language:
        return say("**Language** · {language}", language=LANGUAGES[table.language].name)
    name = LANGUAGES[discords or ENGLISH].name
    if by_dm:
        return say("**Language** · automatic: {language}, until you choose another", language=name)
    if discords:
        return say("**Language** · automatic: {language}, as Discord has it here", language=name)
    return say(
        "**Language** · automatic: {language}, for the bot does not speak the one that Discord has here", language=name
    )


def _languages(table: Timetable) -> ui.ActionRow[Any]:
    """The menu of languages, each called as it calls itself; the one that is set is marked."""
    # Said: an entry of the menu of languages: the bot takes the one that Discord has there
    named = {AUTOMATIC: say_as("language", "Automatic")} | {code: known.name for code, known in LANGUAGES.items()}
    options = [
        discord.SelectOption(label=name, value=value, default=value == (table.language or AUTOMATIC))
        for value, name in named.items()
    ]
    return ui.ActionRow(ui.Select(custom_id=ids.LANGUAGE, placeholder=say_as("menu", "Language"), options=options))
