"""An HTTP proxy on this machine: it forwards requests and connections, and keeps what it was asked."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_REQUEST_LINE = re.compile(rb"[A-Z]{3,7} \S{1,2000} HTTP/1\.1\r\n")


@dataclass(slots=True)
class Proxy:
    """Resolves every name to this machine. ``requests`` are the heads of all requests; a connection may carry several."""

    port: int = 0
    authorization: str = ""
    requests: list[str] = field(default_factory=list)
    connections: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection to its end."""
        self.connections.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)
        self.connections.discard(writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        text = head.decode()
        self.requests.append(text.lower())
        method, target, _ = text.split(" ", 2)
        if self.authorization and f"proxy-authorization: {self.authorization}".lower() not in text.lower():
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", parts.port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            far_writer.write(head)
        try:
            await asyncio.gather(_pump(reader, far_writer, self.requests), _pump(far_reader, writer, []))
        finally:
            far_writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, requests: list[str]) -> None:
    try:
        while chunk := await source.read(65536):
            if _REQUEST_LINE.match(chunk):
                requests.append(chunk.partition(b"\r\n\r\n")[0].decode().lower())
            target.write(chunk)
            await target.drain()
    finally:
        target.close()


@asynccontextmanager
async def open_proxy(authorization: str = "") -> AsyncIterator[Proxy]:
    """Run a proxy; with ``authorization``, it accepts only requests that have this header."""
    proxy = Proxy(authorization=authorization)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for connection in list(proxy.connections):
            connection.close()
        await server.wait_closed()
