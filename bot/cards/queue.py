"""The desk's queue: what readers say is wrong with posts, one at a time."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import ids, marks, safe
from bot.cards.card import Card, Choice, box, button, menu, row, rule, text, turner
from bot.cards.marks import small
from bot.model.follow import Place
from bot.model.note import ReaderNote

_TEXT = 2_000
_ABOUT = 5


def waiting_note_card(note: ReaderNote, at: int, count: int) -> Card:
    """A note that waits, which it is of how many, and what can be done about it."""
    title = safe.heading("1 note from a reader" if count == 1 else f"{count:,} notes from readers")
    return Card(
        box(
            text(title, small(f"{at + 1} of {count:,}" if count > 1 else "", "oldest first" if count > 1 else "")),
            rule(),
            *_told(note),
            row(button("Seen to", ids.settled_note("settle", note.number), primary=True)),
            menu(0, "Open the story", _stories(note)),
            turner(at, count, ids.notes(at - 1), ids.notes(at + 1)),
            colour=marks.NEUTRAL,
        )
    )


def settled_note_card(note: ReaderNote, left: int) -> Card:
    """That an editor has seen to a note, with the way back and the way on."""
    on = [button(f"Next ({left:,} left)", ids.notes(0), primary=True)] if left else []
    return Card(
        box(
            text("**Seen to.**" + ("" if left else " No other note waits.")),
            *_told(note),
            row(button("Put it back", ids.settled_note("reopen", note.number)), *on),
            colour=marks.GOOD,
        )
    )


def empty_queue_card() -> Card:
    """Nothing waits."""
    return Card(box(text("The queue is empty: no article waits, and no reader's note."), colour=marks.GOOD))


def _told(note: ReaderNote) -> list[ui.TextDisplay[Any]]:
    where, sent = note.destination, f"<t:{int(note.created_at.timestamp())}:R>"
    by = f"<@{note.user_id}>"
    if where.place is not Place.DM and note.message_id:
        place = f"of [a post]({marks.message_link(where.guild_id, where.discord_id, note.message_id)})"
    else:
        place = "of a post by DM" if where.place is Place.DM else "of a post"
    about = [f"{safe.line(told, 200)} · {safe.line(headline, 160)}" for _, headline, _, told in note.about]
    rest = len(about) - _ABOUT
    more = [small(f"+{rest} more in that post")] if rest > 0 else []
    return [
        text(f"{by} {sent} {place}:", *_quoted(safe.block(note.text, _TEXT))),
        text(*(small(line) for line in about[:_ABOUT]), *more),
    ]


def _quoted(said: str) -> list[str]:
    return [f"> {line}" for line in said.splitlines()]


def _stories(note: ReaderNote) -> list[Choice]:
    return [Choice(slug, headline) for slug, headline, _, _ in note.about]
