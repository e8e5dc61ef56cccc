"""Ask a running bot on this machine whether it is healthy: ``python -m bot.healthcheck``, for the image's health check.

It ends with status 0 if ``/healthz`` answers that all is well, or if ``HTTP_PORT`` is not set and nothing can be asked; else with
status 1 and the reason. It reads the environment alone, and needs the standard library alone.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import sys
from collections.abc import Mapping

_TIMEOUT_SECONDS = 8.0
_REASON_LIMIT = 500
#: Addresses that listen everywhere are asked on this machine.
_LOOPBACK = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing listens here


def find_problem(env: Mapping[str, str]) -> str:
    """Return why the bot is not healthy; empty if it is, or if it serves no page that says so."""
    port, host = env.get("HTTP_PORT", "").strip(), env.get("HTTP_HOST", "").strip().strip("[]")
    if not port:
        return ""
    try:
        connection = http.client.HTTPConnection(_LOOPBACK.get(host, host), int(port), timeout=_TIMEOUT_SECONDS)
        with contextlib.closing(connection):
            connection.request("GET", "/healthz", headers={"Connection": "close"})
            with connection.getresponse() as response:
                text = " ".join(response.read(_REASON_LIMIT).decode(errors="replace").split())
    except (OSError, ValueError, http.client.HTTPException) as exc:
        return f"/healthz cannot be read: {str(exc) or type(exc).__name__}"
    return "" if response.status == http.client.OK else f"{response.status}: {text}"


def main() -> int:
    """Print the problem, if there is one, and return the exit status."""
    problem = find_problem(os.environ)
    if problem:
        print(problem)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
