"""The shards of this process: how they start a session, and which servers are theirs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.clock import Clock
from bot.platforms.discord.identify import IdentifyGate
from bot.platforms.discord.session_starts import SessionStarts, StartLimit
from bot.store import Membership, SoleMember


class ShardedBot(commands.AutoShardedBot):
    """A bot that starts sessions only as fast and as often as Discord allows, in all its processes together.

    ``membership`` says which other processes there are; by default there are none.
    """

    def __init__(self, *, clock: Clock, membership: Membership | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.membership: Membership = membership or SoleMember()
        self.identify_gate = IdentifyGate(self.membership)
        self._session_starts = SessionStarts(self._fetch_start_limit, clock)
        self._postponed: dict[int, asyncio.Task[None]] = {}

    @property
    def own_shard_ids(self) -> list[int]:
        """The shards that this process runs or will run; only shard 0 while their number is not known."""
        return list(self.shard_ids or range(self.shard_count or 1))

    @property
    def is_waiting_to_identify(self) -> bool:
        """Whether a shard waits until other shards have identified."""
        return self.identify_gate.is_waiting

    def is_own_guild(self, guild_id: int) -> bool:
        """Return whether a server belongs to a shard of this process: only of such servers the bot receives events.

        See https://discord.com/developers/docs/events/gateway#sharding-sharding-formula.
        """
        return (guild_id >> 22) % (self.shard_count or 1) in self.own_shard_ids

    @property
    def is_alone(self) -> bool:
        """Whether this process runs all shards, and so receives the events of all servers."""
        return len(self.own_shard_ids) >= (self.shard_count or 1)

    def describe_own_shards(self) -> str:
        """Return the shards of this process for the log, as in ``0, 1 of 8``."""
        return f"{', '.join(map(str, self.own_shard_ids))} of {self.shard_count}"

    async def fetch_gateway(self) -> None:
        """Ask Discord for the gateway's address, the recommended number of shards, and how many may start.

        Afterwards the number of shards is known; discord.py itself only asks for a number that is not set
        (https://discord.com/developers/docs/events/gateway#get-gateway-bot). Raises DiscordUnavailable if too few session starts
        are left.
        """
        advised_count, address, limit_data = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        self.shard_count = self.shard_count or advised_count
        limit = StartLimit.from_discord(limit_data)
        self.identify_gate.max_concurrency = limit.max_concurrency
        self._session_starts.record(limit)
        self._session_starts.check_start(len(self.own_shard_ids))

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Start a shard for the first time, when it is its turn."""
        await self._session_starts.refresh()
        self._session_starts.check_start(len(self.own_shard_ids) - len(self.shards))
        await self.identify_gate.reserve(shard_id)
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord allows the shard to start a session. discord.py does not call this before it resumes one."""
        number = shard_id or 0
        if number in self.shards and not await self._session_starts.allows_reidentify(number):
            self._postpone(number)
            # To wait here would keep other shards from resuming, and discord.py gives up after a minute. It leaves a shard whose
            # connection was cancelled to others (discord.shard.Shard.reidentify).
            raise asyncio.CancelledError
        await self.identify_gate.enter(number)
        self._session_starts.record_identify()

    async def on_shard_connect(self, shard_id: int) -> None:
        """Record that Discord has accepted a session."""
        self.identify_gate.record_answer(shard_id)

    async def close(self) -> None:
        """Close the connections, and give back what this process holds."""
        postponed = list(self._postponed.values())
        for task in postponed:
            task.cancel()
        await super().close()
        await asyncio.gather(*postponed, return_exceptions=True)
        await self.identify_gate.close()

    async def _fetch_start_limit(self) -> StartLimit:
        _, _, limit_data = await self.http.get_bot_gateway()
        return StartLimit.from_discord(limit_data)

    def _postpone(self, shard_id: int) -> None:
        """Connect the shard again when sessions may be started."""
        task = self._postponed.get(shard_id)
        if task is None or task.done():
            self._postponed[shard_id] = asyncio.create_task(
                self._connect_later(shard_id), name=f"shard {shard_id} waits"
            )

    async def _connect_later(self, shard_id: int) -> None:
        await self._session_starts.wait_for_reset()
        shard = self.get_shard(shard_id)
        if shard is not None and not self.is_closed():
            # Its next failure may postpone it again.
            self._postponed.pop(shard_id, None)
            with contextlib.suppress(asyncio.CancelledError):
                await shard.connect()
