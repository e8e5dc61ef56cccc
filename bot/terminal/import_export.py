"""The ``import`` and ``export`` commands."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.container import open_container, open_dry_run_container
from bot.errors import DealwireError, FilesRejected
from bot.newsroom.importer import ImportReport, import_paths
from bot.newsroom.story_files import dump_companies, dump_feeds, dump_story
from bot.redaction import redact_address
from bot.settings import Settings
from bot.store import Store
from bot.terminal.progress import show_progress


async def import_command(settings: Settings, paths: Sequence[Path], *, announce: bool, dry_run: bool) -> int:
    """Import files, and print what changed."""
    container_context = open_dry_run_container(settings) if dry_run else open_container(settings, with_seeds=False)
    async with container_context as container:
        with report_refused_files(), show_progress("Importing") as progress:
            report = await import_paths(
                container.services.store,
                container.services.desk,
                paths,
                actor="import",
                announce=announce,
                dry_run=dry_run,
                progress=progress,
                subscriptions=container.services.feed_subscriptions,
            )
    print(_format_report(report, announce=announce, dry_run=dry_run))
    return 0


async def export_command(settings: Settings, folder: Path) -> int:
    """Write every story, the companies and the feeds as files of a folder. Files of the same names are replaced."""
    async with open_container(settings, with_seeds=False, create=False) as container:
        try:
            count = await _write_all(container.services.store, folder)
        except OSError as exc:
            raise DealwireError(f"{folder} can't be written: {exc.strerror or exc}.") from exc
    print(f"Exported {_format_count(count, 'story', 'stories')} to {folder}.")
    return 0


async def _write_all(store: Store, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    async with store.read() as tx:
        slugs = await tx.stories.list_slugs()
        _write(folder / "companies.toml", dump_companies(await tx.companies.list_all()))
        feeds = await tx.feeds.list_all()
        if feeds:
            _write(folder / "feeds.toml", dump_feeds(feeds))
        with show_progress("Exporting") as progress:
            for position, slug in enumerate(slugs, start=1):
                story = await tx.stories.find(slug)
                if story is not None:
                    _write(folder / _file_name(slug), dump_story(story))
                progress(position, len(slugs))
    return len(slugs)


def _file_name(slug: str) -> str:
    # A story with the name of one of the other files gets a name with an underscore, which no slug has.
    return f"{slug}_story.toml" if slug in ("companies", "feeds") else f"{slug}.toml"


def _write(path: Path, text: str) -> None:
    replace_file(path, text.encode())


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file atomically: a reader sees the old one or the new one."""
    temporary_path = path.with_name(path.name + ".new")
    temporary_path.write_bytes(content)
    os.replace(temporary_path, path)  # noqa: PTH105 - the atomic one


@contextlib.contextmanager
def report_refused_files() -> Iterator[None]:
    """Print each refused file on a line of its own, and raise one DealwireError for all."""
    try:
        yield
    except FilesRejected as exc:
        for refused in exc.errors:
            print(f"dealwire: {redact_address(str(refused))}", file=sys.stderr)
        raise DealwireError(
            f"Nothing was imported: {len(exc.errors)} of the {exc.file_count} files were refused."
        ) from exc


def _format_report(report: ImportReport, *, announce: bool, dry_run: bool) -> str:
    changes = [
        (report.companies, "company", "companies", ""),
        (report.feeds_added, "feed", "feeds", " added"),
        (report.feeds_changed, "feed", "feeds", " changed"),
        (report.stories_added, "story", "stories", " added"),
        (report.stories_changed, "story", "stories", " changed"),
        (report.developments_added, "development", "developments", " added"),
        (report.developments_corrected, "development", "developments", " corrected"),
        (report.terms_added, "term", "terms", " added"),
        (report.terms_corrected, "term", "terms", " corrected"),
        (report.expected_added, "expected event", "expected events", " added"),
        (report.expected_changed, "expected event", "expected events", " changed"),
    ]
    parts = [_format_count(count, singular, plural) + suffix for count, singular, plural, suffix in changes if count]
    files = _format_count(report.files, "file", "files")
    if not parts:
        return f"{files} read; nothing new."
    sentence = f"{files} {'would be imported' if dry_run else 'imported'}: {', '.join(parts)}."
    return sentence + (
        f" Queued for followers: {_format_count(report.deliveries, 'post', 'posts')}."
        if announce and not dry_run
        else ""
    )


def _format_count(count: int, singular: str, plural: str) -> str:
    return f"{count} {singular if count == 1 else plural}"
