"""``track``: a file of articles, put into stories on a store that lasts as long as the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.errors import DealwireError, InputError
from bot.newsroom.articles import read_articles
from bot.newsroom.tracker import Tracker, load_embedder
from bot.newsroom.tracker.filing import Filed, file_articles

_MOST_NAMED = 1_000


def track_command(path: Path, out: Path | None, *, embedder: str = "") -> int:
    """Read a file of articles, judge them in the order of their publishing, and write a line of JSON for each.

    The lines come in that order too. Nothing is written before the whole file has been read and judged: the last article can
    still show that two events are one. A bad line is named on stderr and skipped; in the end DealwireError says how many
    there were. No database is opened.
    """
    bad = _BadLines()
    vectors = load_embedder(embedder)
    with _progress() as bar:
        reading = bar.add_task("Reading", total=None)
        articles = []
        for _, article in read_articles(path, bad.name):
            articles.append(article)
            bar.update(reading, completed=len(articles))
        tracking = bar.add_task("Tracking", total=len(articles))
        tracker = Tracker(vectors, capacity=max(20_000, len(articles)))
        filed = list(
            file_articles(
                tracker, articles, progress=lambda done, total: bar.update(tracking, completed=done, total=total)
            )
        )
    _write(_lines(filed), out)
    bad.check()
    return 0


class _BadLines:
    """The lines that were skipped: the first ones are named, all are counted."""

    def __init__(self) -> None:
        self._count = 0

    def name(self, error: InputError) -> None:
        """Name a line, unless so many were named that nobody reads on."""
        self._count += 1
        if self._count <= _MOST_NAMED:
            print(f"dealwire: {error}; skipped", file=sys.stderr)

    def check(self) -> None:
        """Raise DealwireError if there were any."""
        if self._count:
            raise DealwireError(f"{self._count} line{'s were' if self._count > 1 else ' was'} skipped.")


def _lines(filed: Iterable[Filed]) -> Iterator[str]:
    for each in filed:
        line = {
            "id": each.id,
            "event": each.event,
            "story": each.story,
            "decision": each.decision.value,
            "score": each.score,
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _write(lines: Iterable[str], out: Path | None) -> None:
    if out is None:
        _write_to(sys.stdout, lines)
        sys.stdout.flush()
        return
    try:
        with out.open("w", encoding="utf-8", newline="\n") as file:
            _write_to(file, lines)
    except OSError as exc:
        raise DealwireError(f"{out}: cannot be written: {exc.strerror or exc}.") from exc


def _write_to(file: TextIO, lines: Iterable[str]) -> None:
    file.writelines(lines)


def _progress() -> Progress:
    """Bars on a terminal; nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), transient=True)
