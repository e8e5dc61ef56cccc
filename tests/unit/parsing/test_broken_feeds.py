"""Feeds as publishers break them: what stands in the document is read, and nothing is read that does not stand there."""

from __future__ import annotations

import time
import warnings
from datetime import UTC, datetime

import feedparser  # type: ignore[import-untyped]  # it has no types
import pytest

from bot.errors import NotAFeed
from bot.newsroom.parsing import feedparser_fallback
from bot.newsroom.parsing.article_builder import build_parts
from bot.newsroom.parsing.feed_parser import balance_tags, parse_feed
from bot.newsroom.parsing.parser import Parser
from bot.newsroom.parsing.plain_text import to_plain_line
from bot.newsroom.parsing.raw_feed import RawEntry, RawFeed, RawText
from bot.newsroom.parsing.results import FeedFormat
from bot.newsroom.parsing.xml_repair import repair_xml
from tests.unit.parsing.feeds import FEEDS, NOW, URL, item, read, rss

HTML = 'xmlns="http://www.w3.org/1999/xhtml"'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}><title>Paper</title>{}</feed>'
ENTRY = "<entry><id>{0}</id><link href='https://paper.example/{0}'/><updated>2026-02-03T04:05:06Z</updated>{1}</entry>"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ATOM_LINK = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="{}" href="https://paper.example/other"/>'


def raw_rss(inside: str) -> str:
    """Return an RSS feed of one item, of which everything is given as it stands in the document."""
    return rss([f"<item>{inside}</item>"])


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Citro&euml;n &ndash; 4&nbsp;&euro;", "Citroën – 4 €"),
        ("Caf&eacute;, na&iuml;ve &NotEqualTilde; x", "Café, naïve \u2242\u0338 x"),
        ("R&D by AT&T & Bell", "R&D by AT&T & Bell"),
        ("A & B &unknown; C", "A & B &unknown; C"),
        ("5 < 6, a<b", "5 < 6, a<b"),
        ("Why p<q decides the offer", "Why p<q decides the offer"),
        ("Less <Honda than thought, >Nissan", "Less <Honda than thought, >Nissan"),
        ("Honda <em>opens</em> a <b>plant</b> &amp; more", "Honda opens a plant & more"),
        ("Nissan&#146;s &#x93;deal&#148; for 5&#128;", "Nissan’s “deal” for 5€"),
        ("Nissan\x92s plan \x96 part two\x85", "Nissan’s plan – part two…"),
        ("Talks&#8217 end &#X2013; again", "Talks’ end – again"),
        ("One <!-- note -->two<![CDATA[ & three]]>", "One two & three"),
        ("Ships without &lt;blink&gt; and &lt;marketing&gt;", "Ships without <blink> and <marketing>"),
        ("The &lt;script&gt; tag and &lt;!-- comments", "The <script> tag and <!-- comments"),
        ("Bold &lt;b&gt;words&lt;/b&gt;&lt;br/&gt;here", "Bold words here"),
        ("Talks of <Renault> and <Nissan> go on", "Talks of <Renault> and <Nissan> go on"),
        ("Mail from <press@honda.example> today", "Mail from <press@honda.example> today"),
        ("See <https://paper.example/a> now", "See <https://paper.example/a> now"),
    ],
)
def test_a_title_keeps_all_that_its_publisher_wrote(written: str, title: str) -> None:
    (article,) = read(raw_rss(f"<title>{written}</title><link>https://paper.example/1</link>")).articles
    assert article.title == title


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ('<!DOCTYPE rss [<!ENTITY co "Nissan &amp; Foxconn"><!ENTITY twice "&co;, &co;">]>', "Nissan & Foxconn, Nissan & Foxconn"),
        ("<!DOCTYPE rss [ <!-- it's --> <!ENTITY twice 'x > y' > ]>", "x > y"),
        ('<!DOCTYPE rss [<!ENTITY twice "first"><!ENTITY twice "second">]>', "first"),
        ('<!-- <!DOCTYPE a> --><!DOCTYPE rss SYSTEM "http://paper.example/rss.dtd" [<!ENTITY twice "&eacute;">]>', "é"),
        ('<!DOCTYPE rss [<!ENTITY twice SYSTEM "file:///etc/hostname">]>', "&twice;"),
        ('<!DOCTYPE rss PUBLIC "-//A//EN" "http://paper.example/<a>b.dtd" [<!ENTITY twice "&eacute;">]>', "é"),
        ("<!DOCTYPE rdf:RDF SYSTEM 'a>b[' [<!ENTITY twice 'x'>]>", "x"),
        ('<!DOCTYPE rss "never closed>', "&twice;"),
        ("", "&twice;"),
    ],
)  # fmt: skip
def test_an_entity_that_the_document_declares_is_its_text(declared: str, title: str) -> None:
    body = raw_rss("<title>&twice;</title>").replace("<rss", f"{declared}<rss")
    assert read(body).articles[0].title == title


