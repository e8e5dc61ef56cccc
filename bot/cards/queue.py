"""The desk's queue: what readers say is wrong with posts, one at a time."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.budget import Room, units
from bot.cards.card import Card, Choice, box, button, menu, row, rule, text, turner
from bot.cards.marks import dotted, small
from bot.languages import number, say, say_as, say_count
from bot.model.follow import Place
from bot.model.note import ReaderNote

_TEXT = 2_000
#: A note with the marks of a quotation before each of its lines.
_QUOTED = 2_200
_ABOUT = 5
_TOLD, _HEADLINE = 160, 120
_CUT = f"> {safe.ELLIPSIS}"


def waiting_note_card(note: ReaderNote, at: int, count: int) -> Card:
    """A note that waits, which it is of how many, and what can be done about it."""
    title = safe.heading(say_count("{count} note from a reader", "{count} notes from readers", count))
    place = say("{place} of {count}", place=number(at + 1), count=number(count))
    return Card(
        box(
            text(title, small(place, say_as("queue", "oldest first")) if count > 1 else ""),
            rule(),
            *_told(note),
            row(button(say_as("button", "Seen to"), ids.settled_note("settle", note.number), primary=True)),
            menu(0, say_as("menu", "Open the story"), _stories(note)),
            turner(at, count, ids.notes(at - 1), ids.notes(at + 1)),
            colour=marks.NEUTRAL,
        )
    )


def settled_note_card(note: ReaderNote, left: int) -> Card:
    """That an editor has seen to a note, with the way back and the way on."""
    following = say_as("button", "Next ({count} left)", count=number(left))
    on = [button(following, ids.notes(0), primary=True)] if left else []
    return Card(
        box(
            text(say("**Seen to.**") if left else say("**Seen to.** No other note waits.")),
            *_told(note),
            row(button(say_as("button", "Put it back"), ids.settled_note("reopen", note.number)), *on),
            colour=marks.GOOD,
        )
    )


def empty_queue_card() -> Card:
    """Nothing waits."""
    return Card(box(text(say("The queue is empty: no article waits, and no reader's note.")), colour=marks.GOOD))


def _told(note: ReaderNote) -> list[ui.TextDisplay[Any]]:
    about = [dotted(safe.line(told, _TOLD), safe.line(headline, _HEADLINE)) for _, headline, _, told in note.about]
    rest = len(about) - _ABOUT
    more = [small(say_count("+{count} more in that post", "+{count} more in that post", rest))] if rest > 0 else []
    return [
        text(_who(note), *_quoted(safe.block(note.text, _TEXT))),
        text(*(small(line) for line in about[:_ABOUT]), *more),
    ]


def _who(note: ReaderNote) -> str:
    """Who says it, when, and of which post."""
    where, reader = note.destination, f"<@{note.user_id}>"
    sent = marks.ago(note.created_at)
    if where.place is Place.DM:
        # Said: above what a reader says is wrong; the time is a mention: 5 minutes ago
        return say("{reader} {time} of a post by DM:", reader=reader, time=sent)
    if not note.message_id:
        # Said: above what a reader says is wrong; the time is a mention: 5 minutes ago
        return say("{reader} {time} of a post:", reader=reader, time=sent)
    link = marks.message_link(where.guild_id, where.discord_id, note.message_id)
    # Said: above what a reader says is wrong; the time is a mention: 5 minutes ago
    return say("{reader} {time} of [a post]({link}):", reader=reader, time=sent, link=link)


def _quoted(said: str) -> list[str]:
    """As many of the lines as there is room for."""
    lines = [f"> {line}" for line in said.splitlines()]
    room = Room(_QUOTED - units(_CUT) - 1)
    fitting = list(takewhile(room.take, lines))
    return fitting if len(fitting) == len(lines) else [*fitting, _CUT]


def _stories(note: ReaderNote) -> list[Choice]:
    return [Choice(slug, headline) for slug, headline, _, _ in note.about]
