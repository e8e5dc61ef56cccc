"""The ``track`` command: cluster a file of articles in a store that lasts as long as the command."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.newsroom.article_lines import read_articles
from bot.newsroom.tracker import Tracker, load_embedder
from bot.newsroom.tracker.batch import TrackedArticle, track_articles
from bot.terminal.article_commands import BadLines, write_lines
from bot.terminal.progress import show_progress


def track_command(path: Path, out: Path | None, *, embedder: str = "") -> int:
    """Read a file of articles, judge them in the order of their publishing, and write a line of JSON for each.

    The lines come in that order too. Nothing is written before the whole file has been read and judged: the last article can
    still show that two events are one. A bad line is named on stderr and skipped; in the end DealwireError says how many
    there were. No database is opened.
    """
    bad_lines = BadLines()
    loaded_embedder = load_embedder(embedder)
    articles = []
    with show_progress("Reading") as progress:
        for _, article in read_articles(path, bad_lines.report):
            articles.append(article)
            progress(len(articles), None)
    tracker = Tracker(loaded_embedder, capacity=max(20_000, len(articles)))
    with show_progress("Tracking") as progress:
        decisions = list(track_articles(tracker, articles, progress=progress))
    write_lines(_format_lines(decisions), out)
    bad_lines.raise_if_any()
    return 0


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
