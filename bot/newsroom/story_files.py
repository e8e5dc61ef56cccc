"""Story files, company files and feed files: found, parsed and written."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from bot.errors import DealwireError, FilesRejected, InputError
from bot.languages import say, say_count
from bot.model.company import Company
from bot.model.expected_event import ExpectedEvent
from bot.model.feed import Feed
from bot.model.story import Development, Source, Story
from bot.model.terms import Term
from bot.newsroom.drafts import (
    FeedDraft,
    StoryDraft,
    check_keys,
    get_tables,
    parse_company,
    parse_feed_draft,
    parse_story,
)
from bot.newsroom.toml_lines import blank_strings, find_line
from bot.regular_files import FileTooLarge, read_regular_file

#: A story at every limit is far smaller.
FILE_LIMIT = 5_000_000
#: The most parts of a dotted key; our files have two (https://toml.io/en/v1.0.0#keys).
KEY_PARTS = 8
_LINE_OF_ERROR = re.compile(r"\(at line (\d+)")
_LONG_KEY = re.compile(rf"(?:\.[^.=,\[\]{{}}\n]*){{{KEY_PARTS},}}")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of one file: a story, or companies, or feeds."""

    path: Path
    story: StoryDraft | None = None
    companies: tuple[Company, ...] = ()
    feeds: tuple[FeedDraft, ...] = ()


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that these paths mean: a folder means every ``.toml`` in it, sorted by name."""
    files: list[Path] = []
    for path in paths:
        files.extend(_list_files(path))
    return list(dict.fromkeys(files))


def _list_files(path: Path) -> list[Path]:
    try:
        if not stat.S_ISDIR(path.stat().st_mode):
            return [path]
        files = sorted(_find_toml_files(path))
    except FileNotFoundError as exc:
        raise DealwireError(say("{path}: no such file or folder.", path=path)) from exc
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise DealwireError(say("{path}: cannot be read: {why}.", path=path, why=why)) from exc
    if not files:
        raise DealwireError(say("{path}: expected story files (*.toml) in this folder, but there are none.", path=path))
    return files


def _find_toml_files(folder: Path) -> Iterator[Path]:
    """Yield all that is called ``.toml`` in a folder and below it, of any type; links to folders are not followed."""
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                if entry.name.endswith(".toml"):
                    yield Path(entry.path)


def read_files(paths: Sequence[Path], read_one: Callable[[Path], _T]) -> list[_T]:
    """Read each of these files. Raises FilesRejected if several are refused, so that all are named at once."""
    files, errors = try_files(paths, read_one)
    raise_errors(errors, len(paths))
    return files


def try_files(paths: Iterable[Path], read_one: Callable[[Path], _T]) -> tuple[list[_T], list[DealwireError]]:
    """Read each of these files; return what could be read, and the errors of the others."""
    files: list[_T] = []
    errors: list[DealwireError] = []
    for path in paths:
        try:
            files.append(read_one(path))
        except DealwireError as exc:
            errors.append(exc)
    return files, errors


def raise_errors(errors: Sequence[DealwireError], file_count: int) -> None:
    """Raise the errors of files, all of them at once; do nothing if there are none."""
    if len(errors) > 1:
        raise FilesRejected(errors, file_count)
    if errors:
        raise errors[0]


def read_file(path: Path) -> ParsedFile:
    """Read one file. Raises InputError with the file, the key and the expected value."""
    try:
        data = _load_toml(path)
        if "company" in data:
            check_keys(data, "", ("company",))
            return ParsedFile(path, companies=_parse_companies(data))
        if "feed" in data:
            check_keys(data, "", ("feed",))
            return ParsedFile(path, feeds=_parse_feeds(data))
        return ParsedFile(path, story=parse_story(data))
    except InputError as exc:
        raise locate_error(exc, path) from exc


def locate_error(error: InputError, path: Path) -> InputError:
    """Return an error about a file with the file's name, and with the line of the value if it can be found."""
    line = 0
    if error.key and not error.line:
        # What cannot be read has no lines.
        with contextlib.suppress(OSError, FileTooLarge, UnicodeDecodeError):
            line = find_line(read_regular_file(path, FILE_LIMIT).decode("utf-8-sig"), error.key)
    return error.with_file(path.name, line)


