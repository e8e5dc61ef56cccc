"""Delivery under fire: the real bot is killed again and again while it posts and corrects, and everything is counted.

Run it with ``python -m benchmarks.crash [--kills N] [--seed N] [--channels N] [--folder DIR]``.

The bot (``dealwire run``, a process) posts to a local Discord that limits, drops connections before and after it accepts a
request, answers 500 to 504, 520 and 429, and forgets nonces after a second. Meanwhile another process adds developments
and corrects them, locks the database, or the bot's disk is full. The bot is killed with SIGKILL at random moments and at
every step of a post. At the end it runs undisturbed until nothing waits. Then what stands in the channels is held against
what was published: deliveries due, seen, lost (in no message), duplicated (in two), corrections not shown.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import random
import re
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.moments import MOMENTS, Moment
from benchmarks.trial import Trial
from bot.clock import utc_now
from bot.delivery.following import Following
from bot.model.follow import EVERYTHING, Destination, Place
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import Face, StoryDraft
from bot.store import Store, open_store
from tests.wire.local_discord import Limits, LocalDiscord

NAMED = re.compile(r"News (\d{6})(?: version (\d+))?")
DRAIN_SECONDS = 300.0


@dataclass
class Tally:
    """What was found at the end."""

    due: int = 0
    seen: int = 0
    lost: int = 0
    duplicated: int = 0
    outdated: int = 0


async def one_life(trial: Trial, moment: Moment) -> None:
    """Let the bot live until the moment comes, and kill it then."""
    trial.misfortunes()
    came = await moment.play(trial)
    trial.kills[moment.name if came else "at random"] += 1


async def drain(trial: Trial, *, misfortune: bool = False) -> float:
    """Let the bot run, undisturbed unless some ``misfortune`` is planned, until nothing waits; how long that took."""
    if not misfortune:
        trial.discord.faults.clear()
    began = time.monotonic()
    bot = trial.start()
    try:
        while time.monotonic() - began < DRAIN_SECONDS:
            async with trial.store.read() as session:
                backlog = await session.outbox.backlog()
            if not backlog.waiting and not backlog.corrections:
                return time.monotonic() - began
            await asyncio.sleep(0.25)
            if not bot.alive:
                raise SystemExit(f"The bot ended by itself; see {trial.log}.")
    finally:
        bot.stop()
    raise SystemExit(f"The outbox was not empty after {DRAIN_SECONDS:.0f} s; see {trial.log}.")


def count(trial: Trial) -> Tally:
    """Hold what stands in the channels against what was published."""
    tally = Tally()
    for channel in trial.channels:
        seen: collections.Counter[int] = collections.Counter()
        shown: dict[int, int] = {}
        for message in trial.discord.messages(channel):
            for number, version in set(NAMED.findall(message.text)):
                seen[int(number)] += 1
                shown[int(number)] = int(version or 0)
        tally.due += len(trial.versions)
        tally.seen += len(seen)
        tally.lost += sum(number not in seen for number in trial.versions)
        tally.duplicated += sum(times > 1 for times in seen.values())
        tally.outdated += sum(shown.get(n, v) != v for n, v in trial.versions.items())
    return tally


async def run(kills: int, seed: int, channels: int, folder: Path, *, verbose: bool = True) -> tuple[Trial, Tally]:
    """A whole trial."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    async with (
        LocalDiscord(openapi=None, record=False, nonce_memory=1.0, limits=Limits(per_second=50)) as discord,
        open_store(f"sqlite:///{folder / 'crash.db'}") as store,
    ):
        trial = await set_up(discord, store, chance, channels, folder)
        began = time.monotonic()
        for number in range(1, kills + 1):
            await one_life(trial, chance.choice(MOMENTS))
            if verbose and number % 50 == 0:
                print(
                    f"{number} kills, {len(trial.versions)} developments, {time.monotonic() - began:.0f} s", flush=True
                )
        drained = await drain(trial)
        tally = count(trial)
        if verbose:
            await report(trial, tally, drained)
        return trial, tally


async def set_up(discord: LocalDiscord, store: Store, chance: random.Random, channels: int, folder: Path) -> Trial:
    """A server with channels that follow everything, and the story that the trial tells of."""
    guild = discord.add_guild("Trial")
    places = [discord.add_channel(guild, f"news-{number}") for number in range(channels)]
    desk = Desk(store, utc_now)
    await desk.publish(StoryDraft("trial", Face("A trial", "A trial.", Kind.MERGER)), actor="trial", announce=False)
    following = Following(store, utc_now)
    for place in places:
        await following.follow(Destination(Place.CHANNEL, place.id, guild.id), EVERYTHING, by=guild.owner.id)
    environment = {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{store.path}",
        "SEEDS": "",
        "LOG_LEVEL": "INFO",
    }
    return Trial(store, desk, discord, chance, list(places), environment, folder / "bot.log")


async def report(trial: Trial, tally: Tally, drained: float) -> None:
    """Print the figures."""
    async with trial.store.read() as session:
        backlog = await session.outbox.backlog()
    print(f"SQLite {sqlite3.sqlite_version}; kills: {sum(trial.kills.values())}")
    for moment, times in sorted(trial.kills.items()):
        print(f"  {moment:45} {times:6}")
    corrections = sum(trial.versions.values())
    print(f"developments {len(trial.versions)}, channels {len(trial.channels)}, corrections {corrections}")
    print(f"deliveries due {tally.due}, seen {tally.seen}, LOST {tally.lost}, DUPLICATED {tally.duplicated}")
    print(f"corrections not shown {tally.outdated}; sent again unseen {backlog.unsettled}; failed {backlog.failed}")
    print(f"identifies {trial.discord.identifies}; the last run drained in {drained:.1f} s")


def main() -> int:
    """0 when nothing was lost, duplicated or left outdated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--channels", type=int, default=6)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-crash-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _, tally = asyncio.run(run(options.kills, options.seed, options.channels, folder))
    return int(bool(tally.lost or tally.duplicated or tally.outdated))


if __name__ == "__main__":
    raise SystemExit(main())
