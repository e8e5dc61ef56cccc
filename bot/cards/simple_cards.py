"""Cards of one sentence or a few facts. The texts are ours and may hold mentions; raw text must be escaped before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, text
from bot.cards.escaping import BLANK_TEXT, ELLIPSIS, escape_block, escape_line, heading
from bot.cards.markdown import join_sentences, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import say, say_as, say_count

_TEXT_LIMIT = 3_600
_ERROR_LIMIT = 700
#: A typed text with less room than this is not shown.
_MIN_DRAFT = 40


def success_card(message: str) -> Card:
    """Return a sentence about something that succeeded."""
    return Card(container(text(_truncate(message)), colour=labels.SUCCESS_COLOUR))


def private_answer_card(custom_id: str, outcome: str = "") -> Card:
    """Return a button that opens a private answer for whoever clicks. ``outcome`` says what was already done."""
    open_button = button(say_as("button", "Show me"), custom_id, primary=True)
    message = say("The answer is private. Click to see your own; nobody else sees it.")
    return Card(container(text(join_sentences(outcome, message)), row(open_button), colour=labels.NEUTRAL_COLOUR))


def erase_prompt_card(question: str, subject: str) -> Card:
    """Return the question whether to erase what is stored about a subject, ``server`` or ``me``, with the button that does."""
    # Translators: of what is stored about a user or a server; the question is above it
    erase_button = button(say_as("button", "Erase for good"), custom_ids.ERASE_NOW.build(subject=subject), danger=True)
    return Card(container(text(question), row(erase_button), colour=labels.ALERT_COLOUR))


def error_card(message: str) -> Card:
    """Return a sentence about something that failed."""
    return Card(container(text(_truncate(message)), colour=labels.ALERT_COLOUR))


def refused_form_card(message: str, typed_texts: Sequence[tuple[str, str]], form_key: str) -> Card:
    """Return why a form was refused, what was typed, each with its field's label, and a button that reopens the form."""
    sentence = _truncate(message, _ERROR_LIMIT)
    budget = TextBudget(_TEXT_LIMIT - utf16_length(sentence))
    drafts: list[str] = []
    for label, typed_text in typed_texts:
        # Short fields come first in every form; a long text gets the room that is left.
        limit = budget.units_left - utf16_length(label) - 20
        draft = f"**{escape_line(label, 100)}**\n{escape_block(typed_text, limit)}" if limit >= _MIN_DRAFT else ""
        if draft and budget.reserve(draft):
            drafts.append(draft)
    fix_button = button(say_as("button", "Fix and resubmit"), custom_ids.RETRY_FORM.build(form=form_key), primary=True)
    return Card(
        container(
            text(sentence),
            separator() if drafts else None,
            text(*drafts) if drafts else None,
            row(fix_button),
            colour=labels.ALERT_COLOUR,
        )
    )


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
    # Translators: below facts of which there are more than a message has room for
    more_lines = [subtext(say_count("+{count} more", "+{count} more", more_count))] if more_count else []
    return Card(
        container(
            text(heading(title or say_as("heading", "Status"))),
            separator(),
            text(*lines, *more_lines, *([] if facts else [say("Nothing to show.")])),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _truncate(message: str, limit: int = _TEXT_LIMIT) -> str:
    """Return our own text, cut at a space if it is longer than anything that we mean to say."""
    if utf16_length(message) <= limit:
        return message if message.strip() else BLANK_TEXT
    return message[: limit // 2].rsplit(" ", 1)[0] + ELLIPSIS
