"""The article line: one JSON object a line, as ``track`` reads it and an archive of articles has it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import DealwireError, InputError
from bot.languages import say, say_count
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT, Article
from bot.newsroom.limits import too_long
from bot.regular_files import open_regular

#: A line at every limit is far shorter.
LINE_LIMIT = 1_000_000
#: The most bytes of one line that are read in search of its end.
SKIP_LIMIT = 100_000_000
_ID_LIMIT = 500


def read_articles(path: Path, on_bad_line: Callable[[InputError], None] | None = None) -> Iterator[tuple[int, Article]]:
    """The articles of a file, each with the bytes read so far; other keys of a line are passed over, and so are empty lines.

    A title or text beyond its limit is cut. A line that is none, or has an id for the second time, is skipped after
    ``on_bad_line`` has got an InputError with file, line and key; without ``on_bad_line`` that is raised.
    """
    seen: set[str] = set()
    read = 0
    try:
        with open_regular(path) as file:
            for number, raw in enumerate(_lines(file, path), start=1):
                read += len(raw)
                try:
                    article = _read_line(raw, f"{path.name}:{number}", seen, first=number == 1)
                except InputError as exc:
                    if on_bad_line is None:
                        raise
                    on_bad_line(exc)
                else:
                    if article is not None:
                        yield read, article
    except OSError as exc:
        raise DealwireError(say("{path}: cannot be read: {why}.", path=path, why=exc.strerror or exc)) from exc


def _lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """The lines of a file; one that is too long is cut behind the limit, and what follows it is the next line."""
    while raw := file.readline(LINE_LIMIT + 1):
        rest, skipped = raw, 0
        while len(rest) > LINE_LIMIT and not rest.endswith(b"\n"):
            rest = file.readline(LINE_LIMIT + 1)
            skipped += len(rest)
            if skipped > SKIP_LIMIT:
                raise DealwireError(f"{path}: cannot be read: it does not consist of lines.")
        yield raw


def _read_line(raw: bytes, where: str, seen: set[str], *, first: bool) -> Article | None:
    """The article of a line, None of an empty one; InputError for what is none, or an id that was seen before."""
    line = _decoded(raw, where, first=first)
    if not line.strip():
        return None
    article = _article(line, where)
    if article.id in seen:
        raise InputError(f"{where}:id", say("expected each id once, {id} stands there twice", id=_shown(article.id)))
    seen.add(article.id)
    return article


def _decoded(raw: bytes, where: str, *, first: bool) -> str:
    if len(raw) > LINE_LIMIT:
        raise InputError(
            where,
            say_count("expected at most {count} byte a line", "expected at most {count} bytes a line", LINE_LIMIT),
        )
    try:
        return raw.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError as exc:
        raise InputError(where, say("expected UTF-8, byte {place} is none", place=exc.start)) from exc


def _article(line: str, where: str) -> Article:
    try:
        # NaN, which is no JSON, is what some tools write where there is nothing.
        data = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as exc:
        raise InputError(where, say("expected a JSON object")) from exc
    if not isinstance(data, dict):
        raise InputError(where, say("expected a JSON object, not {type}", type=type(data).__name__))
    identity = data.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        data["id"] = str(identity)
    return Article(
        id=_text(data, "id", where, _ID_LIMIT, required=True),
        title=_text(data, "title", where, TITLE_LIMIT, required=True, cut=True),
        published=_time(data, where),
        text=_text(data, "text", where, TEXT_LIMIT, cut=True),
        url=_text(data, "url", where, TEXT_LIMIT),
        publisher=_text(data, "publisher", where, TITLE_LIMIT, cut=True),
    )


def _text(
    data: Mapping[str, Any], key: str, where: str, limit: int, *, required: bool = False, cut: bool = False
) -> str:
    value = data.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        if value is None:
            raise InputError(f"{where}:{key}", say("expected a text, it is missing"))
        raise InputError(f"{where}:{key}", say("expected a text, not {type}", type=type(value).__name__))
    # Lone surrogates cannot be written out again.
    text = value.strip().encode("utf-8", "replace").decode("utf-8")
    if required and not text:
        raise InputError(f"{where}:{key}", say("expected a text, it is empty"))
    if len(text) > limit and not cut:
        raise InputError(f"{where}:{key}", too_long(limit, len(text)))
    return text[:limit]


def _time(data: Mapping[str, Any], where: str) -> datetime:
    value = _text(data, "published", where, 100, required=True)
    try:
        read = datetime.fromisoformat(value)
        # A time without a zone is taken for UTC.
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise InputError(
            f"{where}:published", say("expected an ISO 8601 time, not {typed}", typed=_shown(value))
        ) from exc


def _shown(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:60] + "…")
