"""Fetches feeds and pages, as a publisher would welcome and an operator can trust.

One fetch at a time per host, with a name that says who asks; conditional where it can be. At most 5 MB, packed and unpacked,
and 30 s in all. Redirects are followed here and not by the HTTP client, so that each is judged like the address that a person
gave; cookies are sent back while they last, and forgotten with the fetch.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http.cookies import SimpleCookie
from importlib import metadata
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

import bot
from bot.clock import Clock, Pause
from bot.errors import AddressRefused, FetchError, FetchGone, HostClosed
from bot.languages import number, say
from bot.model.cadence import patience
from bot.newsroom.feeds.addresses import Guard, RefusedAddress, plain_host, shown
from bot.newsroom.feeds.answers import FRESHNESS, Fetched, echoed, good_for, retry_after
from bot.newsroom.feeds.resolving import Resolver
from bot.newsroom.feeds.turns import Turns
from bot.newsroom.feeds.unpacking import UnknownCoding, UnpackingError, UnpacksTooLarge, is_packed, unpacked

log = logging.getLogger(__name__)

SIZE_LIMIT = 5_000_000
SECONDS = 30.0
REDIRECTS = 10
#: The longest header, in bytes, and the most headers of an answer: long policies are real, and this much fits into memory.
HEADER_SIZE = 32_768
HEADERS = 512
#: More in cookies is not sent back.
COOKIES_SIZE = 4_096
#: How long a connection may take: a host that is not there is known by then.
CONNECT_SECONDS = 10.0
#: How long a connection is kept for a host's next feed. Thousands of hosts in a row must not use up the files that may be open.
KEPT_SECONDS = 3.0
_CHUNK = 65_536
#: How an address begins that a redirect may lead to.
_FOLLOWED = ("http:", "https:", "feed:")
_PERMANENT = (301, 308)
#: 203 is a 200 that a proxy has changed (RFC 9110, 15.3.4).
_SUCCESSES = (200, 203)
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_REDIRECTS = (301, 302, 303, 307, 308)
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, "
    "text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may take: bytes after decompression, seconds in all."""

    size: int = SIZE_LIMIT
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str
    permanent: bool
    cookies: SimpleCookie


def user_agent() -> str:
    """Who asks: the program, its version, and its page where the package names one."""
    try:
        pages = metadata.metadata("dealwire").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        pages = []
    page = next((f"; +{entry.split(',')[-1].strip()}" for entry in pages), "")
    return f"Dealwire/{bot.__version__} (feed reader of a Discord bot{page})"


