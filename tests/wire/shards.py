"""Processes of one bot, for tests: clients of one Discord that share nothing but their locks."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import discord
import pytest
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route

from bot.clock import utc_now
from bot.platforms.discord.identify import IdentifyGate
from bot.platforms.discord.sharded_bot import ShardedBot
from bot.store import Membership, SoleMember
from tests.local_discord import LocalDiscord

#: The seconds between two IDENTIFY that the Discord of these tests asks for, instead of five, and what the bot keeps to.
ASKED_INTERVAL = 0.05
KEPT_INTERVAL = 0.06


class ShardProcess(ShardedBot):
    """What one process of the bot does at the gateway, and nothing else."""

    def __init__(self, shard_count: int, shard_ids: Sequence[int] = (), membership: Membership | None = None) -> None:
        options = {"shard_ids": list(shard_ids)} if shard_ids else {}
        super().__init__(
            clock=utc_now,
            membership=membership or SoleMember(),
            command_prefix="!",
            intents=discord.Intents(guilds=True),
            shard_count=shard_count,
            guild_ready_timeout=0.02,
            **options,
        )
        self.identify_gate = IdentifyGate(self.membership, interval=KEPT_INTERVAL)
        self.resumed: list[int] = []

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note it."""
        self.resumed.append(shard_id)


@asynccontextmanager
async def start_shards(here: LocalDiscord, *processes: ShardedBot) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Start the processes at the same time; at the end, close them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Route, "BASE", here.api_url)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        tasks: list[asyncio.Task[None]] = []
        try:
            for process in processes:
                await process.login(here.token)
                await process.fetch_gateway()
                tasks.append(asyncio.create_task(process.connect()))
            yield tasks
        finally:
            for process in processes:
                await process.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # A connection that was given up before it was made leaves the thread of its heartbeats behind.
            for thread in threading.enumerate():
                if isinstance(thread, KeepAliveHandler):
                    thread.stop()
                    await asyncio.to_thread(thread.join)
            # And so is its connection, which aiohttp would complain of in a later test.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)
                gc.collect()
