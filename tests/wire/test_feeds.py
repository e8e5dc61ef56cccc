"""The real process with real feeds: ten re-reports are one post, the first poll of a full feed is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.clock import utc_now
from bot.model.feed import FeedState
from bot.store import Store, open_store
from tests.feeds.local import Publishers, publishing
from tests.wire.newsroom import Newsroom

OLD = 500
RE_REPORTS = 10
SIGNED = "Nissan and Foxconn sign a contract to build electric vehicles at the Oppama plant"
AGAIN = (
    "Nissan and Foxconn sign contract to build electric vehicles at the Oppama plant",
    "Nissan, Foxconn sign a contract to build electric vehicles at Oppama plant",
    "Foxconn and Nissan sign a contract to build electric vehicles at the Oppama plant",
    "Nissan and Foxconn sign a contract to build electric vehicles at Oppama",
    "Contract signed: Nissan and Foxconn to build electric vehicles at the Oppama plant",
)
LEAD = (
    "Nissan Motor and Foxconn have signed a binding contract under which Foxconn will build electric vehicles at Nissan's "
    "Oppama plant in Yokosuka, the two companies said on Monday."
)
ITEM = (
    "<item><title>{0}</title><link>http://press-{1}.example/{2}</link><description>{3}</description>"
    "<pubDate>{4}</pubDate></item>"
)


def rss(number: int, *items: tuple[str, str, datetime]) -> str:
    listed = "".join(
        ITEM.format(title, number, title.replace(" ", "-"), lead, format_datetime(when)) for title, lead, when in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press {number}</title>{listed}</channel></rss>'


@pytest.fixture
async def publishers() -> AsyncIterator[Publishers]:
    async with publishing() as here:
        yield here


def says(publishers: Publishers, number: int, *items: tuple[str, str, datetime]) -> None:
    publishers.says(f"/feed-{number}", rss(number, *items), headers={"Content-Type": "application/rss+xml"})


async def poll_now(newsroom: Newsroom, store: Store) -> None:
    """Let every feed be due, and return when each has been polled; each look is one question to the bot.

    On a busy machine a poll or an article can fail and be tried again a minute later.
    """
    began = utc_now()
    async with store.write() as tx:
        for feed in await tx.feeds.list_all():
            await tx.feeds.set_state(replace(feed, next_poll_at=began))
    async with asyncio.timeout(300):
        while True:
            async with store.read() as tx:
                feeds = await tx.feeds.list_all()
                waiting = await tx.articles.list_pending(1)
            active = [feed for feed in feeds if feed.state is FeedState.ACTIVE]
            if not waiting and all(feed.succeeded_at and feed.succeeded_at >= began for feed in active):
                return
            await newsroom.slash("status")


async def test_ten_re_reports_are_one_post_that_gains_sources(newsroom: Newsroom, publishers: Publishers) -> None:
    """Restarts in the middle change nothing; nor do 500 old items of a feed that is new."""
    env = {"FEED_ALLOW": "127.0.0.1"}
    now = datetime.now(UTC) - timedelta(minutes=30)
    old = [(f"Old news {number}", "It was long ago.", now - timedelta(hours=number)) for number in range(OLD)]
    for number in range(RE_REPORTS + 1):
        says(publishers, number, *(old if number == 0 else old[:1]))
    listed = [publishers.url(f"/feed-{number}", "127.0.0.1") for number in range(RE_REPORTS + 1)]
    file = newsroom.folder / "feeds.toml"
    file.write_text("".join(f'[[feed]]\nurl = "{url}"\ntitle = "Press"\ntrust = "auto"\n' for url in listed))
    ended = await newsroom.command("import", str(file), **env)
    assert ended.code == 0, ended.err
    bot = await newsroom.bot(**env)
    await newsroom.follow("nissan", newsroom.news)
    async with open_store(f"sqlite:///{newsroom.database}") as store:
        async with store.write() as tx:
            # The starter collection's own are on the internet.
            for feed in await tx.feeds.list_all():
                if "127.0.0.1" not in feed.url:
                    await tx.feeds.set_state(replace(feed, state=FeedState.PAUSED))
        await poll_now(newsroom, store)
        says(publishers, 0, (SIGNED, LEAD, now), *old)
        await poll_now(newsroom, store)
        post = await newsroom.wait_for_post(newsroom.news, SIGNED)
        for numbers in (range(1, 3), range(3, 6), range(6, RE_REPORTS + 1)):
            for number in numbers:
                says(publishers, number, (AGAIN[number % len(AGAIN)], LEAD, now + timedelta(minutes=number)))
            await poll_now(newsroom, store)
            await bot.stop()
            bot = await newsroom.bot(**env)
        async with store.read() as tx:
            story = await tx.stories.find("nissan-foxconn-oppama")
        assert story is not None
        (development,) = [d for d in story.developments if d.headline.startswith(SIGNED)]
        assert len({source.publisher for source in development.sources}) == RE_REPORTS + 1
    await newsroom.wait_until_all_sent()
    assert len(newsroom.posts(newsroom.news, SIGNED)) == 1
    assert newsroom.posts(newsroom.news, "Old news") == []
    await newsroom.here.until(lambda: "+8 more sources" in post.text, 20.0, "a post that shows its sources")
