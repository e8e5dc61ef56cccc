"""Recognise questions that one line can answer, ``did it close`` or ``なぜ破談``, and those for what is still to come.

What a question wants to know has no influence on which story is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.model.text_folding import UNSPACED, fold
from bot.query.lexicon import LEXICONS, QuestionKind, any_of

#: Characters of a question, or of a sentence, that are read.
_MAX_LENGTH = 300
#: Phrases with which such a question begins, of all languages.
_BEGINNINGS = (
    # English
    "coming up", "anything coming up", "what is coming up", "whats coming up", "what is coming next", "what is coming soon",
    "what is next", "whats next", "what comes next", "what happens next", "what will happen next", "what is ahead",
    "what is expected", "whats expected", "what is scheduled", "what is planned", "expected events", "scheduled events",
    # German
    "anstehende ereignisse", "anstehende termine", "bevorstehende ereignisse", "bevorstehende termine", "kommende ereignisse",
    "kommende termine", "erwartete ereignisse", "was kommt als nächstes", "was passiert als nächstes", "was ist geplant",
    "was wird erwartet", "was steht an", "was steht bevor",
    # Spanish
    "que viene", "que viene ahora", "que sigue", "que se espera", "que esta previsto", "que hay previsto", "proximos eventos",
    "proximos acontecimientos", "eventos previstos", "acontecimientos previstos",
)  # fmt: skip
#: Words before "upcoming" that add nothing: "show me all upcoming".
_LEADS = frozenset("show list give tell me us any all the what which are is there please".split())
#: Words behind such a phrase that add nothing: "upcoming events for", "was ist geplant bei".
_CONNECTORS = frozenset(
    map(fold, "events event dates date things for at with in of about bei für von zu in para de con en".split())
)
#: What is around it in German: "was steht bei Honda an".
_GERMAN_FRAMES = (("was", "steht"), frozenset({"an", "bevor"}))
#: What a question in Japanese has at its end, before the words of politeness.
_JAPANESE_ENDS = (
    "今後の予定",
    "今後の動き",
    "今後の見通し",
    "これからの予定",
    "予定されていること",
    "予定されているイベント",
)
_JAPANESE_POLITENESS = "はを何なにですか教えてください？?。！! 　"
#: Longer questions ask for something else.
_MAX_UPCOMING_LENGTH = 300
_MAX_WORDS = max(len(phrase.split()) for phrase in _BEGINNINGS)
_PHRASES = frozenset(tuple(map(fold, phrase.split())) for phrase in _BEGINNINGS)


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


def find_upcoming_request(text: str) -> str | None:
    """Return of what a question asks what is to come, empty for everything; None if it asks for something else."""
    if len(text) > _MAX_UPCOMING_LENGTH:
        return None
    japanese = _find_japanese(text)
    if japanese is not None:
        return japanese
    typed_words = text.split()
    words = [_fold_word(word) for word in typed_words]
    first_words, last_words = _GERMAN_FRAMES
    if len(words) > 3 and tuple(words[:2]) == first_words and words[-1] in last_words:
        return _join_subject(typed_words[2:-1])
    length = _count_beginning(words)
    if not length or words[length : length + 1] == ["to"]:
        # "what is expected to happen" asks about a story.
        return None
    return _join_subject(typed_words[length:])


def _fold_word(word: str) -> str:
    return fold(word.replace("'", "").replace("’", "")).replace(" ", "")


def _count_beginning(words: Sequence[str]) -> int:
    """Return how many words the phrase has with which a question begins; 0 if there is none."""
    leads = next((index for index, word in enumerate(words) if word not in _LEADS), len(words))
    if words[leads : leads + 1] == ["upcoming"]:
        return leads + 1
    return next((n for n in range(min(_MAX_WORDS, len(words)), 0, -1) if tuple(words[:n]) in _PHRASES), 0)


def _join_subject(typed_words: Sequence[str]) -> str:
    """Return what a question is about, without the words that connect it."""
    words = list(typed_words)
    while words and _fold_word(words[0]) in {*_CONNECTORS, ""}:
        del words[0]
    return " ".join(words).rstrip("?？!.")


def _find_japanese(text: str) -> str | None:
    question = text.rstrip(_JAPANESE_POLITENESS)
    ending = next((end for end in _JAPANESE_ENDS if question.endswith(end.rstrip(_JAPANESE_POLITENESS))), None)
    if ending is None:
        return None
    return question[: -len(ending.rstrip(_JAPANESE_POLITENESS))].rstrip("の、 　")
