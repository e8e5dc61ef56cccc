"""Full-text patterns for the terms of a question: ``engines`` finds engine, ``supplying`` finds supplies."""

from __future__ import annotations

from collections.abc import Iterator

_MIN_STEM_LETTERS = 4
_SPLIT_LENGTHS = (4, 16)


def build_patterns(word: str) -> tuple[str, ...]:
    """Return the patterns of a word: its stem as a prefix; for one or two letters, the word and its plural."""
    # A star makes a prefix query: https://www.sqlite.org/fts5.html.
    return (f"{get_stem(word)}*",) if len(word) > 2 else (word, f"{word}s")


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
