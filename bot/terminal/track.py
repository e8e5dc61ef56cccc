"""The ``track`` command: cluster a file of articles in a store that lasts as long as the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.errors import DealwireError, InputError
from bot.newsroom.article_lines import read_articles
from bot.newsroom.tracker import Tracker, load_embedder
from bot.newsroom.tracker.batch import TrackedArticle, track_articles

_MAX_REPORTED = 1_000


def track_command(path: Path, out: Path | None, *, embedder: str = "") -> int:
    """Read a file of articles, judge them in the order of their publishing, and write a line of JSON for each.

    The lines come in that order too. Nothing is written before the whole file has been read and judged: the last article can
    still show that two events are one. A bad line is named on stderr and skipped; in the end DealwireError says how many
    there were. No database is opened.
    """
    bad_lines = _BadLines()
    loaded_embedder = load_embedder(embedder)
    with _create_progress() as bar:
        reading_task = bar.add_task("Reading", total=None)
        articles = []
        for _, article in read_articles(path, bad_lines.report):
            articles.append(article)
            bar.update(reading_task, completed=len(articles))
        tracking_task = bar.add_task("Tracking", total=len(articles))
        tracker = Tracker(loaded_embedder, capacity=max(20_000, len(articles)))
        decisions = list(
            track_articles(
                tracker,
                articles,
                progress=lambda completed, total: bar.update(tracking_task, completed=completed, total=total),
            )
        )
    _write(_format_lines(decisions), out)
    bad_lines.raise_if_any()
    return 0


class _BadLines:
    """The skipped lines: the first ones are reported, all are counted."""

    def __init__(self) -> None:
        self._count = 0

    def report(self, error: InputError) -> None:
        """Print an error, unless too many were printed already."""
        self._count += 1
        if self._count <= _MAX_REPORTED:
            print(f"dealwire: {error}; skipped", file=sys.stderr)

    def raise_if_any(self) -> None:
        """Raise DealwireError if there were any."""
        if self._count:
            raise DealwireError(f"{self._count} line{'s were' if self._count > 1 else ' was'} skipped.")


def _format_lines(decisions: Iterable[TrackedArticle]) -> Iterator[str]:
    for decision in decisions:
        line = {
            "id": decision.id,
            "event": decision.event,
            "story": decision.story,
            "decision": decision.decision.value,
            "score": decision.score,
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


def _create_progress() -> Progress:
    """Return progress bars for a terminal, which show nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty(), transient=True)
