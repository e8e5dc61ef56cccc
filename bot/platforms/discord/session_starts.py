"""How many more sessions the bot may start today.

Each IDENTIFY starts a session. Discord allows a number of them per day to all processes of a bot together, and resets the token of a bot
that exceeds it (https://discord.com/developers/docs/events/gateway#session-start-limit-object).
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import discord

from bot.clock import Clock, format_duration
from bot.errors import DiscordUnavailable
from bot.platforms.discord.error_mapping import REQUEST_ERRORS

log = logging.getLogger(__name__)

#: How long an answer of Discord's counts as current, in seconds. In between, this process counts its own session starts.
MAX_AGE_SECONDS = 60.0
#: How long Discord's answer is waited for before an IDENTIFY, in seconds.
FETCH_TIMEOUT = 5.0
#: How often Discord is asked while a shard waits for the reset, in seconds.
RECHECK_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class StartLimit:
    """How often shards may still identify until the reset, and how many may at the same time."""

    total: int
    remaining: int
    reset_seconds: float
    max_concurrency: int

    @classmethod
    def from_discord(cls, data: Any) -> StartLimit:
        """Return the ``session_start_limit`` of ``GET /gateway/bot``."""
        return cls(data["total"], data["remaining"], data["reset_after"] / 1000, max(1, data["max_concurrency"]))

    @property
    def reserve(self) -> int:
        """How many session starts a start of the bot leaves for shards that lose their session: a tenth."""
        return math.ceil(self.total / 10)

    @property
    def minimum(self) -> int:
        """How many are never used, so that a miscount does not cost the token: a hundredth, at least one."""
        return max(1, self.total // 100)

    def allows_start(self, shard_count: int) -> bool:
        """Return whether this many shards may be started."""
        return self.remaining - shard_count >= self.reserve


class SessionStarts:
    """Keeps account of the session starts that are left.

    A proxy may cache Discord's answer for half an hour, so until the reset the number never rises.
    """

    def __init__(self, fetch: Callable[[], Awaitable[StartLimit]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._limit: StartLimit | None = None
        self._fetched_at = 0.0
        self._reset_at = 0.0
        self._is_low_logged = False

    @property
    def is_exhausted(self) -> bool:
        """Whether no more sessions may be started before the reset."""
        return self._limit is not None and self._limit.remaining <= self._limit.minimum

    def record(self, limit: StartLimit) -> None:
        """Record what Discord has answered."""
        now = asyncio.get_running_loop().time()
        reset_at = now + limit.reset_seconds
        if self._limit is not None and now < self._reset_at:
            limit = replace(limit, remaining=min(limit.remaining, self._limit.remaining))
            reset_at = min(reset_at, self._reset_at)
        self._limit, self._fetched_at, self._reset_at = limit, now, reset_at

    def record_identify(self) -> None:
        """Count a session that this process starts."""
        if self._limit is not None:
            self._limit = replace(self._limit, remaining=max(0, self._limit.remaining - 1))

    async def refresh(self) -> None:
        """Ask Discord, unless its last answer is recent. If it does not answer, the own count goes on."""
        loop = asyncio.get_running_loop()
        if (
            self._limit is not None
            and loop.time() < self._fetched_at + MAX_AGE_SECONDS
            and loop.time() < self._reset_at
        ):
            return
        try:
            async with asyncio.timeout(FETCH_TIMEOUT):
                self.record(await self._fetch())
        except (*REQUEST_ERRORS, discord.GatewayNotFound, TimeoutError) as exc:
            # All shards may be about to identify; one wait is enough.
            self._fetched_at = loop.time()
            log.debug("Discord did not say how many session starts are left: %r", exc)

    def check_start(self, shard_count: int) -> None:
        """Raise DiscordUnavailable if a start of this many shards would leave too few session starts."""
        limit = self._limit
        if limit is None or limit.allows_start(shard_count):
            return
        shards = f"{shard_count} shard{'' if shard_count == 1 else 's'}"
        raise DiscordUnavailable(
            f"Discord allows only {limit.remaining:,} of {limit.total:,} session starts until {self._describe_reset()}, too few to"
            f" start {shards} and keep {limit.reserve:,} in reserve: start the bot after that, and find out why it was started so"
            " often, because Discord resets the token of a bot that exceeds the limit."
        )

    async def allows_reidentify(self, shard_id: int) -> bool:
        """Return whether a shard of the running bot may start a new session. Log a warning if few are left."""
        await self.refresh()
        limit = self._limit
        if limit is None:
            return True
        if self.is_exhausted:
            log.warning(
                "Shard %d cannot start a session before %s: only %d of %d session starts are left, and Discord resets the token"
                " of a bot that exceeds the limit. Its servers get no answers until then; posts are still sent.",
                shard_id,
                self._describe_reset(),
                limit.remaining,
                limit.total,
            )
            return False
        is_low = limit.remaining < limit.reserve
        if is_low and not self._is_low_logged:
            log.warning(
                "Only %d of %d session starts are left until %s. Find out why shards lose their sessions; with %d left, they wait.",
                limit.remaining,
                limit.total,
                self._describe_reset(),
                limit.minimum,
            )
        self._is_low_logged = is_low
        return True

    async def wait_for_reset(self) -> None:
        """Return when sessions may be started again."""
        while self.is_exhausted:
            wait = self._reset_at - asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.1, min(wait, RECHECK_SECONDS)))
            await self.refresh()

    def _describe_reset(self) -> str:
        seconds = max(0.0, self._reset_at - asyncio.get_running_loop().time())
        reset_at = self._clock() + timedelta(seconds=seconds)
        return f"{reset_at:%Y-%m-%d %H:%M} UTC (in {format_duration(seconds)})"
