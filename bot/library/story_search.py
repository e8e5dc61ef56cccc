"""Search: interpret a question, collect the candidates from the store, and rank them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, takewhile
from typing import NamedTuple

from bot.entities.company_index import CompanyIndex
from bot.entities.word_frequencies import is_common_word
from bot.library.query_correction import MAX_TERMS, HeadlineCorrector, QueryCorrector
from bot.library.ranking import MatchEvidence, RankedStories, rank
from bot.library.term_patterns import build_patterns, is_selective
from bot.model.list_query import Period
from bot.query import facets
from bot.query.date_ranges import DateRange
from bot.query.facets import Facet
from bot.query.query_parser import NEWS_WORDS, ParsedQuery, parse_query, parse_words
from bot.store import Transaction
from bot.store.candidates import StoryCandidate, StoryCriteria

_MAX_FACETS = 4


def build_separate_criteria(parsed_query: ParsedQuery) -> list[StoryCriteria]:
    """Return one criterion for each facet, then for each possible date range."""
    date_criteria = [
        StoryCriteria(dates=get_date_bounds(date_range)) for date_range in list_date_ranges(parsed_query) if date_range
    ]
    return [*(_build_facet_criteria(facet) for facet in parsed_query.facets[:_MAX_FACETS]), *date_criteria]


def list_date_ranges(parsed_query: ParsedQuery) -> list[DateRange | None]:
    """Return the date ranges that may be meant, the latest first; [None] if the question has no date."""
    return list(parsed_query.date_range.iter_years()) if parsed_query.date_range else [None]


def build_combined_criteria(parsed_query: ParsedQuery, date_range: DateRange | None) -> StoryCriteria:
    """Return the criteria of all facets together, for one of the date ranges."""
    facet_criteria = [_build_facet_criteria(facet) for facet in parsed_query.facets]
    return StoryCriteria(
        kinds=frozenset(kind for criteria in facet_criteria for kind in criteria.kinds),
        stages=frozenset(stage for criteria in facet_criteria for stage in criteria.stages),
        is_open=next((criteria.is_open for criteria in facet_criteria if criteria.is_open is not None), None),
        disputed=any(criteria.disputed for criteria in facet_criteria),
        deals_only=parsed_query.deals_only,
        dates=get_date_bounds(date_range) if date_range else None,
    )


def _build_facet_criteria(facet: Facet) -> StoryCriteria:
    return StoryCriteria(frozenset(facet.kinds), frozenset(facet.stages), facet.is_open, facet.is_disputed)


def get_date_bounds(date_range: DateRange) -> tuple[int, int]:
    """Return the first and last date of a range as the store sorts dates."""
    return Period(date_range.first_day, date_range.last_day).sort_bounds


#: At most this many of the newest matches are ranked; ranking cannot answer a question that more stories match.
MAX_CANDIDATES = 100
_MAX_PREFIX_COMPANIES = 20
#: How many stories are suggested if none matches well enough.
_MAX_NEAR_MISSES = 3
_SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class QueryInterpretation:
    """A question after typo correction, with the evidence that was looked up for it.

    ``corrections`` are pairs of the typed word and its correction; ``guesses`` are words of companies' names that are not
    applied, because the typed word may be a name by itself. ``near_misses`` are the best stories, best first, if none
    matches well enough to be an answer.
    """

    parsed_query: ParsedQuery
    corrections: tuple[tuple[str, str], ...] = ()
    guesses: tuple[str, ...] = ()
    evidence: MatchEvidence = field(default_factory=MatchEvidence)
    near_misses: tuple[StoryCandidate, ...] = ()


class _Hits(NamedTuple):
    """Candidates with the evidence that was looked up; weak ones match too little of the question to be an answer."""

    story_ids: set[int]
    evidence: MatchEvidence
    is_weak: bool = False


class StorySearch:
    """Searches within one transaction.

    ``company_index`` must be of the transaction's revision, ``today`` is the reader's day, and ``correct_from_headlines``
    corrects a word by the words of headlines.
    """

    def __init__(
        self, tx: Transaction, company_index: CompanyIndex, today: date, correct_from_headlines: HeadlineCorrector
    ) -> None:
        self._tx = tx
        self._company_index = company_index
        self._today = today
        self._corrector = QueryCorrector(tx, company_index, correct_from_headlines)

    async def find_slug(self, query: str) -> str | None:
        """Return the slug of the story if the question is one, also that of a merged story; None if there is none."""
        slug = query.strip().lower()
        if not _SLUG_PATTERN.fullmatch(slug):
            return None
        lines = await self._tx.listing.get_items([slug])
        return lines[0].slug if lines else None

    async def find_companies(self, query: str) -> tuple[str, ...]:
        """Return the companies that a text names: as its whole, else within it, else with a typo."""
        return (await self.interpret(query)).parsed_query.companies

    async def find_only_company(self, text: str) -> str | None:
        """Return the company if the text names one and says nothing else, else None."""
        parsed_query = (await self.interpret(text)).parsed_query
        is_only_company = len(parsed_query.companies) == 1 and not (
            parsed_query.terms or parsed_query.facets or parsed_query.date_range
        )
        return parsed_query.companies[0] if is_only_company else None

    async def interpret(self, query: str, *, is_typing: bool = False) -> QueryInterpretation:
        """Parse a question and correct its typos; with ``is_typing`` the last word may be incomplete."""
        parsed_query = parse_query(query, self._company_index, self._today)
        if not parsed_query.terms:
            return QueryInterpretation(parsed_query)
        corrections, guessed_words, evidence = await self._corrector.correct(parsed_query, is_typing=is_typing)
        guesses = tuple(guessed_words.values())
        if not corrections:
            return QueryInterpretation(parsed_query, (), guesses, evidence)
        corrected_words = parse_words([corrections.get(word, word) for word in parsed_query.terms], self._company_index)
        corrected_query = replace(
            parsed_query,
            companies=tuple(dict.fromkeys((*parsed_query.companies, *corrected_words.companies))),
            facets=tuple({facet.name: facet for facet in (*parsed_query.facets, *corrected_words.facets)}.values()),
            terms=corrected_words.terms,
        )
        typed_corrections = tuple((parsed_query.spell(word), correction) for word, correction in corrections.items())
        return QueryInterpretation(corrected_query, typed_corrections, guesses, evidence)

    async def find_stories(
        self, query: str, *, deals_first: bool, is_typing: bool = False
    ) -> tuple[RankedStories, QueryInterpretation]:
        """Return the matching stories, best first (:func:`bot.library.ranking.rank`), and the interpretation."""
        interpretation = await self.interpret(query, is_typing=is_typing)
        parsed_query = interpretation.parsed_query
        if is_typing and len(parsed_query.terms) == 1 and (facet := facets.find_facet_by_prefix(parsed_query.terms[0])):
            parsed_query = replace(
                parsed_query, facets=(*parsed_query.facets, replace(facet, query_words=parsed_query.terms))
            )
        hits = await self._collect_hits(parsed_query, interpretation.evidence)
        parsed_query, evidence = await self._filter_by_date(parsed_query, hits)
        evidence = await self._add_facet_evidence(parsed_query, evidence, hits.story_ids)
        asked_companies = (*parsed_query.companies, *parsed_query.exclusions)
        candidates = await self._tx.candidates.get_candidates(hits.story_ids, asked_companies)
        matches = rank(parsed_query, candidates, evidence, deals_first=deals_first)
        interpretation = replace(interpretation, parsed_query=parsed_query, evidence=evidence)
        if not is_typing and parsed_query.is_empty:
            # Only the exact words of a headline make an answer of words that say nothing.
            return matches.take(sum(1 for _ in takewhile(lambda match: match.is_exact, matches))), interpretation
        if hits.is_weak:
            near_misses = tuple(match.candidate for match in matches[:_MAX_NEAR_MISSES])
            return matches.take(0), replace(interpretation, near_misses=near_misses)
        return matches, interpretation

    async def _collect_hits(self, parsed_query: ParsedQuery, evidence: MatchEvidence) -> _Hits:
        """Collect candidates by the most specific part of the question: companies, else terms, a prefix, or facets."""
        if parsed_query.companies:
            hits = await self._search_by_companies(parsed_query, evidence)
        elif groups := _group_patterns(parsed_query.terms, evidence):
            hits = await self._search_by_terms(parsed_query, groups, evidence)
        elif parsed_query.terms:
            hits = _Hits(await self._find_by_prefix(parsed_query.terms[-1]), evidence)
        else:
            hits = await self._search_by_facets(parsed_query, evidence)
        if parsed_query.exclusions:
            hits = hits._replace(story_ids=hits.story_ids - await self.find_excluded(parsed_query, hits.story_ids))
        return hits

    async def find_excluded(self, parsed_query: ParsedQuery, story_ids: Collection[int]) -> set[int]:
        """Return those stories that have an excluded company as a party, or an excluded word; mentions do not count."""
        candidates = await self._tx.candidates.get_candidates(story_ids, parsed_query.excluded_companies)
        excluded_ids = candidates.find_ids_with_parties()
        for word in parsed_query.excluded_words:
            excluded_ids.update(await self._tx.fulltext.find_ids([build_patterns(word)], among_ids=story_ids))
        return excluded_ids

    async def _search_by_companies(self, parsed_query: ParsedQuery, evidence: MatchEvidence) -> _Hits:
        """Find stories of the companies, those that mention them, and others that have all terms."""
        story_ids, mentioning_ids = await self._tx.read_together(
            self._find_by_companies(parsed_query),
            self._tx.candidates.find_mentioning(parsed_query.companies, limit=MAX_CANDIDATES // 2),
        )
        evidence = await self._add_term_evidence(parsed_query, replace(evidence, mentioning_ids=mentioning_ids))
        return _Hits(story_ids.union(mentioning_ids, *evidence.ids_by_term.values()), evidence)

    async def _search_by_terms(
        self, parsed_query: ParsedQuery, groups: Mapping[str, Sequence[str]], evidence: MatchEvidence
    ) -> _Hits:
        """Find stories that have the terms; if none has half of them, fall back to the facets."""
        story_ids, ids_by_term = await self._find_by_terms(groups)
        evidence = replace(evidence, ids_by_term=ids_by_term)
        matched_terms = [word for word in groups if not set(ids_by_term.get(word, ())).isdisjoint(story_ids)]
        if story_ids and 2 * len(matched_terms) >= len(groups):
            return _Hits(set(story_ids), evidence)
        # A term that no story has may be a name that we lack, so its absence matters; that of a common word does not.
        name_terms = [word for word in parsed_query.terms if not is_common_word(word)]
        if story_ids or not parsed_query.facets or len(name_terms) > len(parsed_query.facets):
            return _Hits(set(story_ids), evidence, is_weak=True)
        return _Hits(await self._find_by_facets(parsed_query), evidence, is_weak=bool(name_terms))

    async def _search_by_facets(self, parsed_query: ParsedQuery, evidence: MatchEvidence) -> _Hits:
        """Find stories by facets and dates alone; if there is none of the date, fall back to the newest as weak hits."""
        story_ids = await self._find_by_facets(parsed_query)
        if story_ids or not parsed_query.date_range or parsed_query.facets:
            return _Hits(story_ids, evidence)
        newest_ids = await self._tx.candidates.find_matching(
            StoryCriteria(deals_only=parsed_query.deals_only), limit=_MAX_NEAR_MISSES
        )
        return _Hits(set(newest_ids), evidence, is_weak=True)

    async def _filter_by_date(self, parsed_query: ParsedQuery, hits: _Hits) -> tuple[ParsedQuery, MatchEvidence]:
        """Add which stories have developments in the date range, or reached one of the question's stages in it.

        Without a year, choose the latest year that has any.
        """
        for date_range in parsed_query.date_range.iter_years() if parsed_query.date_range else ():
            dated_ids = await self._tx.candidates.filter_by_dates(
                hits.story_ids, get_date_bounds(date_range), parsed_query.stages
            )
            if dated_ids:
                return replace(parsed_query, date_range=date_range), replace(hits.evidence, dated_ids=dated_ids)
        return parsed_query, hits.evidence

    async def _add_facet_evidence(
        self, parsed_query: ParsedQuery, evidence: MatchEvidence, story_ids: Collection[int]
    ) -> MatchEvidence:
        """Add which stories once had the stages of the facets, and which have the words of the facets in their text."""
        reads = [
            self._find_ids_of_companies([build_patterns(word) for word in facet.text_words], parsed_query, evidence)
            for facet in parsed_query.facets
        ]
        ids_of_facets = await self._tx.read_together(*reads)
        ids_by_facet = {facet.name: ids for facet, ids in zip(parsed_query.facets, ids_of_facets, strict=True)}
        stages = {stage for facet in parsed_query.facets for stage in facet.stages}
        past_stages = await self._tx.candidates.get_reached_stages(story_ids, stages) if stages else {}
        return replace(evidence, ids_by_facet=ids_by_facet, past_stages=past_stages)

    async def _find_by_companies(self, parsed_query: ParsedQuery) -> set[int]:
        candidates = self._tx.candidates
        story_ids = set(
            await candidates.find_by_companies(parsed_query.companies, StoryCriteria(), limit=MAX_CANDIDATES)
        )
        if len(story_ids) == MAX_CANDIDATES:
            # There are more, and the stories that fit the other criteria may be among the older ones.
            for criteria in build_separate_criteria(parsed_query):
                story_ids.update(
                    await candidates.find_by_companies(parsed_query.companies, criteria, limit=MAX_CANDIDATES // 2)
                )
        return story_ids

    async def _add_term_evidence(self, parsed_query: ParsedQuery, evidence: MatchEvidence) -> MatchEvidence:
        """Add which stories of the companies have which terms, and which others have all of them."""
        groups = _group_patterns(parsed_query.terms, evidence)
        other_ids = await self._tx.fulltext.find_ids(list(groups.values()), limit=MAX_CANDIDATES // 4)
        ids_of_companies = await self._tx.read_together(
            *[self._find_ids_of_companies([group], parsed_query, evidence) for group in groups.values()],
        )
        ids_by_term = {word: {*story_ids, *other_ids} for word, story_ids in zip(groups, ids_of_companies, strict=True)}
        return replace(evidence, ids_by_term=ids_by_term)

    async def _find_ids_of_companies(
        self, groups: Sequence[Sequence[str]], parsed_query: ParsedQuery, evidence: MatchEvidence
    ) -> tuple[int, ...]:
        """Return which stories of the companies, or that mention them, have a pattern of each group."""
        fulltext = self._tx.fulltext
        reads = [fulltext.find_ids(groups, parties=parsed_query.companies, limit=MAX_CANDIDATES)]
        if evidence.mentioning_ids:
            reads.append(fulltext.find_ids(groups, among_ids=evidence.mentioning_ids))
        return tuple(chain.from_iterable(await self._tx.read_together(*reads)))

    async def _find_by_facets(self, parsed_query: ParsedQuery) -> set[int]:
        """Find stories by all facets and dates at once, else by one of them; a question of stopwords finds the newest."""
        candidates, fulltext = self._tx.candidates, self._tx.fulltext
        if parsed_query.stopwords:
            if not parsed_query.deals_only and NEWS_WORDS.isdisjoint(parsed_query.stopwords):
                return set(
                    await fulltext.find_ids(
                        [build_patterns(word) for word in parsed_query.stopwords], limit=MAX_CANDIDATES
                    )
                )
            return set(
                await candidates.find_matching(StoryCriteria(deals_only=parsed_query.deals_only), limit=MAX_CANDIDATES)
            )
        story_ids: set[int] = set()
        combined_criteria = [
            build_combined_criteria(parsed_query, date_range) for date_range in list_date_ranges(parsed_query)
        ]
        for criteria in (
            (*combined_criteria, *build_separate_criteria(parsed_query))
            if parsed_query.facets or parsed_query.date_range
            else ()
        ):
            story_ids.update(await candidates.find_matching(criteria, limit=MAX_CANDIDATES))
            if story_ids:
                break
        facet_patterns = [
            [pattern for word in facet.text_words for pattern in build_patterns(word)] for facet in parsed_query.facets
        ]
        return story_ids | set(await fulltext.find_ids(facet_patterns, limit=MAX_CANDIDATES // 4))

    async def _find_by_terms(
        self, groups: Mapping[str, Sequence[str]]
    ) -> tuple[Sequence[int], dict[str, Sequence[int]]]:
        """Return the stories that have all terms, and the stories of each term.

        If no story has all of them, drop terms until some story has the rest; the rarest terms are kept first.
        """
        fulltext = self._tx.fulltext
        story_ids = await fulltext.find_ids(list(groups.values()), limit=MAX_CANDIDATES)
        if story_ids or len(groups) == 1:
            return story_ids, dict.fromkeys(groups, story_ids)
        reads = [fulltext.find_ids([group], limit=MAX_CANDIDATES) for group in groups.values()]
        ids_of_terms = await self._tx.read_together(*reads)
        ids_by_term: dict[str, Sequence[int]] = dict(zip(groups, ids_of_terms, strict=True))
        matched_terms: list[str] = []
        for word in sorted((word for word in groups if ids_by_term[word]), key=lambda word: len(ids_by_term[word])):
            narrower_ids = await fulltext.find_ids(
                [groups[other] for other in (*matched_terms, word)], limit=MAX_CANDIDATES
            )
            if narrower_ids:
                matched_terms, story_ids = [*matched_terms, word], narrower_ids
        return story_ids, ids_by_term | dict.fromkeys(matched_terms, story_ids)

    async def _find_by_prefix(self, prefix: str) -> set[int]:
        """Find stories of companies by the first one or two letters of a name."""
        companies = self._company_index.find_by_prefix(prefix, _MAX_PREFIX_COMPANIES)
        return set(await self._tx.candidates.find_by_companies(companies, StoryCriteria(), limit=MAX_CANDIDATES))


def _group_patterns(terms: Sequence[str], evidence: MatchEvidence) -> dict[str, Sequence[str]]:
    """Return the full-text patterns of each term, without prefixes that are too short: only the ranking uses these."""
    groups = {word: evidence.patterns_by_term.get(word, build_patterns(word)) for word in terms[:MAX_TERMS]}
    return {word: group for word, group in groups.items() if not group[0].endswith("*") or is_selective(group[0])}
