"""The card for a question that nothing answers."""

from __future__ import annotations

from bot.cards import ids, marks, safe
from bot.cards.card import Card, box, button, row, text
from bot.languages import say
from bot.library.answers import NoAnswer

_BUTTONS = 5


def no_answer(answer: NoAnswer) -> Card:
    """Says what was not found, and offers the closest names as buttons, or the list of deals."""
    offered: dict[str, str] = {}
    for suggestion in answer.suggestions:
        offered.setdefault(ids.meant(suggestion), suggestion.label)
    buttons = [button(label, custom_id) for custom_id, label in list(offered.items())[:_BUTTONS]]
    # Said: above buttons with the names of companies and stories
    hint = say("Did you mean:") if buttons else say("Name a company or a story, or see all deals with `/deals`.")
    return Card(box(text(_asked(answer.query), hint), row(*buttons), colour=marks.NEUTRAL))


def _asked(query: str) -> str:
    if not query.strip():
        return say("Which story?")
    return say("No story matches “{query}”.", query=safe.line(query, 200))
