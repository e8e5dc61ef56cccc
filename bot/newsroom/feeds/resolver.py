"""Resolve names in separate threads, so that a name server that does not answer delays no other work."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

#: A look-up that hangs occupies a thread until the system gives up on it.
THREADS = 16


class ThreadPoolResolver(AbstractResolver):
    """The system's resolver. Its addresses are judged when they are dialled, not here."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="feed-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return all addresses of a name. Raise OSError if it has none."""
        try:
            addresses = await asyncio.get_running_loop().run_in_executor(self._executor, _look_up, host, port, family)
        except UnicodeError as exc:
            raise OSError(None, f"{host} is no name") from exc
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=address_family,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address_family, protocol, address in addresses
        ]

    async def close(self) -> None:
        """Release the threads, without waiting for look-ups that hang."""
        self._executor.shutdown(wait=False, cancel_futures=True)


_ResolvedAddresses = list[tuple[socket.AddressFamily, int, str]]


def _look_up(host: str, port: int, family: socket.AddressFamily) -> _ResolvedAddresses:
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    return [(each_family, protocol, _format_address(address)) for each_family, _, protocol, _, address in infos]


def _format_address(address: tuple[Any, ...]) -> str:
    """Return the address of a socket with its zone, without which a link-local one cannot be dialled."""
    zone = address[3] if len(address) > 3 else 0
    host = str(address[0])
    return f"{host}%{zone}" if zone and "%" not in host else host
