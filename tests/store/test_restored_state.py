"""After a restore nothing is posted twice: posts are looked for, and what has no post yet is dropped if it was due."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.subscriptions import Subscriptions
from bot.model.article import Article
from bot.model.delivery_settings import DeliveryMode
from bot.model.feed import Feed
from bot.model.follow import Target, TargetKind
from bot.model.follow_settings import FollowSettings
from bot.model.review import Recommendation
from bot.model.tracking import Decision
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.feed_readings import store_articles
from bot.newsroom.parsing import FeedFormat, ParsedFeed
from bot.store import Store, open_store
from bot.store.backups import RestoreReport, back_up_store, restore_store
from bot.store.failures import WorkKind
from tests.engines import SqliteDatabase
from tests.store.delivery import Delivery
from tests.store.material import START, HandClock, channel, draft, event, expecting, news, url_of
from tests.store.publishing import RecordingPublisher

FEED_URL = "https://press.example/feed"
DAILY = FollowSettings(mode=DeliveryMode.DAILY)
REMINDING = FollowSettings(reminders=True)


class Bot:
    """A store that can be backed up and restored while Discord stays as it is."""

    def __init__(self, file: Path, clock: HandClock) -> None:
        self.file = file
        self.backup = file.with_name("backup")
        self.clock = clock
        self.publisher = RecordingPublisher()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Delivery]:
        """Start the bot."""
        bell = asyncio.Event()
        async with open_store(url_of(self.file), clock=self.clock) as store:
            delivery = Delivery(
                SqliteDatabase(self.file),
                store,
                Desk(store, self.clock, on_deliveries=bell.set),
                Subscriptions(store, self.clock),
                DeliverySettingsService(store, self.clock),
                Dispatcher(store, self.publisher, self.clock, bell),
                self.publisher,
                self.clock,
                bell,
            )
            await delivery.recover()
            yield delivery

    async def back_up(self) -> None:
        """Make the backup."""
        await back_up_store(url_of(self.file), self.backup, clock=self.clock, report=lambda _done, _total: None)

    async def restore(self) -> RestoreReport:
        """Restore the backup. The bot must have ended."""
        url = url_of(self.file)
        return await restore_store(url, self.backup, clock=self.clock, report=lambda _done, _total: None)

    async def send(self) -> list[str]:
        """Start the bot, let it send what is due, and return what channel 1 has got."""
        async with self.open() as delivery:
            await delivery.send_due()
        return self.publisher.headlines(1)


@pytest.fixture
def bot(file: Path, empty: bytes, clock: HandClock) -> Bot:
    file.write_bytes(empty)
    return Bot(file, clock)


async def test_sent_posts_stay_sent_and_open_ones_are_searched(bot: Bot) -> None:
    """The search goes back to the newest message that the backup knows."""
    async with bot.open() as delivery:
        await delivery.follow_channel(1)
        await delivery.publish_news("alpha")
        await delivery.send_due()
        await delivery.publish_news("beta")
        await bot.back_up()
        await delivery.send_due()
    assert (await bot.restore()).counts.open_posts == 1
    assert await bot.send() == ["First news of alpha", "First news of beta"]
    (searched,) = bot.publisher.searched_posts
    assert searched.search_after == bot.publisher.message_ids[bot.publisher.sent_posts[0].key]
    async with bot.open() as delivery:
        backlog = await delivery.get_backlog()
    assert (backlog.waiting_count, backlog.sent_count) == (0, 2)


async def test_an_open_post_that_was_never_sent_is_sent(bot: Bot) -> None:
    """Leased when the backup was made, or not yet."""
    async with bot.open() as delivery:
        await delivery.follow_channel(1)
        await delivery.follow_channel(2)
        await delivery.publish_news("alpha")
        await delivery.lease()
        await delivery.publish_news("beta")
        await bot.back_up()
    assert (await bot.restore()).counts.open_posts == 4
    assert await bot.send() == ["First news of alpha", "First news of beta"]
    assert bot.publisher.headlines(2) == ["First news of alpha", "First news of beta"]


async def test_what_the_bot_was_about_to_fold_is_found(bot: Bot) -> None:
    """The message of the first post carried all of it."""
    async with bot.open() as delivery:
        await delivery.follow_channel(1)
        await delivery.publish_news(*[f"story-{number}" for number in range(8)])
        bot.clock.forward(minutes=2)
        await bot.back_up()
        await delivery.send_due()
    before = bot.publisher.headlines(1)
    assert len(before) == 8
    await bot.restore()
    assert await bot.send() == before


async def test_a_digest_that_was_due_since_is_not_repeated(bot: Bot) -> None:
    """It may be lost if the bot was down at its hour: better than twice."""
    async with bot.open() as delivery:
        await delivery.follow_channel(1, settings=DAILY)
        await delivery.publish_news("alpha")
        await bot.back_up()
        bot.clock.forward(days=1)
        await delivery.send_due()
    assert bot.publisher.headlines(1) == ["First news of alpha"]
    assert (await bot.restore()).counts.dropped_notices == 1
    bot.clock.forward(days=1)
    assert await bot.send() == ["First news of alpha"]


async def test_a_digest_of_later_still_comes(bot: Bot) -> None:
    async with bot.open() as delivery:
        await delivery.follow_channel(1, settings=DAILY)
        await delivery.publish_news("alpha")
        await bot.back_up()
    bot.clock.forward(minutes=5)
    assert (await bot.restore()).counts.dropped_notices == 0
    bot.clock.forward(days=1)
    assert await bot.send() == ["First news of alpha"]


@pytest.mark.parametrize(("hour", "headlines"), [(7, ["The closing"]), (12, [])])
async def test_a_reminder_comes_only_if_it_was_not_due(bot: Bot, hour: int, headlines: list[str]) -> None:
    async with bot.open() as delivery:
        await delivery.publish(expecting(draft("alpha-beta"), event("closing", "2026-02-10")))
        await delivery.follow_channel(1, settings=REMINDING)
        await bot.back_up()
    bot.clock.now = datetime(2026, 2, 10, hour, tzinfo=UTC)
    await bot.restore()
    bot.clock.now = datetime(2026, 2, 10, 13, tzinfo=UTC)
    assert await bot.send() == headlines


def article(key: str, published_at: datetime) -> Article:
    return Article(key, f"News of {key}", published_at, "", f"https://press.example/{key}", "The Press")


async def poll(bot: Bot, *articles: Article, undated: tuple[str, ...] = ()) -> tuple[set[str], set[str]]:
    """Read a feed that lists this; return what is news to the desk, and to those who follow the feed."""
    content = ParsedFeed("A", "", FeedFormat.RSS, articles, undated_ids=frozenset(undated))
    async with open_store(url_of(bot.file), clock=bot.clock) as store:
        feed = await _find_feed(store)
        async with store.write() as tx:
            await store_articles(tx, feed, content, bot.clock())
            await tx.feeds.mark_followed_read(feed.id, bot.clock())
            await tx.feeds.save([_mark_read(feed, bot.clock())])
        async with store.read() as tx:
            desk = {each.article.id for each in await tx.articles.list_pending(100)}
            followed = {each.report.article.id for each in await tx.followed_articles.list_pending(100)}
    return desk, followed


def _mark_read(feed: Feed, now: datetime) -> Feed:
    return replace(feed, read_at=now, followed_read_at=now)


async def _find_feed(store: Store) -> Feed:
    async with store.read() as tx:
        feed = await tx.feeds.find_by_url(FEED_URL)
    assert feed is not None
    return feed


@pytest.fixture
async def reading_bot(bot: Bot) -> Bot:
    """Return a bot with a feed of the desk's that a channel follows too, read once and then backed up."""
    async with bot.open() as delivery, delivery.store.write() as tx:
        feed = await tx.feeds.add(FEED_URL, "press.example", bot.clock())
        assert feed is not None
        await tx.follows.save(
            channel(1),
            Target(TargetKind.FEED, str(feed.id)),
            created_by=1,
            settings=FollowSettings(),
            now=bot.clock(),
        )
    assert await poll(bot, article("first", START - timedelta(hours=1))) == (set(), set())
    await bot.back_up()
    return bot


