"""Stories of any size that the store can hold, with the texts that are hardest to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.model.article import Article
from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.delivery_settings import DeliveryMode
from bot.model.expected_event import ExpectedDate
from bot.model.feed import Feed, FeedState, Trust
from bot.model.follow import Destination, DestinationKind, Follow, FollowState, Target, TargetKind
from bot.model.follow_settings import FollowFilter, FollowSettings, PingPolicy
from bot.model.proposals import ExpectedKind, ExpectedProposal, TermProposal
from bot.model.reader_report import ReaderReport, ReportedDevelopment
from bot.model.review import Fit, Recommendation, Review, ReviewState
from bot.model.story import Development, DevelopmentListItem, Source, Story, StoryListItem
from bot.model.terms import Term, TermName
from bot.model.tracking import Decision, TextSpan
from bot.model.vocabulary import Bound, Claim, Kind, Stage

#: For cards: drawing a whole story is slow.
hard = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
HERE = Destination(DestinationKind.CHANNEL, 10**18, 1)

NASTY = (
    "*", "_", "\\", "`", "~~", "||", "#", "-# ", "> ", "- ", "1. ", "[a](https://x.io)", "<@123>", "<t:1:R>", "@everyone",
    "</cmd:1>", "https://x.io/a_b(c)*d", "https://", "日産", "鴻海 ", "مرحبا", "עברית", "👍🏽", "🇯🇵", "👨‍👩‍👧", "e\u0301\u0301\u0301",
    "\u202e", "\u200b", "\u2066", "\ufeff", "word ", "Nissan ", "a", "(", ")", "&amp;", "\u3164",
)  # fmt: skip

keys = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,8}", fullmatch=True).map(lambda slug: slug[:70].strip("-"))
long_slugs = st.integers(0, 10**9).map(lambda n: f"{n}-{'s' * 69}"[:70])
slugs = keys | long_slugs


def texts(limit: int, *, least: int = 1, lines: bool = False) -> st.SearchStrategy[str]:
    """Return a strategy for texts, often of full length: a short nasty text, repeated."""
    marks = st.sampled_from(NASTY + (("\n", "\n\n") if lines else ()))
    seed = st.lists(marks, min_size=max(least, 1), max_size=12).map("".join)
    full = seed.map(lambda text: (text * (limit // max(len(text), 1) + 1))[:limit])
    short = st.text(max_size=min(limit, 40), min_size=least).map(lambda t: t if lines else t.replace("\n", " "))
    return (seed.map(lambda text: text[:limit]) | full | short).filter(lambda text: len(text) >= least)


dates = st.builds(PartialDate, st.integers(1990, 2030)) | st.dates(
    min_value=datetime(1990, 1, 1).date(),  # noqa: DTZ001 - only its date is used
    max_value=datetime(2030, 1, 1).date(),  # noqa: DTZ001
).map(PartialDate.from_date)

urls = st.just("") | st.one_of(
    st.just("https://example.com/a_(b)?c=*d*"),
    st.just("https://example.com/" + "x" * 1_980),
    st.just("https://example.com/" + "(" * 1_980),
    st.just("https://例え.jp/" + "日" * 1_900),
    st.just("javascript:alert(1)"),
)
sources = st.builds(Source, texts(100), st.just("") | texts(400), urls, st.none() | dates)


def several(one: st.SearchStrategy[Source], most: int) -> st.SearchStrategy[tuple[Source, ...]]:
    """Return a strategy for a few, or for as many as there can be (the same, numbered)."""
    many = one.map(lambda s: tuple(Source(f"{n} {s.publisher}"[:100], s.title, s.url, s.date) for n in range(most)))
    return st.lists(one, max_size=3).map(tuple) | many


developments = st.builds(
    Development,
    keys,
    dates,
    texts(200),
    st.sampled_from(Claim),
    st.just("") | texts(4_000, lines=True),
    st.none() | st.sampled_from(Stage),
    several(sources, 40),
    st.just("") | texts(200),
)
parties = st.builds(Party, texts(100), st.just("") | texts(100))


terms = st.builds(
    Term,
    keys,
    st.sampled_from(TermName),
    st.decimals(0, 10**20, places=6),
    st.sampled_from(["USD", "THB", "%", "jobs"]) | texts(40),
    st.sampled_from(Claim),
    st.none() | st.sampled_from(Bound),
    st.none() | dates,
    several(sources, 40),
    st.just("") | texts(200),
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Draw a story with up to 60 developments and parties."""
    crowded = draw(st.booleans())
    some_developments = draw(st.lists(developments, max_size=4)) * (15 if crowded else 1)
    some_parties = draw(st.lists(parties, max_size=4)) * (15 if crowded else 1)
    return Story(
        draw(slugs),
        draw(texts(200)),
        draw(texts(2_000, lines=True)),
        draw(st.sampled_from(Kind)),
        tuple(some_parties),
        tuple(
            Development(f"{n}", d.date, d.headline, d.claim, d.text, d.stage, d.sources, d.retraction_reason, n + 1)
            for n, d in enumerate(some_developments)
        ),
        tuple(draw(st.lists(slugs, max_size=30, unique=True))),
        terms=tuple(draw(st.lists(terms, max_size=4)) * (15 if crowded else 1)),
    )


