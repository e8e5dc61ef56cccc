"""Invented pairs of headlines: what reports known news again, and what changes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.model.tracking import Decision
from bot.newsroom.tracker import Embedder, Tracker
from tests.unit.news import article

_FILE = Path(__file__).with_name("re_report_pairs.tsv")
SAME = "same"


@dataclass(frozen=True, slots=True)
class HeadlinePair:
    """Two headlines, and what the second one changes (``same`` for nothing)."""

    language: str
    kind: str
    first: str
    second: str

    @property
    def is_held_out(self) -> bool:
        """Return whether it was not used for tuning: the half that a hash of its text selects."""
        return hashlib.sha256(f"{self.first}\t{self.second}".encode()).digest()[0] % 2 == 1


def read_headline_pairs() -> list[HeadlinePair]:
    """Return all pairs, in their order."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [HeadlinePair(*line.split("\t")) for line in lines if not line.startswith(("#", "language\t"))]


def is_folded(pair: HeadlinePair, embedder: Embedder | None) -> bool:
    """Return whether the second headline is taken for a re-report of the first."""
    tracker = Tracker(embedder)
    tracker.judge(article(1, pair.first))
    return tracker.judge(article(2, pair.second, hours=1)).decision is Decision.RE_REPORT
