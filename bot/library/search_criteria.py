"""Turn the facets and dates of a parsed question into criteria of the store."""

from __future__ import annotations

from bot.query.date_ranges import DateRange
from bot.query.facets import Facet
from bot.query.query_parser import ParsedQuery
from bot.store.candidates import StoryCriteria

_MAX_FACETS = 4
_MONTH_DAYS, _YEAR_DAYS = 28, 365


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
    """Return the first and last date of a range as the store sorts dates: ``YYYYMMDD``, with 00 for unknown parts.

    A date of which only the month is known matches a range of 28 days or more that reaches into the month; one of which only
    the year is known matches a range of a year or more that reaches into the year.
    """
    days = (date_range.last_day - date_range.first_day).days + 1
    month = 0 if days >= _YEAR_DAYS else date_range.first_day.month
    day = 0 if days >= _MONTH_DAYS else date_range.first_day.day
    first_date = date_range.first_day.year * 10_000 + month * 100 + day
    return first_date, date_range.last_day.year * 10_000 + date_range.last_day.month * 100 + date_range.last_day.day
