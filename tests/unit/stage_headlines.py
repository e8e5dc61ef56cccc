"""Headlines with the stage and the claim that they state, and how a reading of them is judged."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.model.tracking import Extraction
from bot.model.vocabulary import Claim, Stage

OWN_HEADLINES = Path(__file__).with_name("stage_headlines.tsv")


@dataclass(frozen=True, slots=True)
class LabelledHeadline:
    """A headline with every stage and claim that count as right; None is no stage."""

    text: str
    stages: tuple[Stage | None, ...]
    claims: tuple[Claim, ...]
    language: str

    @property
    def is_held_out(self) -> bool:
        """Whether it only judges: nobody looks at how it is read while tuning."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1

    def judge_stage(self, extraction: Extraction) -> Literal["accepted", "silent", "wrong"]:
        """Return how a stage counts. Silence is not wrong: the desk chooses the stage then."""
        if extraction.stage in self.stages:
            return "accepted"
        return "silent" if extraction.stage is None else "wrong"

    def accepts_claim(self, extraction: Extraction) -> bool:
        return extraction.claim in self.claims


def read_labelled_headlines(path: Path) -> list[LabelledHeadline]:
    """Return the headlines of a table with the columns headline, stage, claim and optionally language; ``#`` is a comment."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        LabelledHeadline(
            row["headline"],
            tuple(None if name == "-" else Stage(name) for name in row["stage"].split("|")),
            tuple(map(Claim, row["claim"].split("|"))),
            row.get("language") or "en",
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def read_own_headlines() -> list[LabelledHeadline]:
    return read_labelled_headlines(OWN_HEADLINES)
