"""Checks of single values from outside: texts, names, slugs and links. Each raises InputError."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from bot.errors import InputError
from bot.languages import format_number, say, say_count
from bot.model.text_folding import fold

HEADLINE_LIMIT = 200
SUMMARY_LIMIT = 2_000
TEXT_LIMIT = 4_000
NAME_LIMIT = 100
URL_LIMIT = 2_000
#: A slug must fit into a ``custom_id`` of Discord's together with a prefix and other values (:mod:`bot.cards.custom_ids`).
SLUG_LIMIT = 70
ALIASES_LIMIT = 50

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_text(key: str, value: object, limit: int, *, multiline: bool = False, required: bool = True) -> str:
    """Return a text, trimmed. Refuse another type, an empty or too long text, and control characters.

    Line breaks are allowed only with ``multiline``.
    """
    if not isinstance(value, str):
        raise InputError(key, say("expected text, not {type}", type=type(value).__name__))
    text = value.replace("\r\n", "\n").strip()
    if required and not text:
        raise InputError(key, say("can't be empty"))
    if len(text) > limit:
        raise InputError(key, build_length_message(limit, len(text)))
    for character in text:
        if character == "\n" and multiline:
            continue
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise InputError(key, _build_control_message(character))
    return text


def build_length_message(limit: int, length: int) -> str:
    """Return what is expected of a text that is too long."""
    return say_count(
        "expected at most {count} character, but it has {length}",
        "expected at most {count} characters, but it has {length}",
        limit,
        length=format_number(length),
    )


def _build_control_message(character: str) -> str:
    if character == "\n":
        return say("expected no control characters, but it has a line break")
    code = f"U+{ord(character):04X}"
    return say("expected no control characters, but it has the control character {code}", code=code)


def check_name(key: str, value: object) -> str:
    """Return a company's name. Refuse one without a letter or a digit, because it folds to nothing."""
    text = check_text(key, value, NAME_LIMIT)
    if not fold(text):
        raise InputError(key, say("expected a name with a letter or a digit, not {name!r}", name=text))
    return text


def check_slug(key: str, value: object) -> str:
    """Return a slug. Refuse all but lower-case words and digits that are joined by single hyphens."""
    text = check_text(key, value, SLUG_LIMIT)
    if not _SLUG.fullmatch(text):
        raise InputError(key, say("expected kebab-case (a-z, 0-9, single hyphens), not {slug!r}", slug=text))
    return text


def check_url(key: str, value: object) -> str:
    """Return a link. Refuse all but http and https, and a link without a host, with a blank or with a user name."""
    text = check_text(key, value, URL_LIMIT)
    expected = say("expected an http:// or https:// link")
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as exc:
        raise InputError(key, expected) from exc
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or re.search(r"[\s<>\"\\]", text):
        raise InputError(key, expected)
    return text


def slugify(headline: str) -> str:
    """Return a slug for a headline: its words in ASCII, or ``story`` if none is left."""
    ascii_text = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_text)
    slug = ""
    for word in words:
        candidate = f"{slug}-{word}" if slug else word
        if len(candidate) > 60:
            break
        slug = candidate
    return slug or "story"
