"""What a publisher's answer says beside its body: when to ask again, how long it stays good, what to echo next time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from yarl import URL

#: No header that is echoed may be longer: it would be stored, and sent, with every poll.
ECHO_LIMIT = 1_000
#: The headers that :func:`good_for` reads.
FRESHNESS_HEADERS = ("Cache-Control", "Expires", "Date", "Age")
#: A directive of Cache-Control: its name, and its value, quoted or not.
_DIRECTIVE = re.compile(r"([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s,\"]*)))?")
#: No answer stays good for longer than its publisher can mean.
_MAX_SECONDS = 10**9
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """What came of a fetch that succeeded.

    Attributes:
        body: what was sent, decompressed; None when it is unchanged since it was last fetched.
        url: where it was found in the end.
        kept_url: the address to ask from now on: where permanent redirects led, or the one that was asked.
        etag: to be sent back next time, byte for byte; empty for none. So too ``last_modified``.
        good_for: how long the publisher says that this stays good.
    """

    body: bytes | None
    url: URL
    permanent_url: URL
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_for: timedelta = _ZERO


def parse_retry_after(value: str, now: datetime) -> datetime | None:
    """When a ``Retry-After`` header asks us to come again, in either of its forms; None when it says nothing sensible."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        # What is longer than any patience is cut there; no number is too long to read.
        return now + timedelta(seconds=min(int(value[:12]), 10**9))
    retry_at = _parse_http_date(value)
    return retry_at if retry_at is not None and retry_at > now else None


def get_remaining_freshness(headers: Mapping[str, str], now: datetime | None = None) -> timedelta:
    """Return how much longer a private cache may take an answer for fresh (RFC 9111, 4.2 and 5.2.2), as of ``now`` if that is given.

    ``max-age`` goes before ``Expires``, ``s-maxage`` is for shared caches, and what an answer has spent on its way counts.
    """
    directives = _parse_directives(headers.get("Cache-Control", "")[:ECHO_LIMIT])
    # With names of headers, no-cache is about these only.
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
    """Return the directives by their names in small letters; of one that is repeated the first counts."""
    directives: dict[str, str] = {}
    for name, quoted, unquoted in _DIRECTIVE.findall(value):
        directives.setdefault(name.lower(), quoted or unquoted)
    return directives


def _parse_seconds(value: str) -> int:
    """Return a number of seconds; 0 for what is none, so that it is stale."""
    return min(int(value[:12]), _MAX_SECONDS) if value.isascii() and value.isdigit() else 0


def get_echoable(value: str) -> str:
    """A header to be sent back as it came; empty when that cannot be done."""
    try:
        value.encode()
    except UnicodeEncodeError:
        # Bytes that are no text: they could not be sent as they are, and anything else would never match.
        return ""
    return value if len(value) <= ECHO_LIMIT and value.isprintable() else ""


def _parse_expires(expires: str, date: datetime | None) -> timedelta:
    """Return the time from the answer's date to its end; none if there is no end, or “0”, which means that it has expired."""
    end = _parse_http_date(expires)
    return end - date if end is not None and date is not None else _ZERO


def _parse_http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
