"""Cards of one sentence or a few facts. The texts are ours and may hold mentions; raw text must be escaped before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.components import Card, button, container, row, separator, text
from bot.cards.escaping import BLANK_TEXT, ELLIPSIS, heading
from bot.cards.markdown import join_sentences, subtext
from bot.cards.message_limits import utf16_length
from bot.languages import say, say_as, say_count

_TEXT_LIMIT = 3_600


def success_card(message: str) -> Card:
    """Return a sentence about something that succeeded."""
    return Card(container(text(_truncate(message)), colour=labels.SUCCESS_COLOUR))


def private_answer_card(custom_id: str, outcome: str = "") -> Card:
    """Return a button that opens a private answer for whoever clicks. ``outcome`` says what was already done."""
    open_button = button(say_as("button", "Show it to me"), custom_id, primary=True)
    message = say("The answer is private. Click to see your own; nobody else sees it.")
    return Card(container(text(join_sentences(outcome, message)), row(open_button), colour=labels.NEUTRAL_COLOUR))


def error_card(message: str) -> Card:
    """Return a sentence about something that failed."""
    return Card(container(text(_truncate(message)), colour=labels.ALERT_COLOUR))


def facts_card(facts: Sequence[tuple[str, str]], title: str = "") -> Card:
    """Return names and values, one a line, in the given order; those that do not fit are counted.

    The default title is Status.
    """
    lines: list[str] = []
    units_left = _TEXT_LIMIT
    for name, value in facts:
        line = _truncate(f"**{name}** · {value}", 600)
        units_left -= utf16_length(line) + 1
        if units_left < 0:
            break
        lines.append(line)
    more_count = len(facts) - len(lines)
    # Said: below facts of which there are more than a message has room for
    more_lines = [subtext(say_count("+{count} more", "+{count} more", more_count))] if more_count else []
    return Card(
        container(
            text(heading(title or say_as("heading", "Status"))),
            separator(),
            text(*lines, *more_lines, *([] if facts else [say("Nothing to tell.")])),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _truncate(message: str, limit: int = _TEXT_LIMIT) -> str:
    """Return our own text, cut at a space if it is longer than anything that we mean to say."""
    if utf16_length(message) <= limit:
        return message or BLANK_TEXT
    return message[: limit // 2].rsplit(" ", 1)[0] + ELLIPSIS
