"""Sentences that stand one behind the other, and reasons as the store keeps them."""

from __future__ import annotations

import re

from bot.cards import safe
from bot.languages import restated, say
from bot.model.follow import PAUSED_BY

_PAUSED_BY = re.compile(re.escape(PAUSED_BY).replace(re.escape("{who}"), r"(<@\d{1,20}>)"))


def in_a_row(*sentences: str) -> str:
    """Whole sentences, one behind the other; empty ones are left out. Japanese puts no blank between two."""
    return " ".join(sentence for sentence in sentences if sentence).replace("。 ", "。")


def reason(kept: str, limit: int) -> str:
    """A reason as the store keeps it, safe and in the language that is spoken; who paused a follow is shown by name."""
    paused = _PAUSED_BY.fullmatch(kept)
    return say(PAUSED_BY, who=paused[1]) if paused else safe.line(restated(kept), limit)
