"""A channel of the demo that follows the feeds of this machine, so that posts arrive by themselves."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from bot.container import Container
from bot.demo.publishers import CitedHeadline, ReplayPublishers
from bot.errors import DealwireError
from bot.model.follow import Destination
from bot.model.follow_settings import FollowSettings
from bot.newsroom.feed_news import FeedNews
from bot.newsroom.feeds.feed_readings import store_lookup
from bot.services import Services
from bot.store import Store

log = logging.getLogger(__name__)


async def load_cited_headlines(store: Store) -> list[CitedHeadline]:
    """Return the titles of the articles that the stories cite, each once."""
    headlines: dict[str, CitedHeadline] = {}
    async with store.read() as tx:
        for slug in await tx.stories.list_slugs():
            story = await tx.stories.get(slug)
            for source in (source for development in story.developments for source in development.sources):
                if source.title:
                    headlines.setdefault(source.title, CitedHeadline(source.title, source.publisher))
    return list(headlines.values())


async def follow_feeds(
    services: Services, destination: Destination, publishers: ReplayPublishers, user_id: int
) -> None:
    """Let a channel follow each feed, as a server's manager would."""
    for url in publishers.feed_urls:
        lookup = await services.followed_feeds.look_up(url)
        await services.followed_feeds.follow(destination, lookup, created_by=user_id, settings=FollowSettings())


async def run_feeds(container: Container, publishers: ReplayPublishers) -> None:
    """Replay the headlines and post them, for ever. The poller would read a feed once an hour; here each headline is read at once."""
    services = container.services
    news = FeedNews(
        services.store, container.open_judge(), services.clock, on_deliveries=container.dispatcher_wakeup.set
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(news.run())
        group.create_task(publishers.replay(partial(read_feed, services)))


async def read_feed(services: Services, url: str) -> None:
    """Read a feed as a poll would; what is new is given out by the next step of the feed news."""
    try:
        lookup = await services.followed_feeds.look_up(url)
        async with services.store.write() as tx:
            feed = await tx.feeds.find_by_url(url)
            if feed is not None:
                await store_lookup(tx, feed, lookup, services.clock())
    except DealwireError as exc:
        # The next headline brings this one too.
        log.warning("The demo's feed %s could not be read: %s", url, exc)
