"""When the bot is killed while stories are merged, threads locked or followed in, or the clock jumps."""

from __future__ import annotations

import asyncio
import contextlib

from benchmarks.moments import PATIENCE, POST, Held, Moment, Prepare
from benchmarks.moments_of_stories import CARD, DIGEST, FORUM_POST, THREAD, news_of_digest, news_of_new_story
from benchmarks.places import Sort
from benchmarks.trial import ALIVE, Trial

#: So far a clock is wrong, in minutes.
WRONG = (-30 * 1440, -1440, -10, 10, 1440, 30 * 1440)


async def _news(trial: Trial) -> None:
    await trial.publish(new_story=False)


class Merged(Held):
    """While a request is held, the desk merges a story that was told of late into another, or undoes a merge."""

    async def while_held(self, trial: Trial) -> None:
        """Give the bot time to notice before it is killed."""
        await trial.merge()
        await asyncio.sleep(trial.chance.uniform(0.0, 0.3))


class FollowedIn(Held):
    """A thread is opened under a card, and before the bot has recorded it somebody follows the story in it."""

    def __init__(self) -> None:
        super().__init__(
            "after somebody followed in a thread that is not recorded yet",
            THREAD,
            taken=True,
            prepare=news_of_new_story,
        )

    async def while_held(self, trial: Trial) -> None:
        """Perhaps they end it at once, and perhaps more news comes."""
        await trial.follow_in_newest_thread()
        if trial.chance.random() < 0.5:
            await trial.publish(new_story=False)


class ThreadLocked(Moment):
    """While a post on its way into a story's thread is held, the thread is locked; it is unlocked some lives later."""

    def __init__(self, name: str, sort: Sort) -> None:
        self.name = name  # type: ignore[misc]  # each instance is a moment of its own
        self._sort = sort

    async def play(self, trial: Trial) -> bool:
        """Let the bot live on for a moment, while other stories go on."""
        await trial.publish(new_story=False)
        spot = trial.spot(self._sort)
        threads = trial.discord.threads(spot.channel)[-ALIVE:] if spot else []
        faults = [trial.discord.faults.add("POST", f"/channels/{each.id}/messages", action="hold") for each in threads]
        bot = trial.start()
        with contextlib.suppress(TimeoutError):
            await trial.discord.until(lambda: any(fault.hits for fault in faults), PATIENCE)
        reached = [thread for thread, fault in zip(threads, faults, strict=True) if fault.hits]
        for thread in reached:
            trial.lock_thread(thread)
        trial.discord.faults.clear()
        await trial.publish(new_story=True)
        await asyncio.sleep(trial.chance.uniform(0.0, 0.5))
        bot.kill()
        return bool(reached)


class ClockWrong(Held):
    """The bot starts and posts while its clock is wrong; the clock is put right before the kill, or after it."""

    def __init__(self, name: str, request: tuple[str, str], *, taken: bool, prepare: Prepare = _news) -> None:
        super().__init__(name, request, taken=taken, prepare=self._with_wrong_clock)
        self._then = prepare

    async def _with_wrong_clock(self, trial: Trial) -> None:
        trial.clock.put_wrong(minutes=trial.chance.choice(WRONG))
        await self._then(trial)

    async def while_held(self, trial: Trial) -> None:
        """Give the dispatcher time to notice."""
        if trial.chance.random() < 0.5:
            trial.clock.put_right()
            await asyncio.sleep(trial.chance.uniform(0.0, 0.5))

    async def play(self, trial: Trial) -> bool:
        """Put the clock right for the next life."""
        came = await super().play(trial)
        trial.clock.put_right()
        return came


class ClockJumps(Moment):
    """The clock jumps to and fro while the bot runs, with news at every moment of it."""

    name = "the clock jumps to and fro"

    async def play(self, trial: Trial) -> bool:
        """Let the clock jump several times, some tenths of a second apart."""
        bot = trial.start()
        await asyncio.sleep(trial.chance.uniform(0.4, 1.2))
        for _ in range(3):
            await trial.publish(trial.chance.randint(0, 2))
            await asyncio.sleep(trial.chance.uniform(0.1, 0.5))
            if trial.chance.random() < 0.4:
                trial.clock.put_right()
            else:
                trial.clock.put_wrong(minutes=trial.chance.choice(WRONG))
        await asyncio.sleep(trial.chance.uniform(0.0, 0.3))
        bot.kill()
        trial.clock.put_right()
        return True


MOMENTS_OF_CHANGES: tuple[Moment, ...] = (
    Merged("as stories are merged, before a post is taken", POST, taken=False, nth=3, prepare=_news),
    Merged("as stories are merged, after a card is sent", CARD, taken=True, prepare=news_of_new_story),
    Merged("as stories are merged, after a thread is opened", THREAD, taken=True, prepare=news_of_new_story),
    Merged("as stories are merged, after a forum took a post", FORUM_POST, taken=True, prepare=news_of_new_story),
    FollowedIn(),
    ThreadLocked("a thread is locked as a post comes", Sort.THREADS),
    ThreadLocked("a forum's thread is locked as a post comes", Sort.FORUM),
    ClockWrong("a post is sent while the clock is wrong", POST, taken=True),
    ClockWrong("a forum takes a post while the clock is wrong", FORUM_POST, taken=True, prepare=news_of_new_story),
    ClockWrong("a digest is sent while the clock is wrong", DIGEST, taken=True, prepare=news_of_digest),
    ClockJumps(),
)
