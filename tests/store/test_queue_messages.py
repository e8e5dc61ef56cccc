"""Which articles the desk's channel shows: other news does not keep news of the stories out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.model.article import Article
from bot.model.review import Fit, Recommendation
from bot.model.tracking import Decision
from bot.newsroom.queue_messages import MAX_OPEN_REVIEWS, MAX_UNRELATED_REVIEWS, QueueMessages
from bot.store import Store
from tests.store.material import HandClock

UNRELATED = Recommendation(Decision.NEW_STORY, ("alpha-beta",), fit=Fit.WEAK)
RELATED = (
    Recommendation(Decision.DEVELOPMENT, ("alpha-beta",), fit=Fit.CLEAR),
    Recommendation(Decision.NEW_STORY, ("alpha-beta",), fit=Fit.LIKELY),
    Recommendation(Decision.NEW_STORY, companies=("Alpha",)),
    Recommendation(Decision.RE_REPORT, ("alpha-beta",), "alpha-beta", "talks", fit=Fit.WEAK),
)


async def queue_up(store: Store, clock: HandClock, recommendations: Sequence[Recommendation], name: str) -> list[int]:
    """Put an article into the queue for each of these; return the ids of the reviews."""
    articles = [Article(f"{name}-{number}", f"News {number}", clock()) for number in range(len(recommendations))]
    ids = []
    async with store.write() as tx:
        feed = await tx.feeds.add(f"https://{name}.example/feed", f"{name}.example", clock())
        assert feed is not None
        await tx.articles.ingest(feed.id, articles, clock(), fresh_since=clock() - timedelta(days=1))
        for article, recommendation in zip(articles, recommendations, strict=True):
            row_id = await tx.articles.get_id(article.id)
            ids.append(await tx.reviews.add(row_id, article.id, recommendation, clock()))
    return ids


async def show_all(store: Store, messages: QueueMessages) -> list[int]:
    """Show what is due until nothing is; return the ids of the reviews in the order in which they were shown."""
    shown: list[int] = []
    while due := (await messages.find_due((), ()))[0]:
        for review_id in due:
            review, _ = await messages.get_review(review_id)
            assert review is not None
            await messages.mark_review_shown(review, 1, 1_000 + review_id)
        shown += due
    return shown


@pytest.fixture
def messages(store: Store, clock: HandClock) -> QueueMessages:
    return QueueMessages(store, clock)


async def test_other_news_leaves_room_for_news_of_the_stories(
    store: Store, clock: HandClock, messages: QueueMessages
) -> None:
    """A feed brings more than the channel shows at once, and nobody decides about that."""
    others = await queue_up(store, clock, [UNRELATED] * (MAX_OPEN_REVIEWS + 5), "others")
    assert await show_all(store, messages) == others[:MAX_UNRELATED_REVIEWS]
    related = await queue_up(store, clock, RELATED, "related")
    assert await show_all(store, messages) == related


async def test_news_of_the_stories_is_shown_first(store: Store, clock: HandClock, messages: QueueMessages) -> None:
    others = await queue_up(store, clock, [UNRELATED] * 3, "others")
    related = await queue_up(store, clock, RELATED, "related")
    assert await show_all(store, messages) == [*related, *others]


async def test_the_channel_shows_no_more_than_its_limit(
    store: Store, clock: HandClock, messages: QueueMessages
) -> None:
    related = await queue_up(store, clock, RELATED * 6, "related")
    assert await show_all(store, messages) == related[:MAX_OPEN_REVIEWS]
