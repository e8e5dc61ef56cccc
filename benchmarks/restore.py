"""The restore drill: the real bot is killed at random, an earlier backup is restored, and every post is counted.

Run it with ``python -m benchmarks.restore [--rounds N] [--seed N] [--channels N] [--folder DIR]``.

In each round the bot (``dealwire run``, a process) posts to a local Discord that limits, drops connections and forgets nonces
after a second. Another process publishes developments all the time, and backups are made while both write. The bot is killed
with SIGKILL at a random moment, one of the backups is restored, and the bot runs until nothing waits. Then what the backup
records is held against what stands in the channels. A post that it records as sent must stand there once; so must one that
was open in it, which may have been sent after it. What was published after the backup is gone from the store, as the
documentation says, and is not counted. News goes to channels, digests, under a cap, to threads, a forum and announcements.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.clock import TrialClock
from benchmarks.crash import drain, local_discord, set_up
from benchmarks.places import CROWD_SLUG, Sort, shown
from benchmarks.trial import Trial
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, StoryHeader, parse_development
from bot.store import open_store
from bot.store.backups import back_up_store, restore_store
from tests.local_discord import LocalDiscord

#: How long the bot lives, in seconds, and how often its store is backed up meanwhile.
LIFE_SECONDS = (2.0, 7.0)
BACKUP_SECONDS = 0.4
PUBLISH_SECONDS = 0.04
_NUMBER = re.compile(r"News (\d{6})")

#: A development in one place: the id of the channel, and the number of the development.
Item = tuple[int, int]


@dataclass
class Tally:
    """What was found: how many items a backup recorded as sent or as open, and what became of them."""

    rounds: int = 0
    backups: int = 0
    published: int = 0
    sent: int = 0
    sent_lost: int = 0
    sent_duplicated: int = 0
    possibly_sent: int = 0
    arrived_before: int = 0
    possibly_lost: int = 0
    possibly_duplicated: collections.Counter[str] = field(default_factory=collections.Counter)
    keys_duplicated: int = 0

    @property
    def faults(self) -> int:
        """All that must not be."""
        return self.sent_lost + self.sent_duplicated + self.possibly_lost + self.keys_duplicated


@dataclass
class Drill:
    """The drill's trial, its store's address, and the folder of its backups."""

    trial: Trial
    url: str
    folder: Path
    tally: Tally = field(default_factory=Tally)
    number: int = 0

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Open the store for the trial."""
        async with open_store(self.url, clock=self.trial.clock) as store:
            self.trial.store, self.trial.desk = store, Desk(store, self.trial.clock)
            yield

    async def publish(self) -> None:
        """Publish one development, in a new story now and then."""
        async with self.trial.store.read() as tx:
            slugs = [slug for slug in await tx.stories.list_slugs() if slug != CROWD_SLUG]
        self.number += 1
        is_new = not slugs or self.trial.chance.random() < 0.2
        slug = f"trial-{self.number:04d}" if is_new else self.trial.chance.choice(slugs[-5:])
        fields = {
            "id": f"n{self.number}",
            "date": "2025-08",
            "headline": f"News {self.number:06d}",
            "claim": "reported",
        }
        face = StoryHeader(f"Trial {self.number:04d}", "A trial.", Kind.MERGER) if is_new else None
        draft = StoryDraft(slug, face, (parse_development(fields, "", Kind.MERGER),))
        await self.trial.desk.publish(draft, actor="drill")
        self.tally.published += 1


async def play_round(drill: Drill) -> None:
    """Let the bot live and die, restore a backup, let the bot finish, and count."""
    trial, chance = drill.trial, drill.trial.chance
    async with drill.open():
        trial.misfortunes()
        bot = trial.start()
        backups = [drill.folder / f"{drill.tally.rounds}-first.db"]
        await _back_up(drill, backups[0])
        life = asyncio.get_running_loop().time() + chance.uniform(*LIFE_SECONDS)
        tasks = [asyncio.create_task(_publish_for_ever(drill)), asyncio.create_task(_back_up_for_ever(drill, backups))]
        await asyncio.wait(tasks, timeout=life - asyncio.get_running_loop().time(), return_when=asyncio.FIRST_COMPLETED)
        bot.kill()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
    whole_backups = [path for path in backups if path.exists()]
    chosen = chance.choice(whole_backups)
    sent, possible = read_items(chosen)
    before = count_items(trial)
    report = await restore_store(drill.url, chosen, clock=trial.clock, report=lambda _done, _total: None)
    if report.former is not None:
        report.former.unlink()
    async with drill.open():
        await drain(trial)
    _tally(drill, sent, possible, before)
    drill.tally.rounds += 1
    drill.tally.backups += len(whole_backups)
    for path in whole_backups:
        path.unlink()


async def _publish_for_ever(drill: Drill) -> None:
    while True:
        await drill.publish()
        await asyncio.sleep(PUBLISH_SECONDS * drill.trial.chance.random() * 2)


