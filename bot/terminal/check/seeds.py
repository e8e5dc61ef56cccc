"""The starter collection: whether the first start can read it, and which feeds it brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.errors import DealwireError
from bot.model.feed import Feed
from bot.model.findings import Finding
from bot.newsroom.story_files import check_related, find_files, read_file, try_files

#: Files that cannot be read beyond these are counted.
_MAX_LINES = 10


def check_seeds(folder: Path | None, clock: Clock) -> tuple[list[Finding], tuple[Feed, ...]]:
    """Return what keeps the first start from importing the files of ``SEEDS``, and their feeds, whose ids are 0."""
    if folder is None:
        return [], ()
    try:
        files, errors = try_files(find_files([folder]), read_file)
    except DealwireError as exc:
        return [Finding.problem(_explain(exc))], ()
    problems: Sequence[DealwireError] = errors or check_related(files, ())
    findings = [Finding.problem(_explain(each)) for each in problems[:_MAX_LINES]]
    if len(problems) > _MAX_LINES:
        findings.append(Finding.problem(f"{len(problems) - _MAX_LINES:,} more files of SEEDS have errors."))
    now = clock()
    feeds = tuple(
        Feed(0, feed.url, urlsplit(feed.url).hostname or "", now, timedelta(hours=1), now, title=feed.title)
        for file in files
        for feed in file.feeds
    )
    return findings, () if findings else feeds


def _explain(error: DealwireError) -> str:
    text = str(error).rstrip(".")
    return f"The first start can't import SEEDS: {text}. Correct it, or set SEEDS to another folder or to nothing."