async def test_articles_of_before_the_restore_are_known(reading_bot: Bot) -> None:
    """Whether they were posted since the backup or not; those of after it are news."""
    bot = reading_bot
    bot.clock.forward(hours=6)
    await bot.restore()
    bot.clock.forward(hours=2)
    between, after = article("between", START + timedelta(hours=3)), article("after", START + timedelta(hours=7))
    assert await poll(bot, between, after) == ({"after"}, {"after"})
    bot.clock.forward(hours=2)
    late, newest = article("late", START + timedelta(hours=5)), article("newest", START + timedelta(hours=9))
    assert await poll(bot, between, after, late, newest) == ({"after", "newest"}, {"after", "newest"})


async def test_undated_articles_are_known_at_the_first_reading(reading_bot: Bot) -> None:
    """Nobody can say when they were published; those of the next reading are news."""
    bot = reading_bot
    bot.clock.forward(hours=6)
    await bot.restore()
    bot.clock.forward(hours=2)
    # A date ahead of the clock is read as now.
    undated, ahead = article("undated", bot.clock()), article("ahead", bot.clock())
    assert await poll(bot, undated, ahead, undated=("undated",)) == (set(), set())
    bot.clock.forward(hours=2)
    second = article("second", bot.clock())
    assert await poll(bot, undated, ahead, second, undated=("undated", "second")) == ({"second"}, {"second"})


async def test_the_first_reading_asks_for_the_whole_feed(reading_bot: Bot) -> None:
    """“Unchanged” would leave open what the feed lists."""
    bot = reading_bot
    bot.clock.forward(minutes=5)
    await bot.restore()
    async with open_store(url_of(bot.file)) as store:
        feed = await _find_feed(store)
    assert (feed.etag, feed.last_modified) == ("", "")
    assert feed.next_poll_at <= bot.clock()


