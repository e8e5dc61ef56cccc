"""Plain cards: one sentence, or a few facts. The texts are ours and may hold mentions; raw text goes through `safe`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import marks, safe
from bot.cards.budget import units
from bot.cards.card import Card, box, rule, text

_MOST = 3_600


def note(said: str) -> Card:
    """A sentence about something that went well."""
    return Card(box(text(_fitted(said)), colour=marks.GOOD))


def error_note(said: str) -> Card:
    """A sentence about something that did not."""
    return Card(box(text(_fitted(said)), colour=marks.ALERT))


def status_card(facts: Sequence[tuple[str, str]], title: str = "Status") -> Card:
    """Names and their values, one a line, in the order given; those for which there is no room are counted."""
    lines: list[str] = []
    left = _MOST
    for name, value in facts:
        line = _fitted(f"**{name}** · {value}", 600)
        left -= units(line) + 1
        if left < 0:
            break
        lines.append(line)
    rest = [f"-# +{len(facts) - len(lines)} more"] if len(lines) < len(facts) else []
    return Card(
        box(
            text(safe.heading(title)),
            rule(),
            text(*lines, *rest, *([] if facts else ["Nothing to tell."])),
            colour=marks.NEUTRAL,
        )
    )


def _fitted(said: str, limit: int = _MOST) -> str:
    """Our own text, cut at a blank if it is longer than anything that we mean to say."""
    if units(said) <= limit:
        return said or safe.BLANK
    return said[: limit // 2].rsplit(" ", 1)[0] + safe.ELLIPSIS
