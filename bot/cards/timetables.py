"""The settings of a server, or of a person's DMs: when posts may come."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.marks import small
from bot.model.timetable import DAYS, Mode, Timetable, is_quiet, next_digest, show_clock


def timetable_card(
    table: Timetable, now: datetime, *, whose: str, saved: bool = False, may_change: bool = True
) -> Card:
    """When posts come to a server or a person (``whose``: raw, ``this server``), and a button to change it."""
    title = safe.heading(f"{'Saved: settings' if saved else 'Settings'} of {safe.line(whose, 120)}")
    change = row(button("Change", ids.SETTINGS)) if may_change else None
    hint = small("What comes, and how loud, is set for each follow: `/follow`, or the menu of `/following`")
    return Card(
        box(
            text(title),
            rule(),
            text(*_lines(table, now)),
            text(hint),
            change,
            colour=marks.GOOD if saved else marks.NEUTRAL,
        )
    )


def quiet_hours(table: Timetable) -> str:
    """``22:00-07:00``, or ``off``."""
    if table.quiet_from is None or table.quiet_until is None:
        return "off"
    return f"{show_clock(table.quiet_from)}-{show_clock(table.quiet_until)}"


def _lines(table: Timetable, now: datetime) -> list[str]:
    local = now.astimezone(ZoneInfo(table.zone))
    daily, weekly = (next_digest(table, mode, now) for mode in (Mode.DAILY, Mode.WEEKLY))
    return [
        f"**Time zone** · {table.zone}, where it is {show_clock(local.hour * 60 + local.minute)} now",
        f"**Daily digests** · at {show_clock(table.digest_hour * 60)}, the next {_when(daily)}",
        f"**Weekly digests** · on {DAYS[table.digest_day].capitalize()} at the same hour, the next {_when(weekly)}",
        f"**Quiet hours** · {_quiet(table, now)}",
        f"**Most posts an hour** · {_cap(table)}",
    ]


def _quiet(table: Timetable, now: datetime) -> str:
    if table.quiet_from is None:
        return "off: posts come at any hour"
    now_quiet = ", it is quiet now" if is_quiet(table, now) else ""
    return f"{quiet_hours(table)}{now_quiet}; what comes meanwhile is held and then posted"


def _cap(table: Timetable) -> str:
    if not table.cap:
        return "off: as many as there are"
    return f"{table.cap} a channel; what is more comes folded into the last of them"


def _when(at: datetime) -> str:
    return f"<t:{int(at.timestamp())}:R>"
