"""Feeds of every format and in any state: what can be read is read, and what is no feed is refused in one sentence."""

from __future__ import annotations

import pytest

from bot.errors import NotAFeed
from bot.newsroom.parsing.results import FeedFormat
from tests.unit.parsing.feeds import URL, item, json_feed, read, rss

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.example/news/"><title>Paper</title><link href="https://paper.example/"/>
<entry><title type="html">One &amp;amp; two</title><link href="1"/><id>urn:1</id><published>2026-02-03T04:05:06Z</published>
<updated>2026-02-09T04:05:06Z</updated><content type="html">&lt;p&gt;The text.&lt;/p&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>Paper</title><link>https://paper.example/</link></channel><item rdf:about="https://paper.example/1"><title>One</title>
<link>https://paper.example/1</link><description>The text.</description><dc:date>2026-02-03T04:05:06Z</dc:date></item></rdf:RDF>"""
JSON = json_feed(
    [
        {
            "id": "1",
            "url": "https://paper.example/1",
            "title": "One",
            "content_html": "<p>The text.</p>",
            "date_published": "2026-02-03T04:05:06Z",
        }
    ],
    home_page_url="https://paper.example/",
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss([item(description="<p>The text.</p>")]), FeedFormat.RSS),
        (ATOM, FeedFormat.ATOM),
        (RDF, FeedFormat.RDF),
        (JSON, FeedFormat.JSON),
    ],
)
def test_every_format_gives_the_same_article(body: str, kind: FeedFormat) -> None:
    feed = read(body)
    assert (feed.format, feed.title, feed.link) == (kind, "Paper", "https://paper.example/")
    (article,) = feed.articles
    assert article.title in ("One", "One & two")
    assert (article.text, article.publisher) == ("The text.", "Paper")
    assert article.url == ("https://paper.example/news/1" if kind is FeedFormat.ATOM else "https://paper.example/1")
    assert article.published_at.isoformat() == "2026-02-03T04:05:06+00:00"
    assert not feed.undated_ids


def test_json_feed_of_both_versions_is_read_item_by_item() -> None:
    """A bad item costs itself alone."""
    items = [
        {
            "id": 7,
            "external_url": "https://elsewhere.example/a",
            "title": "Linked",
            "summary": "Short.",
            "date_modified": "2026-02-03",
        },
        {"id": "8", "content_text": "Only a text, and no title."},
        "no object",
        {"id": [], "title": {}, "url": 5},
        None,
    ]
    feed = read(json_feed(items, version="https://jsonfeed.org/version/1"))
    assert [(article.title, article.url, article.text) for article in feed.articles] == [
        ("Linked", "https://elsewhere.example/a", "Short."),
        ("Only a text, and no title.", "", "Only a text, and no title."),
    ]
    no_object = "it isn't a JSON object"
    assert [(each.entry, each.reason) for each in feed.skipped] == [
        ("entry 3", no_object),
        ("entry 5", no_object),
        ("https://paper.example/5", "it has neither a title nor a text"),
    ]