def test_entities_cannot_multiply_a_document() -> None:
    levels = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 9))
    body = raw_rss("<title>One &e8;</title>").replace("<rss", f"<!DOCTYPE rss [<!ENTITY e0 'lol'>{levels}]><rss")
    assert read(body).articles[0].title.startswith("One &e")
    long = raw_rss(f"<title>One {'&e;' * 9_000}</title>").replace(
        "<rss", f"<!DOCTYPE rss [<!ENTITY e '{'x' * 2_000}'>]><rss"
    )
    assert read(long).articles[0].title.startswith("One xxx")


def test_a_link_keeps_its_bare_ampersands() -> None:
    (article,) = read(raw_rss("<title>One</title><link>https://paper.example/show?a=1&b=2&copy=3&id=7</link>")).articles
    assert article.url == "https://paper.example/show?a=1&b=2&copy=3&id=7"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (f'<title type="xhtml"><div {HTML}>Nissan <b>and</b> Foxconn</div></title>', "Nissan and Foxconn"),
        ('<title type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">R&amp;D <h:i>on</h:i></h:div></title>', "R&D on"),
        ('<title type="html">R&amp;amp;D &lt;b&gt;on&lt;/b&gt;</title>', "R&D on"),
        ('<title type="text">Use &lt;b&gt; and &lt;/b&gt; for R&amp;D</title>', "Use <b> and </b> for R&D"),
        ("<title>Use <i>this</i></title>", "Use this"),
        ('<title mode="base64">Tmlzc2FuIDxiPmFuZDwvYj4gRm94Y29ubg==</title>', "Nissan and Foxconn"),
        (f'<media:title {MEDIA}>Stock photo</media:title><title>News</title>', "News"),
        (f"<media:group {MEDIA}><media:title>Film</media:title></media:group>", "Film"),
    ],
)  # fmt: skip
def test_an_atom_title_is_read_by_its_type(title: str, expected: str) -> None:
    assert read(ATOM.format("", ENTRY.format(1, title))).articles[0].title == expected


@pytest.mark.parametrize("before", [f"<media:title {MEDIA}>Photo 12</media:title>", f"<media:content {MEDIA}><media:title>Photo</media:title></media:content>",
    '<itunes:title xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Episode</itunes:title>', "<media:title>Photo 12</media:title>"])  # fmt: skip
def test_an_items_own_title_comes_before_that_of_its_media(before: str) -> None:
    assert read(raw_rss(f"{before}<title>Honda opens a plant</title>")).articles[0].title == "Honda opens a plant"


@pytest.mark.parametrize(
    "links",
    [
        *(ATOM_LINK.format(relation) + "<link>https://paper.example/1</link>" for relation in ("related", "self", "replies", "enclosure", "alternate")),
        "<link></link><link>https://paper.example/1</link>",
        ATOM_LINK.format("self") + '<link href="https://paper.example/1"/>',
        '<link/><a:link xmlns:a="http://www.w3.org/2005/Atom" href="https://paper.example/1"/>',
        "<link><![CDATA[ https://paper.example/1 ]]></link>",
        '<guid isPermaLink="true">https://paper.example/1</guid>',
        '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="alternate" type="application/json" href="https://paper.example/api"/><guid>https://paper.example/1</guid>',
    ],
)  # fmt: skip
def test_an_item_has_the_address_of_its_own_page(links: str) -> None:
    assert read(raw_rss(f"<title>One</title>{links}")).articles[0].url == "https://paper.example/1"


def test_a_link_that_is_broken_over_lines_is_one_address() -> None:
    (article,) = read(raw_rss("<title>One</title><link>\n  https://paper.example/a b/\n    one\n</link>")).articles
    assert article.url == "https://paper.example/a%20b/one"


def test_an_entry_of_several_alternates_links_to_the_page() -> None:
    links = (
        '<link rel="alternate" type="application/json" href="https://paper.example/1.json"/><link rel="enclosure" href="https://paper.example/1.mp3"/>'
        '<link rel="http://www.iana.org/assignments/relation/alternate" type="text/html" href="https://paper.example/page"/>'
    )
    body = ATOM.format("", f"<entry><id>1</id><title>One</title>{links}</entry>")
    assert read(body).articles[0].url == "https://paper.example/page"