class Fetcher:
    """Fetches; open it with ``async with``. ``resolver`` turns names into addresses, the system's by default."""

    def __init__(
        self, guard: Guard, clock: Clock, *, limits: Limits | None = None, resolver: AbstractResolver | None = None
    ) -> None:
        self._guard = guard
        self._clock = clock
        self._limits = limits or Limits()
        self._resolver = resolver
        self._turns = Turns()
        self._closed: dict[str, Pause] = {}

    async def __aenter__(self) -> Self:
        self._names = self._resolver or Resolver()
        self._public = self._session(self._connector(socket_factory=self._guard.open_socket))
        self._private = self._session(self._connector())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._public.close()
        await self._private.close()
        await self._names.close()

    async def get(self, address: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Fetch what is at an address, or learn that it is as it was.

        Raises AddressRefused, FetchGone, HostClosed, or FetchError for all else that can go wrong, in one sentence.
        """
        url = kept = self._guard.read(address)
        conditions = {
            name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value
        }
        cookies = aiohttp.CookieJar(unsafe=True)
        may_be_private = self._guard.allows(url)
        permanent = True
        left = self._limits.seconds
        loop = asyncio.get_running_loop()
        for _ in range(REDIRECTS + 1):
            # Who is sent on by the public web is not let into the operator's own.
            session = self._private if may_be_private and self._guard.allows(url) else self._public
            async with self._turns.of(plain_host(url.raw_host or "")):
                began = loop.time()
                found = await self._timed(session, url, {**conditions, **_cookie(cookies, url)}, left)
                left -= loop.time() - began
            if isinstance(found, Fetched):
                return replace(found, kept_url=kept)
            cookies.update_cookies(found.cookies, url)
            url = self._followed(url, found.target)
            permanent = permanent and found.permanent
            kept = url if permanent else kept
        raise FetchError(
            say("{address} redirects more than {times} times.", address=shown(address), times=number(REDIRECTS))
        )

    def closed_until(self, host: str) -> datetime | None:
        """Until when a host is left alone because it asked for that; None when it is not."""
        pause, now = self._closed.get(host), self._clock()
        if pause is not None and pause.is_over(now):
            del self._closed[host]
            pause = None
        return pause.end(now) if pause is not None else None

    async def _timed(
        self, session: aiohttp.ClientSession, url: URL, headers: Mapping[str, str], seconds: float
    ) -> Fetched | _Redirect:
        until = self.closed_until(plain_host(url.raw_host or ""))
        if until is not None:
            when = f"{until:%Y-%m-%d %H:%M}"
            said = say("{host} asked to be left alone until {when} UTC.", host=url.host, when=when)
            raise HostClosed(said, retry_at=until)
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                return await self._ask(session, url, headers)
        except aiohttp.ConnectionTimeoutError as exc:
            said = say(
                "{host} cannot be reached: no answer in {seconds} seconds.",
                host=url.host,
                seconds=f"{CONNECT_SECONDS:g}",
            )
            raise FetchError(said) from exc
        except TimeoutError as exc:
            said = say(
                "{address} took longer than {seconds} seconds.",
                address=shown(str(url)),
                seconds=f"{self._limits.seconds:g}",
            )
            raise FetchError(said) from exc
        except aiohttp.InvalidURL as exc:
            raise AddressRefused(say("{address} is no web address.", address=shown(str(url)))) from exc
        except aiohttp.ClientConnectorError as exc:
            raise self._unreachable(url, exc) from exc
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            # A ValueError is how some of the client's own parsing refuses what it was sent.
            said = say(
                "{address} does not answer as a web server should: {why}.", address=shown(str(url)), why=_cause(exc)
            )
            raise FetchError(said) from exc

    async def _ask(self, session: aiohttp.ClientSession, url: URL, headers: Mapping[str, str]) -> Fetched | _Redirect:
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            status = answer.status
            if status in _REDIRECTS and "Location" in answer.headers:
                answer.close()
                return _Redirect(answer.headers["Location"], status in _PERMANENT, answer.cookies)
            if status == 304 and _CONDITIONS.intersection(headers):
                return self._fetched(answer, url, None)
            if status not in _SUCCESSES:
                answer.close()
                raise self._refused(answer, url)
            return self._fetched(answer, url, await self._body(answer, url))

    async def _body(self, answer: aiohttp.ClientResponse, url: URL) -> bytes:
        """The whole body, unpacked, and no further than the limit."""
        address = shown(str(url))
        body = await self._packed(answer, address)
        encoding = ",".join(answer.headers.getall("Content-Encoding", ()))
        if not is_packed(body, encoding):
            return body
        try:
            return await asyncio.to_thread(unpacked, body, encoding, self._limits.size)
        except UnpacksTooLarge as exc:
            raise self._too_large(address) from exc
        except UnknownCoding as exc:
            said = say(
                "The answer from {address} is compressed as “{coding}”, which Dealwire cannot unpack.",
                address=address,
                coding=shown(exc.coding),
            )
            raise FetchError(said) from exc
        except UnpackingError as exc:
            said = say(
                "The answer from {address} is labelled “{coding}” but cannot be unpacked as that.",
                address=address,
                coding=shown(exc.coding),
            )
            raise FetchError(said) from exc

    async def _packed(self, answer: aiohttp.ClientResponse, address: str) -> bytes:
        if (answer.content_length or 0) > self._limits.size:
            answer.close()
            raise self._too_large(address)
        body = bytearray()
        try:
            async for piece in answer.content.iter_chunked(_CHUNK):
                body += piece
                if len(body) > self._limits.size:
                    answer.close()
                    raise self._too_large(address)
        except aiohttp.ClientPayloadError as exc:
            said = say(
                "{address} answered {status}, but the answer was cut short.",
                address=address,
                status=_status(answer),
            )
            raise FetchError(said) from exc
        return bytes(body)

    def _too_large(self, address: str) -> FetchError:
        return FetchError(say("{address} has more than {size} bytes.", address=address, size=number(self._limits.size)))

    def _fetched(self, answer: aiohttp.ClientResponse, url: URL, body: bytes | None) -> Fetched:
        headers = answer.headers
        return Fetched(
            body=body,
            url=url,
            kept_url=url,
            content_type=headers.get("Content-Type", "")[:200],
            etag=echoed(headers.get("ETag", "")),
            last_modified=echoed(headers.get("Last-Modified", "")),
            good_for=good_for({name: ",".join(headers.getall(name, ())) for name in FRESHNESS}, self._clock()),
        )

    def _refused(self, answer: aiohttp.ClientResponse, url: URL) -> FetchError:
        if answer.status == 410:
            return FetchGone(say("{address} has been taken down for good (410).", address=shown(str(url))))
        now = self._clock()
        until = retry_after(answer.headers.get("Retry-After", ""), now) if answer.status in (429, 503) else None
        if until is not None:
            until = patience(until, now)
            self._closed[plain_host(url.raw_host or "")] = Pause(now, until - now)
        said = say("{address} answered {status}.", address=shown(str(url)), status=_status(answer))
        return FetchError(said, retry_at=until)

    def _followed(self, url: URL, target: str) -> URL:
        try:
            joined = str(url.join(URL(target)))
        except (ValueError, IndexError) as exc:
            said = say(
                "{address} redirects to {target}, which is no address.", address=shown(str(url)), target=shown(target)
            )
            raise FetchError(said) from exc
        if not joined.lower().startswith(_FOLLOWED):
            # Nobody has pasted it: an address inside of it is not where it leads.
            raise AddressRefused(say("{address} is no http:// or https:// address.", address=shown(joined)))
        return self._guard.read(joined)

    def _unreachable(self, url: URL, exc: aiohttp.ClientConnectorError) -> FetchError:
        if isinstance(exc, aiohttp.ClientConnectorCertificateError):
            why = _cause(exc.certificate_error)
            return FetchError(say("{host} has no valid certificate: {why}.", host=url.host, why=why))
        if isinstance(exc.os_error, RefusedAddress):
            # Said: {why} is such as "it leads to 10.0.0.1, a private address"
            said = say(
                "{address} is not fetched: {why}; FEED_ALLOW can allow the host.",
                address=shown(str(url)),
                why=exc.os_error,
            )
            return AddressRefused(said)
        if isinstance(exc, aiohttp.ClientConnectorDNSError):
            return FetchError(say("{host} is not known to the name server.", host=url.host))
        return FetchError(say("{host} cannot be reached: {why}.", host=url.host, why=_cause(exc)))

    def _connector(self, **judging: Any) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(resolver=self._names, limit=0, keepalive_timeout=KEPT_SECONDS, **judging)

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent(), "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            auto_decompress=False,
            max_field_size=HEADER_SIZE,
            max_headers=HEADERS,
        )


def _status(answer: aiohttp.ClientResponse) -> str:
    return f"{answer.status} {shown(answer.reason or '')}".strip()


def _cookie(cookies: aiohttp.CookieJar, url: URL) -> dict[str, str]:
    """Return the header with the cookies of this fetch that are for an address; empty for none."""
    sent = "; ".join(f"{name}={cookie.coded_value}" for name, cookie in cookies.filter_cookies(url).items())
    return {"Cookie": sent} if 0 < len(sent) <= COOKIES_SIZE else {}


def _cause(exc: BaseException) -> str:
    """The client's own words, on one line and cut short."""
    if isinstance(exc, aiohttp.ServerDisconnectedError):
        # After half an answer its text is an object of the client's.
        return "Server disconnected"
    if isinstance(exc, aiohttp.ClientResponseError):
        # Its text says 400, which the server never did.
        return shown(" ".join(exc.message.replace("^", " ").split())).rstrip(":.") or type(exc).__name__
    return shown(str(exc).partition("\n")[0]).rstrip(".") or type(exc).__name__
