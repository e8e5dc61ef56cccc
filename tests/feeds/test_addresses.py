"""No spelling of an address, no redirect and no name server leads a feed to where the public web is not."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import AddressNotAllowed, FetchError
from bot.newsroom.feeds.address_guard import AddressGuard, BlockedAddressError, get_refusal_reason
from bot.newsroom.feeds.fetcher import Fetcher, FetchLimits
from bot.newsroom.feeds.resolver import ThreadPoolResolver
from tests.feeds.forbidden import PRIVATE_V4, PRIVATE_V6, hosts, tricks
from tests.feeds.guards import CountingGuard, PretendingGuard
from tests.feeds.local import HereResolver, Publishers
from tests.store.material import HandClock

SPELLINGS = sorted(set(hosts()))
PUBLIC = (
    "8.8.8.8",
    "1.1.1.1",
    "93.184.215.14",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "2001:4860:4860::8888",
    "64:ff9b::808:808",
)


class ListedResolver(AbstractResolver):
    """Gives a name these addresses, one list after the other, the last one for ever: a name server that rebinds."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        result = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=_family(one), proto=0, flags=0) for one in result
        ]

    async def close(self) -> None:
        """Release nothing."""


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class Listener:
    """Counts who connects to this machine."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0

    def on_connect(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """On every address of this machine, IPv6 too where it has that."""
    here = Listener()
    async with await asyncio.start_server(here.on_connect, "0.0.0.0") as server:  # noqa: S104 - what must not be reached
        here.port = server.sockets[0].getsockname()[1]
        async with contextlib.AsyncExitStack() as stack:
            with contextlib.suppress(OSError):
                await stack.enter_async_context(await asyncio.start_server(here.on_connect, "::1", here.port))
            yield here


async def refused(fetcher: Fetcher, address: str) -> str:
    with pytest.raises(FetchError) as error:
        await fetcher.fetch(address)
    assert "\n" not in str(error.value)
    return str(error.value)


async def test_no_spelling_of_a_forbidden_address_reaches_anything(listener: Listener, clock: HandClock) -> None:
    """Several hundred of them, with the system's own resolver, which understands most."""
    assert len(SPELLINGS) >= 200
    guard = CountingGuard()
    async with Fetcher(guard, clock, limits=FetchLimits(seconds=5.0)) as fetcher:
        for host in SPELLINGS:
            await refused(fetcher, f"http://{host}:{listener.port}/feed")
    assert (guard.opened, listener.connections) == (0, 0)


async def test_no_trick_of_writing_reaches_anything(listener: Listener, clock: HandClock) -> None:
    guard = CountingGuard()
    async with Fetcher(guard, clock, resolver=HereResolver()) as fetcher:
        for address in tricks(listener.port):
            await refused(fetcher, address)
    assert (guard.opened, listener.connections) == (0, 0)


async def test_the_listener_would_have_noticed(listener: Listener, clock: HandClock) -> None:
    """The tests above can fail: what is allowed arrives."""
    async with Fetcher(AddressGuard(["127.0.0.1"]), clock) as fetcher:
        await refused(fetcher, f"http://127.0.0.1:{listener.port}/")
    assert listener.connections >= 1


async def test_no_redirect_leads_to_a_forbidden_address(
    publishers: Publishers, listener: Listener, clock: HandClock
) -> None:
    """Whichever kind of redirect, and also from a host that is allowed itself."""
    async with Fetcher(AddressGuard(["publisher.example"]), clock, resolver=HereResolver()) as fetcher:
        for place, host in enumerate(SPELLINGS[::4]):
            status = (301, 302, 303, 307, 308)[place % 5]
            publishers.says("/feed", status=status, headers={"Location": f"http://{host}:{listener.port}/"})
            await refused(fetcher, publishers.url("/feed"))
    assert listener.connections == 0


@pytest.mark.parametrize(
    "target",
    [
        "//127.0.0.1/",
        "http://[::1",
        "http://[::1]a:b@",
        'http://"x/',
        "file:///etc/passwd",
        "http://a:b@third.example/",
        "ftp://third.example/?u=http://other.example:{port}/feed",
        "javascript:location='http://other.example:{port}/feed'",
    ],
)
async def test_a_redirect_to_what_is_no_web_address_is_refused(
    publishers: Publishers, fetcher: Fetcher, target: str
) -> None:
    publishers.says(
        "/feed",
        status=302,
        headers={"Location": target.replace("127.0.0.1", "127.0.0.9").replace("{port}", str(publishers.port))},
    )
    await refused(fetcher, publishers.url("/feed"))
    assert publishers.paths() == ["/feed"]


