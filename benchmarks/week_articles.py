"""The articles of the trial week, with labels: our own about running stories and about their parties, and other news.

What is right is labelled by hand in ``week_articles.tsv``, whatever the tracker makes of it.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import tomli_w

from bot.model.vocabulary import Claim, Stage

FOLDER = Path(__file__).parent
DAYS = 7
FEEDS = 10
_TITLE_LENGTH = range(25, 200)
#: How many hours the articles of one event of the other news lie apart, as a standard deviation.
_SPREAD_HOURS = 10.0


class What(StrEnum):
    """What an article is for the desk."""

    DEVELOPMENT = "development"
    RE_REPORT = "re-report"
    NOTHING_NEW = "nothing"
    NEW_STORY = "new"
    OTHER = "other"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with what is right about it.

    Attributes:
        day: when it is published, in days from the beginning of the week.
        feed: the number of its feed, from 1.
        news: the id of the news that it tells; articles that tell the same news share it. Of an earlier development ``slug#number``.
        story: the slug of its story, or a name for one that begins in this week; empty if it is in none.
        stages: the stages that may be read from it; None is no stage.
        claims: the claims that may be read from it.
    """

    id: str
    day: float
    feed: int
    what: What
    news: str
    story: str
    title: str
    text: str = ""
    stages: frozenset[Stage | None] = frozenset()
    claims: frozenset[Claim] = frozenset()

    @property
    def is_in_story(self) -> bool:
        """Whether it belongs into a story, as a development or as a source of one."""
        return bool(self.story) and self.what in (What.DEVELOPMENT, What.RE_REPORT, What.NEW_STORY)

    @property
    def is_noise(self) -> bool:
        """Whether it is news about something else, which was not written for the trial."""
        return self.what is What.NOISE


def read_stories() -> dict[str, Any]:
    """Return the running stories and their companies."""
    return tomllib.loads((FOLDER / "week_stories.toml").read_text(encoding="utf-8"))


def write_story_files(folder: Path, data: dict[str, Any], start: datetime) -> None:
    """Write the running stories as files that can be imported. Their developments are dated by days from ``start``."""
    (folder / "companies.toml").write_text(tomli_w.dumps({"company": data["company"]}), encoding="utf-8")
    for story in data["story"]:
        developments = [
            {
                "id": f"earlier-{number}",
                "date": (start + timedelta(days=each["day"])).date().isoformat(),
                **{key: each[key] for key in ("headline", "claim", "stage") if key in each},
                "source": [{"publisher": "The Archive"}],
            }
            for number, each in enumerate(story["development"], start=1)
        ]
        parties = [dict(zip(("company", "role"), each.split(": "), strict=False)) for each in story["parties"]]
        header = {key: story[key] for key in ("slug", "headline", "summary", "kind")}
        content = tomli_w.dumps({**header, "party": parties, "development": developments})
        (folder / f"{story['slug']}.toml").write_text(content, encoding="utf-8")


def read_own_articles() -> list[LabelledArticle]:
    """Return the articles that were written for the trial, in the order of their publication."""
    lines = (FOLDER / "week_articles.tsv").read_text(encoding="utf-8").splitlines()
    articles: dict[str, LabelledArticle] = {}
    for line in lines[1:]:
        id_, day, feed, what, of, stage, claim, title, text = line.split("\t")
        news, story = _find_news(id_, What(what), of, articles)
        articles[id_] = LabelledArticle(
            id_, float(day), int(feed), What(what), news, story, title, text,
            frozenset(None if each == "-" else Stage(each) for each in stage.split("|")),
            frozenset(Claim(each) for each in claim.split("|") if each != "-"),
        )  # fmt: skip
    return sorted(articles.values(), key=lambda article: article.day)


def _find_news(id_: str, what: What, of: str, articles: dict[str, LabelledArticle]) -> tuple[str, str]:
    if what is not What.RE_REPORT:
        return id_, "" if of == "-" else of
    if "#" in of:
        return of, of.split("#")[0]
    return articles[of].news, articles[of].story


def read_noise(folder: Path, count: int, chance: random.Random, names: Sequence[str]) -> list[LabelledArticle]:
    """Return so many articles of labelled news that is no part of the project, dated anew over the week.

    An article that has one of these names is left out. Articles of one event are published within a day or two.
    """
    if not count:
        return []
    is_named = re.compile("|".join(rf"\b{re.escape(name)}" for name in names), re.IGNORECASE)
    events = list(_read_lines(folder / "events-dev.jsonl"))
    running = list(_read_lines(folder / "running-dev.jsonl"))
    background = [(line, "") for line in (folder / "background.txt").read_text(encoding="utf-8").splitlines()]
    shares = ((events, count // 2), (running, count // 4), (background, count - count // 2 - count // 4))
    chosen: list[tuple[str, str]] = []
    titles: set[str] = set()
    for lines, share in shares:
        fitting = [
            (title, event) for title, event in lines if len(title) in _TITLE_LENGTH and not is_named.search(title)
        ]
        chance.shuffle(fitting)
        fresh = [(title, event) for title, event in dict(fitting).items() if title.casefold() not in titles]
        titles |= {title.casefold() for title, _ in fresh[:share]}
        chosen += fresh[:share]
    centres = {event: chance.uniform(0, DAYS) for event in sorted({event for _, event in chosen if event})}
    return [
        LabelledArticle(
            f"noise-{number}", _choose_day(centres.get(event), chance), chance.randint(1, FEEDS), What.NOISE, f"noise-{number}",
            "", title,
        )
        for number, (title, event) in enumerate(chosen)
    ]  # fmt: skip


def _choose_day(centre: float | None, chance: random.Random) -> float:
    day = chance.uniform(0, DAYS) if centre is None else chance.gauss(centre, _SPREAD_HOURS / 24)
    return min(max(day, 0.01), DAYS - 0.01)


def _read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the titles of a file, each with its event."""
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        yield data["title"], f"{path.name} {data['gold']}"
