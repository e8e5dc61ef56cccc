"""Publishers whose feeds a scene's people follow: what they list, and how it gets into the channels."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

import discord
from simcord.builders import ChannelHandle

from bot.model.feed import Feed
from bot.newsroom.feed_news import FeedNews
from bot.newsroom.feeds.poller import Poller
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.platforms.discord.unqueued_messages import FeedNotifier
from tests.discord.seen import parts
from tests.discord.stage import Scene, Stage
from tests.feeds.local import Publishers, publishing

_ITEM = "<item><title>{}</title><link>{}</link><description>{}</description><pubDate>{}</pubDate></item>"
_RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>{}</title>{}</channel></rss>'
LEAD = "What the article says below its headline, which nobody but its publisher shows."


@dataclass(slots=True)
class Kiosk:
    """The publishers of a scene. Each lists the newest article first; the oldest one is there from the beginning."""

    scene: Scene
    publishers: Publishers
    items: dict[str, list[str]] = field(default_factory=dict)

    def open(self, path: str, title: str) -> str:
        """Let a publisher have a feed with one old article; return its address."""
        self.items[path] = []
        self.bring(path, title, f"Old news of {title}")
        return self.publishers.url(path, "127.0.0.1")

    def bring(self, path: str, publisher: str, title: str, *, link: str = "", at: datetime | None = None) -> None:
        """Let a publisher list another article."""
        when = at or self.scene.container.services.clock() - timedelta(minutes=1)
        address = link or f"http://127.0.0.1/{path.strip('/')}/{len(self.items[path])}"
        item = _ITEM.format(escape(title), escape(address), LEAD, format_datetime(when))
        self.items[path].insert(0, item)
        body = _RSS.format(escape(publisher), "".join(self.items[path]))
        self.publishers.says(path, body, headers={"Content-Type": "application/rss+xml"})

    async def pass_time(self, **time: float) -> None:
        """Let hours pass, poll what is due, and send the posts."""
        scene, services = self.scene, self.scene.container.services
        scene.env.backend.advance_clock(timedelta(**(time or {"hours": 2})).total_seconds())
        fetcher, parser = await services.feed_tools.open_tools()
        poller = Poller(
            services.store,
            fetcher,
            parser,
            services.clock,
            scene.container.poller_wakeup,
            on_broken=_ignore,
            on_given_up=FeedNotifier(scene.client).report_given_up,
            per_second=0,
        )
        await poller.run_once()
        news = FeedNews(services.store, PersistentTracker(services.store, services.clock, lambda: None), services.clock)
        while await news.run_once():
            pass
        await scene.send_posts()

    def posts(self, channel: ChannelHandle | None = None) -> list[discord.Message]:
        """Return the posts of articles in a channel, #deals by default."""
        return [m for m in self.scene.own(channel) if any("dw:wrong:" in str(p.get("custom_id")) for p in parts(m))]


async def _ignore(_feed: Feed) -> None:
    """Tell nobody."""


@contextlib.asynccontextmanager
async def open_kiosk(stage: Stage, **settings: Any) -> AsyncIterator[Kiosk]:
    """Open a scene with publishers on this machine, and without the starter collection's own feeds."""
    async with publishing() as publishers, stage.open(FEED_ALLOW="127.0.0.1", **settings) as scene:
        async with scene.container.services.store.write() as tx:
            for feed in await tx.feeds.list_all():
                await tx.feeds.remove(feed.id)
        yield Kiosk(scene, publishers)
