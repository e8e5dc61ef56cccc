"""Japanese words of headlines."""

from __future__ import annotations

from bot.entities.lexicon.base import HeadlineLexicon

JAPANESE = HeadlineLexicon(
    code="ja",
)
