"""Lists of stories, developments and expected events: what a question asks for, and a page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Protocol, TypeVar

from bot.library.answers import ListPage
from bot.library.story_search import QueryInterpretation
from bot.library.term_patterns import build_patterns
from bot.model.dates import PartialDate
from bot.model.list_query import ListQuery, ListSubject, Period, SearchWord, StoryState
from bot.model.text_folding import fold_words
from bot.model.vocabulary import Claim, Kind
from bot.query.facets import Facet, find_facets
from bot.query.lexicon import LEXICONS
from bot.query.query_parser import ParsedQuery
from bot.store import COUNT_LIMIT, Transaction

PAGE_SIZE = 10
#: Further words of a question are not searched for.
_MAX_WORDS = 8
_CLAIMS_BY_WORD = {
    word: claim for lexicon in LEXICONS for claim, words in lexicon.claim_words.items() for word in fold_words(words)
}
_T_co = TypeVar("_T_co", covariant=True)


class _List(Protocol[_T_co]):
    """A query for a part of a list in the store."""

    async def __call__(self, query: ListQuery, *, offset: int, limit: int) -> tuple[tuple[_T_co, ...], int]:
        """Return some items, and how many there are in total."""
        ...


def asks_for_list(parsed_query: ParsedQuery) -> bool:
    """Return whether a question asks for several stories.

    It does so by a plural, a limit or an order, or because it has nothing but kinds, stages and times.
    """
    if parsed_query.limits or parsed_query.largest_first or parsed_query.asks_for_several:
        return True
    if parsed_query.companies or parsed_query.terms:
        return False
    return bool(parsed_query.facets or parsed_query.date_range or parsed_query.deals_only or parsed_query.asks_for_news)


def choose_subject(parsed_query: ParsedQuery, *, deals_first: bool) -> ListSubject:
    """Return what a question asks for a list of; with ``deals_first`` deals, unless it asks for something else."""
    kinds = {kind for facet in parsed_query.facets for kind in facet.kinds}
    if parsed_query.asks_for_news and not parsed_query.facets and not parsed_query.deals_only:
        return ListSubject.DEVELOPMENTS
    if parsed_query.deals_only or parsed_query.limits or parsed_query.largest_first:
        return ListSubject.DEALS
    if kinds:
        return ListSubject.DEALS if all(kind.is_deal for kind in kinds) else ListSubject.STORIES
    return ListSubject.DEALS if deals_first or parsed_query.stages else ListSubject.STORIES


async def load_typed_list(
    tx: Transaction, interpretation: QueryInterpretation, base: ListQuery, today: date
) -> ListPage:
    """Return the first page of the list that a question asks for, with the filters of a base list too.

    A month without its year is the latest that the list has something in; of expected events, the next.
    """
    parsed_query = interpretation.parsed_query
    query, ignored_parts = _add_filters(base, interpretation)
    is_expected = base.subject is ListSubject.EXPECTED_EVENTS
    ranges = tuple(parsed_query.date_range.iter_years() if parsed_query.date_range else ())
    periods = [
        Period(each.first_day, each.last_day, each.is_open_ended) for each in ranges[: 1 if is_expected else None]
    ]
    if is_expected and len(ranges) > 1 and periods[0].last_day < today:
        periods.insert(0, _get_next_year(periods[0]))
    queries = [replace(query, period=period) for period in periods] or [query]
    for candidate in queries:
        result = await load_list_page(tx, candidate, 0, today)
        if result.total:
            break
    else:
        result = await load_list_page(tx, queries[0], 0, today)
    return replace(result, ignored_parts=ignored_parts, corrections=interpretation.corrections)


def _get_next_year(period: Period) -> Period:
    """Return the same day or month of the next year."""
    first, last = period.first_day, period.last_day
    day = first.day if first == last else None
    if (first.month, day) == (2, 29):
        day = 28
    date_of_next_year = PartialDate(first.year + 1, first.month, day)
    return replace(period, first_day=date_of_next_year.first_day, last_day=date_of_next_year.last_day)


async def load_list_page(tx: Transaction, query: ListQuery, page: int, today: date) -> ListPage:
    """Return a page of a list. A number past the end gives the last page. ``today`` is the reader's day."""
    if query.subject is ListSubject.EXPECTED_EVENTS:
        list_events = partial(tx.filtered_lists.list_expected_events, today=today)
        events, page, page_count, total = await _load_page(list_events, query, page)
        has_more = total > COUNT_LIMIT
        return ListPage(query, page, page_count, min(total, COUNT_LIMIT), events=events, has_more=has_more, today=today)
    if query.subject is ListSubject.DEVELOPMENTS:
        news, page, page_count, total = await _load_page(tx.filtered_lists.list_developments, query, page)
        return ListPage(query, page, page_count, min(total, COUNT_LIMIT), news=news, has_more=total > COUNT_LIMIT)
    lines, page, page_count, total = await _load_page(tx.filtered_lists.list_stories, query, page)
    return ListPage(query, page, page_count, min(total, COUNT_LIMIT), lines=lines, has_more=total > COUNT_LIMIT)


