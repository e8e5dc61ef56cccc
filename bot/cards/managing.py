"""One follow, with all that can be done about it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import TEXT_LIMIT, units
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.follows import all_follows, how_it_comes, place, state_of, target
from bot.cards.health import fares
from bot.cards.marks import small
from bot.languages import noted, say, say_as
from bot.model.fate import Health
from bot.model.follow import Follow, FollowState, Place
from bot.model.terms import Terms
from bot.model.timetable import Mode, Timetable

_WORDS = 1_100
_WANTED = noted("Wanted words: {words}")
_UNWANTED = noted("Unwanted words: {words}")


def managing_card(follow: Follow, health: Health, table: Timetable, said: str = "") -> Card:
    """What is followed where, on which terms, how it fares, and the buttons that change it.

    ``said`` is our own sentence about what was just done.
    """
    created, changed = follow.created_at, follow.changed_at
    since = say("since {date}, by {who}", date=f"<t:{int(created.timestamp())}:D>", who=f"<@{follow.created_by}>")
    # Said: time is relative: 5 minutes ago
    last = say("changed {time}", time=marks.ago(changed)) if changed else ""
    which = [f"{place(follow.destination)} · {target(follow.target)}", small(since, last)]
    how = [state_of(follow), how_it_comes(follow, table)]
    figures = list(fares(health, place(follow.destination)))
    room = TEXT_LIMIT - sum(units(line) + 1 for line in (said, *which, *how, *figures))
    return Card(
        box(
            text(said) if said else None,
            text(*which),
            rule(),
            text(*how, *_keywords(follow.terms, room)),
            text(*figures),
            row(*_acts(follow)),
            row(*_switches(follow), all_follows()),
            colour=marks.NEUTRAL if follow.state is FollowState.ACTIVE else marks.ALERT,
        )
    )


def _keywords(terms: Terms, room: int) -> list[str]:
    """All keywords; in a language that says the rest at length, as many as there is room for."""
    named = ((_WANTED, terms.words), (_UNWANTED, terms.without))
    labels = sum(units(small(say(message, words=""))) + 1 for message, _ in named)
    most = min(_WORDS, (room - labels) // len(named))
    return [small(say(message, words=safe.line(", ".join(words), most))) for message, words in named if words]


def _acts(follow: Follow) -> list[ui.Button[Any]]:
    number = follow.number
    served = follow.state is FollowState.ACTIVE
    pause = button(say_as("button", "Pause"), ids.manage("pause", number))
    return [
        pause if served else button(say_as("button", "Resume"), ids.manage("resume", number)),
        button(say_as("button", "Edit"), ids.manage("edit", number)),
        button(say_as("button", "Test post"), ids.manage("test", number)),
        button(say_as("button", "Remove"), ids.manage("remove", number)),
    ]


def _switches(follow: Follow) -> list[ui.Button[Any]]:
    number, terms = follow.number, follow.terms
    loud = button(say_as("button", "Notify again"), ids.manage("loud", number))
    silent = button(say_as("button", "Post silently"), ids.manage("silent", number))
    switches = [loud if terms.silent else silent]
    if follow.destination.place in (Place.CHANNEL, Place.ANNOUNCEMENT) and terms.mode is Mode.INSTANT:
        flat = button(say_as("button", "No threads"), ids.manage("flat", number))
        threads = button(say_as("button", "A thread for each story"), ids.manage("threads", number))
        switches.append(flat if terms.threads else threads)
    return switches


def removing_card(follow: Follow) -> Card:
    """Whether a follow is really to end."""
    which = f"{place(follow.destination)} · {target(follow.target)}"
    # Said: follow is where and what: #deals · Nissan
    said = say("End this follow? {follow}. What was posted stays.", follow=which)
    return Card(
        box(
            text(said),
            row(
                button(say_as("button", "End it"), ids.manage("removed", follow.number)),
                button(say_as("button", "Keep it"), ids.manage("open", follow.number)),
            ),
            colour=marks.ALERT,
        )
    )