async def test_a_name_that_is_rebound_is_refused(publishers: Publishers, clock: HandClock) -> None:
    """Public at the first look, this machine at the next: what counts is the address that is dialled."""
    publishers.says("/feed", "x")
    resolver = ListedResolver(("127.0.0.2",), ("127.0.0.1",))
    async with Fetcher(PretendingGuard(), clock, resolver=resolver) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(publishers.url("/feed"))
        with pytest.raises(FetchError) as error:
            await fetcher.fetch(publishers.url("/feed", "again.example"))
    assert "leads to 127.0.0.1, an address of this machine" in str(error.value)
    assert publishers.requests == []


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6])
async def test_a_name_that_resolves_to_a_forbidden_address_is_refused(address: str, clock: HandClock) -> None:
    """The operator learns which address it is, and how the host could be allowed."""
    async with Fetcher(AddressGuard(), clock, resolver=ListedResolver((address,))) as fetcher:
        with pytest.raises(AddressNotAllowed, match=r"operator can allow the host with FEED_ALLOW\.$"):
            await fetcher.fetch("http://publisher.example/feed")


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example"])
async def test_a_host_that_is_no_name_has_no_address(host: str) -> None:
    """A label has at most 63 characters, and at least one."""
    resolver = ThreadPoolResolver()
    with pytest.raises(OSError, match="is no name"):
        await resolver.resolve(host)
    await resolver.close()


def test_ports_below_1024_are_refused_but_for_the_webs() -> None:
    guard = AddressGuard(["own.example"])
    for port in (80, 443, 1024, 8080):
        assert guard.parse(f"http://paper.example:{port}/").port == port
    for port in (22, 1023):
        with pytest.raises(AddressNotAllowed, match=f"Port {port} in "):
            guard.parse(f"http://paper.example:{port}/")
        assert guard.parse(f"http://own.example:{port}/").port == port


async def test_one_forbidden_address_among_many_is_not_dialled(publishers: Publishers, clock: HandClock) -> None:
    resolver = ListedResolver(("127.0.0.1", "127.0.0.2", "::1"))
    async with Fetcher(PretendingGuard(), clock, resolver=resolver) as fetcher:
        await refused(fetcher, publishers.url("/feed"))
    assert publishers.requests == []


async def test_the_public_web_is_not_let_into_what_the_operator_allows(
    publishers: Publishers, clock: HandClock
) -> None:
    """A publisher's redirect does not open what FEED_ALLOW opens for a feed that a person has put there."""
    inside = publishers.url("/secret", "intranet.example")

    async def send_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: {inside}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    publishers.says("/secret", "inside")
    async with await asyncio.start_server(send_on, "127.0.0.2", 0) as server:
        port = server.sockets[0].getsockname()[1]
        resolver = ListedResolver(("127.0.0.2",), ("127.0.0.1",))
        async with Fetcher(PretendingGuard(["intranet.example"]), clock, resolver=resolver) as fetcher:
            error = await refused(fetcher, f"http://public.example:{port}/feed")
            assert "an address of this machine" in error
            assert publishers.requests == []
            assert (await fetcher.fetch(inside)).body == b"inside"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "LOCALHOST", "localhost."])
def test_a_host_is_allowed_in_any_plain_spelling(host: str) -> None:
    guard = AddressGuard(["127.0.0.1", "0:0::1", "localhost"])
    assert guard.allows(guard.parse(f"http://{host}:81/feed"))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_web_is_not_refused(address: str) -> None:
    assert get_refusal_reason(address) == ""


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**128 - 1))
def test_only_what_is_given_out_for_the_public_is_dialled(number: int) -> None:
    """Of all of IPv6 an eighth is; and of that no part that stands for something else.

    Beside it, only NAT64 translates to addresses that are judged themselves.
    """
    address = ipaddress.IPv6Address(number)
    if address in ipaddress.ip_network("64:ff9b::/96"):
        assert get_refusal_reason(str(address)) == get_refusal_reason(str(ipaddress.IPv4Address(number & 0xFFFF_FFFF)))
    elif not get_refusal_reason(str(address)):
        assert address in ipaddress.ip_network("2000::/3")
        assert address.is_global
        assert (address.sixtofour, address.teredo, address.ipv4_mapped) == (None, None, None)


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_dialled_just_when_it_is_public(address: ipaddress.IPv4Address) -> None:
    networks = [ipaddress.ip_network(one) for one in ("192.88.99.0/24", "192.0.0.0/24")]
    special = address.is_multicast or address.is_reserved or any(address in network for network in networks)
    public = address.is_global and not special
    assert (get_refusal_reason(str(address)) == "") == public


def test_what_is_no_number_is_never_dialled() -> None:
    with pytest.raises(BlockedAddressError):
        AddressGuard().open_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("localhost", 80)))
