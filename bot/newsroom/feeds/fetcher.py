"""Fetch feeds and pages in a way that is polite to publishers and safe for operators.

A host gets one request at a time, with a user agent that names the program. Requests are conditional if possible. A fetch
takes at most 5 MB, compressed and decompressed, and 30 s in total. Redirects are followed here and not by the HTTP client, so
that each one is checked like an address that a person gave. Cookies are sent back during one fetch, and forgotten afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

import bot
from bot.clock import Clock, Pause
from bot.errors import AddressNotAllowed, FetchError, FetchGone, HostPaused
from bot.languages import format_number, say
from bot.model.poll_schedule import limit_retry_time
from bot.newsroom.feeds.address_guard import AddressGuard, abbreviate, normalize_host
from bot.newsroom.feeds.decompression import DecompressedTooLargeError, DecompressionError, decompress, is_compressed
from bot.newsroom.feeds.fetch_errors import (
    CONNECT_SECONDS,
    build_too_large_error,
    format_status,
    translate_decompression_error,
    translate_request_error,
)
from bot.newsroom.feeds.http_headers import (
    FRESHNESS_HEADERS,
    FetchResponse,
    get_echoable,
    get_remaining_freshness,
    parse_retry_after,
)
from bot.newsroom.feeds.resolver import ThreadPoolResolver


class _HostLocks:
    """A lock for each host, given in the order of the requests."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._holder_counts: dict[str, int] = {}

    @contextlib.asynccontextmanager
    async def hold(self, host: str) -> AsyncIterator[None]:
        """Wait for a host's lock and hold it. The lock of a host is dropped once nobody needs it."""
        lock = self._locks.setdefault(host, asyncio.Lock())
        self._holder_counts[host] = self._holder_counts.get(host, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._holder_counts[host] -= 1
            if not self._holder_counts[host]:
                del self._holder_counts[host], self._locks[host]


log = logging.getLogger(__name__)

SIZE_LIMIT = 5_000_000
TIMEOUT_SECONDS = 30.0
MAX_REDIRECTS = 10
#: The longest header, in bytes, and the most headers of a response. Long security policies exist, and this much fits into memory.
MAX_HEADER_SIZE = 32_768
MAX_HEADERS = 512
#: Cookies are not sent back if they are longer than this.
MAX_COOKIE_SIZE = 4_096
#: How long a connection is kept for a host's next feed. Thousands of hosts in a row must not use up the file descriptors.
KEEPALIVE_SECONDS = 3.0
_CHUNK = 65_536
#: The schemes of addresses that a redirect may lead to.
_REDIRECT_SCHEMES = ("http:", "https:", "feed:")
_PERMANENT_REDIRECTS = (301, 308)
#: 203 is a 200 that a proxy has changed (https://www.rfc-editor.org/rfc/rfc9110#section-15.3.4).
_SUCCESS_CODES = (200, 203)
_CONDITIONAL_HEADERS = frozenset({"If-None-Match", "If-Modified-Since"})
_REDIRECT_CODES = (301, 302, 303, 307, 308)
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, "
    "text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a fetch may take: bytes after decompression, and seconds in all."""

    max_bytes: int = SIZE_LIMIT
    seconds: float = TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str
    is_permanent: bool
    cookies: SimpleCookie


def build_user_agent(contact_url: str = "") -> str:
    """Return the user agent: the program, its version, and where whoever runs it can be reached, if that is set."""
    page = f"; +{contact_url}" if contact_url else ""
    return f"Dealwire/{bot.__version__} (feed reader of a Discord bot{page})"


class Fetcher:
    """Fetches over HTTP. Open it with ``async with``.

    ``resolver`` resolves names, by default the system's resolver. Publishers see ``contact_url`` in the user agent.
    """

    def __init__(
        self,
        guard: AddressGuard,
        clock: Clock,
        *,
        limits: FetchLimits | None = None,
        resolver: AbstractResolver | None = None,
        contact_url: str = "",
    ) -> None:
        self._guard = guard
        self._user_agent = build_user_agent(contact_url)
        self._clock = clock
        self._limits = limits or FetchLimits()
        self._resolver = resolver
        self._host_locks = _HostLocks()
        self._host_pauses: dict[str, Pause] = {}

    async def __aenter__(self) -> Self:
        self._dns_resolver = self._resolver or ThreadPoolResolver()
        self._public_session = self._open_session(self._open_connector(socket_factory=self._guard.open_socket))
        self._private_session = self._open_session(self._open_connector())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._public_session.close()
        await self._private_session.close()
        await self._dns_resolver.close()

    async def fetch(self, address: str, *, etag: str = "", last_modified: str = "") -> FetchResponse:
        """Fetch what is at an address, or learn that it has not changed.

        Raise AddressNotAllowed, FetchGone, HostClosed, or FetchError for everything else that can go wrong, with one
        sentence.
        """
        url = permanent_url = self._guard.parse(address)
        conditional_headers = {
            name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value
        }
        cookies = aiohttp.CookieJar(unsafe=True)
        may_be_private = self._guard.allows(url)
        is_permanent = True
        seconds_left = self._limits.seconds
        loop = asyncio.get_running_loop()
        for _ in range(MAX_REDIRECTS + 1):
            # A redirect from the public web must not lead into the operator's own network.
            session = self._private_session if may_be_private and self._guard.allows(url) else self._public_session
            async with self._host_locks.hold(normalize_host(url.raw_host or "")):
                start = loop.time()
                result = await self._request_in_time(
                    session, url, {**conditional_headers, **_build_cookie_header(cookies, url)}, seconds_left
                )
                seconds_left -= loop.time() - start
            if isinstance(result, FetchResponse):
                return replace(result, permanent_url=permanent_url)
            cookies.update_cookies(result.cookies, url)
            url = self._resolve_redirect(url, result.target)
            is_permanent = is_permanent and result.is_permanent
            permanent_url = url if is_permanent else permanent_url
        raise FetchError(
            say(
                "{address} redirects more than {times} times.",
                address=abbreviate(address),
                times=format_number(MAX_REDIRECTS),
            )
        )

    def get_host_pause_end(self, host: str) -> datetime | None:
        """Return until when a host gets no requests because it asked for that; None if it may get some."""
        pause, now = self._host_pauses.get(host), self._clock()
        if pause is not None and pause.is_over(now):
            del self._host_pauses[host]
            pause = None
        return pause.get_end(now) if pause is not None else None

    async def _request_in_time(
        self, session: aiohttp.ClientSession, url: URL, headers: Mapping[str, str], seconds: float
    ) -> FetchResponse | _Redirect:
        until = self.get_host_pause_end(normalize_host(url.raw_host or ""))
        if until is not None:
            retry_time = f"{until:%Y-%m-%d %H:%M}"
            message = say("{host} asked for no more requests until {when} UTC.", host=url.host, when=retry_time)
            raise HostPaused(message, retry_at=until)
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                return await self._request(session, url, headers)
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            raise translate_request_error(exc, url, self._limits.seconds) from exc

    async def _request(
        self, session: aiohttp.ClientSession, url: URL, headers: Mapping[str, str]
    ) -> FetchResponse | _Redirect:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            status = response.status
            if status in _REDIRECT_CODES and "Location" in response.headers:
                response.close()
                return _Redirect(response.headers["Location"], status in _PERMANENT_REDIRECTS, response.cookies)
            if status == 304 and _CONDITIONAL_HEADERS.intersection(headers):
                return self._build_response(response, url, None)
            if status not in _SUCCESS_CODES:
                response.close()
                raise self._build_status_error(response, url)
            return self._build_response(response, url, await self._read_body(response, url))

    async def _read_body(self, response: aiohttp.ClientResponse, url: URL) -> bytes:
        """Return the whole body, decompressed and within the limit."""
        address = abbreviate(str(url))
        body = await self._read_encoded_body(response, address)
        encoding = ",".join(response.headers.getall("Content-Encoding", ()))
        if not is_compressed(body, encoding):
            return body
        try:
            return await asyncio.to_thread(decompress, body, encoding, self._limits.max_bytes)
        except (DecompressedTooLargeError, DecompressionError) as exc:
            raise translate_decompression_error(exc, address, self._limits.max_bytes) from exc

    async def _read_encoded_body(self, response: aiohttp.ClientResponse, address: str) -> bytes:
        if (response.content_length or 0) > self._limits.max_bytes:
            response.close()
            raise build_too_large_error(address, self._limits.max_bytes)
        body = bytearray()
        try:
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > self._limits.max_bytes:
                    response.close()
                    raise build_too_large_error(address, self._limits.max_bytes)
        except aiohttp.ClientPayloadError as exc:
            message = say(
                "{address} answered {status}, but the answer was cut short.",
                address=address,
                status=format_status(response),
            )
            raise FetchError(message) from exc
        return bytes(body)

    def _build_response(self, response: aiohttp.ClientResponse, url: URL, body: bytes | None) -> FetchResponse:
        headers = response.headers
        return FetchResponse(
            body=body,
            url=url,
            permanent_url=url,
            content_type=headers.get("Content-Type", "")[:200],
            etag=get_echoable(headers.get("ETag", "")),
            last_modified=get_echoable(headers.get("Last-Modified", "")),
            fresh_for=get_remaining_freshness(
                {name: ",".join(headers.getall(name, ())) for name in FRESHNESS_HEADERS}, self._clock()
            ),
        )

    def _build_status_error(self, response: aiohttp.ClientResponse, url: URL) -> FetchError:
        if response.status == 410:
            return FetchGone(say("{address} has been permanently removed (410).", address=abbreviate(str(url))))
        now = self._clock()
        until = (
            parse_retry_after(response.headers.get("Retry-After", ""), now) if response.status in (429, 503) else None
        )
        if until is not None:
            until = limit_retry_time(until, now)
            self._host_pauses[normalize_host(url.raw_host or "")] = Pause(now, until - now)
        message = say("{address} answered {status}.", address=abbreviate(str(url)), status=format_status(response))
        return FetchError(message, retry_at=until)

    def _resolve_redirect(self, url: URL, target: str) -> URL:
        try:
            target_url = str(url.join(URL(target)))
        except (ValueError, IndexError) as exc:
            message = say(
                "{address} redirects to {target}, which isn't a valid address.",
                address=abbreviate(str(url)),
                target=abbreviate(target),
            )
            raise FetchError(message) from exc
        if not target_url.lower().startswith(_REDIRECT_SCHEMES):
            # Nobody pasted this one, so an address inside it is not the target.
            raise AddressNotAllowed(
                say("{address} isn't an http:// or https:// address.", address=abbreviate(target_url))
            )
        return self._guard.parse(target_url)

    def _open_connector(self, **options: Any) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(
            resolver=self._dns_resolver, limit=0, keepalive_timeout=KEEPALIVE_SECONDS, **options
        )

    def _open_session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            auto_decompress=False,
            # A proxy would connect in our place, and the guard must see each address that is connected to.
            trust_env=False,
            max_field_size=MAX_HEADER_SIZE,
            max_headers=MAX_HEADERS,
        )


def _build_cookie_header(cookies: aiohttp.CookieJar, url: URL) -> dict[str, str]:
    """Return the header with the cookies of this fetch that are for an address; empty if there are none."""
    header = "; ".join(f"{name}={cookie.coded_value}" for name, cookie in cookies.filter_cookies(url).items())
    return {"Cookie": header} if 0 < len(header) <= MAX_COOKIE_SIZE else {}
