"""The article line, one JSON object a line: the format that ``track`` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import DealwireError, InputError
from bot.languages import say, say_count
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT, Article
from bot.newsroom.field_validation import build_length_message
from bot.regular_files import open_regular_file

#: A line at every limit is far shorter.
LINE_LIMIT = 1_000_000
#: How many bytes are read in search of the end of a line.
SKIP_LIMIT = 100_000_000
_ID_LIMIT = 500


def read_articles(path: Path, on_bad_line: Callable[[InputError], None] | None = None) -> Iterator[tuple[int, Article]]:
    """Yield the articles of a file, each with the number of bytes read so far. Empty lines and unknown keys are ignored.

    A title or text beyond its limit is cut. A bad line, or one that repeats an id, is skipped after ``on_bad_line`` has
    got an InputError with file, line and key; without ``on_bad_line`` the error is raised.
    """
    ids: set[str] = set()
    bytes_read = 0
    try:
        with open_regular_file(path) as file:
            for line_number, line in enumerate(_read_lines(file, path), start=1):
                bytes_read += len(line)
                try:
                    article = _parse_line(line, f"{path.name}:{line_number}", ids, is_first=line_number == 1)
                except InputError as exc:
                    if on_bad_line is None:
                        raise
                    on_bad_line(exc)
                else:
                    if article is not None:
                        yield bytes_read, article
    except OSError as exc:
        raise DealwireError(say("{path}: cannot be read: {why}.", path=path, why=exc.strerror or exc)) from exc


def _read_lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """Yield the lines of a file. A line that is too long is cut behind the limit, and its rest is skipped."""
    while line := file.readline(LINE_LIMIT + 1):
        rest, skipped_bytes = line, 0
        while len(rest) > LINE_LIMIT and not rest.endswith(b"\n"):
            rest = file.readline(LINE_LIMIT + 1)
            skipped_bytes += len(rest)
            if skipped_bytes > SKIP_LIMIT:
                raise DealwireError(f"{path}: cannot be read: it does not consist of lines.")
        yield line


def _parse_line(raw_line: bytes, location: str, ids: set[str], *, is_first: bool) -> Article | None:
    """Return the article of a line, or None for an empty line. Raises InputError for a bad line or a repeated id."""
    line = _decode(raw_line, location, is_first=is_first)
    if not line.strip():
        return None
    article = _parse_article(line, location)
    if article.id in ids:
        raise InputError(
            f"{location}:id", say("expected each id once, but {id} appears twice", id=_shorten(article.id))
        )
    ids.add(article.id)
    return article


def _decode(raw_line: bytes, location: str, *, is_first: bool) -> str:
    if len(raw_line) > LINE_LIMIT:
        raise InputError(
            location,
            say_count("expected at most {count} byte per line", "expected at most {count} bytes per line", LINE_LIMIT),
        )
    try:
        return raw_line.decode("utf-8-sig" if is_first else "utf-8")
    except UnicodeDecodeError as exc:
        raise InputError(location, say("not valid UTF-8 (byte {place})", place=exc.start)) from exc


def _parse_article(line: str, location: str) -> Article:
    try:
        # Some tools write NaN, which is not JSON (https://www.rfc-editor.org/rfc/rfc8259#section-6), for an absent value.
        data = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as exc:
        raise InputError(location, say("expected a JSON object")) from exc
    if not isinstance(data, dict):
        raise InputError(location, say("expected a JSON object, not {type}", type=type(data).__name__))
    article_id = data.get("id")
    if isinstance(article_id, int) and not isinstance(article_id, bool):
        data["id"] = str(article_id)
    return Article(
        id=_get_text(data, "id", location, _ID_LIMIT, required=True),
        title=_get_text(data, "title", location, TITLE_LIMIT, required=True, truncate=True),
        published_at=_get_time(data, location),
        text=_get_text(data, "text", location, TEXT_LIMIT, truncate=True),
        url=_get_text(data, "url", location, TEXT_LIMIT),
        publisher=_get_text(data, "publisher", location, TITLE_LIMIT, truncate=True),
    )


def _get_text(
    data: Mapping[str, Any], key: str, location: str, limit: int, *, required: bool = False, truncate: bool = False
) -> str:
    value = data.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        if value is None:
            raise InputError(f"{location}:{key}", say("required, but missing"))
        raise InputError(f"{location}:{key}", say("expected text, not {type}", type=type(value).__name__))
    # Lone surrogates could not be encoded again.
    text = value.strip().encode("utf-8", "replace").decode("utf-8")
    if required and not text:
        raise InputError(f"{location}:{key}", say("can't be empty"))
    if len(text) > limit and not truncate:
        raise InputError(f"{location}:{key}", build_length_message(limit, len(text)))
    return text[:limit]


def _get_time(data: Mapping[str, Any], location: str) -> datetime:
    value = _get_text(data, "published", location, 100, required=True)
    try:
        moment = datetime.fromisoformat(value)
        # A time without a zone counts as UTC.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise InputError(
            f"{location}:published", say("expected an ISO 8601 time, not {typed}", typed=_shorten(value))
        ) from exc


def _shorten(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:60] + "…")
