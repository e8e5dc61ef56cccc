"""The HTTP server of the two pages. It serves one request per connection, and ends every connection within seconds."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import socket
from collections.abc import AsyncIterator

from aiohttp import web

from bot.errors import DealwireError
from bot.web.health import Health, HealthStatus
from bot.web.metrics import MetricsPage

log = logging.getLogger(__name__)

#: The longest life of a connection in seconds: a client that sends or reads slowly holds its file no longer.
MAX_CONNECTION_SECONDS = 10.0
#: How many connections are open at once. The bot's own connections come from the same limit of the system.
MAX_CONNECTIONS = 32
#: The longest request line and the longest header, in bytes, and the most headers.
MAX_LINE_BYTES = 4_096
MAX_HEADERS = 64
_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


@contextlib.asynccontextmanager
async def serve_http(host: str, port: int, health: Health, metrics: MetricsPage) -> AsyncIterator[None]:
    """Serve ``/healthz`` and ``/metrics`` within this context.

    Raises DealwireError, with the setting that is wrong, if the address cannot be used.
    """
    connections = _Connections(web.Server(_Pages(health, metrics).handle))
    server = await _listen(connections, host, port)
    try:
        log.info("Serving /healthz and /metrics on %s port %d.", host, port)
        yield
    finally:
        server.close()
        await connections.close()


async def _listen(connections: _Connections, host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(connections.accept, host, port)
    except (OSError, UnicodeError) as exc:
        raise DealwireError(_explain_listen_error(exc, host, port)) from exc


def _explain_listen_error(error: OSError | UnicodeError, host: str, port: int) -> str:
    unusable = f"HTTP_HOST {host} is not an address of this machine: use 127.0.0.1, ::1, or 0.0.0.0 for all addresses."
    if isinstance(error, UnicodeError):
        # A part of the name is too long to be looked up.
        return unusable
    if error.errno == errno.EADDRINUSE:
        return f"HTTP_PORT {port} is already in use on {host}: choose another port, or stop the program that uses it."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"HTTP_PORT {port} may not be used by this user: choose a port from 1024 on."
    if isinstance(error, socket.gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL):
        return unusable
    reason = error.strerror or type(error).__name__
    return f"The bot cannot listen on HTTP_HOST {host}, HTTP_PORT {port}: {reason}."


class _Connections:
    """Limits the number and the life of connections. aiohttp alone lets a client take for ever to send its first request."""

    def __init__(self, server: web.Server) -> None:
        self._server = server

    def accept(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        if len(self._server.connections) >= MAX_CONNECTIONS:
            return _RefusedConnection()
        loop = asyncio.get_running_loop()
        handler = _ConnectionHandler(
            self._server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # None turns it off
            lingering_time=0.0,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
        )
        loop.call_later(MAX_CONNECTION_SECONDS, _abort, handler)
        return handler

    async def close(self) -> None:
        """End all connections, so that none delays the end of the bot."""
        for handler in self._server.connections:
            _abort(handler)
        await self._server.shutdown(0.0)


class _ConnectionHandler(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or a page that fails. Nothing of the request or of the error is repeated."""
        if status >= 500:
            log.error("A page of the HTTP port failed.", exc_info=exc)
        return _build_response(status, f"{status}\n")


class _RefusedConnection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


def _abort(handler: web.RequestHandler) -> None:
    if handler.transport is not None:
        handler.transport.abort()


class _Pages:
    """The pages, by path."""

    def __init__(self, health: Health, metrics: MetricsPage) -> None:
        self._health = health
        self._metrics = metrics
        self._pages = {"/healthz": self._show_health, "/metrics": self._show_metrics}

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        page = self._pages.get(request.path)
        if page is None:
            return _build_response(404, "The pages are /healthz and /metrics.\n")
        if request.method not in ("GET", "HEAD"):
            return _build_response(405, "Only GET and HEAD are allowed.\n", Allow="GET, HEAD")
        return await page()

    async def _show_health(self) -> web.Response:
        report = self._health.build_report()
        status = 200 if report.status is HealthStatus.OK else 503
        content = {"status": report.status.value, "reasons": report.reasons}
        return _build_response(status, json.dumps(content, ensure_ascii=False) + "\n", content_type=_JSON)

    async def _show_metrics(self) -> web.Response:
        return _build_response(200, await self._metrics.render(), content_type=_METRICS)


def _build_response(status: int, body: str | bytes, *, content_type: str = _TEXT, **headers: str) -> web.Response:
    """Return a response that names no versions, is not cached, and ends its connection."""
    response = web.Response(
        status=status,
        body=body.encode() if isinstance(body, str) else body,
        headers={
            "Content-Type": content_type,
            "Server": "dealwire",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **headers,
        },
    )
    response.force_close()
    return response
