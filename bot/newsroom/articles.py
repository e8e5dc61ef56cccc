"""The article line: one JSON object a line, as ``track`` reads it and an archive of articles has it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import DealwireError, InputError
from bot.languages import say, say_count
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT, Article
from bot.newsroom.limits import too_long

#: A line at every limit is far shorter.
LINE_LIMIT = 1_000_000
_ID_LIMIT = 500


def read_articles(path: Path) -> Iterator[tuple[int, Article]]:
    """The articles of a file, each with the bytes read so far; other keys of a line are passed over, and so are empty lines.

    A title or text beyond its limit is cut. Raises InputError, with file, line and key, for the first line that is none, and
    for an id that stands there twice.
    """
    seen: set[str] = set()
    read = 0
    try:
        with path.open("rb") as lines:
            number = 0
            while raw := lines.readline(LINE_LIMIT + 1):
                number += 1
                read += len(raw)
                where = f"{path.name}:{number}"
                line = _decoded(raw, where, first=number == 1)
                if line.strip():
                    article = _article(line, where)
                    if article.id in seen:
                        raise InputError(
                            f"{where}:id", say("expected each id once, {id} stands there twice", id=_shown(article.id))
                        )
                    seen.add(article.id)
                    yield read, article
    except OSError as exc:
        raise DealwireError(say("{path}: cannot be read: {why}.", path=path, why=exc.strerror or exc)) from exc


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
