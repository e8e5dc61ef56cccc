"""The notation of the phrases that a lexicon lists: one regular expression a line, with words in capitals for lists of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

#: Characters of the private use area: the figure or the date in question, another one, and what fills its place up, which for
#: some tells more of it.
TARGET, OTHER, FILLER, MARKED_FILLER = "\ue000", "\ue001", "\ue002", "\ue003"
#: As many characters as some words have where no spaces separate them.
_GAP_OF_CHARACTERS = f"[^{TARGET}。]{{0,25}}?"
#: The longest word: a figure is one, however many words it has.
_WORD_LIMIT = 60


@lru_cache(maxsize=256)
def compile_phrases(
    phrases: str,
    nouns: tuple[tuple[str, str], ...],
    *,
    gap_limits: str = "",
    noun_phrase_limits: str = "",
    has_spaces: bool = True,
    crosses_others: bool = True,
) -> re.Pattern[str] | None:
    """Return a pattern of phrases, one a line, for lower-case text; None if there are none.

    ``TARGET`` stands for the figure or the date in question, ``MARKED`` for one that its reader has marked, and any other word in capitals for what ``nouns`` lists under
    it. ``…`` stands for up to nine words of the same clause, ``~`` for up to four of the same noun phrase; the words in
    ``gap_limits`` and ``noun_phrase_limits``, separated by spaces, end them. With ``crosses_others`` another figure or date may be
    among them. Every repeat is bounded: no text takes long.
    """
    lines = [line.strip() for line in phrases.splitlines() if line.strip()]
    if not lines:
        return None
    any_filler = f"[{FILLER}{MARKED_FILLER}]"
    by_word = {
        **dict(nouns),
        "TARGET": rf"{TARGET}{any_filler}{{0,{_WORD_LIMIT}}}",
        "MARKED": rf"{TARGET}{MARKED_FILLER}{{1,{_WORD_LIMIT}}}",
    }
    pattern = "|".join(_expand(line, by_word) for line in lines)
    pattern = re.sub(r"\((?!\?)", "(?:", pattern).replace(r"\S+", r"\S{1,40}")
    if not has_spaces:
        gap = _GAP_OF_CHARACTERS if crosses_others else _GAP_OF_CHARACTERS.replace(TARGET, TARGET + OTHER)
        return re.compile(f"(?:{pattern.replace('…', gap)})")
    pattern = pattern.replace("… ", _make_gap(gap_limits, 9, crosses_others=crosses_others))
    pattern = pattern.replace("~ ", _make_gap(f"{gap_limits} {noun_phrase_limits}", 4, crosses_others=crosses_others))
    return re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)")


def _make_gap(limits: str, word_count: int, *, crosses_others: bool) -> str:
    excluded = TARGET if crosses_others else TARGET + OTHER
    words = "|".join(["[-–—]", *limits.split()])
    return rf"(?:(?!(?:{words}) )[^\s{excluded}]{{0,{_WORD_LIMIT}}}[^\s,;:{excluded}] ){{0,{word_count}}}?"


def _expand(phrase: str, by_word: Mapping[str, str]) -> str:
    """Replace words in capitals by what they stand for, also those inside of it."""
    expanded = re.sub(r"[A-Z]{3,}", lambda match: by_word[match.group()], phrase)
    return phrase if expanded == phrase else _expand(expanded, by_word)