def test_a_json_feed_is_read_as_publishers_write_it() -> None:
    """Line breaks that are not escaped, numbers that Python does not read, a text that declares itself plain."""
    body = """{"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": [
        {"id": "1", "title": "One\ntwo", "content_text": "if a<b and c>d"}, {"id": %s, "title": "Two"}, [], {"id": "3", "title": "Caf&eacute; <b>3</b>"}]}"""
    feed = read(body % ("7" * 5_000))
    assert [article.title for article in feed.articles] == ["One two", "Two", "Café 3"]
    assert feed.articles[0].text == "if a<b and c>d"
    assert [(each.entry, each.reason, each.is_fault) for each in feed.skipped] == [
        ("entry 3", "it isn't a JSON object", True)
    ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The answer is empty."),
        (b" \n\t ", "The answer is empty."),
        (b"<!doctype html><html><body>Hello</body></html>", "It's a web page, not a feed."),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><!DOCTYPE html PUBLIC 'a' 'b'><html xmlns='c'><p>Hello</html>", "It's a web page, not a feed."),
        (b"<opml version='2.0'><body><outline xmlUrl='x'/></body></opml>", "It's a list of feeds (OPML), not a feed."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "It's not RSS, Atom, RDF or JSON Feed."),
        (b"Not found", "It's not RSS, Atom, RDF or JSON Feed."),
        (b"{\"a\": 1}", "It's JSON but not a JSON Feed: it has no list of items."),
        (b"{\"items\": []}", "It's JSON but not a JSON Feed: it has neither a version nor a title."),
        (b"{\"items\": [", "It looks like JSON but can't be read as JSON."),
        (b"[" * 100_000, "It's JSON nested too deeply to be a feed."),
        (b"\x1f\x8b\x08\x00abc", "It's a compressed file, not a feed."),
        (b"\x89PNG\r\n\x1a\n", "It's a picture or a document, not a feed."),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_in_one_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(body)
    assert str(refused.value) == sentence
    assert refused.value.is_web_page == ("web page" in sentence)


@pytest.mark.parametrize("body", ["/etc/passwd", "https://paper.example/feed.xml", "file:///etc/passwd"])
def test_a_body_that_names_a_file_or_an_address_opens_neither(body: str) -> None:
    """The libraries would, if they were given it as a name."""
    with pytest.raises(NotAFeed):
        read(body)


def test_a_feed_without_entries_is_a_feed() -> None:
    feed = read(rss([]))
    assert (feed.title, feed.articles) == ("Paper", ())


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "iso-8859-1", ""),  # it says one thing and is another
        ("utf-8", "bogus-9", "text/xml; charset=nonsense"),
        ("utf-8-sig", "", ""),
        ("utf-16", "utf-16", ""),
        ("utf-16-be", "", ""),
        ("utf-32-le", "", ""),
        ("windows-1252", "iso-8859-1", ""),
        ("windows-1252", "", "application/xml; charset=windows-1252"),
        ("windows-1252", "", ""),
    ],
)
def test_an_encoding_is_found_whatever_is_said_about_it(encoding: str, declared: str, content_type: str) -> None:
    encoding_attribute = f' encoding="{declared}"' if declared else ""
    body = rss([item("Škoda – café")]) if encoding.startswith("utf") else rss([item("Citroën – café")])
    feed = read(
        body.replace('<?xml version="1.0"', f'<?xml version="1.0"{encoding_attribute}').encode(encoding), content_type
    )
    assert feed.articles[0].title in ("Škoda – café", "Citroën – café")


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("shift_jis", "日産と鴻海"),
        ("euc-kr", "현대 기아"),
        ("gb18030", "蔚来汽车"),
        ("big5", "鴻海 電動車"),
        ("iso-2022-jp", "日産と鴻海"),
    ],
)
def test_a_declared_east_asian_encoding_is_read(encoding: str, title: str) -> None:
    body = rss([item(title)]).replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding)
    assert read(body).articles[0].title == title


@pytest.mark.parametrize(
    "body",
    [
        rss([item("One"), item("Two", link="https://paper.example/2")])[:-60],
        rss([item("One")]).replace(
            "</title><link>https://paper.example/1", "</title><br><link>https://paper.example/1"
        ),
        rss([item("One")]).replace("One", "One &nbsp; & so on &bogus;"),
        rss([item("One")]).replace("One", "One \x0b\x00 \ufffe"),
        "some words first\n" + rss([item("One")]),
        rss([item("One")]).replace("<rss version", "<rss foo=1 version"),
    ],
)
def test_a_broken_feed_gives_what_can_be_read(body: str) -> None:
    assert read(body).articles[0].title.startswith("One")


@pytest.mark.parametrize(
    ("more", "minutes"),
    [
        ("<ttl>45</ttl>", 45),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>9999999999999</ttl>", 0),
        ("<ttl>²</ttl>", 0),
        ("<ttl>999999</ttl>", 43_200),
    ],
)
def test_how_long_a_feed_holds(more: str, minutes: int) -> None:
    ttl = read(rss([item()], more=more)).ttl
    assert (ttl.total_seconds() / 60 if ttl else 0) == minutes


def test_a_feeds_own_period_is_how_long_it_holds() -> None:
    more = '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
    ttl = read(rss([item()], more=more)).ttl
    assert ttl is not None
    assert ttl.total_seconds() == 86_400


def test_only_so_many_entries_are_read_and_that_is_said() -> None:
    feed = read(rss([item(f"Title {n}", link=f"https://paper.example/{n}") for n in range(2_100)]))
    assert len(feed.articles) == 2_000
    assert [(each.entry, each.reason) for each in feed.skipped] == [
        ("100 more entries", "the feed has more entries than can be read")
    ]


def test_dates_that_nobody_can_read_cost_the_dates_alone() -> None:
    feed = read(
        rss([item(f"Title {n}", link=f"https://paper.example/{n}", pubDate=f"the {n}. of never") for n in range(300)])
    )
    assert len(feed.articles) == len(feed.undated_ids) == 300


def test_half_a_character_by_reference_costs_no_feed() -> None:
    """A recovering parser puts it into the tree and cannot take it out."""
    feed = read(
        rss([item()], more="<ttl>5</ttl>")
        .replace("One", "One &#xd800;")
        .replace("<item>", '<item xml:base="&#xd800;">')
    )
    assert feed.articles[0].title.startswith("One")


def test_a_base_that_is_no_address_costs_no_feed() -> None:
    body = rss([item(link="/1")]).replace("<rss ", '<rss xml:base="http://[" ')
    assert read(body, url=URL).articles[0].url == "https://paper.example/1"
