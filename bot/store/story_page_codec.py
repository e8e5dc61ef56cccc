"""A story as one JSON text, from which it is built again faster than from the rows of its tables.

The text is a list of lists in a fixed order of fields, because names of fields would double its length. It is data only: a store may
come from somebody else.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.story import DescribedState, Development, Source, Story
from bot.model.terms import Term, TermName
from bot.model.vocabulary import Bound, Claim
from bot.store.row_values import KINDS, STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

#: The number of this order of fields. A page with another number is not read: change it with the order.
PAGE_FORMAT = 1

_CLAIMS = {claim.value: claim for claim in Claim}
_BOUNDS: dict[str | None, Bound | None] = {None: None, **{bound.value: bound for bound in Bound}}
_OUTCOMES: dict[str | None, ExpectedOutcome | None] = {None: None, **{each.value: each for each in ExpectedOutcome}}
_TERM_NAMES = {name.value: name for name in TermName}


class DamagedPage(Exception):
    """A text is not the page of a story."""


def encode_story(story: Story) -> str:
    """Return the page of a story."""
    described = story.described_state or DescribedState(story.stage, story.as_of)
    fields = [
        story.headline,
        story.summary,
        story.kind,
        [described.stage, _encode_date(described.as_of)],
        [[party.company, party.role] for party in story.parties],
        story.related_slugs,
        [_encode_development(development) for development in story.developments],
        [_encode_event(event) for event in story.expected_events],
        [_encode_term(term) for term in story.terms],
        story.omitted_count,
    ]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def decode_story(text: str, slug: str, latest_date: date) -> Story:
    """Return the story of a page, as of the latest day that something which has happened can be dated. Raises DamagedPage."""
    try:
        headline, summary, kind, described, parties, related, developments, events, terms, omitted_count = json.loads(
            text
        )
        stage, as_of = described
        return Story(
            slug,
            headline,
            summary,
            KINDS[kind],
            tuple([Party(company, role) for company, role in parties]),
            tuple([_decode_development(*values) for values in developments]),
            tuple(related),
            tuple([_decode_event(*values) for values in events]),
            omitted_count,
            tuple([_decode_term(*values) for values in terms]),
            DescribedState(STAGES[stage], _decode_date(as_of)),
            latest_date,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidOperation) as error:
        raise DamagedPage from error


def _encode_development(development: Development) -> list[Any]:
    return [
        development.key,
        str(development.date),
        development.headline,
        development.claim,
        development.text,
        development.stage,
        _encode_sources(development.sources),
        development.retraction_reason,
        development.id,
    ]


def _decode_development(
    key: str,
    day: str,
    headline: str,
    claim: str,
    text: str,
    stage: str | None,
    sources: Sequence[Sequence[str]],
    reason: str,
    development_id: int,
) -> Development:
    return Development(
        key,
        _parse_date(day),
        headline,
        _CLAIMS[claim],
        text,
        STAGES[stage],
        _decode_sources(sources),
        reason,
        development_id,
    )


def _encode_event(event: ExpectedEvent) -> list[Any]:
    return [
        event.key,
        event.headline,
        str(event.date),
        event.outcome,
        event.development_key,
        _encode_sources(event.sources),
        event.reason,
        event.id,
    ]


def _decode_event(
    key: str,
    headline: str,
    day: str,
    outcome: str | None,
    development_key: str,
    sources: Sequence[Sequence[str]],
    reason: str,
    event_id: int,
) -> ExpectedEvent:
    return ExpectedEvent(
        key,
        headline,
        ExpectedDate.parse(day),
        _OUTCOMES[outcome],
        development_key,
        _decode_sources(sources),
        reason,
        event_id,
    )


def _encode_term(term: Term) -> list[Any]:
    return [
        term.key,
        term.name,
        f"{term.amount:f}",
        term.unit,
        term.claim,
        term.bound,
        _encode_date(term.date),
        _encode_sources(term.sources),
        term.retraction_reason,
        term.id,
    ]


def _decode_term(
    key: str,
    name: str,
    amount: str,
    unit: str,
    claim: str,
    bound: str | None,
    day: str,
    sources: Sequence[Sequence[str]],
    reason: str,
    term_id: int,
) -> Term:
    return Term(
        key,
        _TERM_NAMES[name],
        Decimal(amount),
        unit,
        _CLAIMS[claim],
        _BOUNDS[bound],
        _decode_date(day),
        _decode_sources(sources),
        reason,
        term_id,
    )


def _encode_sources(sources: Sequence[Source]) -> list[list[str]]:
    return [[source.publisher, source.title, source.url, _encode_date(source.date)] for source in sources]


def _decode_sources(sources: Sequence[Sequence[str]]) -> tuple[Source, ...]:
    return tuple([Source(publisher, title, url, _decode_date(day)) for publisher, title, url, day in sources])


def _encode_date(day: PartialDate | None) -> str:
    return "" if day is None else str(day)


def _decode_date(text: str) -> PartialDate | None:
    return _parse_date(text) if text else None


@lru_cache(maxsize=4_096)
def _parse_date(text: str) -> PartialDate:
    # Few days have most of the news, and a date never changes.
    return PartialDate.parse(text)
