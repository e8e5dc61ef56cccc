"""Plain cards: one sentence, or a few facts. The texts are ours and may hold mentions; raw text goes through `safe`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import marks, safe
from bot.cards.budget import units
from bot.cards.card import Card, box, button, row, rule, text
from bot.cards.prose import in_a_row
from bot.languages import say, say_as, say_count

_MOST = 3_600


def note(said: str) -> Card:
    """A sentence about something that went well."""
    return Card(box(text(_fitted(said)), colour=marks.GOOD))


def private_note(custom_id: str, done: str = "") -> Card:
    """A button that opens an answer for whoever clicks; ``done`` says what has been done already."""
    opener = button(say_as("button", "Show it to me"), custom_id, primary=True)
    said = say("The answer is private. Click to see your own; nobody else sees it.")
    return Card(box(text(in_a_row(done, said)), row(opener), colour=marks.NEUTRAL))


def error_note(said: str) -> Card:
    """A sentence about something that did not."""
    return Card(box(text(_fitted(said)), colour=marks.ALERT))


def status_card(facts: Sequence[tuple[str, str]], title: str = "") -> Card:
    """Names and their values, one a line, in the order given; those for which there is no room are counted.

    Without a title it is headed Status.
    """
    lines: list[str] = []
    left = _MOST
    for name, value in facts:
        line = _fitted(f"**{name}** · {value}", 600)
        left -= units(line) + 1
        if left < 0:
            break
        lines.append(line)
    left_out = len(facts) - len(lines)
    # Said: below facts of which there are more than a message has room for
    rest = [marks.small(say_count("+{count} more", "+{count} more", left_out))] if left_out else []
    return Card(
        box(
            text(safe.heading(title or say_as("heading", "Status"))),
            rule(),
            text(*lines, *rest, *([] if facts else [say("Nothing to tell.")])),
            colour=marks.NEUTRAL,
        )
    )


def _fitted(said: str, limit: int = _MOST) -> str:
    """Our own text, cut at a blank if it is longer than anything that we mean to say."""
    if units(said) <= limit:
        return said or safe.BLANK
    return said[: limit // 2].rsplit(" ", 1)[0] + safe.ELLIPSIS
