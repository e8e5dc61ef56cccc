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
_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
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
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    try:
        when = when.astimezone(UTC)
    except OverflowError:
        return None
    return when if when > now else None


def good_for(headers: Mapping[str, str]) -> timedelta:
    """How long an answer stays good: the longer of what ``Cache-Control`` and ``Expires`` beside ``Date`` say."""
    said = [timedelta(seconds=int(found)) for found in _MAX_AGE.findall(headers.get("Cache-Control", "")[:ECHO_LIMIT])]
    return max(_NO_TIME, _expiry(headers), *said)


def echoed(value: str) -> str:
    """A header to be sent back as it came; empty when that cannot be done."""
    try:
        value.encode()
    except UnicodeEncodeError:
        # Bytes that are no text: they could not be sent as they are, and anything else would never match.
        return ""
    return value if len(value) <= ECHO_LIMIT and value.isprintable() else ""


def _expiry(headers: Mapping[str, str]) -> timedelta:
    try:
        expires = parsedate_to_datetime(headers.get("Expires", ""))
        return expires - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        # Missing, or “0”, which means that it has expired.
        return _NO_TIME
