"""All of it together, as the bot opens it: real settings, the real reader, a publisher that gains an article."""

from __future__ import annotations

import asyncio
import re
from email.utils import format_datetime
from pathlib import Path

from bot.container import Container, open_container
from bot.model.feed import StoredArticle
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.poller import Poller
from bot.settings import load_settings
from tests.feeds.local import Publishers
from tests.feeds.polls import RecordingDesk
from tests.store.material import START, HandClock

ITEM = "<item><title>{title}</title><link>https://acme.example/{title}</link><pubDate>{date}</pubDate></item>"


def rss(*titles: str) -> str:
    items = "".join(ITEM.format(title=title, date=format_datetime(START)) for title in titles)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Acme Wire</title>{items}</channel></rss>'


async def pending(container: Container) -> tuple[StoredArticle, ...]:
    async with container.services.store.read() as tx:
        return await tx.articles.list_pending(10)


async def test_an_article_that_a_feed_gains_waits_to_be_tracked(
    publishers: Publishers, tmp_path: Path, clock: HandClock
) -> None:
    """Of a feed that rings when it is added, over a restart."""
    database = f"sqlite:///{tmp_path / 'dealwire.db'}"
    settings = load_settings({"DATABASE_URL": database, "SEEDS": "", "FEED_ALLOW": "127.0.0.1"})
    address = publishers.url("/feed", "127.0.0.1")
    for titles in (["Old-plant"], ["New-plant", "Old-plant"]):
        publishers.says("/feed", rss(*titles), headers={"Content-Type": "application/rss+xml"})
        async with open_container(settings, clock=clock) as container:
            fetcher, reader = await container.services.feed_tools.open_tools()
            store = container.services.store
            poller = Poller(store, fetcher, reader, clock, container.poller_wakeup, on_broken=RecordingDesk())
            await container.services.feed_subscriptions.import_feeds([FeedDraft(address)], by="test")
            running = asyncio.create_task(poller.run())
            async with asyncio.timeout(30.0):
                while (
                    not (listed := (await container.services.feed_subscriptions.list_summaries())[0]).feed.next_poll_at
                    > clock()
                ):
                    await asyncio.sleep(0)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            waiting = await pending(container)
        clock.forward(hours=2)
    assert (listed.feed.title, listed.article_count) == ("Acme Wire", 2)
    [arrival] = waiting
    assert (arrival.article.title, arrival.article.published_at) == ("New-plant", START)
    assert re.fullmatch(r"https://acme\.example/New-plant", arrival.article.url)
