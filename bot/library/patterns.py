"""Words of a question as patterns for full text: ``engines`` finds engine, ``supplying`` finds supplies."""

from __future__ import annotations

from collections.abc import Iterator

_LEAST_STEM = 4
_SPLIT_WITHIN = (4, 16)


def patterns(word: str) -> tuple[str, ...]:
    """What a word looks for: words that begin as its stem does, or, for one or two letters, itself and its plural."""
    return (f"{stem(word)}*",) if len(word) > 2 else (word, f"{word}s")


def spelled_out(word: str) -> tuple[str, ...]:
    """Whole words that this one is: itself, its stem, its plural."""
    bare = stem(word)
    return tuple(dict.fromkeys((word, bare, f"{word}s", f"{bare}e")))


def in_two(word: str) -> tuple[str, ...]:
    """The word as phrases of two: ``etech`` may be ``e tech``."""
    shortest, longest = _SPLIT_WITHIN
    if not shortest <= len(word) <= longest:
        return ()
    return tuple(f"{word[:place]} {word[place:]}" for place in range(1, len(word) - 1))


def stem(word: str) -> str:
    """A word without the ending of its plural or its verb; short ones stay as they are."""
    return next(_stems(word), word)


def _stems(word: str) -> Iterator[str]:
    if not word.isascii() or not word.isalpha():
        return
    for ending in ("ies", "ing", "ed", "y", "s"):
        bare = word.removesuffix(ending)
        if bare == word or len(bare) < _LEAST_STEM - (ending == "s"):
            continue
        if ending == "s" and word.endswith(("ss", "us", "is")):
            continue
        yield bare
