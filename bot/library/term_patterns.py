"""Full-text patterns for the terms of a question: ``engines`` finds engine, ``supplying`` finds supplies."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model.text_folding import UNSPACED

#: Shorter prefixes match too many words to search for them.
MIN_PREFIX_LENGTH = 3
_MIN_STEM_LETTERS = 4
_SPLIT_LENGTHS = (4, 16)


def build_patterns(word: str) -> tuple[str, ...]:
    """Return the patterns of a word: its stem as a prefix; for one or two letters, the word and its plural.

    Two characters of Japanese or Chinese are a word: 三菱 begins 三菱自動車.
    """
    # A star makes a prefix query: https://www.sqlite.org/fts5.html.
    is_long = len(word) > 2 or (len(word) == 2 and UNSPACED.match(word))
    return (f"{get_stem(word)}*",) if is_long else (word, f"{word}s")


def is_selective(prefix_pattern: str) -> bool:
    """Return whether a prefix is long enough to be searched for: three letters, or two characters of an unspaced script."""
    return len(prefix_pattern.removesuffix("*")) >= MIN_PREFIX_LENGTH or UNSPACED.match(prefix_pattern) is not None


def list_word_forms(word: str) -> tuple[str, ...]:
    """Return a word's forms as whole words: itself, its stem, its plural, and the stem with an *e*."""
    root = get_stem(word)
    return tuple(dict.fromkeys((word, root, f"{word}s", f"{root}e")))


def split_in_two(word: str) -> tuple[str, ...]:
    """Return the phrases of two words that a word may be: ``etech`` may be ``e tech``."""
    min_length, max_length = _SPLIT_LENGTHS
    if not min_length <= len(word) <= max_length:
        return ()
    return tuple(f"{word[:position]} {word[position:]}" for position in range(1, len(word) - 1))


def get_stem(word: str) -> str:
    """Return a word without a plural or verb ending; short words stay as they are.

    The stem is a prefix of the word's forms (``suppl`` of *supply* and *supplies*), as full text needs it. The tracker compares
    whole stems instead (:func:`bot.newsroom.tracker.text_features.stem`).
    """
    return next(_generate_stems(word), word)


def _generate_stems(word: str) -> Iterator[str]:
    if not word.isascii() or not word.isalpha():
        return
    for ending in ("ies", "ing", "ed", "y", "s"):
        root = word.removesuffix(ending)
        if root == word or len(root) < _MIN_STEM_LETTERS - (ending == "s"):
            continue
        if ending == "s" and word.endswith(("ss", "us", "is")):
            continue
        yield root
