"""When the bot is killed: at any moment, and at every step of a post and of a correction."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import ClassVar

from filelock import FileLock

from benchmarks.trial import Trial
from tests.local_discord import Fault

#: How long a moment is waited for: a post may have to wait for its turn, a start takes its time.
PATIENCE = 6.0
POST = ("POST", "/channels/*/messages")
EDIT = ("PATCH", "/channels/*/messages/*")

Prepare = Callable[[Trial], Awaitable[None]]


async def _news(trial: Trial) -> None:
    await trial.publish()


async def _retraction(trial: Trial) -> None:
    await trial.retract()
    await trial.publish()


async def _correction(trial: Trial) -> None:
    if not await trial.correct():
        await trial.publish()


class Moment(ABC):
    """A moment to kill the bot at. ``play`` starts it, waits, kills it, and says whether the moment came."""

    name: ClassVar[str]

    @abstractmethod
    async def play(self, trial: Trial) -> bool:
        """One life of the bot."""


class AtRandom(Moment):
    """At any moment from its start on, with news before and during its life."""

    name = "at random"

    async def play(self, trial: Trial) -> bool:
        """Let the bot live for some tenths of a second."""
        await trial.publish(trial.chance.randint(0, 2))
        bot = trial.start()
        await asyncio.sleep(trial.chance.uniform(0.05, 1.2))
        if trial.chance.random() < 0.3:
            # A machine that slept: leases end whose posts are on their way.
            trial.pass_time()
        await trial.publish(trial.chance.randint(0, 2))
        if trial.chance.random() < 0.5:
            await trial.correct()
        if trial.chance.random() < 0.2:
            await trial.revise()
        if trial.chance.random() < 0.2:
            await trial.retract()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.8))
        bot.kill()
        return True


class BeforeTheLease(Moment):
    """Right after something was owed."""

    name = "before the lease"

    async def play(self, trial: Trial) -> bool:
        """Owed while it lives, dead before or just as it leases."""
        bot = trial.start()
        await asyncio.sleep(trial.chance.uniform(0.4, 1.0))
        await trial.publish()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.02))
        bot.kill()
        return True


class Held(Moment):
    """While Discord holds a request: before it takes it, or after.

    ``prepare`` sees to it that there will be one; the path of ``request`` may name the channels of spots by their sort.
    """

    def __init__(
        self, name: str, request: tuple[str, str], *, taken: bool, nth: int = 1, prepare: Prepare = _news
    ) -> None:
        self.name = name  # type: ignore[misc]  # each instance is a moment of its own
        self._request = request
        self._taken = taken
        self._nth = nth
        self._prepare = prepare

    async def play(self, trial: Trial) -> bool:
        """Kill it when the request is held; the request then goes its way, as it would."""
        await self._prepare(trial)
        passed = trial.chance.randrange(self._nth)
        bot = trial.start()
        came = True
        try:
            for _ in range(passed):
                await self._reached(trial, "delay")
            held = await self._reached(trial, "hold")
            await self.while_held(trial)
            bot.kill()
            held.release()
        except TimeoutError:
            bot.kill()
            came = False
        trial.discord.faults.clear()
        return came

    async def while_held(self, trial: Trial) -> None:
        """Do whatever else happens before the kill: nothing."""

    async def _reached(self, trial: Trial, action: str) -> Fault:
        when = "after" if self._taken else "before"
        method, glob = self._request
        path = glob.format_map({spot.sort.value: spot.channel.id for spot in trial.spots})
        # Before whatever else is planned for such a request.
        fault = trial.discord.faults.add(method, path, when=when, action=action, times=1)  # type: ignore[arg-type]  # its words
        trial.discord.faults.planned.insert(0, trial.discord.faults.planned.pop())
        await fault.wait_until_reached(PATIENCE)
        return fault


class WhileRecording(Moment):
    """After Discord has taken the post, while the database is locked and the bot cannot record it."""

    name = "while recording"

    async def play(self, trial: Trial) -> bool:
        """Take the lock once the post is sent; the bot dies waiting for it."""
        await trial.publish()
        bot = trial.start()
        fault = trial.discord.faults.add(*POST, when="after", action="hold", times=1)
        lock = FileLock(f"{trial.database}.lock")
        try:
            await fault.wait_until_reached(PATIENCE)
            lock.acquire(timeout=5)
            fault.release()
            await asyncio.sleep(trial.chance.uniform(0.0, 0.1))
        except TimeoutError:
            return False
        finally:
            bot.kill()
            lock.release()
            trial.discord.faults.clear()
        return True


class DatabaseLocked(Moment):
    """While another program holds the database."""

    name = "database locked"

    async def play(self, trial: Trial) -> bool:
        """Another connection holds a write transaction for a while."""
        await trial.publish()
        bot = trial.start()
        await asyncio.sleep(trial.chance.uniform(0.1, 0.6))
        other = sqlite3.connect(trial.database, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(trial.chance.uniform(0.1, 0.5))
            other.execute("ROLLBACK")
        except sqlite3.OperationalError:
            # The bot was writing just then, which is a fine moment too.
            await asyncio.sleep(0)
        finally:
            other.close()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.5))
        bot.kill()
        return True


class DiskFull(Moment):
    """While its files cannot grow."""

    name = "disk full"

    async def play(self, trial: Trial) -> bool:
        """Its disk fills up at some point of its life."""
        await trial.publish(trial.chance.randint(1, 3))
        bot = trial.start(full_disk=True)
        await asyncio.sleep(trial.chance.uniform(0.4, 1.5))
        bot.kill()
        return True


MOMENTS: tuple[Moment, ...] = (
    AtRandom(),
    AtRandom(),
    BeforeTheLease(),
    Held("after the lease, before Discord takes the post", POST, taken=False, nth=3),
    Held("after the send, before the record", POST, taken=True, nth=3),
    WhileRecording(),
    Held("between two edits of a correction", EDIT, taken=False, nth=4, prepare=_correction),
    Held("in the edits of a retraction", EDIT, taken=False, nth=4, prepare=_retraction),
    Held("after an edit, before its record", EDIT, taken=True, nth=4, prepare=_correction),
    DatabaseLocked(),
    DiskFull(),
)
