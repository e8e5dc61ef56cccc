"""A worker's answer is believed no more than the publisher it read: whatever does not fit is refused, by one sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import WorkerDied
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT
from bot.newsroom.parsing.answer_validation import validate_feed, validate_links, validate_page
from tests.unit.parsing.feeds import NOW

FEED: dict[str, Any] = {"title": "Paper", "link": "https://paper.example/", "format": "rss", "ttl": 60, "dropped": 0}
ARTICLE: dict[str, Any] = {
    "id": "0123456789abcdef01234567",
    "title": "One",
    "published": "2026-02-03T04:05:06+00:00",
    "text": "",
    "url": "https://paper.example/1",
    "publisher": "Paper",
    "dated": True,
    "former": ["76543210fedcba9876543210"],
}
PAGE: dict[str, Any] = {
    "title": "One",
    "text": "Text",
    "published": "",
    "url": "https://paper.example/1",
    "publisher": "",
}


def test_an_answer_as_it_should_be_is_taken() -> None:
    feed = validate_feed([{"feed": FEED}, {"article": ARTICLE}, {"skipped": {"entry": "x", "reason": "y"}}], NOW)
    assert (feed.title, feed.ttl, len(feed.articles), len(feed.skipped)) == ("Paper", timedelta(minutes=60), 1, 1)
    assert validate_page([{"page": PAGE}], NOW).published is None


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../../etc"},
        {"id": 7},
        {"former": ["../../etc"]},
        {"former": [7]},
        {"former": None},
        {"title": ""},
        {"title": "x" * (TITLE_LIMIT + 1)},
        {"title": ["One"]},
        {"text": "x" * (TEXT_LIMIT + 1)},
        {"text": None},
        {"url": "javascript:alert(1)"},
        {"url": "https://paper.example/ <b>"},
        {"url": "https://" + "x" * 3_000},
        {"publisher": "x" * 101},
        {"published": "2026-02-03T04:05:06"},
        {"published": "2036-02-03T04:05:06+00:00"},
        {"published": "soon"},
        {"published": 0},
    ],
)
def test_an_article_that_no_article_can_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(WorkerDied, match="unreadable answer"):
        validate_feed([{"feed": FEED}, {"article": ARTICLE | change}], NOW)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [{}],
        [{"feed": []}],
        [{"feed": FEED | {"format": "exe"}}],
        [{"feed": FEED | {"link": "file:///etc/passwd"}}],
        [{"feed": FEED | {"ttl": -1}}],
        [{"feed": FEED | {"ttl": "60"}}],
        [{"feed": {}}],
        [{"feed": FEED}, {"article": {}}],
        [{"feed": FEED}, {"article": None}],
        [{"feed": FEED}, {"skipped": {"entry": 1, "reason": ""}}],
    ],
)
def test_a_feed_that_no_feed_can_be_is_refused(parts: list[dict[str, Any]]) -> None:
    with pytest.raises(WorkerDied, match="unreadable answer"):
        validate_feed(parts, NOW)


def test_links_and_pages_are_checked_too() -> None:
    links: list[dict[str, Any]] = [{"link": "javascript:1"}, {"link": 5}, {}]
    for link in links:
        with pytest.raises(WorkerDied):
            validate_links([link])
    changes = [{"url": "data:x"}, {"published": "2036-01-01T00:00:00+00:00"}, {"text": "x" * (TEXT_LIMIT + 1)}]
    pages: list[list[dict[str, Any]]] = [[], [{}], *([{"page": PAGE | change}] for change in changes)]
    for page in pages:
        with pytest.raises(WorkerDied):
            validate_page(page, NOW)


def test_a_feed_is_asked_again_within_a_month_whatever_it_says() -> None:
    assert validate_feed([{"feed": FEED | {"ttl": 10**9}}], NOW).ttl == timedelta(days=30)
