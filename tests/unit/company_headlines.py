"""Labelled headlines: how they are read, split in two halves, and how a matcher is scored on them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.model.company import Company
from bot.newsroom.story_files import read_file

_FOLDER = Path(__file__).parent
_COMPANIES = _FOLDER / "company_headlines.toml"
#: The second file was written when the lexicons were done, mostly with other companies; the third has names that are words.
FILES = tuple(_FOLDER / f"company_headlines{suffix}.tsv" for suffix in ("", "_later", "_words"))


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline with the full names of the companies that it names."""

    text: str
    companies: frozenset[str]

    @property
    def is_held_out(self) -> bool:
        """Whether no rule was tuned on it: fixed by a hash of its text."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Score:
    """How many companies were right, wrong and missed, and how many headlines had neither."""

    headlines: int
    right_headlines: int
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def right_share(self) -> float:
        """The share of headlines with all their companies and no other."""
        return self.right_headlines / max(1, self.headlines)


def read_headlines(path: Path) -> list[Headline]:
    """Return the headlines of a file in order; comments and the row of column names are skipped."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Headline(text, frozenset(() if companies == "-" else companies.split("|")))
        for text, companies in rows
        if text != "headline"
    ]


def read_companies(path: Path) -> Sequence[Company]:
    """Return the companies that the headlines of a file are labelled with."""
    own = path.with_suffix(".toml")
    paths = [each for each in (_COMPANIES, own) if each.exists()] if path in FILES else [own]
    return [company for each in dict.fromkeys(paths) for company in read_file(each).companies]


def score(headlines: Iterable[Headline], find_names: Callable[[str], frozenset[str]]) -> Score:
    """Score a function that returns the companies a text names."""
    pairs = [(each.companies, find_names(each.text)) for each in headlines]
    return Score(
        headlines=len(pairs),
        right_headlines=sum(labelled == named for labelled, named in pairs),
        right=sum(len(labelled & named) for labelled, named in pairs),
        wrong=sum(len(named - labelled) for labelled, named in pairs),
        missed=sum(len(labelled - named) for labelled, named in pairs),
    )
