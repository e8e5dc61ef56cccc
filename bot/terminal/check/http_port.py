"""The HTTP port: whether the bot can open it, or has opened it."""

from __future__ import annotations

import asyncio
import errno

from bot.healthcheck import find_problem
from bot.model.findings import Finding
from bot.settings import Settings


async def check_http_port(settings: Settings) -> list[Finding]:
    """Open the port and close it again. If it is in use, ask whether a healthy bot answers there."""
    host, port = settings.http_host, settings.http_port
    if port is None:
        return []
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except OSError as exc:
        if exc.errno != errno.EADDRINUSE:
            reason = exc.strerror or type(exc).__name__
            return [
                Finding.problem(
                    f"The bot can't listen on {host} port {port}: {reason}. Set HTTP_PORT to a port from 1024 on, and HTTP_HOST to"
                    " an address of this machine, such as 127.0.0.1."
                )
            ]
    else:
        server.close()
        await server.wait_closed()
        return [Finding.ok(f"/healthz and /metrics can be served on {host} port {port}.")]
    problem = await asyncio.to_thread(find_problem, {"HTTP_PORT": str(port), "HTTP_HOST": host})
    if not problem:
        return [Finding.ok(f"On {host} port {port}, /healthz answers that all is well.")]
    return [
        Finding.note(
            f"HTTP_PORT {port} is in use on {host}, and /healthz is not in order there ({problem.rstrip('.')}). If that is not the"
            " running bot, set HTTP_PORT to another port."
        )
    ]
