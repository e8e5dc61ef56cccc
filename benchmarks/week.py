"""One week of news through the real bot: every mistake is listed, and the desk's clicks are counted.

Run it with ``python -m benchmarks.week [--seed 1] [--embedder none|default] [--articles 2000] [--news ../shared/news]``.

Ten feeds (RSS, Atom and JSON Feed, served on this machine) bring 2,000 articles in fourteen rounds of half a day. Sixty-four
are about twelve running stories, of which some have rested for weeks: new developments, the same in other words by other
publishers, denials, changes of the stage, in four languages. Forty-six are other news about the same companies or the same
kind of event, two stories that begin among them. The rest is labelled news that is no part of the project. Four feeds may
publish alone. ``dealwire run`` is a process with a clock that is put on. An editor on the local Discord decides about every
article in the desk's channel by its label before the next round, so the tracker learns from the decisions. What is right is
labelled by hand, whatever the tracker says.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.clock import TrialClock
from benchmarks.process import start_bot
from benchmarks.week_articles import (
    DAYS,
    LabelledArticle,
    read_noise,
    read_own_articles,
    read_stories,
    write_story_files,
)
from benchmarks.week_editor import Editor
from benchmarks.week_feeds import HOST, WeekFeeds
from benchmarks.week_outcomes import Fate, Ledger
from benchmarks.week_report import Week, print_report
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.review import Review
from bot.store import Store, open_store
from tests.feeds.local import publishing
from tests.local_discord import Channel, LocalDiscord, Permission
from tests.wire.process import Process

NEWS = Path(__file__).parents[2] / "shared" / "news"
ROUNDS = 2 * DAYS
#: How long nothing may come in during a round.
_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.2


@dataclass(slots=True)
class Trial:
    """The week as it goes on."""

    discord: LocalDiscord
    store: Store
    clock: TrialClock
    feeds: WeekFeeds
    editor: Editor
    followers: Channel
    week: Week = field(default_factory=Week)
    _keys: dict[str, str] = field(default_factory=dict)

    async def run(self, *, rounds: int = ROUNDS, verbose: bool = False) -> None:
        """Run the rounds of the week, each half a day long; fewer for a short run."""
        await self._poll()
        for number in range(1, rounds + 1):
            day = number * DAYS / ROUNDS
            # In this order: a feed that is due must not be polled before it lists what is new.
            self.feeds.publish_until(day)
            self.clock.forward_to(self.feeds.start + timedelta(days=day))
            began = time.monotonic()
            await self._poll()
            polled = time.monotonic() - began
            self._keys = self._read_keys()
            arrived = [each for each in self.feeds.articles if day - DAYS / ROUNDS < each.day <= day]
            outcomes = self.editor.ledger.judge_all([(each, await self._find_review(each)) for each in arrived])
            self.week.outcomes += outcomes
            await self._wait_until_posted()
            self.week.record_posts(self.list_posts(), outcomes)
            await self.editor.undo_wrong(
                [each.review for each in outcomes if each.review and each.fate is Fate.PUBLISHED and not each.is_right]
            )
            await self.editor.work()
            if verbose:
                seconds = time.monotonic() - began - polled
                print(
                    f"round {number}: {len(arrived)} articles in {polled:.0f} s, the desk's work {seconds:.0f} s",
                    flush=True,
                )
        await self._wait_until_posted()
        self.week.posts = len(self.list_posts())
        self.week.record_losses(self.editor.ledger)
        self.week.clicks, self.week.failures = self.editor.clicks, self.editor.failures
        self.week.corrections, self.week.undone = self.editor.corrections, self.editor.undone

    def list_posts(self) -> list[str]:
        """Return what stands in the following channel."""
        return [message.text.replace("\\", "") for message in self.discord.messages(self.followers)]

    async def _poll(self) -> None:
        """Let every feed be polled, and return when all that it brought is filed."""
        began = self.clock()
        async with self.store.write() as tx:
            for feed in await tx.feeds.list_all():
                await tx.feeds.set_state(replace(feed, next_poll_at=began))
        moved, before = time.monotonic(), -1
        while True:
            async with self.store.read() as tx:
                feeds = await tx.feeds.list_all()
                waiting = len(await tx.articles.list_pending(5_000))
            open_feeds = [feed for feed in feeds if feed.succeeded_at is None or feed.succeeded_at < began]
            if not waiting and not open_feeds:
                return
            if waiting + len(open_feeds) != before:
                moved, before = time.monotonic(), waiting + len(open_feeds)
            if time.monotonic() - moved > _PATIENCE_SECONDS:
                reasons = ", ".join(sorted({feed.reason for feed in open_feeds}))
                raise SystemExit(f"{waiting} articles and {len(open_feeds)} feeds were not processed: {reasons}")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _find_review(self, article: LabelledArticle) -> Review | None:
        async with self.store.read() as tx:
            return await tx.reviews.find_by_article(self._keys.get(article.id, ""))

    def _read_keys(self) -> dict[str, str]:
        """Return the keys of the stored articles by our ids."""
        with contextlib.closing(sqlite3.connect(Path(self.store.name))) as connection:
            rows = connection.execute("SELECT url, key FROM article").fetchall()
        return {url.rsplit("/", 1)[-1]: key for url, key in rows}

    async def _wait_until_posted(self) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                async with self.store.read() as tx:
                    stats = await tx.outbox.get_stats()
                if not stats.waiting_count:
                    return
                await asyncio.sleep(_PAUSE_SECONDS)


@asynccontextmanager
async def open_trial(folder: Path, articles: list[LabelledArticle], embedder: str) -> AsyncIterator[Trial]:
    """Open a newsroom with the running stories, the ten feeds, and a bot that runs."""
    clock = TrialClock(folder / "clock")
    data = read_stories()
    # The clock is put on with every click, also while others wait for their answers.
    discord = LocalDiscord(openapi=None, record=False, answer_within=120.0, clock=clock.steady, wall=clock.wall)
    async with discord, publishing() as publishers, open_store(f"sqlite:///{folder / 'week.db'}") as store:
        guild = discord.add_guild("Newsroom")
        desk, followers = discord.add_channel(guild, "desk"), discord.add_channel(guild, "news")
        user = discord.add_user("editor")
        discord.add_member(guild, user, [discord.add_role(guild, "editors", Permission.MANAGE_GUILD)])
        feeds = WeekFeeds(publishers, articles, clock())
        environment = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": f"sqlite:///{Path(store.name)}",
            "SEEDS": "",
            "DESK_CHANNEL_ID": str(desk.id),
            "FEED_ALLOW": HOST,
            "EMBEDDINGS": "none" if embedder == "none" else "",
        }
        await _import_stories(folder, data, feeds, environment)
        await Subscriptions(store, clock).follow(
            Destination(DestinationKind.CHANNEL, followers.id, guild.id), EVERYTHING, created_by=user.id
        )
        editor = Editor(discord, store, desk, user, _open_ledger(data, articles), clock)
        feeds.publish_until(0.0)
        bot = start_bot(environment, folder / "bot.log", clock=folder / "clock")
        try:
            await discord.wait_until_ready(120.0)
            await discord.wait_for_commands("desk", guild=guild)
            yield Trial(discord, store, clock, feeds, editor, followers)
        finally:
            await asyncio.to_thread(bot.stop)


async def _import_stories(folder: Path, data: dict[str, Any], feeds: WeekFeeds, environment: dict[str, str]) -> None:
    files = folder / "files"
    files.mkdir()
    write_story_files(files, data, feeds.start)
    (files / "feeds.toml").write_text(feeds.write_feed_file(), encoding="utf-8")
    process = await Process.start("import", str(files), env=environment, cwd=folder)
    ended = await process.wait_for_end()
    if ended.code:
        raise SystemExit(f"The stories could not be imported: {ended.err}")


def _open_ledger(data: dict[str, Any], articles: list[LabelledArticle]) -> Ledger:
    ledger = Ledger({each.id: each for each in articles}, {story["slug"]: story["slug"] for story in data["story"]})
    for story in data["story"]:
        for number in range(1, len(story["development"]) + 1):
            place = story["slug"], f"earlier-{number}"
            ledger.developments[f"{story['slug']}#{number}"] = place
            ledger.news[place] = f"{story['slug']}#{number}"
    return ledger


def choose_articles(count: int, seed: int, news: Path) -> list[LabelledArticle]:
    """Return our own articles, and as many others as bring the total to a number."""
    own = read_own_articles()
    names = [name for each in read_stories()["company"] for name in (each["name"], *each.get("aliases", ()))]
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    noise = read_noise(news, max(0, count - len(own)), chance, names)
    return sorted([*own, *noise], key=lambda each: each.day)


async def run(articles: list[LabelledArticle], embedder: str, folder: Path) -> Week:
    """Run a whole week, and return what became of it."""
    async with open_trial(folder, articles, embedder) as trial:
        await trial.run(verbose=True)
        return trial.week


def main() -> None:
    """Run a week, and print every mistake."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="chooses and dates the other news (1)")
    parser.add_argument("--embedder", choices=("none", "default"), default="default")
    parser.add_argument("--articles", type=int, default=2_000, help="how many in all; 110 are our own (2000)")
    parser.add_argument("--news", type=Path, default=NEWS, help="the folder of the labelled news (../shared/news)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-week-") as folder:
        began = time.monotonic()
        articles = choose_articles(options.articles, options.seed, options.news)
        week = asyncio.run(run(articles, options.embedder, Path(folder)))
        print_report(week)
        print(f"{len(articles)} articles, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
