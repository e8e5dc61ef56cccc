"""Tokens of a text: words with their positions, folded forms and sentence starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.entities.lexicon import LEXICONS
from bot.model.text_folding import UNSPACED, fold

#: A run of letters and digits of either spaced or unspaced scripts, never of both.
_TOKEN = re.compile(
    rf"{UNSPACED.pattern[:-1]}々〆ー]+|(?:(?!{UNSPACED.pattern})[^\W_])+(?:['’ʼ](?:(?!{UNSPACED.pattern})[^\W_])+)*"
)
_SENTENCE_END = re.compile(r"[.!?…。！？:\n\r\u2028|\"“”«»]|\s[-–—]\s")
_POSSESSIVE = re.compile(r"['’ʼ]s?$", re.IGNORECASE)
_APOSTROPHE_ENDING = re.compile(r"['’ʼ][^\W_]{0,6}$")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|dell|dall|nell|sull|all|un)['’ʼ](?=\w)", re.IGNORECASE)

_WIRE_PREFIX = re.compile(
    rf"\s*(?:{'|'.join(word for lexicon in LEXICONS for word in lexicon.wire_prefixes.split())})(?: \d{{1,2}})?-(?=\w)"
)
_UNCAPITALIZED_WORDS = frozenset(fold(word) for lexicon in LEXICONS for word in lexicon.uncapitalized_words.split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: ``text[start:end]`` is ``surface``, ``normal_form`` is the folded word."""

    start: int
    end: int
    surface: str
    normal_form: str
    is_sentence_start: bool

    @property
    def _has_apostrophe(self) -> bool:
        return "'" in self.surface or "’" in self.surface or "ʼ" in self.surface

    @property
    def is_capitalized(self) -> bool:
        """Whether the token begins with a capital, or its script has none."""
        first_letter = self.surface[0]
        return first_letter.isupper() or (first_letter.isalpha() and first_letter.lower() == first_letter.upper())

    @property
    def apostrophe_stem(self) -> str:
        """The folded form up to an apostrophe: Turkish writes case endings after one (*Nissan'ın*)."""
        if not self._has_apostrophe:
            return self.normal_form
        return fold(_APOSTROPHE_ENDING.sub("", self.surface))

    @property
    def apostrophe_stem_end(self) -> int:
        """The end of the token without the ending after an apostrophe."""
        return self.start + len(_APOSTROPHE_ENDING.sub("", self.surface))

    @property
    def is_possessive(self) -> bool:
        """Whether the token ends in an apostrophe with or without an *s*."""
        return _POSSESSIVE.search(self.surface) is not None

    def strip_elision(self) -> Token | None:
        """Return the token without an elided article or preposition (*l'Audi*); None if it has none."""
        elision = _ELISION.match(self.surface) if self._has_apostrophe else None
        if elision is None:
            return None
        rest = self.surface[elision.end() :]
        return replace(self, start=self.start + elision.end(), surface=rest, normal_form=fold(rest))

    @property
    def base_form(self) -> str:
        """The folded form without a possessive ending."""
        if not self._has_apostrophe:
            return self.normal_form
        return fold(_POSSESSIVE.sub("", self.surface))

    @property
    def base_form_end(self) -> int:
        """The end of the token without a possessive ending."""
        return self.start + len(_POSSESSIVE.sub("", self.surface))


def tokenize(text: str) -> list[Token]:
    """Return the words of a text in order."""
    tokens: list[Token] = []
    end = 0
    wire_prefix = _WIRE_PREFIX.match(text)
    headline_start = wire_prefix.end() if wire_prefix else 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        # Most words are separated by a blank.
        is_sentence_start = (
            not tokens or match.start() == headline_start or (gap != " " and bool(_SENTENCE_END.search(gap[-40:])))
        )
        tokens.append(Token(match.start(), match.end(), match.group(), fold(match.group()), is_sentence_start))
        end = match.end()
    return tokens


def is_headline_case(tokens: Sequence[Token]) -> bool:
    """Return whether nearly every longer word is capitalised, so that a capital is no evidence of a name.

    Prepositions need no capital there, and a name with an inner capital (*iPhone*) has one.
    """
    long_words = [
        token.surface
        for token in tokens
        if len(token.surface) > 3
        and token.surface[0].lower() != token.surface[0].upper()
        and token.normal_form not in _UNCAPITALIZED_WORDS
    ]
    return bool(long_words) and sum(not word.islower() for word in long_words) >= 0.8 * len(long_words)
