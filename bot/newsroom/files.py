"""Story files, company files and feed files: how they are read and written."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from bot.errors import DealwireError, FilesRefused, InputError
from bot.languages import say, say_count
from bot.model.company import Company
from bot.model.feed import Feed
from bot.model.story import Development, Source, Story
from bot.newsroom.drafts import FeedDraft, StoryDraft, known_keys, read_company, read_feed, read_story, tables
from bot.regular_files import FileTooLarge, read_regular

#: A story at every limit is far smaller; what is larger is no story file.
FILE_LIMIT = 5_000_000
#: The most parts of a key with dots. Those of our files have two.
KEY_PARTS = 8
#: Strings and comments of TOML. One that does not end goes on to the end of the line or the file, so that each is read once.
_STRINGS = re.compile(
    r'"""(?:[^"\\]+|\\[\s\S]|"(?!""))*(?:"""|\\?\Z)'
    r"|'''[\s\S]*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*(?:"|\\?(?=\n|\Z))'
    r"|'[^'\n]*'?"
    r"|#[^\n]*"
)
_LONG_KEY = re.compile(rf"(?:\.[^.=,\[\]{{}}\n]*){{{KEY_PARTS},}}")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What one file holds: a story, or companies, or feeds."""

    path: Path
    story: StoryDraft | None = None
    companies: tuple[Company, ...] = ()
    feeds: tuple[FeedDraft, ...] = ()


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files that these paths mean: a folder means every ``.toml`` in it, in order of their names."""
    found: list[Path] = []
    for path in paths:
        found.extend(_files_at(path))
    return list(dict.fromkeys(found))


def _files_at(path: Path) -> list[Path]:
    try:
        if not stat.S_ISDIR(path.stat().st_mode):
            return [path]
        inside = sorted(_toml_files(path))
    except FileNotFoundError as exc:
        raise DealwireError(say("{path}: no such file or folder.", path=path)) from exc
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise DealwireError(say("{path}: cannot be read: {why}.", path=path, why=why)) from exc
    if not inside:
        raise DealwireError(say("{path}: expected story files (*.toml) in this folder, there are none.", path=path))
    return inside


def _toml_files(folder: Path) -> Iterator[Path]:
    """All that is called ``.toml`` in a folder and those below it, whatever it is; links to folders are not followed."""
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                if entry.name.endswith(".toml"):
                    yield Path(entry.path)


def read_all(paths: Sequence[Path], read: Callable[[Path], _T]) -> list[_T]:
    """Read each of these files; raise FilesRefused if several are refused, so that nobody hears of one after the other."""
    files: list[_T] = []
    refused: list[DealwireError] = []
    for path in paths:
        try:
            files.append(read(path))
        except DealwireError as exc:
            refused.append(exc)
    if len(refused) > 1:
        raise FilesRefused(refused, len(paths))
    if refused:
        raise refused[0]
    return files


def read_file(path: Path) -> ReadFile:
    """Read one file; InputError names the file, the key and what was expected."""
    try:
        data = _parse(path)
        if "company" in data:
            known_keys(data, "", ("company",))
            return ReadFile(path, companies=_read_companies(data))
        if "feed" in data:
            known_keys(data, "", ("feed",))
            return ReadFile(path, feeds=_read_feeds(data))
        return ReadFile(path, story=read_story(data))
    except InputError as exc:
        raise exc.in_file(path.name) from exc


def _read_companies(data: Mapping[str, Any]) -> tuple[Company, ...]:
    companies: dict[str, Company] = {}
    for place, item in enumerate(tables(data, "company", ""), start=1):
        company = read_company(item, f"company[{place}]")
        if company.name in companies:
            raise InputError(
                f"company[{place}].name",
                say("expected each company once, {company!r} stands there twice", company=company.name),
            )
        companies[company.name] = company
    return tuple(companies.values())


def _read_feeds(data: Mapping[str, Any]) -> tuple[FeedDraft, ...]:
    feeds: dict[str, FeedDraft] = {}
    for place, item in enumerate(tables(data, "feed", ""), start=1):
        feed = read_feed(item, f"feed[{place}]")
        if feed.url in feeds:
            raise InputError(
                f"feed[{place}].url",
                say("expected each address once, {address!r} stands there twice", address=feed.url),
            )
        feeds[feed.url] = feed
    return tuple(feeds.values())


def _parse(path: Path) -> dict[str, Any]:
    try:
        text = read_regular(path, FILE_LIMIT).decode("utf-8-sig")
        _check_keys(text)
        return tomllib.loads(text)
    except FileTooLarge as exc:
        said = say_count("expected at most {count} byte", "expected at most {count} bytes", FILE_LIMIT)
        raise InputError("", said) from exc
    except UnicodeDecodeError as exc:
        raise InputError("", say("expected UTF-8, byte {place} is none", place=exc.start)) from exc
    except tomllib.TOMLDecodeError as exc:
        raise InputError("", say("expected TOML: {why}", why=exc)) from exc
    except RecursionError as exc:
        raise InputError("", say("expected TOML: it is nested too deeply")) from exc
    except ValueError as exc:
        # Python refuses to read an integer of more than 4,300 digits, and tomllib passes that on.
        raise InputError("", say("expected TOML: a number in it has too many digits")) from exc
    except OSError as exc:
        raise InputError("", say("cannot be read: {why}", why=exc.strerror)) from exc


def _check_keys(text: str) -> None:
    """Refuse keys of many parts (``a.a.a…``) before they are read: what one costs tomllib grows with their square."""
    if _LONG_KEY.search(_STRINGS.sub("x", text)):
        said = say_count("expected keys of at most {count} part", "expected keys of at most {count} parts", KEY_PARTS)
        raise InputError("", said)


def check_related(files: Sequence[ReadFile], known: Iterable[str]) -> None:
    """Refuse a related slug that neither the store nor this import knows, and a slug that two files claim."""
    slugs: dict[str, str] = {}
    for read in files:
        if read.story and read.story.slug in slugs:
            other = slugs[read.story.slug]
            raise InputError(
                "slug", say("{slug!r} is also the slug of {file}", slug=read.story.slug, file=other), read.path.name
            )
        if read.story:
            slugs[read.story.slug] = read.path.name
    everything = {*slugs, *known}
    for read in files:
        for place, slug in enumerate(read.story.face.related if read.story and read.story.face else (), start=1):
            if slug not in everything:
                raise InputError(f"related[{place}]", say("no story has the slug {slug!r}", slug=slug), read.path.name)


def write_story(story: Story) -> str:
    """A story as the text of a file that :func:`read_file` takes back without change."""
    data: dict[str, Any] = {
        "slug": story.slug,
        "headline": story.headline,
        "summary": story.summary,
        "kind": story.kind.value,
    }
    if story.related:
        data["related"] = list(story.related)
    parts = [_written(data)]
    parts += [_written({"company": party.company, "role": party.role}, "[[party]]") for party in story.parties]
    for development in story.developments:
        fields = development_fields(development)
        sources = fields.pop("source", [])
        parts.append(_written(fields, "[[development]]"))
        parts.extend(_written(source, "[[development.source]]") for source in sources)
    return "\n".join(parts)


def _written(data: Mapping[str, Any], header: str = "") -> str:
    """A table's text under its header; what is empty is left out."""
    body = tomli_w.dumps({key: value for key, value in data.items() if value})
    return f"{header}\n{body}" if header else body


def write_companies(companies: Iterable[Company]) -> str:
    """Companies as the text of a file that :func:`read_file` takes back without change."""
    rows = []
    for company in companies:
        row: dict[str, Any] = {"name": company.name}
        row |= {"aliases": list(company.aliases)} if company.aliases else {}
        row |= {"country": company.country} if company.country else {}
        row |= {"ticker": company.ticker} if company.ticker else {}
        rows.append(row)
    return tomli_w.dumps({"company": rows})


def write_feeds(feeds: Iterable[Feed]) -> str:
    """Feeds as the text of a file that :func:`read_file` takes back without change."""
    rows = [{"url": feed.url, "title": feed.title, "trust": feed.trust.value} for feed in feeds]
    return tomli_w.dumps({"feed": [{key: value for key, value in row.items() if value} for row in rows]})


def development_fields(development: Development) -> dict[str, Any]:
    """A development as the keys of a story file; what is empty is left out."""
    fields: dict[str, Any] = {
        "id": development.key,
        "date": str(development.date),
        "headline": development.headline,
        "text": development.text,
        "claim": development.claim.value,
        "stage": development.stage.value if development.stage else "",
        "retracted": development.retracted,
        "source": [_source_fields(source) for source in development.sources],
    }
    return {key: value for key, value in fields.items() if value}


def _source_fields(source: Source) -> dict[str, str]:
    fields = {
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "date": str(source.date or ""),
    }
    return {key: value for key, value in fields.items() if value}