@st.composite
def story_lines(draw: st.DrawFn, most: int = 30) -> tuple[StoryListItem, ...]:
    """Draw up to ``most`` stories in a list, with different slugs."""
    crowded = draw(st.booleans())
    one = draw(
        st.lists(
            st.builds(
                StoryListItem,
                slugs,
                texts(200),
                st.sampled_from(Kind),
                st.none() | st.sampled_from(Stage),
                st.booleans(),
                st.booleans(),
                st.none() | dates,
                st.lists(texts(100), max_size=6).map(tuple),
                st.lists(terms, max_size=6).map(tuple),
            ),
            max_size=4,
        )
    )
    many = one * (most // len(one)) if one and crowded else one
    return tuple(replace(s, slug=f"{n}-{s.slug}"[:70]) for n, s in enumerate(many))


@st.composite
def news_lines(draw: st.DrawFn, most: int = 30) -> tuple[DevelopmentListItem, ...]:
    """Draw developments in a list."""
    lines = draw(story_lines(most))
    development = draw(developments)
    return tuple(DevelopmentListItem(line, development) for line in lines)


companies = st.builds(
    Company, texts(100), st.lists(texts(100), max_size=50).map(tuple), texts(2) | st.just(""), texts(20) | st.just("")
)

destinations = st.builds(
    Destination, st.sampled_from(DestinationKind), st.integers(10**17, 10**19), st.integers(0, 10**19)
)
targets = st.builds(Target, st.sampled_from(TargetKind), texts(100), st.just("") | texts(200))
words = st.lists(texts(50), max_size=20).map(tuple)
follow_settings = st.builds(
    FollowSettings,
    st.sampled_from(DeliveryMode),
    st.frozensets(st.sampled_from(FollowFilter)),
    words,
    words,
    st.just(0) | st.integers(10**17, 10**19),
    st.sampled_from(PingPolicy),
    st.booleans(),
    st.booleans(),
)
follows = st.builds(
    Follow,
    st.integers(1, 10**6),
    destinations,
    targets,
    st.integers(1, 10**19),
    st.just(datetime(2026, 11, 1, tzinfo=UTC)),
    follow_settings,
    st.sampled_from(FollowState),
    texts(400),
)

reader_notes = st.builds(
    ReaderReport,
    st.integers(1, 10**17),
    st.integers(10**17, 10**19),
    texts(1_000, lines=True),
    st.just(datetime(2026, 11, 1, tzinfo=UTC)),
    destinations,
    st.just(0) | st.integers(10**17, 10**19),
    st.lists(st.builds(ReportedDevelopment, slugs, texts(200), keys, texts(200)), min_size=1, max_size=4).map(
        lambda about: tuple(replace(each, slug=f"{n}-{each.slug}"[:70]) for n, each in enumerate(about * 10))
    ),
)

moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - it is made aware
articles = st.builds(
    Article, keys, texts(500), moments, st.just("") | texts(4_000, lines=True), urls, st.just("") | texts(200)
)
spans = texts(300).map(lambda words: TextSpan("text", 0, len(words), words))
term_proposals = st.builds(
    TermProposal,
    st.sampled_from(TermName),
    st.just(Decimal("1234567890.12")),
    st.sampled_from(["USD", "%", "metric tons of ore/year"]),
    st.none() | st.sampled_from(Bound),
    spans,
)
expected_proposals = st.builds(
    ExpectedProposal, st.sampled_from(ExpectedKind), st.just(ExpectedDate.parse("by 2026-12")), spans
)
suggestions = st.builds(
    Recommendation,
    st.sampled_from(Decision),
    st.lists(slugs, max_size=3, unique=True).map(tuple),
    st.just("") | slugs,
    st.just("") | keys,
    st.sampled_from(Claim),
    st.none() | st.sampled_from(Stage),
    st.lists(texts(60), max_size=4).map(tuple),
    st.lists(texts(100), max_size=30).map(tuple),
    st.lists(texts(100), max_size=30).map(tuple),
    st.none() | st.sampled_from(Fit),
    # At most one of each name and of each kind.
    st.lists(term_proposals, max_size=len(TermName), unique_by=lambda each: each.name).map(tuple)
    | term_proposals.map(lambda each: tuple(replace(each, name=name) for name in TermName)),
    st.lists(expected_proposals, max_size=len(ExpectedKind), unique_by=lambda each: each.kind).map(tuple)
    | expected_proposals.map(lambda each: tuple(replace(each, kind=kind) for kind in ExpectedKind)),
)
reviews = st.builds(
    Review,
    st.integers(1, 10**17),
    keys,
    articles,
    suggestions,
    st.sampled_from(ReviewState),
    moments,
    st.integers(0, 10**6),
    st.just("") | texts(200),
    st.lists(articles, max_size=3).map(lambda also: tuple(also * 20)),
    st.none() | moments,
    st.sampled_from(["", "discord:123456789012345678", "feed:7", "discord:@everyone"]),
    st.just("") | slugs,
)
feeds = st.builds(
    Feed,
    st.integers(1, 10**17),
    texts(2_000),
    texts(200),
    moments,
    st.just(timedelta(hours=1)),
    moments,
    st.just("") | texts(200),
    st.sampled_from(Trust),
    st.sampled_from(FeedState),
    failures=st.integers(0, 10**6),
    reason=st.just("") | texts(400),
    succeeded_at=st.none() | moments,
)
