"""Hypothesis strategies for dates and stories as a story file may hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome, YearPart
from bot.model.story import Development, Source, Story
from bot.model.terms import Term, TermName
from bot.model.text_folding import fold
from bot.model.vocabulary import Bound, Claim, Kind, Stage

days = st.dates(min_value=date(1000, 1, 1))
years = days.map(lambda day: PartialDate(day.year))
months = days.map(lambda day: PartialDate(day.year, day.month))
exact_dates = years | months | days.map(PartialDate.from_date)
partial_dates = exact_dates | exact_dates.map(lambda date: replace(date, is_bounded=True))

#: Pieces of text that a file must escape or keep exactly.
STRANGE = ('"', "'", "\\", '"""', "''", "\\n", "\\u0041", "#", "= 1", "[[party]]", "🚗", "👨‍👩‍👧", "日産", "鴻海", "é", "e\u0301",
    "\u202e", "\ufeff", "\u2028", "\u00a0", "مرحبا", "${HOME}", "%s", "{0}", "'; DROP TABLE story; --", "\U0010ffff")  # fmt: skip


def allowed(limit: int, *, lines: bool = False, least: int = 1) -> st.SearchStrategy[str]:
    """Return a strategy for any text that a file may contain there, trimmed as the store keeps it."""
    marks = st.characters(exclude_categories=["Cc", "Cs"])
    pieces = st.one_of(st.sampled_from((*STRANGE, *(("\n", "\n\n") if lines else ()))), marks)
    texts = st.lists(pieces, min_size=least, max_size=20).map(lambda parts: "".join(parts)[:limit].strip())
    return texts.filter(lambda text: len(text) >= least)


slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
names = allowed(100).filter(fold)
sources = st.builds(
    Source,
    publisher=allowed(100),
    title=allowed(400, least=0),
    url=st.sampled_from(["", "https://example.com/a_(b)?c=d&e=%22#f", "http://例え.jp/日産"]),
    date=st.none() | partial_dates,
)
developments = st.builds(
    Development,
    key=slugs,
    date=partial_dates,
    headline=allowed(200),
    claim=st.sampled_from(Claim),
    text=allowed(4_000, lines=True, least=0),
    stage=st.none() | st.sampled_from(Stage),
    sources=st.lists(sources, max_size=2).map(tuple),
    retraction_reason=st.just("") | allowed(200),
).filter(lambda d: d.claim is not Claim.DENIED or d.stage is None)
terms = st.builds(
    Term,
    key=slugs,
    name=st.sampled_from(TermName),
    amount=st.decimals(0, 100, places=2) | st.integers(0, 100).map(Decimal),
    unit=st.sampled_from(["USD", "JPY"]),
    claim=st.sampled_from(Claim),
    bound=st.none() | st.sampled_from(Bound),
    date=st.none() | partial_dates,
    sources=st.lists(sources, max_size=2).map(tuple),
    retraction_reason=st.just("") | allowed(200),
)
expected_dates = partial_dates.map(ExpectedDate) | st.builds(ExpectedDate, years, st.sampled_from(YearPart))
expected_events = st.builds(
    ExpectedEvent,
    key=slugs,
    headline=allowed(200),
    date=expected_dates,
    outcome=st.none() | st.sampled_from(ExpectedOutcome),
    sources=st.lists(sources, max_size=2).map(tuple),
    reason=st.just("") | allowed(200),
).map(lambda event: event if event.outcome is ExpectedOutcome.DROPPED else replace(event, reason=""))
stories = st.builds(
    Story,
    slug=slugs,
    headline=allowed(200),
    summary=allowed(2_000, lines=True),
    kind=st.sampled_from([kind for kind in Kind if kind.is_deal]),
    parties=st.lists(
        st.builds(Party, names, allowed(100, least=0)), max_size=3, unique_by=lambda party: fold(party.company)
    ).map(tuple),
    developments=st.lists(developments, max_size=4, unique_by=(lambda d: d.key, lambda d: (d.date, d.headline))).map(
        tuple
    ),
    terms=st.lists(terms, max_size=3, unique_by=lambda term: term.key).map(tuple),
    expected_events=st.lists(
        expected_events, max_size=3, unique_by=(lambda e: e.key, lambda e: (e.date, e.headline))
    ).map(tuple),
)
