"""Publishers on this machine, under any name: what they are asked is kept, what they answer is set by the test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

#: The names that the tests' publishers have.
HOSTS = ("publisher.example", "other.example", "third.example", "127.0.0.1")

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class HereResolver(AbstractResolver):
    """Resolves every name to this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


@dataclass(slots=True)
class ReceivedRequest:
    """One request: its host, path, and the headers as they were on the wire."""

    host: str
    path: str
    headers: dict[bytes, bytes]


@dataclass(slots=True)
class Publishers:
    """A server that answers by path; ``asked`` is what it was asked, in order."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[ReceivedRequest] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0
    was_asked: asyncio.Condition = field(default_factory=asyncio.Condition)

    def url(self, path: str, host: str = "publisher.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(
        self, path: str, body: bytes | str = b"", *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Answer this path in this way from now on."""

        async def answer(_: web.BaseRequest) -> web.Response:
            raw = body.encode() if isinstance(body, str) else body
            return web.Response(body=raw, status=status, headers=headers or {})

        self.answers[path] = answer

    def paths(self) -> list[str]:
        return [one.path for one in self.requests]

    async def until_asked(self, path: str, times: int, seconds: float) -> None:
        """Return when a path has been asked for so often; TimeoutError when it is not in time."""
        async with asyncio.timeout(seconds), self.was_asked:
            await self.was_asked.wait_for(lambda: self.paths().count(path) >= times)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        host = (request.host or "").rpartition(":")[0]
        self.requests.append(ReceivedRequest(host, request.path_qs, dict(request.raw_headers)))
        async with self.was_asked:
            self.was_asked.notify_all()
        self.at_once[host] = self.at_once.get(host, 0) + 1
        self.most_at_once = max(self.most_at_once, self.at_once[host])
        try:
            answer = self.answers.get(request.path)
            return await answer(request) if answer else web.Response(status=404)
        finally:
            self.at_once[host] -= 1


@contextlib.asynccontextmanager
async def publishing(address: str = "127.0.0.1") -> AsyncIterator[Publishers]:
    """Run publishers that answer at an address of this machine."""
    publishers = Publishers()
    runner = web.ServerRunner(web.Server(publishers.answer, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, address, 0)
    await site.start()
    publishers.port = runner.addresses[0][1]
    try:
        yield publishers
    finally:
        await runner.cleanup()


async def soon(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so, turn by turn of the loop; a TimeoutError when it is not in time."""
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0)
