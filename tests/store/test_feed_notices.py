"""News of followed feeds in the outbox: posted once, edited, gathered, folded, and erased with their destination."""

from __future__ import annotations

import pytest

from bot.delivery.retention import Retention
from bot.model.article import Article
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow_settings import FollowSettings
from bot.model.post import FeedReport, Post, PostType
from bot.store.outbox.subscribers import Recipient
from tests.store.checker import find_inconsistencies
from tests.store.delivery import Delivery, lost_answer
from tests.store.material import START
from tests.store.publishing import headlines_of


def _report(title: str, publisher: str = "The Paper") -> FeedReport:
    return FeedReport(Article(f"{publisher}/{title}", title, START, "", "https://paper.example/1", publisher))


class Feeds:
    """Bring news to channels, as the intake of followed feeds does."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def bring(
        self,
        number: int,
        title: str,
        mode: DeliveryMode = DeliveryMode.INSTANT,
        *,
        story: str = "",
        threads: bool = False,
    ) -> int:
        """Enqueue news for a channel that has a follow; return the cluster's id."""
        now, row_id = self._delivery.clock(), self._get_row_id(number)
        recipient = Recipient(row_id, owner_id=1, mode=mode, threads=threads)
        async with self._delivery.store.write() as tx:
            cluster_id = await tx.clusters.add(row_id, _report(title), now, story_slug=story)
            await tx.deliveries.enqueue_cluster(cluster_id, recipient, now)
        return cluster_id

    async def repeat(self, cluster_id: int, publisher: str) -> None:
        """Let another publisher report the same."""
        now = self._delivery.clock()
        async with self._delivery.store.write() as tx:
            await tx.clusters.attach(cluster_id, _report("The same in other words", publisher), now)
            await tx.deliveries.request_cluster_edit(cluster_id, now)

    async def want_at_once(self, number: int, cluster_id: int) -> None:
        """Let an instant follow want what waits for a digest."""
        async with self._delivery.store.write() as tx:
            recipient = Recipient(self._get_row_id(number), owner_id=1)
            await tx.deliveries.enqueue_cluster(cluster_id, recipient, self._delivery.clock())

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return self._delivery.database.count(table)

    def _get_row_id(self, number: int) -> int:
        query = "SELECT id FROM destination WHERE discord_id = :number"
        return int(self._delivery.database.query(query, number=number)[0].id)


@pytest.fixture
async def feeds(delivery: Delivery) -> Feeds:
    """Two channels of two servers."""
    await delivery.follow_channel(1)
    await delivery.follow_channel(2, guild=2)
    return Feeds(delivery)


def _publishers(post: Post) -> list[str]:
    return [each.article.publisher for notice in post.feed_notices for each in notice.reports]


async def test_news_of_a_feed_is_posted_once(delivery: Delivery, feeds: Feeds) -> None:
    """In the channel that it is for, also if Discord's answer is lost on the way."""
    delivery.refuse(1, lost_answer())
    delivery.publisher.accepts_refused_posts = True
    await feeds.bring(1, "Chip maker opens a plant")
    await delivery.send_due()
    delivery.clock.forward(minutes=1)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["Chip maker opens a plant"]
    assert delivery.publisher.headlines(2) == []
    assert await find_inconsistencies(delivery.database) == []


async def test_a_re_report_edits_the_post(delivery: Delivery, feeds: Feeds) -> None:
    """The message gets the second publisher; nothing is posted again."""
    cluster_id = await feeds.bring(1, "Chip maker opens a plant")
    await delivery.send_due()
    await feeds.repeat(cluster_id, "The Gazette")
    await delivery.send_due()
    assert len(delivery.publisher.sent_posts) == 1
    assert [_publishers(post) for post in delivery.publisher.edited_posts] == [["The Paper", "The Gazette"]]


async def test_a_re_report_before_the_post_is_in_it(delivery: Delivery, feeds: Feeds) -> None:
    """What was not sent yet is sent with both publishers, and not edited."""
    await feeds.repeat(await feeds.bring(1, "Chip maker opens a plant"), "The Gazette")
    await delivery.send_due()
    assert [_publishers(post) for post in delivery.publisher.sent_posts] == [["The Paper", "The Gazette"]]
    assert delivery.publisher.edited_posts == []


