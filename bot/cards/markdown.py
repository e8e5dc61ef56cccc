"""Sentences that stand one behind the other, and reasons as the store keeps them."""

from __future__ import annotations

import re

from bot.cards.escaping import escape_line
from bot.languages import retranslate, say
from bot.model.follow import PAUSED_BY

_PAUSED_BY = re.compile(re.escape(PAUSED_BY).replace(re.escape("{who}"), r"(<@\d{1,20}>)"))


def join_sentences(*sentences: str) -> str:
    """Whole sentences, one behind the other; empty ones are left out. Japanese puts no blank between two."""
    return " ".join(sentence for sentence in sentences if sentence).replace("。 ", "。")


def reason_text(stored_reason: str, limit: int) -> str:
    """A reason as the store keeps it, safe and in the language that is spoken; who paused a follow is shown by name."""
    match = _PAUSED_BY.fullmatch(stored_reason)
    return say(PAUSED_BY, who=match[1]) if match else escape_line(retranslate(stored_reason), limit)