async def _load_page(read: _List[_T_co], query: ListQuery, page: int) -> tuple[tuple[_T_co, ...], int, int, int]:
    """Return the items of a page, its number, the number of pages and the total number of items."""
    items, total = await read(query, offset=page * PAGE_SIZE, limit=PAGE_SIZE)
    page_count = max(1, -(-min(total, COUNT_LIMIT) // PAGE_SIZE))
    if page >= page_count:
        page = page_count - 1
        items, total = await read(query, offset=page * PAGE_SIZE, limit=PAGE_SIZE)
    return items, page, page_count, total


def _add_filters(base: ListQuery, interpretation: QueryInterpretation) -> tuple[ListQuery, tuple[str, ...]]:
    """Return a list with the filters of a question, and the parts of the question that it cannot be filtered by."""
    parsed_query = interpretation.parsed_query
    is_of_stories = base.subject in (ListSubject.DEALS, ListSubject.STORIES)
    claims = {word: _CLAIMS_BY_WORD[word] for word in parsed_query.terms if word in _CLAIMS_BY_WORD}
    query = replace(
        base,
        companies=_join(base.companies, parsed_query.companies),
        words=_join(
            base.words, _make_words([word for word in parsed_query.terms if word not in claims], interpretation)
        ),
        excluded_companies=_join(base.excluded_companies, parsed_query.excluded_companies),
    )
    excluded_facets, excluded_words = find_facets(parsed_query.excluded_words)
    query = replace(
        query,
        excluded_kinds=tuple(kind for facet in excluded_facets for kind in facet.kinds),
        excluded_stages=tuple(stage for facet in excluded_facets for stage in facet.stages),
        excluded_words=_make_words(excluded_words, interpretation),
    )
    for facet in parsed_query.facets:
        query = _add_facet(query, facet, interpretation)
    if not is_of_stories:
        ignored_parts = [ListQuery(figures=limit).filters[0][0] for limit in parsed_query.limits]
        ignored_parts += [ListQuery(largest_first=True).filters[0][0]] if parsed_query.largest_first else []
        if base.subject is ListSubject.EXPECTED_EVENTS:
            return query, (*map(parsed_query.spell, claims), *ignored_parts)
        return replace(query, claims=_join(query.claims, tuple(claims.values()))), tuple(ignored_parts)
    figures = parsed_query.limits[0] if parsed_query.limits else base.figures
    ignored_parts = [
        *(parsed_query.spell(word) for word in claims),
        *(ListQuery(figures=limit).filters[0][0] for limit in parsed_query.limits[1:]),
    ]
    return replace(query, figures=figures, largest_first=parsed_query.largest_first), tuple(ignored_parts)


def _add_facet(query: ListQuery, facet: Facet, interpretation: QueryInterpretation) -> ListQuery:
    is_news = query.subject is ListSubject.DEVELOPMENTS
    is_deals = query.subject is ListSubject.DEALS
    if query.subject is ListSubject.EXPECTED_EVENTS:
        if facet.kinds == (Kind.EVENT,):
            # "upcoming events" are of stories of any kind.
            return query
        if facet.stages and not any(stage.is_open for stage in facet.stages):
            # Nothing is expected in a deal that has ended: a closing is what is to happen.
            return replace(query, words=_join(query.words, _make_words(facet.text_words, interpretation)))
    if facet.is_disputed and is_news:
        return replace(query, claims=_join(query.claims, (Claim.DENIED,)))
    if is_deals and facet.kinds and not facet.kinds[0].is_deal:
        # Of deals, a plant is what they are about.
        return replace(query, words=_join(query.words, _make_words(facet.text_words, interpretation)))
    states = (
        *([StoryState.DISPUTED] if facet.is_disputed else []),
        *([StoryState.OPEN] if facet.is_open else []),
    )
    return replace(
        query,
        kinds=_join(query.kinds, facet.kinds),
        stages=_join(query.stages, facet.stages),
        states=_join(query.states, tuple(states)),
    )


def _make_words(words: Sequence[str], interpretation: QueryInterpretation) -> tuple[SearchWord, ...]:
    patterns_by_term = interpretation.evidence.patterns_by_term
    return tuple(
        SearchWord(interpretation.parsed_query.spell(word), tuple(patterns_by_term.get(word, build_patterns(word))))
        for word in words[:_MAX_WORDS]
    )


def _join(first: tuple[_T_co, ...], second: Sequence[_T_co]) -> tuple[_T_co, ...]:
    return tuple(dict.fromkeys((*first, *second)))
