"""``import`` and ``export``."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.errors import DealwireError, FilesRefused
from bot.newsroom.files import write_companies, write_feeds, write_story
from bot.newsroom.importing import ImportReport, import_paths
from bot.newsroom.importing import Progress as Told
from bot.rooms import open_rooms, open_rooms_for_trial
from bot.settings import Settings
from bot.store import Store


async def import_command(settings: Settings, paths: Sequence[Path], *, announce: bool, dry_run: bool) -> int:
    """Take files in, and say what changed."""
    opening = open_rooms_for_trial(settings) if dry_run else open_rooms(settings, seeds=False)
    async with opening as rooms:
        with naming_refused_files(), _progress("Importing") as told:
            report = await import_paths(
                rooms.services.store,
                rooms.services.desk,
                paths,
                actor="import",
                announce=announce,
                dry_run=dry_run,
                progress=told,
                subscriptions=rooms.services.subscriptions,
            )
    print(_sentence(report, announce=announce, dry_run=dry_run))
    return 0


async def export_command(settings: Settings, folder: Path) -> int:
    """Write every story, the companies and the feeds as files of a folder; files of the same names are replaced."""
    async with open_rooms(settings, seeds=False, create=False) as rooms:
        try:
            count = await _write_all(rooms.services.store, folder)
        except OSError as exc:
            raise DealwireError(f"{folder} cannot be written: {exc.strerror or exc}.") from exc
    print(f"Exported {_counted(count, 'story', 'stories')} to {folder}.")
    return 0


async def _write_all(store: Store, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    async with store.read() as session:
        slugs = await session.stories.slugs()
        _write(folder / "companies.toml", write_companies(await session.companies.all()))
        feeds = await session.feeds.all()
        if feeds:
            _write(folder / "feeds.toml", write_feeds(feeds))
        with _progress("Exporting") as told:
            for number, slug in enumerate(slugs, start=1):
                story = await session.stories.get(slug)
                if story is not None:
                    _write(folder / _file_name(slug), write_story(story))
                told(number, len(slugs))
    return len(slugs)


def _file_name(slug: str) -> str:
    # No slug has an underscore: a story that is called as another of the files gets a name that no story has.
    return f"{slug}_story.toml" if slug in ("companies", "feeds") else f"{slug}.toml"


def _write(path: Path, text: str) -> None:
    replace_file(path, text.encode())


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file whole: whoever reads it meanwhile sees the old one or the new one."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    os.replace(beside, path)  # noqa: PTH105 - the atomic one


@contextlib.contextmanager
def naming_refused_files() -> Iterator[None]:
    """Name each file that is refused on a line of its own, and raise one sentence for all."""
    try:
        yield
    except FilesRefused as exc:
        for refused in exc.refused:
            print(f"dealwire: {refused}", file=sys.stderr)
        raise DealwireError(f"Nothing was imported: {len(exc.refused)} of the {exc.files} files are refused.") from exc


@contextlib.contextmanager
def _progress(what: str) -> Iterator[Told]:
    """A bar on a terminal; nothing elsewhere."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _sentence(report: ImportReport, *, announce: bool, dry_run: bool) -> str:
    changes = [
        (report.companies, "company", "companies", ""),
        (report.feeds_added, "feed", "feeds", " added"),
        (report.feeds_changed, "feed", "feeds", " changed"),
        (report.stories_added, "story", "stories", " added"),
        (report.stories_changed, "story", "stories", " changed"),
        (report.developments_added, "development", "developments", " added"),
        (report.developments_corrected, "development", "developments", " corrected"),
    ]
    said = [_counted(count, one, many) + done for count, one, many, done in changes if count]
    files = _counted(report.files, "file", "files")
    if not said:
        return f"{files} read; nothing is new."
    sentence = f"{files} {'would be taken in' if dry_run else 'taken in'}: {', '.join(said)}."
    return sentence + (
        f" Owed to followers: {_counted(report.owed, 'post', 'posts')}." if announce and not dry_run else ""
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
