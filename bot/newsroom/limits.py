"""What a text from outside may be, whichever door it comes in by."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from bot.errors import InputError
from bot.names.fold import fold

HEADLINE_LIMIT = 200
SUMMARY_LIMIT = 2_000
TEXT_LIMIT = 4_000
NAME_LIMIT = 100
URL_LIMIT = 2_000
SLUG_LIMIT = 70
ALIASES_LIMIT = 50

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_text(key: str, value: object, limit: int, *, lines: bool = False, required: bool = True) -> str:
    """The text, trimmed, or InputError: not a string, empty, longer than the limit, or with control characters.

    Line breaks are allowed only with ``lines``.
    """
    if not isinstance(value, str):
        raise InputError(key, f"expected a text, not {type(value).__name__}")
    text = value.replace("\r\n", "\n").strip()
    if required and not text:
        raise InputError(key, "expected a text, it is empty")
    if len(text) > limit:
        raise InputError(key, f"expected at most {limit:,} characters, it has {len(text):,}")
    for mark in text:
        if mark == "\n" and lines:
            continue
        if unicodedata.category(mark) in ("Cc", "Cs"):
            named = "a line break" if mark == "\n" else f"the control character U+{ord(mark):04X}"
            raise InputError(key, f"expected no control characters, it has {named}")
    return text


def check_name(key: str, value: object) -> str:
    """The name of a company or InputError: one without a letter or a digit could not be told from any other such."""
    text = check_text(key, value, NAME_LIMIT)
    if not fold(text):
        raise InputError(key, f"expected a name with a letter or a digit, not {text!r}")
    return text


def check_slug(key: str, value: object) -> str:
    """The slug or InputError: lower-case words and digits joined by single hyphens."""
    text = check_text(key, value, SLUG_LIMIT)
    if not _SLUG.fullmatch(text):
        raise InputError(key, f"expected kebab-case (a-z, 0-9, single hyphens), not {text!r}")
    return text


def check_url(key: str, value: object) -> str:
    """The link or InputError: http or https, with a host, without blanks or a user name."""
    text = check_text(key, value, URL_LIMIT)
    expected = "expected an http:// or https:// link"
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as exc:
        raise InputError(key, expected) from exc
    if parts.scheme not in ("http", "https") or not host or parts.username or re.search(r"[\s<>\"\\]", text):
        raise InputError(key, expected)
    return text


def slug_of(headline: str) -> str:
    """A slug for a new story: the words of its headline, folded to ASCII; ``story`` when none is left."""
    ascii_text = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_text)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > 60:
            break
        slug = longer
    return slug or "story"
