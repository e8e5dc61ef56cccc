"""Whatever the feeds bring, the desk's cards are ones that Discord accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.components import MenuChoice
from bot.cards.feeds import feed_card, feed_check_card, feed_list_card
from bot.cards.review import current_review_card, decision_card, duplicate_prompt_card, review_card
from bot.cards.set_aside import (
    all_articles_retry_card,
    article_drop_card,
    article_retry_card,
    plain_review_card,
    set_aside_article_card,
)
from bot.model.article import Article
from bot.model.confidence_line import ConfidenceLine, FeedLines
from bot.model.expected_event import ExpectedDate
from bot.model.failure import Failure
from bot.model.feed import Feed
from bot.model.proposals import ExpectedKind, ExpectedProposal, TermProposal
from bot.model.review import FeedReviewStats, Recommendation, Review, ReviewState
from bot.model.story import Story
from bot.model.terms import TermName
from bot.model.tracking import Decision, TextSpan
from bot.model.vocabulary import Bound, Kind, Stage
from tests.unit.cards import strategies as some
from tests.unit.cards.limits import accept, payload
from tests.unit.cards.strategies import hard

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NEWEST = [MenuChoice(f"story-{number}", f"Story {number}") for number in range(40)]


@hard
@given(
    some.reviews, st.lists(some.stories(), max_size=3), st.none() | st.tuples(st.integers(0, 9), st.integers(1, 10**6))
)
def test_an_article_to_be_decided_fits(review: Review, stories: list[Story], place: tuple[int, int] | None) -> None:
    accept(review_card(review, stories, NEWEST, place))
    accept(review_card(review, stories, NEWEST, place, 10**6))
    accept(decision_card(review, stories, 10**6))
    accept(current_review_card(review, stories, NEWEST))
    accept(duplicate_prompt_card(review, stories))


def test_an_article_with_every_figure_and_event_fits() -> None:
    words = "*" * 300
    span = TextSpan("text", 0, len(words), words)
    recommendation = Recommendation(
        Decision.DEVELOPMENT,
        stage=Stage.SIGNED,
        evidence=(words,) * 4,
        companies=tuple(f"{number}{words}" for number in range(9)),
        terms=tuple(TermProposal(name, Decimal(10**12), "vehicles/year", Bound.ABOUT, span) for name in TermName),
        expected_events=tuple(ExpectedProposal(kind, ExpectedDate.parse("by 2026-12"), span) for kind in ExpectedKind),
    )
    article = Article("a", words * 3, NOW, words * 20, publisher=words)
    others = tuple(replace(article, id=f"{number}", publisher=f"{number}{words}") for number in range(9))
    review = Review(1, "e", article, recommendation, ReviewState.WAITING, NOW, 1, words, others)
    accept(review_card(review, [Story("s", words, "", Kind.MERGER, (), ())], NEWEST, (3, 10)))


@hard
@given(
    some.reviews,
    some.articles,
    some.texts(300),
    st.none() | st.integers(1, 10**12),
    st.none() | st.tuples(st.integers(0, 9), st.integers(1, 10**6)),
)
def test_what_is_set_aside_fits(
    review: Review, article: Article, reason: str, number: int | None, place: tuple[int, int] | None
) -> None:
    failure = Failure(10**12, article, number, 5, reason, NOW, 10**18, 10**18)
    for card in (set_aside_article_card(failure, place), set_aside_article_card(failure, place, is_plain=True)):
        accept(card)
    accept(article_retry_card(failure, "<@1>", 10**6))
    accept(article_drop_card(failure, "<@1>"))
    accept(all_articles_retry_card(10**6))
    accept(plain_review_card(review, reason, failure, place))
    accept(plain_review_card(review, reason))
    accept(plain_review_card(replace(review, state=ReviewState.PUBLISHED, decided_by="discord:1"), reason, failure))


@given(some.reviews, some.articles)
def test_a_plain_card_repeats_nothing_of_the_article(review: Review, article: Article) -> None:
    """Discord refuses some words, wherever they stand."""
    marked = replace(article, title="SECRET", text="SECRET", url="https://SECRET.example/", publisher="SECRET")
    failure = Failure(1, marked, review.id, 5, "Discord refused it.", NOW)
    for state in ReviewState:
        plain = plain_review_card(
            replace(review, article=marked, same_news=(marked,), state=state), failure.reason, failure
        )
        assert "SECRET" not in str(payload(plain))
    assert "SECRET" not in str(payload(set_aside_article_card(failure, is_plain=True)))


LINES = FeedLines(ConfidenceLine(0.985, 0.775, 200, 100), ConfidenceLine(0.985, 0.775, 200, 100))


@hard
@given(st.lists(some.feeds, max_size=4), st.integers(0, 9))
def test_a_list_of_feeds_fits(feeds: list[Feed], page: int) -> None:
    accept(
        feed_list_card(
            [(feed, 10**6) for feed in feeds * 5],
            {feed.id: FeedReviewStats(10**6, 10**5, LINES) for feed in feeds},
            page,
        )
    )
    for feed in feeds:
        accept(feed_card(feed, "Said."))


@hard
@given(
    some.texts(500), some.texts(2_000), st.lists(st.tuples(some.articles, st.just("") | some.texts(200)), max_size=4)
)
def test_what_would_come_in_fits(title: str, url: str, articles: list[tuple[Article, str]]) -> None:
    skipped = [(article.title, reason) for article, reason in articles]
    accept(feed_check_card(url, title, articles * 20, skipped * 20))


@given(some.reviews, st.sampled_from([" ", "\n\n", "\u00a0", "\u3000 "]))
def test_an_article_that_tells_nothing_but_blanks_has_no_lead(review: Review, blanks: str) -> None:
    """Discord refuses a message with an empty text."""
    accept(review_card(replace(review, article=replace(review.article, text=blanks)), [], NEWEST))
