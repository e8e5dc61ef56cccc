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
from aiohttp.web_protocol import RequestHandler

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
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@contextlib.asynccontextmanager
async def serve_http(host: str, port: int, health: Health, metrics: MetricsPage) -> AsyncIterator[None]:
    """Serve ``/healthz`` and ``/metrics`` within this context.

    Raises DealwireError, with the setting that is wrong, if the address cannot be used.
    """
    runner = web.AppRunner(
        _build_app(health, metrics),
        handle_signals=False,
        access_log=None,
        shutdown_timeout=0.0,
        lingering_time=0.0,
        max_line_size=MAX_LINE_BYTES,
        max_field_size=MAX_LINE_BYTES,
        max_headers=MAX_HEADERS,
    )
    await runner.setup()
    connections = _Connections(runner)
    try:
        server = await _listen(connections, host, port)
        try:
            log.info("Serving /healthz and /metrics on %s port %d.", host, port)
            yield
        finally:
            server.close()
            connections.abort_all()
    finally:
        await runner.cleanup()


async def _listen(connections: _Connections, host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(connections.accept, host, port)
    except OSError as exc:
        raise DealwireError(_explain_listen_error(exc, host, port)) from exc


def _explain_listen_error(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"HTTP_PORT {port} is already in use on {host}: choose another port, or stop the program that uses it."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"HTTP_PORT {port} may not be used by this user: choose a port from 1024 on."
    if isinstance(error, socket.gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL):
        return f"HTTP_HOST {host} is not an address of this machine: use 127.0.0.1, ::1, or 0.0.0.0 for all addresses."
    reason = error.strerror or type(error).__name__
    return f"The bot cannot listen on HTTP_HOST {host}, HTTP_PORT {port}: {reason}."


class _Connections:
    """Limits the number and the life of connections. aiohttp alone lets a client take for ever to send its first request."""

    def __init__(self, runner: web.AppRunner) -> None:
        self._runner = runner

    def accept(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        server = self._runner.server
        if server is None or len(server.connections) >= MAX_CONNECTIONS:
            return _RefusedConnection()
        handler: RequestHandler = server()
        asyncio.get_running_loop().call_later(MAX_CONNECTION_SECONDS, _abort, handler)
        return handler

    def abort_all(self) -> None:
        """End all connections, so that none delays the end of the bot."""
        for handler in self._runner.server.connections if self._runner.server else ():
            _abort(handler)


class _RefusedConnection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


def _abort(handler: RequestHandler) -> None:
    if handler.transport is not None:
        handler.transport.abort()


def _build_app(health: Health, metrics: MetricsPage) -> web.Application:
    async def show_health(_request: web.Request) -> web.Response:
        report = health.build_report()
        status = 200 if report.status is HealthStatus.OK else 503
        return web.Response(
            text=json.dumps({"status": report.status.value, "reasons": report.reasons}, ensure_ascii=False) + "\n",
            status=status,
            content_type="application/json",
        )

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.render(), headers={"Content-Type": _METRICS_TYPE})

    app = web.Application(client_max_size=1)
    app.router.add_get("/healthz", show_health)
    app.router.add_get("/metrics", show_metrics)
    app.on_response_prepare.append(_finish_headers)
    return app


async def _finish_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Do not name the versions of Python and aiohttp, and have each connection closed after its response."""
    response.headers["Server"] = "dealwire"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.force_close()
