"""The labelled streams of news in benchmarks/streams: every line can be read, and the labels agree with each other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.newsroom.article_lines import read_articles

STREAMS = sorted((Path(__file__).parents[2] / "benchmarks" / "streams").glob("*.jsonl"))
LONGEST_EVENT = timedelta(hours=60)


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_track_can_read_every_line(path: Path) -> None:
    assert len(list(read_articles(path))) == len(path.read_text(encoding="utf-8").splitlines())


@pytest.fixture(params=STREAMS, ids=lambda path: path.stem)
def articles(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    lines = Path(request.param).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_article_has_the_fields_of_the_format(articles: list[dict[str, str]]) -> None:
    required = {"id", "title", "published", "publisher", "event", "story"}
    for article in articles:
        assert required <= article.keys() <= required | {"text"}
        assert all(value or field == "story" for field, value in article.items()), article["id"]
    assert len({article["id"] for article in articles}) == len(articles)


def test_articles_are_in_order_of_publication(articles: list[dict[str, str]]) -> None:
    times = [datetime.fromisoformat(article["published"]) for article in articles]
    assert times == sorted(times)
    assert all(time.tzinfo is not None for time in times)


def test_an_event_is_short_and_belongs_to_one_story(articles: list[dict[str, str]]) -> None:
    story_of: dict[str, str] = {}
    start_of: dict[str, datetime] = {}
    for article in articles:
        event, time = article["event"], datetime.fromisoformat(article["published"])
        assert story_of.setdefault(event, article["story"]) == article["story"], event
        assert time - start_of.setdefault(event, time) <= LONGEST_EVENT, event


def test_a_story_has_several_events(articles: list[dict[str, str]]) -> None:
    stories = {article["story"] for article in articles} - {""}
    for story in stories:
        assert len({article["event"] for article in articles if article["story"] == story}) > 1, story
