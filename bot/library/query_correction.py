"""Correct the typos of a question: terms that no story has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.entities.company_index import CompanyIndex
from bot.entities.word_frequencies import is_known_word
from bot.library.ranking import MatchEvidence
from bot.library.term_patterns import MIN_PREFIX_LENGTH, build_patterns, list_word_forms, split_in_two
from bot.query import facets
from bot.query.query_parser import STOPWORDS, ParsedQuery
from bot.store import Transaction

#: Further terms of a question are ignored.
MAX_TERMS = 8

#: Returns the word of a headline that a word is a typo of, or None.
HeadlineCorrector = Callable[[str], Awaitable[str | None]]


class QueryCorrector:
    """Corrects terms by company names, facets and headlines, within one transaction."""

    def __init__(self, tx: Transaction, company_index: CompanyIndex, correct_from_headlines: HeadlineCorrector) -> None:
        self._tx = tx
        self._company_index = company_index
        self._correct_from_headlines = correct_from_headlines

    async def correct(self, parsed_query: ParsedQuery, *, is_typing: bool) -> tuple[dict[str, str], MatchEvidence]:
        """Return the corrections of terms that no story has, and the evidence with the patterns of unusual terms.

        With ``is_typing`` the last term may be incomplete: it matches everything with that prefix.
        """
        corrections: dict[str, str] = {}
        patterns_by_term: dict[str, Sequence[str]] = dict(parsed_query.term_patterns)
        unknown_terms: list[str] = []
        for word in [word for word in parsed_query.terms[:MAX_TERMS] if word not in parsed_query.term_patterns]:
            if is_typing and word == parsed_query.terms[-1]:
                patterns_by_term[word] = (f"{word}*",)
                if await self._has_completion(word):
                    continue
            if word in STOPWORDS or await self._has_stories(list_word_forms(word)):
                continue
            correction = self._correct_from_names(word, parsed_query)
            if correction:
                corrections[word] = correction
            elif not await self._has_stories(build_patterns(word)):
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
        return corrections, MatchEvidence(patterns_by_term=patterns_by_term)

    def _correct_from_names(self, word: str, parsed_query: ParsedQuery) -> str | None:
        """Return the word of a company name that a term is a typo of; if the question names a company, also of a facet."""
        correction = self._company_index.correct(word)
        if not correction and parsed_query.companies and not is_known_word(word):
            correction = facets.correct_facet_word(word)
        return correction

    async def _correct_from_stories(
        self, word: str, other_groups: Sequence[Sequence[str]], parsed_query: ParsedQuery
    ) -> str | None:
        """Return the word of a headline that a term is a typo of, if one story has it and another part of the question."""
        if is_known_word(word):
            return None
        correction = await self._correct_from_headlines(word)
        if not correction:
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

    async def _has_stories(self, group: Sequence[str]) -> bool:
        return bool(await self._tx.fulltext.find_ids([group], limit=1))