async def _back_up_for_ever(drill: Drill, backups: list[Path]) -> None:
    while True:
        await asyncio.sleep(BACKUP_SECONDS)
        path = drill.folder / f"{drill.tally.rounds}-{len(backups)}.db"
        backups.append(path)
        await _back_up(drill, path)


async def _back_up(drill: Drill, path: Path) -> None:
    await back_up_store(drill.url, path, clock=drill.trial.clock, report=lambda _done, _total: None)


def read_items(backup: Path) -> tuple[set[Item], set[Item]]:
    """Return what a backup records as sent, and what it holds in posts that are open."""
    query = """SELECT post.state, destination.discord_id, development.headline FROM delivery
               JOIN post ON post.id = delivery.post_id JOIN destination ON destination.id = delivery.destination_id
               JOIN development ON development.id = delivery.development_id"""
    items: dict[bool, set[Item]] = {True: set(), False: set()}
    with contextlib.closing(sqlite3.connect(f"file:{backup}?mode=ro&immutable=1", uri=True)) as rows:
        for state, channel_id, headline in rows.execute(query):
            match = _NUMBER.match(headline)
            if match:
                items[state in ("sent", "published")].add((channel_id, int(match[1])))
    return items[True], items[False]


def count_items(trial: Trial) -> collections.Counter[Item]:
    """Count in how many messages of each place each development stands."""
    counts: collections.Counter[Item] = collections.Counter()
    for spot in trial.spots:
        if spot.sort is not Sort.COPIES:
            for message in spot.posts(trial.discord):
                counts.update((spot.channel.id, number) for number, _ in shown(message))
    return counts


def _find_repeated_keys(discord: LocalDiscord, trial: Trial) -> Iterator[str]:
    keys: collections.Counter[str] = collections.Counter()
    for spot in trial.spots:
        if spot.sort is not Sort.COPIES:
            for message in [*spot.posts(discord), *spot.cards(discord)]:
                keys.update(
                    {match[0] for each in message.custom_ids if (match := re.search(r"\b[0-9a-f]{16}\b", each))}
                )
    yield from (key for key, count in keys.items() if count > 1)


def _tally(drill: Drill, sent: set[Item], possible: set[Item], before: collections.Counter[Item]) -> None:
    tally, counts = drill.tally, count_items(drill.trial)
    sorts = {spot.channel.id: spot.sort.value for spot in drill.trial.spots}
    tally.sent += len(sent)
    tally.possibly_sent += len(possible)
    tally.arrived_before += sum(bool(before[item]) for item in possible)
    for item in sorted(sent | possible):
        if counts[item] == 1:
            continue
        word = "sent" if item in sent else "possibly sent"
        print(f"{sorts[item[0]]}: news {item[1]}, {word} in the backup, stands {counts[item]} times", flush=True)
        if item in sent:
            tally.sent_lost += not counts[item]
            tally.sent_duplicated += counts[item] > 1
        else:
            tally.possibly_lost += not counts[item]
            if counts[item] > 1:
                tally.possibly_duplicated[sorts[item[0]]] += 1
    tally.keys_duplicated = sum(1 for _ in _find_repeated_keys(drill.trial.discord, drill.trial))


async def run(rounds: int, seed: int, channels: int, folder: Path, *, each: bool = True, verbose: bool = True) -> Tally:
    """Run a whole drill."""
    chance, clock = random.Random(seed), TrialClock(folder / "clock")  # noqa: S311 - repeatable, not secret
    url = f"sqlite:///{folder / 'drill.db'}"
    async with local_discord(clock, nonce_memory=1.0) as discord:
        async with open_store(url, clock=clock) as store:
            trial = await set_up(discord, store, chance, channels, folder, each=each)
        drill = Drill(trial, url, folder)
        began = time.monotonic()
        for number in range(1, rounds + 1):
            await play_round(drill)
            if verbose:
                print(
                    f"round {number}, {time.monotonic() - began:.0f} s: {drill.tally.published} published", flush=True
                )
    return drill.tally


def report(tally: Tally) -> None:
    """Print the figures."""
    print(
        f"SQLite {sqlite3.sqlite_version}; rounds {tally.rounds}, backups {tally.backups}, published {tally.published}"
    )
    print(
        f"recorded as sent {tally.sent}: LOST {tally.sent_lost}, DUPLICATED {tally.sent_duplicated}; "
        f"keys in two messages {tally.keys_duplicated}"
    )
    duplicated = ", ".join(f"{sort} {count}" for sort, count in sorted(tally.possibly_duplicated.items())) or 0
    print(
        f"possibly sent {tally.possibly_sent}, of which {tally.arrived_before} had arrived: lost {tally.possibly_lost}, "
        f"duplicated {duplicated}"
    )


def main() -> int:
    """0 if nothing that a backup records was lost, and nothing that it records as sent was duplicated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--channels", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-restore-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        tally = asyncio.run(run(options.rounds, options.seed, options.channels, folder))
    report(tally)
    return int(bool(tally.faults))


if __name__ == "__main__":
    raise SystemExit(main())
