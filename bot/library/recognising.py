"""The story that a text tells of, such as somebody's message: longer than a question, and never asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap

from bot.library.answers import Answer, NoAnswer
from bot.library.library import Library
from bot.names.fold import fold, words

#: Parts of a text that are looked at: as much as the longest message has with its embeds; and how much each has.
_PARTS = 60
_PART = 200
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
#: What of a headline must be in the text where none of the story's companies is named.
_LEAST_SHARE = 0.6
_LEAST_WORDS = 3
_SHORT = 3


async def story_in(library: Library, texts: Iterable[str]) -> Answer | NoAnswer:
    """The story that these parts of a text (a title, then its lines) most likely tell of.

    A match must show in the text itself: by a company that it names, or by most of the headline's words. Nothing is made
    of typing slips, which in free text are words of their own.
    """
    parts = [part for text in texts for part in _parts(text)][:_PARTS]
    told = frozenset(word for part in parts for word in words(part))
    best: Answer | None = None
    highest = 0
    for part in parts:
        answer = await library.ask(part, deals_first=False)
        if isinstance(answer, Answer):
            score = _score(answer, told)
            if score > highest:
                best, highest = answer, score
    if best is None:
        return NoAnswer(parts[0] if parts else "")
    return replace(best, query="", corrected=())


def _parts(text: str) -> list[str]:
    """Its lines; of a longer one as many sentences at a time as a question may have, or pieces of a sentence."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [part for line in lines for part in ([line] if len(line) <= _PART else _pieces(line)) if part]


def _pieces(line: str) -> Iterator[str]:
    piece = ""
    for sentence in _SENTENCES.split(line):
        if len(piece) + len(sentence) < _PART:
            piece = f"{piece} {sentence}".strip()
            continue
        yield piece
        *whole, piece = wrap(sentence, _PART) or [""]
        yield from whole
    yield piece


def _score(answer: Answer, told: frozenset[str]) -> int:
    """How much of a story is in a text; 0 for too little."""
    headline = _telling(answer.story.headline)
    shared = sum(word in told for word in headline)
    # A company that was only guessed from a slip is not named.
    guessed = {fold(taken) for _, taken in answer.corrected}
    parties = {party.company for party in answer.story.parties}
    named = len({company for company in answer.companies if fold(company) not in guessed} & parties)
    if not named and not _covers(shared, headline):
        return 0
    return 4 * named + shared


def _covers(shared: int, headline: Sequence[str]) -> bool:
    return shared >= _LEAST_WORDS and shared >= _LEAST_SHARE * len(headline)


def _telling(headline: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words(headline) if len(word) > _SHORT or not word.isascii()))
