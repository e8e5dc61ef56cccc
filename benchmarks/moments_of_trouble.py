"""When the bot is killed while requests hang, or while something in front of Discord refuses them all."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal

from benchmarks.moments import PATIENCE, Moment
from benchmarks.places import CROWD_SIZE, Sort, shown
from benchmarks.trial import Trial
from tests.local_discord.foreign import FOREIGN


class Hanging(Moment):
    """While as many requests as there are channels in the crowd hang, before Discord takes them or after."""

    def __init__(self, *, taken: bool) -> None:
        self.name = f"{CROWD_SIZE} requests hang, {'after' if taken else 'before'} Discord takes them"  # type: ignore[misc]  # each instance is a moment of its own
        self._when: Literal["before", "after"] = "after" if taken else "before"

    async def play(self, trial: Trial) -> bool:
        """Other channels get their news meanwhile."""
        add = trial.discord.faults.add
        faults = [
            add("POST", f"/channels/{channel.id}/messages", when=self._when, action="hold") for channel in trial.crowd
        ]
        await trial.tell_crowd()
        bot = trial.start()
        came = False
        with contextlib.suppress(TimeoutError):
            await trial.discord.until(lambda: all(fault.hits for fault in faults), PATIENCE)
            await trial.publish(new_story=False)
            number = len(trial.versions)
            await trial.discord.until(lambda: self._has(trial, number), PATIENCE)
            came = True
        bot.kill()
        trial.discord.faults.clear()
        return came

    def _has(self, trial: Trial, number: int) -> bool:
        spot = trial.spot(Sort.PLAIN)
        posts = spot.posts(trial.discord, last=60) if spot else ()
        return any(number == each for message in posts for each, _ in shown(message))


class AllRefused(Moment):
    """While every request is refused alike, by Cloudflare or a proxy, whether or not Discord has done what it asked."""

    name = "all requests are refused"

    async def play(self, trial: Trial) -> bool:
        """End it in the middle of the bot's life, now and then."""
        status, body = trial.chance.choice([*FOREIGN.values()])
        when: Literal["before", "after"] = "before" if status == 429 else trial.chance.choice(("before", "after"))
        fault = trial.discord.faults.add("*", "/channels/*", when=when, action=status, body=body, times=None)
        await trial.tell_crowd()
        await trial.publish(trial.chance.randint(1, 2))
        bot = trial.start()
        with contextlib.suppress(TimeoutError):
            await trial.discord.until(lambda: fault.hits > CROWD_SIZE, PATIENCE)
        if trial.chance.random() < 0.5:
            fault.times = 0
            await asyncio.sleep(trial.chance.uniform(0.0, 1.0))
        bot.kill()
        trial.discord.faults.clear()
        return fault.hits > 0


MOMENTS_OF_TROUBLE: tuple[Moment, ...] = (Hanging(taken=False), Hanging(taken=True), AllRefused())
