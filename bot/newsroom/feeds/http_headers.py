"""What the headers of a response say: when to ask again, how long it stays fresh, what to echo next time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from yarl import URL

#: The longest header that is echoed, because it is stored, and sent with every poll.
ECHO_LIMIT = 1_000
#: The headers that :func:`get_remaining_freshness` reads.
FRESHNESS_HEADERS = ("Cache-Control", "Expires", "Date", "Age")
#: A directive of Cache-Control: its name, and its value, quoted or not.
_DIRECTIVE = re.compile(r"([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s,\"]*)))?")
#: The longest freshness that a publisher can mean, in seconds.
_MAX_SECONDS = 10**9
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """The result of a fetch that succeeded.

    Attributes:
        body: what was sent, decompressed; None if it has not changed since it was last fetched.
        url: the address that answered, after all redirects.
        permanent_url: the address to ask from now on: where permanent redirects led, or the one that was asked.
        etag: to be sent back next time, byte for byte; empty if there is none. So too ``last_modified``.
        fresh_for: how long the publisher says that the response stays fresh.
    """

    body: bytes | None
    url: URL
    permanent_url: URL
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_for: timedelta = _ZERO


def parse_retry_after(value: str, now: datetime) -> datetime | None:
    """Return when a ``Retry-After`` header asks us to come again, in either of its forms; None if it says nothing
    sensible.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        # A huge number is cut, so that it can be computed with.
        return now + timedelta(seconds=min(int(value[:12]), 10**9))
    retry_at = _parse_http_date(value)
    return retry_at if retry_at is not None and retry_at > now else None


def get_remaining_freshness(headers: Mapping[str, str], now: datetime | None = None) -> timedelta:
    """Return how much longer a private cache may treat a response as fresh, as of ``now`` if that is given.

    Follow RFC 9111, sections 4.2 and 5.2.2 (https://www.rfc-editor.org/rfc/rfc9111#section-4.2): ``max-age`` goes
    before ``Expires``, ``s-maxage`` is for shared caches, and the age of the response counts.
    """
    directives = _parse_directives(headers.get("Cache-Control", "")[:ECHO_LIMIT])
    # With names of headers, no-cache concerns these only.
    if "no-store" in directives or directives.get("no-cache") == "":
        return _ZERO
    date = _parse_http_date(headers.get("Date", "")) or now
    max_age = directives.get("max-age")
    lifetime = (
        _parse_expires(headers.get("Expires", ""), date)
        if max_age is None
        else timedelta(seconds=_parse_seconds(max_age))
    )
    age = timedelta(seconds=_parse_seconds(headers.get("Age", "").partition(",")[0].strip()))
    if now is not None and date is not None:
        age = max(age, now - date)
    return max(_ZERO, lifetime - age)


def _parse_directives(value: str) -> dict[str, str]:
    """Return the directives by their names in lower case. If one is repeated, the first counts."""
    directives: dict[str, str] = {}
    for name, quoted, unquoted in _DIRECTIVE.findall(value):
        directives.setdefault(name.lower(), quoted or unquoted)
    return directives


def _parse_seconds(value: str) -> int:
    """Return a number of seconds; 0 if the value is no number, so that the response counts as stale."""
    return min(int(value[:12]), _MAX_SECONDS) if value.isascii() and value.isdigit() else 0


def get_echoable(value: str) -> str:
    """Return a header if it can be sent back as it came, else an empty string."""
    try:
        value.encode()
    except UnicodeEncodeError:
        # These bytes are no text. They cannot be sent as they are, and anything else would never match.
        return ""
    return value if len(value) <= ECHO_LIMIT and value.isprintable() else ""


def _parse_expires(expires: str, date: datetime | None) -> timedelta:
    """Return the time from the response's date to its expiry; zero if there is none, or “0”, which means that it has
    expired.
    """
    end = _parse_http_date(expires)
    return end - date if end is not None and date is not None else _ZERO


def _parse_http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