@pytest.mark.parametrize(
    ("on_feed", "on_entry", "on_link", "url"),
    [
        ("https://base.example/blog/", "2026/11/", "", "https://base.example/blog/2026/11/one"),
        ("https://base.example/blog/", "", "https://third.example/z/", "https://third.example/z/one"),
        ("https://base.example/blog/", "/top/", "deep/", "https://base.example/top/deep/one"),
        ("/news/", "", "", "https://paper.example/news/one"),
        ("//base.example/", "", "", "https://base.example/one"),
        ("", "", "", "https://paper.example/one"),
        ("http://[", "", "", "https://paper.example/one"),
    ],
)
def test_nested_bases_are_joined(on_feed: str, on_entry: str, on_link: str, url: str) -> None:
    base = [f' xml:base="{each}"' if each else "" for each in (on_feed, on_entry, on_link)]
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"{base[0]}><entry{base[1]}><title>One</title><link{base[2]} href="one"/></entry></feed>'
    assert read(body).articles[0].url == url


def test_a_date_is_what_a_date_element_says() -> None:
    """An id such as "12" was taken for the 12th of this very month."""
    items = [item(guid=str(number), link="", title=f"News {number}", pubDate="") for number in range(1, 29)]
    parts = list(build_parts(parse_feed(rss(items).encode(), "", URL), URL, datetime.now(UTC)))
    assert [part["article"]["dated"] for part in parts if "article" in part] == [False] * 28


def test_a_videos_description_is_its_text() -> None:
    body = ATOM.format(
        f" {MEDIA}",
        ENTRY.format(
            1,
            "<title>Tour</title><media:group><media:title>Tour</media:title><media:description>Honda opens.</media:description></media:group>",
        ),
    )
    assert read(body).articles[0].text == "Honda opens."
    media = f"<media:content {MEDIA} url='x'><media:description>Nissan closes.</media:description></media:content>"
    assert read(raw_rss(f"<title>One</title>{media}")).articles[0].text == "Nissan closes."


def test_a_value_with_a_less_than_sign_costs_no_link() -> None:
    entries = ENTRY.format(1, "<title>One</title>").replace("href=", 'title="a < b &amp; <i>c</i> & d" href=')
    articles = read(ATOM.format("", entries + ENTRY.format(2, "<title>Two</title>"))).articles
    assert [article.url for article in articles] == ["https://paper.example/1", "https://paper.example/2"]


@pytest.mark.parametrize("opening", ["<![CDATA[", "<!-- more: ", "<? more "])
@pytest.mark.parametrize("later", ["Three", "<![CDATA[Three]]>", "<!-- note -->", "<?note?>"])
def test_a_section_that_nothing_closes_costs_no_entry(opening: str, later: str) -> None:
    items = "".join(
        f"<item><title>{title}</title><description>{text}</description><link>https://paper.example/{title}</link></item>"
        for title, text in (("One", ""), ("Two", f"{opening}Honda & Nissan talk"), ("Last", later))
    )
    articles = read(rss([items])).articles
    assert [article.title for article in articles] == ["One", "Two", "Last"]
    assert articles[1].text.endswith("Honda & Nissan talk")


