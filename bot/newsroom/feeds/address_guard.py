"""Decide which addresses may be fetched: those of the public web, and those that the operator allows.

An address is judged when it is dialled, as the IP address that the socket is given. So it does not matter how it was
spelled, what a name resolved to a moment ago, or which redirect led there.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Any

from yarl import URL

from bot.errors import AddressNotAllowed
from bot.languages import lazy, say
from bot.newsroom.feeds.pasted_addresses import URL_LIMIT, read_address
from bot.redaction import redact_address

#: Below 1024 only the ports of HTTP are allowed, because other services there speak another protocol.
_WEB_PORTS = (80, 443)

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_AN_IP = lazy("it leads to {number}, which is not an IP address")
_RESERVED = lazy("it leads to {number}, a reserved address")
#: The networks that are refused, with the reason. Python's own ``is_global`` allows several of these.
_REFUSED_NETWORKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (lazy("it leads to {number}, an address of this machine"), ("127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128")),
    (
        lazy("it leads to {number}, a private address"),
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
    ),
    (lazy("it leads to {number}, a link-local address"), ("169.254.0.0/16", "fe80::/10")),
    (lazy("it leads to {number}, a multicast address"), ("224.0.0.0/4", "ff00::/8")),
    (
        lazy("it leads to {number}, a translated address"),
        ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "192.88.99.0/24"),
    ),
    (
        _RESERVED,
        ("192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
         "2001::/23", "2001:db8::/32", "3fff::/20", "100::/64", "5f00::/16"),
    ),
)  # fmt: skip
_NETWORKS: tuple[tuple[str, _Network], ...] = tuple(
    (name, ipaddress.ip_network(network)) for name, networks in _REFUSED_NETWORKS for network in networks
)
#: All that is allocated for the public IPv6 internet (https://www.iana.org/assignments/ipv6-unicast-address-assignments).
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
#: The addresses by which a host that has IPv6 alone reaches IPv4 (NAT64, https://www.rfc-editor.org/rfc/rfc6052#section-2.1).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: A host: a name, or an IPv6 address with its zone.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(?:%[\w.%-]+)?")


class BlockedAddressError(OSError):
    """A socket to this address is not opened; the text says why."""


def get_refusal_reason(address: str) -> str:
    """Return why a feed may not be on this IP address, as the end of a sentence; empty if it may."""
    reason = _find_refusal_reason(address)
    return say(reason, number=address) if reason else ""


def _find_refusal_reason(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return _NOT_AN_IP
    if ip in _NAT64:
        # The translator connects to the IPv4 address in the last 32 bits.
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    for reason, network in _NETWORKS:
        if ip in network:
            return reason
    if ip.version == 6 and ip not in _PUBLIC_IPV6:
        return _RESERVED
    return "" if ip.is_global and not ip.is_multicast else _RESERVED


class AddressGuard:
    """Judges addresses.

    ``allowed`` are hosts, by name or IP address, that may be on any address (the setting ``FEED_ALLOW``); from ``blocked``
    hosts and their subdomains nothing is fetched (``FEED_BLOCK``).
    """

    def __init__(self, allowed: Iterable[str] = (), blocked: Iterable[str] = ()) -> None:
        self._allowed = frozenset(normalize_host(host) for host in allowed)
        self._blocked = frozenset(normalize_host(host) for host in blocked)

    def allows(self, url: URL) -> bool:
        """Return whether the operator allows feeds on this host, wherever it is."""
        return normalize_host(url.raw_host or "") in self._allowed

    def parse(self, text: str) -> URL:
        """Return an address as a person or a redirect gives it. Raise AddressNotAllowed if it cannot be a feed's.

        It is understood as :func:`read_address` does. Where it leads is judged later, by :meth:`open_socket`.
        """
        url = _parse_url(read_address(text))
        if url.scheme not in ("http", "https") or not _HOST.fullmatch(url.raw_host or ""):
            raise AddressNotAllowed(say("{address} isn't an http:// or https:// address.", address=abbreviate(text)))
        if url.raw_user is not None or url.raw_password is not None:
            address = abbreviate(str(url.with_user(None)))
            raise AddressNotAllowed(
                say("Addresses with a user name or password aren't allowed: {address}.", address=address)
            )
        if self._is_blocked(url):
            raise AddressNotAllowed(say("This bot isn't allowed to fetch anything from {host}.", host=url.host))
        port = url.port or 0
        if port < 1024 and port not in _WEB_PORTS and not self.allows(url):
            raise AddressNotAllowed(
                say(
                    "Port {port} in {address} isn't allowed: use 80, 443 or a port from 1024 up.",
                    address=abbreviate(text),
                    port=port,
                )
            )
        return url.with_fragment(None)

    def _is_blocked(self, url: URL) -> bool:
        host = normalize_host(url.raw_host or "")
        return host in self._blocked or any(host.endswith(f".{blocked}") for blocked in self._blocked)

    def open_socket(self, addr_info: tuple[Any, ...]) -> socket.socket:
        """Return a socket for a resolved address, or raise BlockedAddressError. This is aiohttp's ``socket_factory``."""
        family, socket_type, protocol, _, target = addr_info
        reason = get_refusal_reason(str(target[0]))
        if reason:
            raise BlockedAddressError(reason)
        return socket.socket(family=family, type=socket_type, proto=protocol)


def normalize_host(host: str) -> str:
    """Return a host in the one spelling that is compared: lower case, no final dot, no brackets, an IP address in its
    shortest form.
    """
    host = host.strip().strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


def abbreviate(text: str) -> str:
    """Return a text for use in a sentence: on one line, cut short, and without credentials."""
    text = redact_address(text.strip()[:URL_LIMIT])
    line = "".join(character if character.isprintable() else "?" for character in text)
    return line if len(line) <= 100 else line[:99] + "…"


def _get_invalid_message(text: str) -> str:
    if not text:
        return say("The address is missing.")
    return say("{address} isn't a web address.", address=abbreviate(text))


def _parse_url(text: str) -> URL:
    text = text.strip()
    if (
        not text
        or len(text) > URL_LIMIT
        or any(character.isspace() or not character.isprintable() for character in text)
    ):
        raise AddressNotAllowed(_get_invalid_message(text))
    try:
        url = URL(text)
        # yarl computes these lazily, and may raise then.
        _ = (url.raw_host, url.port, url.raw_user)
    except (ValueError, IndexError) as exc:
        # yarl raises an IndexError over “http://[::1]a:b@”.
        raise AddressNotAllowed(_get_invalid_message(text)) from exc
    return url