def _parse_companies(data: Mapping[str, Any]) -> tuple[Company, ...]:
    companies: dict[str, Company] = {}
    for index, item in enumerate(get_tables(data, "company", ""), start=1):
        company = parse_company(item, f"company[{index}]")
        if company.name in companies:
            raise InputError(
                f"company[{index}].name",
                say("expected each company once, but {company!r} appears twice", company=company.name),
            )
        companies[company.name] = company
    return tuple(companies.values())


def _parse_feeds(data: Mapping[str, Any]) -> tuple[FeedDraft, ...]:
    feeds: dict[str, FeedDraft] = {}
    for index, item in enumerate(get_tables(data, "feed", ""), start=1):
        feed = parse_feed_draft(item, f"feed[{index}]")
        if feed.url in feeds:
            raise InputError(
                f"feed[{index}].url",
                say("expected each address once, but {address!r} appears twice", address=feed.url),
            )
        feeds[feed.url] = feed
    return tuple(feeds.values())


def _load_toml(path: Path) -> dict[str, Any]:
    try:
        content = read_regular_file(path, FILE_LIMIT)
        text = content.decode("utf-8-sig")
        _check_key_parts(text)
        return tomllib.loads(text)
    except FileTooLarge as exc:
        message = say_count("expected at most {count} byte", "expected at most {count} bytes", FILE_LIMIT)
        raise InputError("", message) from exc
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise InputError("", say("not valid UTF-8 (byte {place})", place=exc.start), line=line) from exc
    except tomllib.TOMLDecodeError as exc:
        place = _LINE_OF_ERROR.search(str(exc))
        line = int(place[1]) if place else text.rstrip().count("\n") + 1
        raise InputError("", say("not valid TOML: {why}", why=exc), line=line) from exc
    except RecursionError as exc:
        raise InputError("", say("not valid TOML: it is nested too deeply")) from exc
    except ValueError as exc:
        # Python refuses an integer of more than 4,300 digits, and tomllib passes its error on
        # (https://docs.python.org/3/library/stdtypes.html#int-max-str-digits).
        raise InputError("", say("not valid TOML: a number in it has too many digits")) from exc
    except OSError as exc:
        raise InputError("", say("cannot be read: {why}", why=exc.strerror)) from exc


def _check_key_parts(text: str) -> None:
    """Refuse keys of many parts (``a.a.a…``) before tomllib reads them: its time grows with the square of their number."""
    blanked = blank_strings(text)
    long_key = _LONG_KEY.search(blanked)
    if long_key:
        message = say_count(
            "expected keys of at most {count} part", "expected keys of at most {count} parts", KEY_PARTS
        )
        raise InputError("", message, line=blanked.count("\n", 0, long_key.start()) + 1)


def check_related(files: Sequence[ParsedFile], stored_slugs: Iterable[str]) -> list[InputError]:
    """Return the errors of files with a related slug that neither the store nor this import has, or with another file's slug."""
    errors: list[InputError] = []
    slugs: dict[str, str] = {}
    for parsed_file in files:
        if parsed_file.story and parsed_file.story.slug in slugs:
            message = say(
                "{slug!r} is also the slug of {file}",
                slug=parsed_file.story.slug,
                file=slugs[parsed_file.story.slug],
            )
            errors.append(locate_error(InputError("slug", message), parsed_file.path))
        elif parsed_file.story:
            slugs[parsed_file.story.slug] = parsed_file.path.name
    all_slugs = {*slugs, *stored_slugs}
    for parsed_file in files:
        related = parsed_file.story.header.related if parsed_file.story and parsed_file.story.header else ()
        unknown = next(((n, slug) for n, slug in enumerate(related, start=1) if slug not in all_slugs), None)
        if unknown:
            error = InputError(f"related[{unknown[0]}]", say("no story has the slug {slug!r}", slug=unknown[1]))
            errors.append(locate_error(error, parsed_file.path))
    return errors


