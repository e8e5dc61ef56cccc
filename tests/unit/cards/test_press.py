"""Whatever the feeds bring, the desk's cards are ones that Discord accepts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.card import Choice
from bot.cards.feeds import checked_card, feed_card, feed_list
from bot.cards.review import decided_card, review_card, shown_review, twins_card
from bot.model.article import Article
from bot.model.feed import Feed
from bot.model.review import Record, Review
from bot.model.story import Story
from tests.unit.cards import strategies as some
from tests.unit.cards.limits import accept
from tests.unit.cards.test_limits import hard

NEWEST = [Choice(f"story-{number}", f"Story {number}") for number in range(40)]


@hard
@given(
    some.reviews, st.lists(some.stories(), max_size=3), st.none() | st.tuples(st.integers(0, 9), st.integers(1, 10**6))
)
def test_an_article_to_be_decided_fits(review: Review, stories: list[Story], place: tuple[int, int] | None) -> None:
    accept(review_card(review, stories, NEWEST, place))
    accept(decided_card(review, stories, 10**6))
    accept(shown_review(review, stories, NEWEST))
    accept(twins_card(review, stories))


@hard
@given(st.lists(some.feeds, max_size=4), st.integers(0, 9))
def test_a_list_of_feeds_fits(feeds: list[Feed], page: int) -> None:
    accept(
        feed_list([(feed, 10**6) for feed in feeds * 5], {feed.number: Record(10**6, 10**5) for feed in feeds}, page)
    )
    for feed in feeds:
        accept(feed_card(feed, "Said."))


@hard
@given(
    some.texts(500), some.texts(2_000), st.lists(st.tuples(some.articles, st.just("") | some.texts(200)), max_size=4)
)
def test_what_would_come_in_fits(title: str, url: str, articles: list[tuple[Article, str]]) -> None:
    skipped = [(article.title, reason) for article, reason in articles]
    accept(checked_card(url, title, articles * 20, skipped * 20))


@given(some.reviews, st.sampled_from([" ", "\n\n", "\u00a0", "\u3000 "]))
def test_an_article_that_tells_nothing_but_blanks_has_no_lead(review: Review, blanks: str) -> None:
    """Discord refuses a message with an empty text."""
    accept(review_card(replace(review, article=replace(review.article, text=blanks)), [], NEWEST))