async def test_articles_that_waited_in_the_backup_are_known(reading_bot: Bot) -> None:
    bot = reading_bot
    bot.clock.forward(hours=2)
    assert await poll(bot, article("waiting", START + timedelta(hours=1))) == ({"waiting"}, {"waiting"})
    bot.backup.unlink()
    await bot.back_up()
    assert (await bot.restore()).counts.dropped_articles == 2
    assert await poll(bot, article("waiting", START + timedelta(hours=1))) == (set(), set())


async def test_an_article_of_after_the_restore_has_its_own_buttons(reading_bot: Bot) -> None:
    """The desk may press a button of a message that was posted after the backup."""
    bot = reading_bot
    ids = []
    for key in ("lost", "later"):
        bot.clock.forward(hours=2)
        await poll(bot, article(key, bot.clock()))
        async with open_store(url_of(bot.file), clock=bot.clock) as store, store.write() as tx:
            await tx.reviews.add(await tx.articles.get_id(key), key, Recommendation(Decision.NEW_STORY), bot.clock())
            (review,) = await tx.reviews.list_by_event(key)
            ids.append(review.id)
        if key == "lost":
            await bot.restore()
    assert ids[0] != ids[1]
    async with open_store(url_of(bot.file), clock=bot.clock) as store, store.read() as tx:
        assert await tx.reviews.find(ids[0]) is None


async def test_an_automatic_publication_is_announced_once(reading_bot: Bot) -> None:
    """Its message may have been sent since the backup, so it is searched for."""
    bot = reading_bot
    bot.clock.forward(hours=2)
    await poll(bot, article("automatic", bot.clock()))
    async with open_store(url_of(bot.file), clock=bot.clock) as store, store.write() as tx:
        await tx.reviews.add(
            await tx.articles.get_id("automatic"), "event", Recommendation(Decision.NEW_STORY), bot.clock()
        )
        await tx.connection.exec_driver_sql("UPDATE review SET state = 'published', taken = NULL")
    bot.backup.unlink()
    await bot.back_up()
    await bot.restore()
    async with open_store(url_of(bot.file), clock=bot.clock) as store, store.read() as tx:
        (review,) = await tx.reviews.list_by_event("event")
        assert await tx.reviews.list_to_announce(10, bot.clock()) == (review.id,)
    assert review.in_doubt


async def test_a_clock_that_is_behind_makes_nothing_news(reading_bot: Bot) -> None:
    """The messages that the backup knows are dated by Discord."""
    bot = reading_bot
    sent_at = START + timedelta(days=1)
    message_id = (sent_at - datetime(2015, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) << 22
    with contextlib.closing(sqlite3.connect(bot.backup)) as rows, rows:
        rows.execute(
            "INSERT INTO post (key, destination_id, state, created_at, due_at, message_id)"
            " SELECT 'k', min(id), 'sent', '', '', ? FROM destination",
            (message_id,),
        )
    await bot.restore()
    bot.clock.forward(days=2)
    assert await poll(bot, article("before", sent_at - timedelta(hours=1))) == (set(), set())


async def test_what_waits_for_a_person_still_waits(reading_bot: Bot) -> None:
    """An article that was set aside, and one in the review queue, whose message is searched for."""
    bot = reading_bot
    bot.clock.forward(hours=2)
    await poll(bot, article("aside", bot.clock()), article("queued", bot.clock()))
    async with open_store(url_of(bot.file), clock=bot.clock) as store, store.write() as tx:
        aside, queued = await tx.articles.get_id("aside"), await tx.articles.get_id("queued")
        for _ in range(20):
            await tx.failures.begin_attempt(WorkKind.ARTICLE, [aside], bot.clock())
            if await tx.failures.record_failure(WorkKind.ARTICLE, aside, "a bug", bot.clock()):
                break
        await tx.reviews.add(queued, "event", Recommendation(Decision.NEW_STORY), bot.clock())
        await tx.articles.mark_done([queued])
    bot.backup.unlink()
    await bot.back_up()
    await bot.restore()
    async with open_store(url_of(bot.file), clock=bot.clock) as store, store.read() as tx:
        assert [each.article.id for each in await tx.articles.list_pending(10)] == ["aside"]
        (review,) = await tx.reviews.list_by_event("event")
    assert review.in_doubt


async def test_commands_are_registered_again(bot: Bot) -> None:
    """Discord may know those of a newer version."""
    async with bot.open() as delivery, delivery.store.write() as tx:
        await tx.metadata.set_command_digest("global", "of the backup")
    await bot.back_up()
    await bot.restore()
    async with bot.open() as delivery, delivery.store.read() as tx:
        assert await tx.metadata.get_command_digest("global") != "of the backup"


async def test_a_restored_store_can_be_backed_up_and_restored(bot: Bot) -> None:
    async with bot.open() as delivery:
        await delivery.follow_channel(1)
        await delivery.publish(draft("alpha", news("It began")))
    await bot.back_up()
    await bot.restore()
    assert await bot.send() == ["It began"]
    bot.backup.unlink()
    await bot.back_up()
    assert (await bot.restore()).counts.open_posts == 0
    assert await bot.send() == ["It began"]
