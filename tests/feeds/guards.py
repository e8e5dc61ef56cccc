"""Address guards for tests: one that counts, one that lets a loopback address through."""

from __future__ import annotations

import socket
from typing import Any

from bot.newsroom.feeds.address_guard import AddressGuard


class CountingGuard(AddressGuard):
    """Counts the sockets that it opens."""

    opened = 0

    def open_socket(self, addr_info: tuple[Any, ...]) -> socket.socket:
        connection = super().open_socket(addr_info)
        self.opened += 1
        return connection


class PretendingGuard(AddressGuard):
    """Takes 127.0.0.2 for a public address, and judges all others as usual."""

    def open_socket(self, addr_info: tuple[Any, ...]) -> socket.socket:
        if addr_info[4][0] == "127.0.0.2":
            return socket.socket(addr_info[0], addr_info[1], addr_info[2])
        return super().open_socket(addr_info)
