"""Delivery under fire: the real bot is killed again and again while it posts and corrects, and everything is counted.

Run it with ``python -m benchmarks.crash [--kills N] [--seed N] [--channels N] [--folder DIR]``.

The bot (``dealwire run``, a process) posts to a local Discord that limits, drops connections before and after it accepts a
request, answers 500 to 504, 520 and 429, and forgets nonces after a second; proxies and Cloudflare answer in its place, with
pages, with nothing, and for all channels at once; and 32 requests hang while others are answered. News arrives in channels, as daily digests,
under a cap and in quiet hours, in a thread or a forum's post for each story, and in an announcement channel, where it is
published to another. Meanwhile another process adds developments, corrects them and renames stories, locks the database, or
the bot's disk is full; hours go by at once, the clock of the bot's machine jumps in both directions, stories are merged and
merges undone, threads are archived, locked, deleted, and followed in before the bot knows of them. The bot is killed with SIGKILL at random
moments and at every step of a post. At the end it runs undisturbed until nothing waits. Then what stands in the channels is
held against what was published: see :mod:`benchmarks.counting`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.clock import TrialClock
from benchmarks.counting import Tally, count
from benchmarks.moments import MOMENTS, Moment
from benchmarks.moments_of_changes import MOMENTS_OF_CHANGES
from benchmarks.moments_of_stories import MOMENTS_OF_STORIES
from benchmarks.moments_of_trouble import MOMENTS_OF_TROUBLE
from benchmarks.places import set_up_crowd, set_up_spots
from benchmarks.trial import Trial
from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.subscriptions import Subscriptions
from bot.newsroom.desk import Desk
from bot.store import OutboxStats, Store, open_store
from tests.local_discord import Limits, LocalDiscord

ALL_MOMENTS = (*MOMENTS, *MOMENTS_OF_STORIES, *MOMENTS_OF_CHANGES, *MOMENTS_OF_TROUBLE)
DRAIN_SECONDS = 600.0
#: When nothing has moved for so long, what is left waits for a later hour.
STILL_SECONDS = 1.5


async def one_life(trial: Trial, moment: Moment) -> None:
    """Let the bot live until the moment comes, and kill it then."""
    trial.misfortunes()
    trial.pass_time()
    if trial.chance.random() < 0.3:
        trial.unlock_threads()
    came = await moment.play(trial)
    trial.kills[moment.name if came else "at random"] += 1


async def drain(trial: Trial, *, misfortune: bool = False) -> float:
    """Let the bot run, undisturbed unless some ``misfortune`` is planned, until nothing waits; how long that took."""
    if not misfortune:
        trial.discord.faults.clear()
    trial.clock.put_right()
    trial.unlock_threads()
    began = moved = time.monotonic()
    before: OutboxStats | None = None
    trial.to_digest()
    bot = trial.start()
    try:
        while time.monotonic() - began < DRAIN_SECONDS:
            async with trial.store.read() as tx:
                backlog = await tx.outbox.get_stats()
            if not (
                backlog.waiting_count
                or backlog.correction_count
                or backlog.digest_item_count
                or backlog.unpublished_count
            ):
                return time.monotonic() - began
            if backlog != before:
                before, moved = backlog, time.monotonic()
            if time.monotonic() - moved > STILL_SECONDS:
                trial.clock.forward(minutes=61)
                moved = time.monotonic()
            await asyncio.sleep(0.1)
            if not bot.alive:
                raise SystemExit(f"The bot ended by itself; see {trial.log}.")
    finally:
        bot.stop()
    raise SystemExit(f"The outbox was not empty after {DRAIN_SECONDS:.0f} s: {before}; see {trial.log}.")


async def run(kills: int, seed: int, channels: int, folder: Path, *, verbose: bool = True) -> tuple[Trial, Tally]:
    """Run a whole trial."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    clock = TrialClock(folder / "clock")
    async with (
        local_discord(clock, nonce_memory=1.0) as discord,
        open_store(f"sqlite:///{folder / 'crash.db'}") as store,
    ):
        trial = await set_up(discord, store, chance, channels, folder)
        began = time.monotonic()
        moments = [chance.choice(ALL_MOMENTS) for _ in range(kills)] if kills > len(ALL_MOMENTS) else ALL_MOMENTS
        for number, moment in enumerate(moments, start=1):
            await one_life(trial, moment)
            if verbose and number % 50 == 0:
                print(
                    f"{number} kills, {len(trial.versions)} developments, {time.monotonic() - began:.0f} s", flush=True
                )
        drained = await drain(trial)
        tally = await count(trial)
        if verbose:
            await report(trial, tally, drained)
        return trial, tally


def local_discord(clock: TrialClock, *, nonce_memory: float) -> LocalDiscord:
    """Return a Discord with rate limits that uses the trial's clock."""
    return LocalDiscord(
        openapi=None,
        record=False,
        # A trial may kill the bot more often than Discord lets it start.
        session_starts=1_000_000,
        nonce_memory=nonce_memory,
        limits=Limits(per_second=50),
        clock=clock.steady,
        wall=clock.wall,
    )


async def set_up(
    discord: LocalDiscord, store: Store, chance: random.Random, channels: int, folder: Path, *, each: bool = True
) -> Trial:
    """Set up a server with channels that follow everything, and with ``each`` all other sorts of places for it."""
    clock = TrialClock(folder / "clock")
    spots = await set_up_spots(
        discord, Subscriptions(store, clock), DeliverySettingsService(store, clock), channels, each=each
    )
    environment = {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{Path(store.name)}",
        "SEEDS": "",
        "LOG_LEVEL": "INFO",
    }
    trial = Trial(
        store=store,
        desk=Desk(store, clock),
        discord=discord,
        clock=clock,
        clock_file=folder / "clock",
        chance=chance,
        spots=spots,
        environment=environment,
        log=folder / "bot.log",
    )
    if each:
        await trial.tell_crowd(announce=False)
        trial.crowd = await set_up_crowd(discord, Subscriptions(store, clock))
    return trial


async def report(trial: Trial, tally: Tally, drained: float) -> None:
    """Print the figures."""
    async with trial.store.read() as tx:
        backlog = await tx.outbox.get_stats()
    print(f"SQLite {sqlite3.sqlite_version}; kills: {sum(trial.kills.values())}")
    for moment, times in sorted(trial.kills.items()):
        print(f"  {moment:60} {times:6}")
    corrections = sum(trial.versions.values())
    print(
        f"developments {len(trial.versions)} in {len(trial.tales)} stories, corrections {corrections}, "
        f"retractions {len(trial.retracted)}"
    )
    print(f"places: {', '.join(spot.sort.value for spot in trial.spots)}; threads deleted {trial.bereft.total()}")
    print(f"stories merged {trial.merges}, threads locked {trial.locks}")
    print(f"deliveries due {tally.due}, seen {tally.seen}, LOST {tally.lost}, DUPLICATED {tally.duplicated}")
    print(
        f"corrections not shown {tally.outdated}; sent again unseen {backlog.doubtful_count}; failed {backlog.failed_count}"
    )
    print(f"cards {tally.cards}, TWICE {tally.cards_twice}, outdated {tally.cards_outdated}")
    print(f"not published, or not once {tally.unpublished}")
    print(f"identifies {trial.discord.identifies}; the last run drained in {drained:.1f} s")


def main() -> int:
    """0 when nothing was lost, duplicated, left outdated or unpublished."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--channels", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-crash-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _, tally = asyncio.run(run(options.kills, options.seed, options.channels, folder))
    return int(bool(tally.faults))


if __name__ == "__main__":
    raise SystemExit(main())
