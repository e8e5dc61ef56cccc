"""Correct the typos of a question: terms that no story has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from bot.entities.company_index import CompanyIndex
from bot.entities.spell_checker import is_probable_typo
from bot.entities.well_known import find_well_known_name
from bot.entities.word_frequencies import is_known_word
from bot.library.ranking import MatchEvidence
from bot.library.term_patterns import MIN_PREFIX_LENGTH, build_patterns, list_word_forms, split_in_two
from bot.query import facets
from bot.query.query_parser import STOPWORDS, ParsedQuery
from bot.store import Transaction

#: Further terms of a question are ignored.
MAX_TERMS = 8
#: A shorter word is corrected only together with a company, and a longer one by any word of a name, not only the first.
_MIN_LETTERS = 5
_MIN_LONG_LETTERS = 7

#: Returns the word of a headline that a word is a typo of, or None.
HeadlineCorrector = Callable[[str], Awaitable[str | None]]


class Correction(NamedTuple):
    """What became of the terms of a question.

    ``corrections`` are applied; ``guesses`` are not, because the word may be a name that we lack. Both are given by the term.
    """

    corrections: Mapping[str, str]
    guesses: Mapping[str, str]
    evidence: MatchEvidence


class QueryCorrector:
    """Corrects terms by company names, facets and headlines, within one transaction."""

    def __init__(self, tx: Transaction, company_index: CompanyIndex, correct_from_headlines: HeadlineCorrector) -> None:
        self._tx = tx
        self._company_index = company_index
        self._correct_from_headlines = correct_from_headlines

    async def correct(self, parsed_query: ParsedQuery, *, is_typing: bool) -> Correction:
        """Return the corrections of terms that no story has, and the evidence with the patterns of unusual terms.

        With ``is_typing`` the last term may be incomplete: it matches everything with that prefix.
        """
        corrections: dict[str, str] = {}
        guesses: dict[str, str] = {}
        patterns_by_term: dict[str, Sequence[str]] = dict(parsed_query.term_patterns)
        unknown_terms: list[str] = []
        words = [word for word in parsed_query.terms[:MAX_TERMS] if word not in parsed_query.term_patterns]
        if is_typing and parsed_query.terms[-1] in words:
            patterns_by_term[parsed_query.terms[-1]] = (f"{parsed_query.terms[-1]}*",)
        checks = [self._needs_no_correction(word, is_incomplete=word in patterns_by_term) for word in words]
        for word, needs_none in zip(words, await self._tx.read_together(*checks), strict=True):
            if needs_none:
                continue
            correction, guess = await self._correct_from_names(word, parsed_query)
            if correction:
                corrections[word] = correction
                continue
            if guess:
                guesses[word] = guess
            if not await self._has_stories(build_patterns(word)):
                if await self._has_stories(split_in_two(word)):
                    patterns_by_term[word] = split_in_two(word)
                else:
                    unknown_terms.append(word)
        for word in unknown_terms:
            known_terms = [other for other in parsed_query.terms[:MAX_TERMS] if other not in unknown_terms]
            correction = await self._correct_from_stories(
                word, [patterns_by_term.get(other, build_patterns(other)) for other in known_terms], parsed_query
            )
            if correction:
                corrections[word] = correction
        return Correction(corrections, guesses, MatchEvidence(patterns_by_term=patterns_by_term))

    async def _needs_no_correction(self, word: str, *, is_incomplete: bool) -> bool:
        if is_incomplete and await self._has_completion(word):
            return True
        return word in STOPWORDS or await self._has_stories(list_word_forms(word))

    async def _correct_from_names(self, word: str, parsed_query: ParsedQuery) -> tuple[str | None, str | None]:
        """Return the word of a company's name or of a facet that a term is a typo of; and one of a name that it may be."""
        guess = self._company_index.correct(word)
        if guess and await self._is_certain(word, guess, parsed_query):
            return guess, None
        if parsed_query.companies and not is_known_word(word) and (facet_word := facets.correct_facet_word(word)):
            return facet_word, None
        return None, guess if guess != word else None

    async def _is_certain(self, word: str, correction: str, parsed_query: ParsedQuery) -> bool:
        """Return whether a correction by a company's name can be applied: not if the word may be a name by itself.

        The shortest words are similar to many names: a story must have the correction and another company of the question.
        """
        is_name = is_known_word(word) or find_well_known_name(word)
        if correction == word or is_name or not is_probable_typo(word, correction):
            return False
        if len(word) >= _MIN_LONG_LETTERS:
            return True
        if len(word) >= _MIN_LETTERS:
            return self._company_index.is_first_word(correction)
        companies = parsed_query.companies
        return bool(companies) and await self._has_stories(build_patterns(correction), companies)

    async def _correct_from_stories(
        self, word: str, other_groups: Sequence[Sequence[str]], parsed_query: ParsedQuery
    ) -> str | None:
        """Return the word of a headline that a term is a typo of, if one story has it and another part of the question."""
        if is_known_word(word):
            return None
        correction = await self._correct_from_headlines(word)
        if not correction or not is_probable_typo(word, correction):
            return None
        if parsed_query.companies:
            required_groups: list[Sequence[str]] = []
        elif other_groups:
            required_groups = [[pattern for other in other_groups for pattern in other]]
        else:
            # A single word is similar to too many others: it becomes a suggestion, not a correction.
            return None
        story_ids = await self._tx.fulltext.find_ids(
            [build_patterns(correction), *required_groups], parties=parsed_query.companies, limit=1
        )
        return correction if story_ids else None

    async def _has_completion(self, word: str) -> bool:
        return bool(
            len(word) < MIN_PREFIX_LENGTH
            or self._company_index.find_by_prefix(word, 1)
            or facets.find_facet_by_prefix(word)
            or await self._has_stories((f"{word}*",))
        )

    async def _has_stories(self, group: Sequence[str], companies: Sequence[str] = ()) -> bool:
        return bool(await self._tx.fulltext.find_ids([group], parties=companies, limit=1))
