"""An article stays the same article when its date, its title or its id in the feed changes; two articles are never one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.newsroom.parsing.identity import IdentityFields, build_article_id, build_article_ids

DAY = datetime(2026, 3, 1, tzinfo=UTC)
ONE = IdentityFields(
    "https://paper.example/1", "guid-1", "Nissan and Foxconn talk", "Paper", "https://paper.example/", DAY
)
texts = st.text(min_size=1, max_size=30)
times = st.datetimes(timezones=st.just(UTC))


@settings(max_examples=100, deadline=None)
@given(texts, texts, texts, times)
def test_a_link_outlives_everything_else(title: str, guid: str, publisher: str, published: datetime) -> None:
    changed = replace(ONE, title=title, guid=guid, publisher=publisher, published=published)
    assert build_article_id(changed) == build_article_id(ONE)
    assert build_article_ids([changed]) == build_article_ids([ONE]) == [build_article_id(ONE)]


@settings(max_examples=100, deadline=None)
@given(texts, texts, times)
def test_without_a_link_the_feeds_own_id_outlives_title_and_date(
    title: str, publisher: str, published: datetime
) -> None:
    bare = replace(ONE, link="")
    assert build_article_id(replace(bare, title=title, publisher=publisher, published=published)) == build_article_id(
        bare
    )
    assert build_article_id(replace(bare, guid="guid-2")) != build_article_id(bare)


def test_without_both_it_is_the_title_of_that_publisher() -> None:
    bare = replace(ONE, link="", guid="")
    assert build_article_id(
        replace(bare, published=DAY + timedelta(days=9), title="Nissan and  FOXCONN talk!")
    ) == build_article_id(bare)
    assert build_article_id(replace(bare, title="Nissan and Foxconn end talks")) != build_article_id(bare)
    assert build_article_id(replace(bare, publisher="Gazette")) != build_article_id(bare)


def test_a_sites_front_page_is_no_articles_link() -> None:
    """Some feeds give it as the link of every entry."""
    first, second = (replace(ONE, link="https://paper.example/", guid=guid) for guid in ("1", "2"))
    assert build_article_id(first) != build_article_id(second)


def test_a_short_id_counts_only_within_its_site() -> None:
    bare = replace(ONE, link="", guid="17")
    assert build_article_id(bare) != build_article_id(replace(bare, site="https://gazette.example/feed"))
    assert build_article_id(bare) == build_article_id(replace(bare, site="http://www.paper.example/rss/all"))
    urn = replace(bare, guid="urn:uuid:1")
    assert build_article_id(urn) == build_article_id(replace(urn, site="https://gazette.example/feed"))


def test_an_entrys_address_in_its_guid_is_its_link() -> None:
    assert build_article_id(replace(ONE, link="", guid="http://www.paper.example/1#x")) != build_article_id(
        replace(ONE, link="", guid="1")
    )


@pytest.fixture
def blog() -> list[IdentityFields]:
    """Three entries of one live blog, the newest first, and another article."""
    live = replace(ONE, link="https://paper.example/live")
    return [
        replace(live, title="Talks resume", guid="c", published=DAY + timedelta(hours=3)),
        replace(live, title="Shares fall", guid="b", published=DAY + timedelta(hours=2)),
        replace(live, title="Talks pause", guid="a", published=DAY + timedelta(hours=1)),
        ONE,
    ]


def test_entries_of_a_live_blog_are_articles_of_their_own(blog: list[IdentityFields]) -> None:
    ids = build_article_ids(blog)
    assert len(set(ids)) == 4
    assert ids[2] == build_article_id(blog[2])
    assert ids[3] == build_article_id(ONE)


def test_a_live_blog_that_goes_on_brings_no_old_entry_again(blog: list[IdentityFields]) -> None:
    """The oldest drops out, a new one comes in: one new id, whatever the others are called now."""
    known = set(build_article_ids(blog))
    newer = replace(blog[0], title="Talks end", guid="d", published=DAY + timedelta(hours=4))
    assert len([one for one in build_article_ids([newer, *blog[:2], blog[3]]) if one not in known]) == 1
    assert not [one for one in build_article_ids(blog[:1]) if one not in known]


def test_the_same_entry_twice_is_one_article() -> None:
    twice = [ONE, replace(ONE, guid="other", published=DAY + timedelta(days=1))]
    assert len(set(build_article_ids(twice))) == 1


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(4)), st.lists(times, min_size=4, max_size=4))
def test_other_dates_or_order_make_no_article_new(order: list[int], dates: list[datetime]) -> None:
    entries = [replace(ONE, link=f"https://paper.example/{n}", guid=str(n)) for n in range(4)]
    changed = [replace(entries[n], published=dates[n]) for n in order]
    assert set(build_article_ids(changed)) == set(build_article_ids(entries))


def test_entries_that_all_link_to_the_front_page_are_told_apart() -> None:
    """Some give it as their id as well; then their titles tell them apart, whatever comes and goes."""
    for front in ("https://paper.example/", "http://www.paper.example", "https://paper.example/index.html"):
        entries = [replace(ONE, link="", guid=front, title=f"News {n}") for n in range(5)]
        ids = build_article_ids(entries)
        assert len(set(ids)) == 5
        assert build_article_ids(entries[3:]) == ids[3:]
        assert len({*ids, *build_article_ids([replace(ONE, link=front, guid="", title="News 6"), *entries])}) == 6


def test_a_link_to_the_feeds_own_page_identifies_nothing() -> None:
    ticker = replace(ONE, link="https://paper.example/ticker", site="http://www.paper.example/ticker/")
    entries = [replace(ticker, guid=guid, title=title) for guid, title in (("", "One"), ("", "Two"), ("3", "Three"))]
    assert len({*map(build_article_id, entries)}) == 3
    assert build_article_id(replace(ticker, title="Other")) == build_article_id(replace(ticker, link="", title="Other"))


def test_entries_with_a_meaningless_id_differ_by_title() -> None:
    entries = [replace(ONE, link="", guid="0", title=f"News {n}", published=DAY - timedelta(hours=n)) for n in range(4)]
    assert len(set(build_article_ids(entries))) == 4
    known = set(build_article_ids(entries))
    assert set(build_article_ids(entries[:3])) <= known


def test_a_column_with_one_link_is_an_article_each_time() -> None:
    """Its titles are the same, too."""
    days = [replace(ONE, guid=f"w-{n}", published=DAY + timedelta(days=n), text=f"On day {n}.") for n in range(4)]
    known = set(build_article_ids(days[:2]))
    assert len(known) == 2
    assert len(set(build_article_ids(days[1:3])) - known) == 1
    assert set(build_article_ids(days[1:2])) <= known


@pytest.mark.parametrize(
    "second",
    [
        replace(ONE, published=DAY + timedelta(days=1), text="On another day."),
        replace(ONE, guid="w-2", text="On another day."),
        replace(ONE, guid="w-2", published=DAY + timedelta(days=1)),
        replace(ONE, guid="", published=DAY + timedelta(days=1), text="On another day."),
    ],
)
def test_a_column_of_one_id_date_or_text_is_one_article(second: IdentityFields) -> None:
    assert len(set(build_article_ids([ONE, second]))) == 1
