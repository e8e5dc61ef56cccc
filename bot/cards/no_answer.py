"""The answer to a question that matches nothing."""

from __future__ import annotations

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, text
from bot.cards.escaping import escape_line
from bot.languages import say
from bot.library.answers import NoAnswer

_MAX_BUTTONS = 5


def no_answer_card(answer: NoAnswer) -> Card:
    """Return what was not found, with the closest names as buttons, or a hint at the list of deals."""
    label_by_id: dict[str, str] = {}
    for suggestion in answer.suggestions:
        label_by_id.setdefault(custom_ids.did_you_mean(suggestion), suggestion.label)
    buttons = [button(label, custom_id) for custom_id, label in list(label_by_id.items())[:_MAX_BUTTONS]]
    # Said: above buttons with the names of companies and stories
    hint = say("Did you mean:") if buttons else say("Name a company or a story, or see all deals with `/deals`.")
    return Card(container(text(_problem_text(answer.query), hint), row(*buttons), colour=labels.NEUTRAL_COLOUR))


def _problem_text(query: str) -> str:
    if not query.strip():
        return say("Which story?")
    return say("No story matches “{query}”.", query=escape_line(query, 200))
