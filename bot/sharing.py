"""What a bot does as one of several on a store: the leader's work, and its share of Discord's limit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn, Protocol

from bot.heartbeat import Heartbeat
from bot.store import Membership

log = logging.getLogger(__name__)

#: How often a change of the membership is looked for, in seconds.
CHECK_SECONDS = 0.5
#: How long a share grows only after the others had time to notice the change, in seconds: their next heartbeats, and as long as
#: Discord may still count their requests (:meth:`bot.platforms.discord.rate_limiter.RateLimiter.set_rate`).
GROW_AFTER = 6.0
#: The rate until then of a bot that joins others, in requests a second: it starts with a few requests.
FIRST_RATE = 1.0


class Worker(Protocol):
    """What runs until it is cancelled."""

    async def run(self) -> None:
        """Do the work."""
        ...


async def lead_when_leader(
    membership: Membership, workers: Sequence[Worker], heartbeats: Iterable[Heartbeat]
) -> NoReturn:
    """Run the workers whenever this bot leads, and cancel them when it does not any more. Raise what one of them raises.

    Meanwhile their ``heartbeats`` are those of this loop: a bot that does not lead is healthy without them.
    """
    while True:
        while not membership.is_leader:
            for heartbeat in heartbeats:
                heartbeat.record_success()
            await asyncio.sleep(CHECK_SECONDS)
        if membership.worker_count > 1:
            log.info("This bot leads: it runs the feeds, the digests and the desk's channel.")
        tasks = [asyncio.create_task(worker.run(), name=type(worker).__name__) for worker in workers]
        try:
            while membership.is_leader:
                done, _ = await asyncio.wait(tasks, timeout=CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        log.warning("This bot does not lead any more: another one runs the feeds, the digests and the desk's channel.")


async def share_limit(membership: Membership, set_rate: Callable[[float], None], per_second: float) -> NoReturn:
    """Divide ``per_second`` requests equally among the bots on a store, and follow as they come and go.

    A share shrinks at once, and grows once the others have shrunk theirs.
    """
    loop = asyncio.get_running_loop()
    rate, wanted_rate, wanted_since = per_second, per_second, loop.time()
    if membership.worker_count > 1:
        rate = min(FIRST_RATE, per_second)
        set_rate(rate)
    while True:
        share = per_second / membership.worker_count
        if share != wanted_rate:
            wanted_rate, wanted_since = share, loop.time()
        if share < rate or (share > rate and loop.time() - wanted_since >= GROW_AFTER):
            rate = share
            set_rate(rate)
        await asyncio.sleep(CHECK_SECONDS)
