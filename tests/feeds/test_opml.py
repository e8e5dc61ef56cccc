"""Subscription lists: what we write everyone can read, what others write we read, however broken, and none costs much."""

from __future__ import annotations

import contextlib
import html
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.errors import InputError
from bot.model.feed import Feed
from bot.model.poll_schedule import MIN_INTERVAL
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.opml import FEEDS_LIMIT, SIZE_LIMIT, read_opml, write_opml
from tests.store.material import START

SHARED = Path(__file__).parents[2].parent / "shared" / "feeds" / "opml"
ONE = '<outline text="Acme" xmlUrl="https://acme.example/feed"/>'
ACME = FeedDraft("https://acme.example/feed", "Acme")
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))

BROKEN: dict[str, str | bytes] = {
    "not closed": f"<opml><body><outline text='Cars'>{ONE}",
    "an ampersand": f'<opml><body><outline text="A & B"><outline title="x" xmlUrl="/no"/>{ONE}</outline></body></opml>',
    "no quotes": "<opml><outline text=Acme xmlUrl=https://acme.example/feed></opml>",
    "capitals": '<OPML><OUTLINE TEXT="Acme" XMLURL="https://acme.example/feed"/></OPML>',
    "blank lines before it": f'\n\n  <?xml version="1.0"?><opml>{ONE}</opml>',
    "closed twice": f"<opml></body></opml></outline>{ONE}</opml>",
    "a byte order mark": f"\ufeff<opml>{ONE}</opml>",
    "UTF-16": f'<?xml version="1.0" encoding="utf-16"?><opml>{ONE}</opml>'.encode("utf-16"),
    "no encoding that there is": f'<?xml version="1.0" encoding="klingon"?><opml>{ONE}</opml>',
    "bytes that are no text": b"<opml>\xff\xfe\xfa" + ONE.encode() + b"</opml>",
    "a scheme of old": ONE.replace("https://", "feed:https://"),
    "twice": f"<opml>{ONE}{ONE}</opml>",
    "no list at all": ONE,
    "a document type": f'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml>{ONE}</opml>',
    "entities": f"<!DOCTYPE opml [{BOMB}]><opml><outline text='&e11;'/>{ONE}</opml>",
    "quotation marks within": ONE.replace("xmlUrl", 'description="The <em class="x">best</em>." xmlUrl'),
    "an address in two lines": ONE.replace("example/feed", "example/\n\tfeed"),
    "one that is commented out": f'<opml><!-- <outline xmlUrl="https://old.example/"/> -->{ONE}</opml>',
    "a null byte": f"<opml>\0{ONE}</opml>",
}


def feed(url: str, title: str = "") -> Feed:
    return Feed(1, url, "acme.example", START, MIN_INTERVAL, START, title=title)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_list_is_read(kind: str) -> None:
    body = BROKEN[kind]
    result = read_opml(body.encode() if isinstance(body, str) else body, AddressGuard())
    assert result.feeds == (ACME,)


def test_an_old_encoding_is_read() -> None:
    listed = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><opml><outline text="Müller" xmlUrl="https://m.example/"/></opml>'
    )
    assert read_opml(listed.encode("latin-1"), AddressGuard()).feeds == (FeedDraft("https://m.example/", "Müller"),)


def test_what_cannot_be_a_feeds_address_is_left_out_by_name() -> None:
    listed = f'{ONE}<outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="http://a:b@c.example/"/>'
    result = read_opml(listed.encode(), AddressGuard())
    assert result.feeds == (ACME,)
    assert result.errors == (
        "file:///etc/passwd isn't an http:// or https:// address.",
        "Addresses with a user name or password aren't allowed: http://c.example/.",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "expected an OPML list with at least one feed, but it has none"),
        (b"<opml><body/></opml>", "expected an OPML list with at least one feed, but it has none"),
        (b"\x00\x01\x02 PNG", "expected an OPML list with at least one feed, but it has none"),
        (b" " * (SIZE_LIMIT + 1), "expected at most 1,000,000 bytes"),
        (
            "".join(f'<outline xmlUrl="http://a.example/{n}"/>' for n in range(FEEDS_LIMIT + 1)).encode(),
            "expected at most 5,000 feeds, but it lists 5,001",
        ),
    ],
    ids=["nothing", "empty", "a picture", "too large", "too many"],
)
def test_what_is_no_list_is_refused_in_a_sentence(body: bytes, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_opml(body, AddressGuard())
    assert str(refused.value) == message


@pytest.mark.skipif(not SHARED.exists(), reason="no such lists are at hand")
def test_lists_as_they_are_in_life_are_read_whole() -> None:
    """Each address in them, once."""
    for path in sorted(SHARED.glob("*.opml")):
        result = read_opml(path.read_bytes(), AddressGuard())
        addresses = set(re.findall(r'xmlUrl="([^"]+)"', path.read_text()))
        assert {draft.url for draft in result.feeds} == {
            str(AddressGuard().parse(html.unescape(url))) for url in addresses
        }
        assert len(result.feeds) >= 15, path.name
        assert result.errors == ()
        assert all(draft.title for draft in result.feeds)


TITLES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=5))
def test_a_list_that_we_write_is_xml_and_reads_back(titles: list[str]) -> None:
    feeds = [feed(f"https://acme.example/{n}?a=1&b=<2>", title) for n, title in enumerate(titles)]
    written = write_opml(feeds, START)
    outlines = etree.fromstring(written).findall(".//outline")
    assert [outline.get("xmlUrl") for outline in outlines] == [one.url for one in feeds]
    read = read_opml(written, AddressGuard()).feeds
    assert len(read) == len(feeds)
    assert [draft.title for draft in read] == [" ".join(outline.get("title", "").split()) for outline in outlines]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_nothing_that_is_given_for_a_list_ends_in_a_traceback(body: bytes) -> None:
    refused = None
    try:
        read_opml(body + ONE.encode() if len(body) % 2 else body, AddressGuard())
    except InputError as exc:
        refused = exc
    assert refused is None or "\n" not in str(refused)


HOSTILE = {
    "attributes": "<opml><outline " + " ".join(f'a{n}="x"' for n in range(90_000)) + "/>",
    "nested": "<outline>" * 110_000,
    "comments": "<!--" * 249_000,
    "addresses that do not end": "xmlUrl='" * 124_000,
    "outlines of a kind": "<outline" * 124_000,
    "angle brackets": "<" * 999_000,
    "one long attribute": '<outline text="' + "x" * 990_000,
    "entities within entities": f"<!DOCTYPE opml [{BOMB}]><opml>" + "<outline text='&e11;' title='&e11;'/>" * 20_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_list_costs_no_more_than_its_length(kind: str) -> None:
    body = HOSTILE[kind].encode()
    assert len(body) <= SIZE_LIMIT
    began = time.process_time()
    with contextlib.suppress(InputError):
        assert read_opml(body, AddressGuard()).feeds == ()
    assert time.process_time() - began < 2.0
