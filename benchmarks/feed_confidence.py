"""The processor time of finding out what the tracker does alone for a feed, which may happen for each article.

Run it with ``python -m benchmarks.feed_confidence [--feeds 20] [--articles 20000]``. The first of the feeds has so many articles, the
others have 1,000 each; the desk has decided about every second one. Printed are the medians for both.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from bot.clock import utc_now
from bot.model.article import Article
from bot.model.review import Recommendation, ReviewState
from bot.model.tracking import Decision
from bot.newsroom.feed_confidence import find_feed_lines
from bot.store import Store, open_store

_RUNS = 15


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--articles", type=int, default=20_000)
    options = parser.parse_args()
    asyncio.run(_measure([options.articles, *[1_000] * (options.feeds - 1)]))
    return 0


async def _measure(article_counts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(f"sqlite:///{Path(folder, 'feeds.db')}") as store:
            feeds = [(await _fill(store, number, count), count) for number, count in enumerate(article_counts)]
            for feed_id, count in feeds[:2]:
                times = [await _time(store, feed_id) for _ in range(_RUNS)]
                print(f"a feed with {count:,} articles: {median(times) * 1_000:.1f} ms")


async def _fill(store: Store, number: int, count: int) -> int:
    """Add a feed with articles; return its id."""
    now, host = utc_now(), f"feed-{number}.example"
    articles = [
        Article(f"{host}/{n}", f"Alpha signs contract {n}", now, "What they say. " * 60, f"https://{host}/{n}")
        for n in range(count)
    ]
    async with store.write() as tx:
        feed = await tx.feeds.add(f"https://{host}/feed", host, now)
        if feed is None:
            raise AssertionError("the store is new")
        await tx.articles.ingest(feed.id, articles, now, fresh_since=now - timedelta(days=1))
        stored = await tx.articles.list_pending(count)
        for each in stored[::2]:
            recommendation = Recommendation(
                Decision.DEVELOPMENT,
                ("alpha-beta", "gamma-delta"),
                companies=("Alpha",),
                confidence=each.id % 100 / 100,
            )
            await tx.reviews.add(
                each.id,
                each.article.id,
                recommendation,
                now,
                state=ReviewState.PUBLISHED,
                decided_by=f"feed:{feed.id}",
                slug="alpha-beta",
                key=str(each.id),
            )
        await tx.articles.mark_done([each.id for each in stored])
    return feed.id


async def _time(store: Store, feed_id: int) -> float:
    started_at = time.process_time()
    async with store.read() as tx:
        await find_feed_lines(tx, feed_id)
    return time.process_time() - started_at


if __name__ == "__main__":
    sys.exit(main())