@pytest.mark.parametrize(
    "broken",
    [
        "<title>One<link>https://paper.example/1</link><guid>1</guid>",
        "<title>One</titel><link>https://paper.example/1</link><guid>1</guid>",
        "<title>One</Title><link>https://paper.example/1<guid>1</guid>",
        "<title>One</title><link>https://paper.example/1</link><description>Text",
        "<title>One</title><description>Text <p>of <b>Honda</p></description><link>https://paper.example/1</link>",
        "<title>One</title><description>Text <p>more<guid>1</guid><link>https://paper.example/1</link>",
        "<title>One</title></b></p><link>https://paper.example/1</link><category>cars",
    ],
)
@pytest.mark.parametrize("end", ["</item>", ""])
def test_an_element_that_nothing_closes_costs_no_entry(broken: str, end: str) -> None:
    articles = read(
        rss(
            [
                f"<item>{broken}{end}",
                item("Two", link="https://paper.example/2"),
                item("Three", link="https://paper.example/3"),
            ]
        )
    ).articles
    assert [(article.title, article.url) for article in articles] == [
        (title, f"https://paper.example/{number}") for number, title in enumerate(("One", "Two", "Three"), 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<![CDATA[",
        "<!--",
        "<?",
        "<![CDATA[</item>",
        '<a x="<a x=" y="',
        "<a x='",
        "<q>",
        "<x@",
        "<item><b>",
        "</b>",
        '<a "',
        '<a x="" ',
    ],
)
def test_the_repair_of_a_document_takes_time_by_its_length_alone(text: str) -> None:
    def seconds(length: int) -> float:
        document = text * (length // len(text))
        start = time.process_time()
        balance_tags(repair_xml(f"{document}]]>"))
        return time.process_time() - start

    short = min(seconds(40_000) for _ in range(3))
    assert seconds(640_000) < max(short, 0.001) * 16 * 6


def test_elements_that_overlap_cost_no_entry() -> None:
    """An unclosed element swallows what follows it for any XML parser; then the thorough reader is asked."""
    items = [
        f"<item><title>News {n}</title><description>One<br>two <p>three</description><link>https://paper.example/{n}</link></item>"
        for n in range(5)
    ]
    feed = read(rss(items))
    assert [(article.title, article.url) for article in feed.articles] == [
        (f"News {n}", f"https://paper.example/{n}") for n in range(5)
    ]


def test_a_slow_fallback_gives_way_to_the_fast_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed is not lost: feedparser takes quadratic time over this, and for ever over worse."""
    monkeypatch.setattr(feedparser_fallback, "CPU_SECONDS", 0.1)
    body = rss(
        [item("One"), "<item><title>Two</title><description>" + "<a b" * 60_000 + "<br></description></item>"]
    ).encode()
    assert feedparser_fallback.parse_with_feedparser(body, URL) is None
    assert read(body).articles[0].title == "One"


def test_one_faulty_entry_costs_that_entry_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a reader raises over it; and it can be seen which entry it was."""
    feed = RawFeed(FeedFormat.RSS)

    def read_entry(title: str, place: int) -> RawEntry:
        if title == "Two":
            raise KeyError(title)
        return RawEntry(place, RawText(title if title != "Three" else 5))  # type: ignore[arg-type]  # what no reader should give

    feed.read_entries(["One", "Two", "Three", "Four"], read_entry)
    parts = list(build_parts(feed, URL, NOW))
    assert [part["article"]["title"] for part in parts if "article" in part] == ["One", "Four"]
    assert [part["skipped"]["place"] for part in parts if "skipped" in part] == [2, 3]


async def test_a_host_in_any_script_is_read_by_a_sealed_worker() -> None:
    host = "https://müller-motoren.example/"
    items = [
        item("One"),
        item("Two", link=f"{host}2"),
        item("Three", link="", guid=f"{host}3"),
        item("日本", link="https://日産.example/"),
    ]
    page = f'<html><head><link rel="canonical" href="{host}page"><link type="application/rss+xml" href="/feed"></head><body><a href="{host}rss">RSS</a></body></html>'
    async with Parser(lambda: NOW) as parser:
        feed = await parser.read_feed(rss(items, link=host).encode(), url=URL)
        assert len(feed.articles) == 4
        assert feed.articles[1].url == feed.articles[2].url[:-1] + "2" == "https://xn--mller-motoren-wob.example/2"
        assert (await parser.read_page(page.encode(), url=URL)).url == "https://xn--mller-motoren-wob.example/page"
        assert "https://paper.example/feed" in await parser.find_feed_links(page.encode(), url=URL)


def corpus() -> list[bytes]:
    """Whole feeds as served and the feeds of feedparser's own tests, where they are beside the checkout."""
    paths = [
        path for folder in ("real", "feedparser") for path in sorted((FEEDS / folder).rglob("*")) if path.is_file()
    ]
    return [path.read_bytes() for path in paths if path.suffix != ".json"]


def test_no_title_is_shorter_than_the_thorough_readers() -> None:
    shorter = []
    for body in corpus():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            thoroughly = feedparser.parse(body, sanitize_html=False).entries
        try:
            entries = parse_feed(body, "", URL).entries
        except NotAFeed:
            entries = []
        ours = [to_plain_line(entry.title.text, 500, markup=entry.title.is_markup) for entry in entries]
        theirs = [to_plain_line(entry.get("title") or "", 500) for entry in thoroughly]
        assert len(ours) == len(theirs)
        shorter += [pair for pair in zip(ours, theirs, strict=True) if len(pair[0]) < len(pair[1])]
    assert shorter == []


def test_no_whole_real_feed_needs_the_thorough_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is read from the tree of its elements."""
    request: list[bytes] = []
    monkeypatch.setattr(
        "bot.newsroom.parsing.feed_parser.parse_with_feedparser", lambda document, _url: request.append(document)
    )
    for path in sorted((FEEDS / "real").rglob("*.xml")):
        list(build_parts(parse_feed(path.read_bytes(), "", URL), URL, datetime(2027, 1, 1, tzinfo=UTC)))
    assert request == []
