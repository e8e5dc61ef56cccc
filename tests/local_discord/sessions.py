"""A bot's gateway session: the events that it was or should have been told, numbered, to be told again on resuming."""

import asyncio
import contextlib
import importlib.util
import zlib
from collections import deque
from typing import Any

from aiohttp import web

# Not a dependency, and nowhere typed: where the bot has it, discord.py asks for it, and so it is here as well.
HAS_ZSTD = importlib.util.find_spec("zstandard") is not None
zstandard: Any = importlib.import_module("zstandard") if HAS_ZSTD else None

COMPRESSIONS = ("", "zlib-stream", *(("zstd-stream",) if HAS_ZSTD else ()))


class Stream:
    """One side of a connection's compression: a single stream, flushed after each message."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._stream: Any = None
        if kind == "zlib-stream":
            self._stream = zlib.compressobj()
        elif kind == "zstd-stream":
            self._stream = zstandard.ZstdCompressor().compressobj()

    def pack(self, text: str) -> bytes | str:
        """Return the message as it goes over the wire."""
        if self._stream is None:
            return text
        flush = zlib.Z_SYNC_FLUSH if self._kind == "zlib-stream" else zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return bytes(self._stream.compress(text.encode()) + self._stream.flush(flush))


class Connection:
    """One WebSocket. What is sent is queued and written by a task of its own, in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest, compression: str) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.closed_with: int | None = None
        self._request = request
        self._stream = Stream(compression)
        self._outbox: deque[str] = deque()
        self._wake = asyncio.Event()
        self._writer = asyncio.create_task(self._write(), name="local-discord-gateway-writer")

    def send(self, text: str) -> None:
        self._outbox.append(text)
        self._wake.set()

    def abort(self) -> None:
        """Cut the TCP connection: the other side sees 1006."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def close(self, code: int) -> None:
        """Close from this side, with a code for the other."""
        self.closed_with = code
        with contextlib.suppress(ConnectionError):
            await self.socket.close(code=code)

    async def end(self) -> None:
        """Stop writing, when the other side is gone."""
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._outbox:
                    packed = self._stream.pack(self._outbox.popleft())
                    if isinstance(packed, str):
                        await self.socket.send_str(packed)
                    else:
                        await self.socket.send_bytes(packed)


class Session:
    """What lives on between connections: intents, shard, and every event that the bot has not confirmed."""

    def __init__(self, session_id: str, shard: tuple[int, int], intents: int) -> None:
        self.id = session_id
        self.shard = shard
        self.intents = intents
        self.connection: Connection | None = None
        self.greeted = False
        self._sequence = 0
        self._unconfirmed: deque[tuple[int, str]] = deque()

    def tell(self, name: str, data: str) -> None:
        """Assign the event its number, store it, and send it if there is a connection. `data` is JSON."""
        self._sequence += 1
        text = f'{{"op":0,"t":"{name}","s":{self._sequence},"d":{data}}}'
        self._unconfirmed.append((self._sequence, text))
        if self.connection is not None:
            self.connection.send(text)

    def confirm(self, sequence: int | None) -> None:
        """Forget the events up to this number, which the bot has read."""
        while sequence is not None and self._unconfirmed and self._unconfirmed[0][0] <= sequence:
            self._unconfirmed.popleft()

    def can_resume_from(self, sequence: int) -> bool:
        """Return whether every event after this number is still there."""
        oldest = self._unconfirmed[0][0] if self._unconfirmed else self._sequence + 1
        return oldest - 1 <= sequence <= self._sequence

    def resume(self, connection: Connection, sequence: int) -> None:
        """Tell on the new connection what was missed, then that this was all."""
        self.confirm(sequence)
        self.connection, connection.session = connection, self
        for _, text in self._unconfirmed:
            connection.send(text)
        self.tell("RESUMED", '{"_trace":[]}')
