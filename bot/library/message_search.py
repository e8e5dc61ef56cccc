"""Find the story that a message is about: a text that is longer than a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap

from bot.library.answers import Answer, NoAnswer
from bot.library.library import Library
from bot.model.text_folding import fold, fold_words

#: How many parts of a text are searched (the longest message with embeds has no more), and the length of each.
_MAX_PARTS = 60
_MAX_PART_LENGTH = 200
_SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
#: How much of a headline must be in the text if the text names none of the story's companies.
_MIN_SHARE = 0.6
_MIN_WORDS = 3
_SHORT_WORD_LENGTH = 3


async def find_story_in_texts(library: Library, texts: Iterable[str]) -> Answer | NoAnswer:
    """Return the story that these texts (a title, then the lines) are most likely about.

    The text itself must show the match: it names a company of the story, or has most of the headline's words. Corrections
    of typos do not count, because in free text the corrected words are usually words of their own.
    """
    parts = [part for text in texts for part in _split_parts(text)][:_MAX_PARTS]
    text_words = frozenset(word for part in parts for word in fold_words(part))
    best: Answer | None = None
    best_score = 0
    for part in parts:
        answer = await library.ask(part, deals_first=False, accept_partial=True)
        if isinstance(answer, Answer):
            score = _score(answer, text_words)
            if score > best_score:
                best, best_score = answer, score
    if best is None:
        return NoAnswer(parts[0] if parts else "")
    return replace(best, query="", corrections=())


def _split_parts(text: str) -> list[str]:
    """Split a text into lines, and longer lines into groups of sentences that fit a question."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [part for line in lines for part in ([line] if len(line) <= _MAX_PART_LENGTH else _split_line(line)) if part]


def _split_line(line: str) -> Iterator[str]:
    piece = ""
    for sentence in _SENTENCE_BREAK.split(line):
        if len(piece) + len(sentence) < _MAX_PART_LENGTH:
            piece = f"{piece} {sentence}".strip()
            continue
        yield piece
        *chunks, piece = wrap(sentence, _MAX_PART_LENGTH) or [""]
        yield from chunks
    yield piece


def _score(answer: Answer, text_words: frozenset[str]) -> int:
    """Return how much of a story is in a text; 0 if it is too little."""
    headline_words = _get_significant_words(answer.story.headline)
    shared_count = sum(word in text_words for word in headline_words)
    # A company that was found by correcting a typo does not count as named.
    guessed_names = {fold(replacement) for _, replacement in answer.corrections}
    parties = {party.company for party in answer.story.parties}
    company_count = len({company for company in answer.companies if fold(company) not in guessed_names} & parties)
    if not company_count and not _covers_headline(shared_count, headline_words):
        return 0
    return 4 * company_count + shared_count


def _covers_headline(shared_count: int, headline_words: Sequence[str]) -> bool:
    return shared_count >= _MIN_WORDS and shared_count >= _MIN_SHARE * len(headline_words)


def _get_significant_words(headline: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(word for word in fold_words(headline) if len(word) > _SHORT_WORD_LENGTH or not word.isascii())
    )
