"""What becomes of an entry: its title, lead, publisher, address and time."""

from __future__ import annotations

import pytest

from bot.model.article import TEXT_LIMIT, TITLE_LIMIT
from tests.unit.parsing.feeds import NOW, item, read, rss

LEAD = (
    "The two makers have agreed to build a plant together, which is to open next year and to employ a thousand people."
)


def test_the_lead_is_the_summary_or_else_the_content() -> None:
    content = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    full = item(description="The title again").replace(
        "</item>", f"{content}&lt;p&gt;{LEAD}&lt;/p&gt;</content:encoded></item>"
    )
    short = item("One", description="One.", link="https://paper.example/2")
    feed = read(rss([full, short]))
    assert [article.text for article in feed.articles] == [LEAD, ""]


def test_titles_and_texts_are_cut_to_the_limits() -> None:
    (article,) = read(rss([item("word " * 300, description=f"<p>{'word ' * 3_000}</p>")])).articles
    assert TITLE_LIMIT - 10 < len(article.title) <= TITLE_LIMIT
    assert TEXT_LIMIT - 10 < len(article.text) <= TEXT_LIMIT
    assert article.title.endswith("word…")


def test_an_entry_without_a_title_is_named_by_its_text() -> None:
    """One without both is skipped."""
    feed = read(rss([item("", description=LEAD), item("", link="https://paper.example/2")]))
    assert [article.title for article in feed.articles] == [LEAD]
    assert [(each.entry, each.reason) for each in feed.skipped] == [
        ("https://paper.example/2", "it has neither a title nor a text")
    ]


def test_an_undated_entry_is_of_now_and_that_is_said() -> None:
    feed = read(rss([item(pubDate="someday"), item("Two", link="https://paper.example/2")]))
    assert [article.published_at == NOW for article in feed.articles] == [True, False]
    assert feed.undated_ids == {feed.articles[0].id}


def test_the_same_entry_twice_comes_once() -> None:
    feed = read(rss([item(), item(guid="other", link="http://www.paper.example/1/?utm_source=rss")]))
    assert len(feed.articles) == 1
    assert feed.skipped[0].reason == "it appears twice in the feed"


@pytest.mark.parametrize(
    ("title", "source", "feed_title", "url", "expected"),
    [
        ("Talks end - Gazette", "Gazette", "Paper", "https://paper.example/feed", ("Talks end", "Gazette")),
        (
            "Talks end - Gazette",
            "",
            '"Nissan" - Google News',
            "https://news.google.com/rss/search?q=nissan",
            ("Talks end", "Gazette"),
        ),
        (
            "Talks - in short - Gazette.com",
            "",
            "Google News",
            "https://news.google.com/rss",
            ("Talks - in short", "Gazette.com"),
        ),
        ("Talks end | Paper", "", "Paper", "https://paper.example/feed", ("Talks end", "Paper")),
        ("Talks end – paper.example", "", "Paper – Cars", "https://paper.example/feed", ("Talks end", "Paper – Cars")),
        ("Nissan - Foxconn", "", "Paper", "https://paper.example/feed", ("Nissan - Foxconn", "Paper")),
        ("Nissan-Foxconn", "", "Google News", "https://news.google.com/rss", ("Nissan-Foxconn", "paper.example")),
        ("Talks end", "", "", "https://paper.example/feed", ("Talks end", "paper.example")),
    ],
)
def test_the_publisher_is_taken_off_the_title(
    title: str, source: str, feed_title: str, url: str, expected: tuple[str, str]
) -> None:
    feed = read(rss([item(title, source=source)], title=feed_title, link=""), url=url)
    assert (feed.articles[0].title, feed.articles[0].publisher) == expected


def test_a_name_in_which_nearly_all_titles_end_is_taken_off() -> None:
    titles = [f"News number {n} | The Daily" for n in range(5)]
    feed = read(rss([item(title, link=f"https://paper.example/{n}") for n, title in enumerate(titles)]))
    assert [article.title for article in feed.articles] == [f"News number {n}" for n in range(5)]


def test_a_link_to_the_front_page_or_none_is_no_link() -> None:
    feed = read(
        rss(
            [
                item("One", link="https://paper.example/", guid="a"),
                item("Two", link="javascript:alert(1)", guid="b"),
                item("Three", link="", guid="c"),
            ]
        )
    )
    assert [article.url for article in feed.articles] == ["", "", ""]
    assert len({article.id for article in feed.articles}) == 3


def test_the_publishers_address_precedes_the_feed_proxys() -> None:
    body = rss([item(link="https://feeds.service.example/~r/paper/1")]).replace(
        "</item>",
        '<fb:origLink xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0">https://paper.example/1</fb:origLink></item>',
    )
    assert read(body).articles[0].url == "https://paper.example/1"


def test_the_same_article_of_another_day_has_the_same_id() -> None:
    """Its title, its date, its guid and the tracking in its link have changed."""
    first = read(rss([item("Talks go on", guid="1", link="https://www.paper.example/1?utm_source=rss")]))
    later = read(
        rss(
            [
                item(
                    "UPDATE: Talks end",
                    guid="1-v2",
                    link="http://paper.example/1/",
                    pubDate="Sat, 28 Feb 2026 00:00:00 GMT",
                )
            ]
        )
    )
    assert first.articles[0].id == later.articles[0].id
