"""``track``: a file of articles, put into stories on a store that lasts as long as the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.errors import DealwireError
from bot.newsroom.articles import read_articles
from bot.newsroom.tracker import Tracker, load_embedder
from bot.newsroom.tracker.filing import Filed, file_articles


def track_command(path: Path, out: Path | None, *, embedder: str = "") -> int:
    """Read a file of articles, judge them in the order of their publishing, and write a line of JSON for each.

    The lines come in that order too. Nothing is written before the whole file has been read and judged: a bad line is refused
    and leaves nothing behind, and the last article can still show that two events are one. No database is opened.
    """
    with _progress() as bar:
        reading = bar.add_task("Reading", total=None)
        articles = []
        for _, article in read_articles(path):
            articles.append(article)
            bar.update(reading, completed=len(articles))
        tracking = bar.add_task("Tracking", total=len(articles))
        tracker = Tracker(load_embedder(embedder), capacity=max(20_000, len(articles)))
        filed = list(
            file_articles(
                tracker, articles, progress=lambda done, total: bar.update(tracking, completed=done, total=total)
            )
        )
    _write(_lines(filed), out)
    return 0


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
