"""A short run of what ``python -m benchmarks.fuzz`` does at length, and each of its finds."""

from __future__ import annotations

import pytest

from benchmarks.fuzz import run_range, try_feed, try_link, try_text
from bot.newsroom.parsing.urls import clean_link
from tests.unit.parsing.feeds import item, rss


def test_nothing_that_is_sent_brings_a_reader_down() -> None:
    report = run_range(0, 2_000, seed=5)
    assert dict(report.finds) == {}
    assert report.inputs == 2_000
    assert report.articles > 300
    assert report.no_feed > 100


@pytest.mark.parametrize(
    "body",
    [
        # A reference to half a character gets into a recovered tree and cannot be taken out of it.
        rss([item()]).replace("One", "One &#xd800;").replace("<item>", '<item xml:base="&#xdfff;">'),
        # What an entry without a title is skipped under was as long as its publisher liked.
        rss([item("", link="https://paper.example/" + "<item>" * 300)]),
        # What stands around a reference to no character is one itself when that is taken out.
        rss([item("One &#xd8&#99999999999;00; two")]),
        rss([item("One &#&#xd800;xd800; two")]),
        # A title that is cut behind a joiner.
        rss([item("\u0928\u200d\u092a" * 200)]),
        # A base that is no address.
        rss([item(link="1")]).replace("<rss ", '<rss xml:base="http://[" '),
    ],
)
def test_finds_in_feeds_stay_mended(body: str) -> None:
    try_feed(body.encode(), "")


def test_a_base_keeps_its_escapes() -> None:
    """A library's way to join took them out, so that the address was another one each time."""
    joined = clean_link("x/1", "https://paper.example/%60/link%3E")
    assert joined == clean_link(joined) == "https://paper.example/%60/x/1"


@pytest.mark.parametrize("link", ["https://paper.example/x>`y?a=`", "https\xa5//paper.example/1"])
def test_finds_in_links_stay_mended(link: str) -> None:
    try_link(link)


def test_accents_that_meet_after_cleaning_are_composed() -> None:
    """What was between them is removed."""
    try_text("e\u200d\u0301")
