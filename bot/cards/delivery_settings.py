"""The settings of a server, or of somebody's DMs: when posts may come, and in which language."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, text
from bot.cards.escaping import heading
from bot.cards.markdown import relative_time, subtext
from bot.languages import ENGLISH, LANGUAGES, format_number, get_weekday_name, lazy, say, say_as
from bot.model.delivery_schedule import get_next_digest, is_quiet_time
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.text_input import format_time_of_day, get_off_label

#: The value of the option that takes the language from Discord.
AUTOMATIC = "auto"

#: By whether the settings are those of DMs, and whether they were just saved.
_TITLE_MESSAGES = {
    (False, False): lazy("Settings for this server"),
    (False, True): lazy("Saved: settings for this server"),
    (True, False): lazy("Settings for your DMs"),
    (True, True): lazy("Saved: settings for your DMs"),
}


def settings_card(
    settings: DeliverySettings,
    now: datetime,
    *,
    by_dm: bool,
    client_language: str = "",
    is_saved: bool = False,
    may_change: bool = True,
) -> Card:
    """Return the settings, with a button and a menu to change them if the reader may.

    ``client_language`` is the code of the language that Discord uses there; empty if the bot has no translation.
    """
    controls = (
        [row(button(say_as("button", "Change"), custom_ids.SETTINGS.build())), _language_menu(settings)]
        if may_change
        else []
    )
    return Card(
        container(
            text(heading(say(_TITLE_MESSAGES[by_dm, is_saved]))),
            separator(),
            text(
                *_setting_lines(settings, now), _language_line(settings, by_dm=by_dm, client_language=client_language)
            ),
            text(*_hint_lines(by_dm=by_dm)),
            *controls,
            colour=labels.SUCCESS_COLOUR if is_saved else labels.NEUTRAL_COLOUR,
        )
    )


def quiet_hours_label(settings: DeliverySettings) -> str:
    """Return ``22:00-07:00``, or ``off``."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return get_off_label()
    return f"{format_time_of_day(settings.quiet_from)}-{format_time_of_day(settings.quiet_until)}"


def _hint_lines(*, by_dm: bool) -> tuple[str, ...]:
    follow_hint = say(
        "What is posted, and whether it notifies, is set for each follow: `/follow`, or the menu of `/following`"
    )
    if by_dm:
        language_hint = say("Slash commands, buttons and menus answer in the language of your Discord")
    else:
        language_hint = say("Slash commands, buttons and menus answer everybody in the language of their own Discord")
    return subtext(follow_hint), subtext(language_hint)


def _setting_lines(settings: DeliverySettings, now: datetime) -> list[str]:
    local_time = now.astimezone(ZoneInfo(settings.zone))
    next_daily, next_weekly = (
        get_next_digest(settings, mode, now) for mode in (DeliveryMode.DAILY, DeliveryMode.WEEKLY)
    )
    clock = format_time_of_day(local_time.hour * 60 + local_time.minute)
    return [
        say("**Time zone** · {zone}, where it is {time} now", zone=settings.zone, time=clock),
        say(
            "**Daily digests** · at {time}, next one {when}",
            time=format_time_of_day(settings.digest_hour * 60),
            when=relative_time(next_daily),
        ),
        # Translators: {day} is the name of a day of the week, {when} is as in "in 3 days"
        say(
            "**Weekly digests** · on {day} at the same time, next one {when}",
            day=get_weekday_name(settings.digest_day),
            when=relative_time(next_weekly),
        ),
        _quiet_hours_line(settings, now),
        _cap_line(settings),
    ]


def _quiet_hours_line(settings: DeliverySettings, now: datetime) -> str:
    if settings.quiet_from is None:
        return say("**Quiet hours** · off: posts arrive at any hour")
    hours = quiet_hours_label(settings)
    if is_quiet_time(settings, now):
        return say("**Quiet hours** · {hours} (quiet now); posts wait until they end", hours=hours)
    return say("**Quiet hours** · {hours}; posts wait until they end", hours=hours)


def _cap_line(settings: DeliverySettings) -> str:
    if not settings.cap:
        return say("**Max posts per hour** · no limit (followed feeds: ten per channel)")
    return say(
        "**Max posts per hour** · {cap} per channel; anything more is combined into the last one",
        cap=format_number(settings.cap),
    )


def _language_line(settings: DeliverySettings, *, by_dm: bool, client_language: str) -> str:
    """Return the language of posts and of answers to typed commands."""
    if settings.language:
        return say("**Language** · {language}", language=LANGUAGES[settings.language].name)
    name = LANGUAGES[client_language or ENGLISH].name
    if by_dm:
        return say("**Language** · automatic: {language}, until you choose another", language=name)
    if client_language:
        return say("**Language** · automatic: {language}, the language that Discord uses here", language=name)
    return say(
        "**Language** · automatic: {language}, because the bot doesn't speak the language that Discord uses here",
        language=name,
    )


def _language_menu(settings: DeliverySettings) -> ui.ActionRow[Any]:
    """Return the menu of languages, each by its own name, with the current one selected."""
    # Translators: an entry of the menu of languages: the bot takes the one that Discord has there
    names_by_code = {AUTOMATIC: say_as("language", "Automatic")} | {
        code: language.name for code, language in LANGUAGES.items()
    }
    options = [
        discord.SelectOption(label=name, value=value, default=value == (settings.language or AUTOMATIC))
        for value, name in names_by_code.items()
    ]
    return ui.ActionRow(
        ui.Select(custom_id=custom_ids.LANGUAGE.build(), placeholder=say_as("menu", "Language"), options=options)
    )
