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
FRESHNESS = ("Cache-Control", "Expires", "Date", "Age")
#: A directive of Cache-Control: its name, and its value, quoted or not.
_DIRECTIVE = re.compile(r"([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s,\"]*)))?")
#: No answer stays good for longer than its publisher can mean.
_LONGEST = 10**9
_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Fetched:
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
    kept_url: URL
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    good_for: timedelta = _NO_TIME


def retry_after(value: str, now: datetime) -> datetime | None:
    """When a ``Retry-After`` header asks us to come again, in either of its forms; None when it says nothing sensible."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        # What is longer than any patience is cut there; no number is too long to read.
        return now + timedelta(seconds=min(int(value[:12]), 10**9))
    when = _http_date(value)
    return when if when is not None and when > now else None


def good_for(headers: Mapping[str, str], now: datetime | None = None) -> timedelta:
    """Return how much longer a private cache may take an answer for fresh (RFC 9111, 4.2 and 5.2.2), as of ``now`` if that is given.

    ``max-age`` goes before ``Expires``, ``s-maxage`` is for shared caches, and what an answer has spent on its way counts.
    """
    directives = _directives(headers.get("Cache-Control", "")[:ECHO_LIMIT])
    # With names of headers, no-cache is about these only.
    if "no-store" in directives or directives.get("no-cache") == "":
        return _NO_TIME
    date = _http_date(headers.get("Date", "")) or now
    max_age = directives.get("max-age")
    lifetime = _lifetime(headers.get("Expires", ""), date) if max_age is None else timedelta(seconds=_seconds(max_age))
    age = timedelta(seconds=_seconds(headers.get("Age", "").partition(",")[0].strip()))
    if now is not None and date is not None:
        age = max(age, now - date)
    return max(_NO_TIME, lifetime - age)


def _directives(value: str) -> dict[str, str]:
    """Return the directives by their names in small letters; of one that is repeated the first counts."""
    directives: dict[str, str] = {}
    for name, quoted, bare in _DIRECTIVE.findall(value):
        directives.setdefault(name.lower(), quoted or bare)
    return directives


def _seconds(value: str) -> int:
    """Return a number of seconds; 0 for what is none, so that it is stale."""
    return min(int(value[:12]), _LONGEST) if value.isascii() and value.isdigit() else 0


def echoed(value: str) -> str:
    """A header to be sent back as it came; empty when that cannot be done."""
    try:
        value.encode()
    except UnicodeEncodeError:
        # Bytes that are no text: they could not be sent as they are, and anything else would never match.
        return ""
    return value if len(value) <= ECHO_LIMIT and value.isprintable() else ""


def _lifetime(expires: str, date: datetime | None) -> timedelta:
    """Return the time from the answer's date to its end; none if there is no end, or “0”, which means that it has expired."""
    end = _http_date(expires)
    return end - date if end is not None and date is not None else _NO_TIME


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