def dump_story(story: Story) -> str:
    """Return a story as the text of a file that :func:`read_file` reads back unchanged."""
    data: dict[str, Any] = {
        "slug": story.slug,
        "headline": story.headline,
        "summary": story.summary,
        "kind": story.kind.value,
    }
    if story.related_slugs:
        data["related"] = list(story.related_slugs)
    blocks = [_dump_table(data)]
    blocks += [_dump_table({"company": party.company, "role": party.role}, "[[party]]") for party in story.parties]
    for table, rows in (
        ("development", [get_development_fields(development) for development in story.developments]),
        ("expected", [get_expected_fields(event) for event in story.expected_events]),
        ("term", [get_term_fields(term) for term in story.terms]),
    ):
        for fields in rows:
            sources = fields.pop("source", [])
            blocks.append(_dump_table(fields, f"[[{table}]]"))
            blocks.extend(_dump_table(source, f"[[{table}.source]]") for source in sources)
    return "\n".join(blocks)


def _dump_table(data: Mapping[str, Any], header: str = "") -> str:
    """Return a table's text under its header, without empty values."""
    body = tomli_w.dumps({key: value for key, value in data.items() if value})
    return f"{header}\n{body}" if header else body


def dump_companies(companies: Iterable[Company]) -> str:
    """Return companies as the text of a file that :func:`read_file` reads back unchanged."""
    rows = []
    for company in companies:
        row: dict[str, Any] = {"name": company.name}
        row |= {"aliases": list(company.aliases)} if company.aliases else {}
        row |= {"country": company.country} if company.country else {}
        row |= {"ticker": company.ticker} if company.ticker else {}
        rows.append(row)
    return tomli_w.dumps({"company": rows})


def dump_feeds(feeds: Iterable[Feed]) -> str:
    """Return feeds as the text of a file that :func:`read_file` reads back unchanged."""
    rows = [{"url": feed.url, "title": feed.title, "trust": feed.trust.value} for feed in feeds]
    return tomli_w.dumps({"feed": [{key: value for key, value in row.items() if value} for row in rows]})


def get_development_fields(development: Development) -> dict[str, Any]:
    """Return a development as the keys of a story file, without empty values."""
    fields: dict[str, Any] = {
        "id": development.key,
        "date": str(development.date),
        "headline": development.headline,
        "text": development.text,
        "claim": development.claim.value,
        "stage": development.stage.value if development.stage else "",
        "retracted": development.retraction_reason,
        "source": [get_source_fields(source) for source in development.sources],
    }
    return {key: value for key, value in fields.items() if value}


def get_expected_fields(event: ExpectedEvent) -> dict[str, Any]:
    """Return an expected event as the keys of a story file, without empty values."""
    fields: dict[str, Any] = {
        "id": event.key,
        "headline": event.headline,
        "date": str(event.date),
        "outcome": event.outcome.value if event.outcome else "",
        "development": event.development_key,
        "reason": event.reason,
        "source": [get_source_fields(source) for source in event.sources],
    }
    return {key: value for key, value in fields.items() if value}


def get_term_fields(term: Term) -> dict[str, Any]:
    """Return a term as the keys of a story file, without empty values."""
    fields: dict[str, Any] = {
        "id": term.key,
        "name": term.name.value,
        "amount": f"{term.amount:f}",
        "bound": term.bound.value if term.bound else "",
        "unit": term.unit,
        "claim": term.claim.value,
        "date": str(term.date or ""),
        "retracted": term.retraction_reason,
        "source": [get_source_fields(source) for source in term.sources],
    }
    return {key: value for key, value in fields.items() if value}


def get_source_fields(source: Source) -> dict[str, str]:
    """Return a source as the keys of a story file, without empty values."""
    fields = {
        "publisher": source.publisher,
        "title": source.title,
        "url": source.url,
        "date": str(source.date or ""),
    }
    return {key: value for key, value in fields.items() if value}
