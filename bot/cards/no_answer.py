"""The answer to a question that no story answers."""

from __future__ import annotations

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, text
from bot.cards.escaping import escape_line
from bot.languages import say
from bot.library.answers import NoAnswer, NoAnswerReason, describe_no_answer

_MAX_BUTTONS = 5


def no_answer_card(answer: NoAnswer) -> Card:
    """Return what was not found, with the nearest stories or the closest names as buttons, or a hint."""
    label_by_id: dict[str, str] = {}
    for suggestion in answer.suggestions:
        label_by_id.setdefault(custom_ids.did_you_mean(suggestion), suggestion.label)
    buttons = [button(label, custom_id) for custom_id, label in list(label_by_id.items())[:_MAX_BUTTONS]]
    hint = _hint_text(answer, has_buttons=bool(buttons))
    return Card(container(text(_problem_text(answer), hint), row(*buttons), colour=labels.NEUTRAL_COLOUR))


def _hint_text(answer: NoAnswer, *, has_buttons: bool) -> str:
    if has_buttons and answer.reason is NoAnswerReason.NO_MATCH:
        # Translators: above buttons with the names of companies and stories
        return say("Did you mean:")
    if has_buttons:
        # Translators: above buttons with the headlines of stories that match only a part of a question
        return say("Closest matches:")
    return say("Enter a company or a story, or see all deals with `/deals`.")


def _problem_text(answer: NoAnswer) -> str:
    if not answer.query.strip():
        return say("Which story?")
    return describe_no_answer(answer, lambda name: escape_line(name, 200))
