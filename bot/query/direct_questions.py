"""Recognise questions that one line can answer: ``did it close``, ``how much``, ``wer kauft``, ``なぜ破談``.

What a question wants to know has no influence on which story is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.model.text_folding import UNSPACED, fold
from bot.query.lexicon import LEXICONS, QuestionKind, any_of

#: Characters of a question, or of a sentence, that are read.
_MAX_LENGTH = 300


def _compile_words(patterns: Iterable[str]) -> re.Pattern[str]:
    """Compile a pattern for whole words; those of unspaced scripts may be within a word."""
    return re.compile(
        any_of(pattern if UNSPACED.search(pattern) else rf"\b(?:{pattern})\b" for pattern in patterns if pattern)
    )


#: In the order in which they are tried.
_QUESTIONS = {
    kind: re.compile(any_of(lexicon.question_patterns.get(kind, "") for lexicon in LEXICONS)) for kind in QuestionKind
}
_REASON = _compile_words(lexicon.reason_words for lexicon in LEXICONS)
_NO_REASON = _compile_words(lexicon.no_reason_words for lexicon in LEXICONS)
_PER_SHARE = _compile_words(lexicon.per_share_words for lexicon in LEXICONS)


def find_question_kind(text: str) -> QuestionKind | None:
    """Return what a question wants to know, in any of our languages; None if one line cannot answer it."""
    folded_text = fold(text[:_MAX_LENGTH])
    return next((kind for kind, pattern in _QUESTIONS.items() if pattern.search(folded_text)), None)


def drop_question_words(words: Iterable[str], text: str, kind: QuestionKind) -> tuple[str, ...]:
    """Return those words of a question of this kind without which it would still be one: the others only ask (*close*)."""
    folded_text = fold(text[:_MAX_LENGTH])
    return tuple(word for word in words if find_question_kind(folded_text.replace(fold(word), " ")) is kind)


def gives_reason(sentence: str) -> bool:
    """Return whether a sentence states a reason explicitly."""
    folded_sentence = fold(sentence[:_MAX_LENGTH])
    return _REASON.search(folded_sentence) is not None and _NO_REASON.search(folded_sentence) is None


def is_per_share(sentence: str) -> bool:
    """Return whether a sentence speaks of an amount per share."""
    return _PER_SHARE.search(fold(sentence[:_MAX_LENGTH])) is not None