async def test_a_digest_has_developments_and_news_of_feeds(delivery: Delivery, feeds: Feeds) -> None:
    """Both kinds wait for the same digest."""
    await delivery.follow_channel(1, settings=FollowSettings(DeliveryMode.DAILY))
    await delivery.publish_news("alpha-beta")
    await feeds.bring(1, "Chip maker opens a plant", DeliveryMode.DAILY)
    await delivery.send_due()
    delivery.clock.forward(days=1)
    await delivery.send_due()
    assert [headlines_of(post) for post in delivery.publisher.sent_to(1)] == [
        ["First news of alpha-beta", "Chip maker opens a plant"]
    ]


async def test_an_instant_follow_does_not_wait_for_the_digest(delivery: Delivery, feeds: Feeds) -> None:
    """News that waits for a digest is posted at once if another follow wants that, and is in no digest then."""
    cluster_id = await feeds.bring(1, "Chip maker opens a plant", DeliveryMode.DAILY)
    await feeds.want_at_once(1, cluster_id)
    await delivery.send_due()
    delivery.clock.forward(days=1)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["Chip maker opens a plant"]


async def test_waiting_news_is_folded(delivery: Delivery, feeds: Feeds) -> None:
    """With developments that wait too."""
    await delivery.publish_news(*(f"story-{number}" for number in range(3)))
    for number in range(3):
        await feeds.bring(1, f"News {number}")
    delivery.clock.forward(minutes=1)
    await delivery.send_due()
    assert len(delivery.publisher.sent_to(1)) == 1
    assert len(headlines_of(delivery.publisher.sent_to(1)[0])) == 6


async def test_news_with_threads_opens_one(delivery: Delivery, feeds: Feeds) -> None:
    """Under its own post, which counts as a post."""
    await feeds.bring(1, "Chip maker opens a plant", threads=True)
    await delivery.send_due()
    assert [post.post_type for post in delivery.publisher.sent_to(1)] == [PostType.CARD]
    assert len(delivery.publisher.threads) == 1
    assert (await delivery.get_health(1)).sent_count == 1


async def test_the_story_of_news_is_in_the_post(delivery: Delivery, feeds: Feeds) -> None:
    """Also after a merge of the story."""
    await delivery.publish_news("alpha-beta", "gamma-delta")
    cluster_id = await feeds.bring(1, "Chip maker opens a plant", story="alpha-beta")
    await delivery.desk.merge("alpha-beta", "gamma-delta", actor="test")
    await delivery.send_due()
    assert [notice.story_slug for post in delivery.publisher.sent_to(1) for notice in post.feed_notices] == [
        "gamma-delta"
    ]
    await delivery.desk.unmerge("alpha-beta", actor="test")
    await feeds.repeat(cluster_id, "The Gazette")
    await delivery.send_due()
    assert delivery.publisher.edited_posts[-1].feed_notices[0].story_slug == "alpha-beta"


async def test_the_operator_does_not_see_the_news(delivery: Delivery, feeds: Feeds) -> None:
    """A post that is set aside has no headline, if it is of a server's own feed."""
    await feeds.bring(1, "Chip maker opens a plant")
    post, *_ = await delivery.lease()
    async with delivery.store.write() as tx:
        await tx.set_aside_posts.set_aside(post.id, "refused", delivery.clock())
        assert [each.headlines for each in await tx.set_aside_posts.list_oldest(5)] == [()]


async def test_a_server_is_erased_with_its_news(delivery: Delivery, feeds: Feeds, retention: Retention) -> None:
    """And nothing of another server."""
    await feeds.bring(1, "Chip maker opens a plant")
    await feeds.bring(2, "Chip maker opens a plant")
    await delivery.send_due()
    await retention.erase_guild(1)
    assert [feeds.count(name) for name in ("cluster", "cluster_article", "delivery")] == [1, 1, 1]


async def test_old_news_is_erased_when_its_post_is_done(delivery: Delivery, feeds: Feeds) -> None:
    """What waits is kept, however old."""
    await feeds.bring(1, "Chip maker opens a plant")
    await delivery.send_due()
    await feeds.bring(2, "Chip maker closes a plant")
    delivery.clock.forward(days=91)
    async with delivery.store.write() as tx:
        assert await tx.clusters.erase_old(delivery.clock()) == 1
    await delivery.send_due()
    assert delivery.publisher.headlines(2) == ["Chip maker closes a plant"]
    assert await find_inconsistencies(delivery.database) == []
