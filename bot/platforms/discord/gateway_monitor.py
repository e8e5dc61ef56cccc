"""Measure each shard's heartbeats by our own clock.

discord.py's own ``latency`` is taken from a time that its thread may record after the acknowledgement has arrived, and it has
no event for either. So each gateway connection is observed by its two hooks: what it sends and what it receives.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.heartbeat import ShardHeartbeats
from bot.recorder import Recorder

#: An acknowledgement has this opcode and nothing else
#: (https://discord.com/developers/docs/events/gateway#sending-heartbeats).
_ACK = '"op":11'
_MAX_ACK_LENGTH = 200


class GatewayMonitor:
    """Reports heartbeats to ``heartbeats``, and their latencies to ``recorder``.

    A shard's cycle is a READY, a RESUMED, or an acknowledged heartbeat between these and the end of the connection.
    """

    def __init__(
        self, heartbeats: ShardHeartbeats, recorder: Recorder, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._heartbeats = heartbeats
        self._recorder = recorder
        self._clock = clock
        self._connected_shards: set[int] = set()

    def attach(self, client: commands.AutoShardedBot) -> None:
        """Observe all connections that a client opens from now on."""
        state: Any = client._connection  # noqa: SLF001 - it is told of each connection before the first heartbeat
        update_references = state._update_references  # noqa: SLF001

        def observe(socket: DiscordWebSocket) -> None:
            self.observe(socket)
            update_references(socket)

        state._update_references = observe  # noqa: SLF001

        async def on_connect(shard_id: int) -> None:
            self.record_connected(shard_id)

        async def on_disconnect(shard_id: int) -> None:
            self.record_disconnected(shard_id)

        client.add_listener(on_connect, "on_shard_connect")
        client.add_listener(on_connect, "on_shard_resumed")
        client.add_listener(on_disconnect, "on_shard_disconnect")

    def observe(self, socket: Any) -> None:
        """Observe one connection: the heartbeats that it sends, and what it receives."""
        shard_id = socket.shard_id or 0
        sent_at: float | None = None
        send_as_json, send_heartbeat, log_receive = socket.send_as_json, socket.send_heartbeat, socket.log_receive

        async def send_first(data: Any) -> None:
            # The first heartbeat of a connection, and those that Discord asks for.
            nonlocal sent_at
            if data.get("op") == DiscordWebSocket.HEARTBEAT:
                sent_at = self._clock()
            await send_as_json(data)

        async def send_next(data: Any) -> None:
            nonlocal sent_at
            sent_at = self._clock()
            await send_heartbeat(data)

        def receive(message: str) -> None:
            nonlocal sent_at
            log_receive(message)
            if len(message) <= _MAX_ACK_LENGTH and _ACK in "".join(message.split()):
                if sent_at is not None:
                    self._recorder.record_latency(shard_id, self._clock() - sent_at)
                    sent_at = None
                self.record_ack(shard_id)

        socket.send_as_json, socket.send_heartbeat, socket.log_receive = send_first, send_next, receive

    def record_connected(self, shard_id: int) -> None:
        """Record that a shard has a session: READY or RESUMED."""
        self._connected_shards.add(shard_id)
        self._heartbeats.get(shard_id).record_success()

    def record_disconnected(self, shard_id: int) -> None:
        """Record that a shard has lost its connection."""
        self._connected_shards.discard(shard_id)
        self._heartbeats.get(shard_id).record_failure("the connection was lost")

    def record_ack(self, shard_id: int) -> None:
        """Record an acknowledged heartbeat. Without a session it says nothing: the shard receives no events."""
        if shard_id in self._connected_shards:
            self._heartbeats.get(shard_id).record_success()
