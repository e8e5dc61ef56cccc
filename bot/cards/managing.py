"""One follow, with all that can be done about it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.follows import how_it_comes, place, state_of, target
from bot.cards.health import fares
from bot.cards.marks import small
from bot.model.fate import Health
from bot.model.follow import Follow, FollowState, Place
from bot.model.terms import Terms
from bot.model.timetable import Mode, Timetable

_WORDS = 1_100


def managing_card(follow: Follow, health: Health, table: Timetable, said: str = "") -> Card:
    """What is followed where, on which terms, how it fares, and the buttons that change it.

    ``said`` is our own sentence about what was just done.
    """
    since = f"since <t:{int(follow.created_at.timestamp())}:D>, by <@{follow.created_by}>"
    changed = f"changed <t:{int(follow.changed_at.timestamp())}:R>" if follow.changed_at else ""
    return Card(
        box(
            text(said) if said else None,
            text(f"{place(follow.destination)} · {target(follow.target)}", small(since, changed)),
            rule(),
            text(state_of(follow), how_it_comes(follow, table) + ".", *_keywords(follow.terms)),
            text(*fares(health, place(follow.destination))),
            row(*_acts(follow)),
            row(*_switches(follow), button("All follows", ids.following(0))),
            colour=marks.NEUTRAL if follow.state is FollowState.ACTIVE else marks.ALERT,
        )
    )


def _keywords(terms: Terms) -> list[str]:
    named = (("Wanted words", terms.words), ("Unwanted words", terms.without))
    return [small(f"{name}: {safe.line(', '.join(words), _WORDS)}") for name, words in named if words]


def _acts(follow: Follow) -> list[ui.Button[Any]]:
    number = follow.number
    served = follow.state is FollowState.ACTIVE
    return [
        button("Pause", ids.manage("pause", number)) if served else button("Resume", ids.manage("resume", number)),
        button("Edit", ids.manage("edit", number)),
        button("Test post", ids.manage("test", number)),
        button("Remove", ids.manage("remove", number)),
    ]


def _switches(follow: Follow) -> list[ui.Button[Any]]:
    number, terms = follow.number, follow.terms
    loud = button("Notify again", ids.manage("loud", number))
    switches = [loud if terms.silent else button("Post silently", ids.manage("silent", number))]
    if follow.destination.place in (Place.CHANNEL, Place.ANNOUNCEMENT) and terms.mode is Mode.INSTANT:
        flat = button("No threads", ids.manage("flat", number))
        switches.append(flat if terms.threads else button("A thread for each story", ids.manage("threads", number)))
    return switches


def removing_card(follow: Follow) -> Card:
    """Whether a follow is really to end."""
    said = f"End this follow? {place(follow.destination)} · {target(follow.target)}. What was posted stays."
    return Card(
        box(
            text(said),
            row(
                button("End it", ids.manage("removed", follow.number)),
                button("Keep it", ids.manage("open", follow.number)),
            ),
            colour=marks.ALERT,
        )
    )
