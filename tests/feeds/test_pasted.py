"""Addresses are understood as people paste them, and whatever is none is refused in a sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import AddressNotAllowed, FetchError
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_lookup import find_feed
from bot.newsroom.feeds.fetcher import Fetcher, FetchLimits
from bot.newsroom.feeds.opml import read_opml
from bot.newsroom.feeds.pasted_addresses import extract_address, is_address
from bot.newsroom.parsing.feed_links import find_feed_links
from tests.feeds.forbidden import PRIVATE_V4
from tests.feeds.guards import CountingGuard
from tests.feeds.local import Publishers
from tests.feeds.polls import LineReader
from tests.store.material import HandClock

FEED = "https://x.example/feed"


@pytest.mark.parametrize(
    "text",
    [
        FEED,
        f"<{FEED}>",
        f"  {FEED} \n",
        f"\u3000{FEED}\u00a0",
        f"{FEED}\u200b",
        f"\ufeff{FEED}\u200e",
        f'"{FEED}"',
        f"'{FEED}'",
        f"“{FEED}”",
        f"„{FEED}“",
        f"«{FEED}»",
        f"`{FEED}`",
        f"**{FEED}**",
        f"||{FEED}||",
        f"({FEED})",
        f"{FEED}.",
        f"{FEED},",
        f"{FEED}!?",
        f"[The feed]({FEED})",
        f"[{FEED}]({FEED})",
        f'[The feed](<{FEED}> "title")',
        f"<{FEED}|The feed>",
        f"Feed: {FEED}",
        f"RSS {FEED} (English)",
        f'<a href="{FEED}">{FEED}</a>',
        f"view-source:{FEED}",
        f"feed:{FEED}",
        f"feed://{FEED}",
        "feed://https//x.example/feed",
        "feeds://x.example/feed",
        "x.example/feed",
        "<x.example/feed>",
        "x.example/feed.",
        "HTTPS://X.EXAMPLE/feed",
        "//x.example/feed",
        f"https://{FEED}",
        "web+feed:https://x.example/feed",
        f"- {FEED}",
        f"-{FEED}",
        f"http://{FEED}",
    ],
)
def test_what_is_pasted_is_understood(text: str) -> None:
    assert is_address(text)
    assert str(AddressGuard().parse(extract_address(text))) == FEED


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("feed://x.example/feed", "http://x.example/feed"),
        ("FEED:x.example/feed", "http://x.example/feed"),
        ("itpc://x.example/feed", "http://x.example/feed"),
        ("pcast://x.example/feed", "http://x.example/feed"),
        ("www.x.example", "https://www.x.example"),
        ("x.example/feed?url=https://y.example/z", "https://x.example/feed?url=https://y.example/z"),
        ("<x.example/web/http://y.example/z>", "https://x.example/web/http://y.example/z"),
        ("x.example:8080", "https://x.example:8080"),
        ("x.example/feed?a=1&b=2", "https://x.example/feed?a=1&b=2"),
        ("müller.example/feed", "https://xn--mller-kva.example/feed"),
        ("8.8.8.8/feed", "https://8.8.8.8/feed"),
        ("https://x.example/a_(b)", "https://x.example/a_(b)"),
        ("(https://x.example/a_(b))", "https://x.example/a_(b)"),
        ("https://[2606:4700::1111]", "https://[2606:4700::1111]"),
        ("https://x.example/web/https://y.example/feed", "https://x.example/web/https://y.example/feed"),
    ],
)
def test_an_address_keeps_what_is_its_own(text: str, address: str) -> None:
    assert str(AddressGuard().parse(extract_address(text))) == address


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "example", "feed", "feed:", "feed://", "https://", "localhost/feed", "feed.xml", "feeds.opml", "list.txt", "/home/me/feed.xml", "./x.example/feed",
        "~/feed.xml", r"C:\feeds\feed.xml", "user@x.example", "mailto:me@x.example", "file:///etc/passwd", "ftp://x.example/", "javascript:alert(1)", "3.14", "a b",
        "x.example/a b", f"{FEED} and https://y.example/feed", "https:x.example", "x" * 5_000, f"{FEED} {'x' * 5_000}", "https://a:b@x.example/feed",
        "https://x.example:25/", "http://[::1]a:b@", 'https://"x/', "https://%%/", "https://a|b.example/",
        f"ftp://x.example/?u={FEED}", f"gopher://x.example/{FEED}",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressNotAllowed) as refused:
        AddressGuard().parse(extract_address(text))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["https://x.example/feed.", "https://x.example/a)", "https://x.example/'a'", "http://x.example/|"]
)
def test_a_publishers_own_address_is_taken_as_it_is(address: str) -> None:
    """A redirect, or an address that is kept, may end in any mark."""
    assert str(AddressGuard().parse(address)).replace("%7C", "|") == address


@pytest.mark.parametrize("around", ["{}", "<{}>", "[a]({})", "feed:{}", "see {}"])
async def test_no_way_to_paste_leads_to_a_private_address(around: str, clock: HandClock) -> None:
    guard = CountingGuard()
    async with Fetcher(guard, clock, limits=FetchLimits(seconds=5.0)) as fetcher:
        for host in PRIVATE_V4:
            for address in (host, f"http://{host}/feed", f"feed://{host}/", f"{host}/feed"):
                with pytest.raises(FetchError):
                    await find_feed(fetcher, LineReader(), around.format(address))
    assert guard.opened == 0


async def test_a_feed_is_found_by_what_is_pasted(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/feed", "a")
    url = publishers.url("/feed")
    for text in (f"<{url}>", f"[x]({url})", url.replace("http:", "feed:"), f"Feed: {url}."):
        assert str((await find_feed(fetcher, LineReader(), text)).response.permanent_url) == url


async def test_a_redirect_to_a_feed_scheme_is_followed(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/old", status=301, headers={"Location": publishers.url("/feed").replace("http:", "feed:")})
    publishers.says("/feed", "a")
    assert (await fetcher.fetch(publishers.url("/old"))).body == b"a"


TEXTS = st.text(max_size=60) | st.text("<>[]()\"'`*|:/.,!? feedhtpsrx-_~#%@\\", max_size=60)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_whatever_is_pasted_is_an_address_or_refused(text: str) -> None:
    understood = extract_address(text)
    assert not is_address(text) or extract_address(understood) == understood
    try:
        url = AddressGuard().parse(understood)
    except AddressNotAllowed as exc:
        assert "\n" not in str(exc)  # noqa: PT017 - either is right
    else:
        assert url.scheme in ("http", "https")
        assert url.host


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["http", "https"]), st.from_regex(r"[a-z]{1,8}\.example(/[a-zA-Z0-9_~-]{1,6}){0,3}/?(\?[a-z]=[a-z0-9]{1,4})?", fullmatch=True),
       st.sampled_from(["{}", "<{}>", '"{}"', "({})", " {} ", "{}.", "[x]({})", "feed:{}", "see {} !"]))  # fmt: skip
def test_an_address_comes_out_of_any_wrapping_whole(scheme: str, rest: str, wrapping: str) -> None:
    assert extract_address(wrapping.format(f"{scheme}://{rest}")) == f"{scheme}://{rest}"


@pytest.mark.parametrize("scheme", ["", "feed:", "feed://", "see ", "<feed:"])
@pytest.mark.parametrize("repeated", ["https://", "https://http://", "http://https://https://"])
def test_schemes_before_a_scheme_are_dropped(scheme: str, repeated: str) -> None:
    assert extract_address(f"{scheme}{repeated}{FEED}") == FEED


@pytest.mark.parametrize("piece", ["[](", "[", "<", "<a|", "feed:", "a.", "https://", "(", "\u200b", "x "])
def test_no_text_takes_long_to_understand(piece: str) -> None:
    began = time.process_time()
    for length in (2_400, 6_000):
        extract_address(piece * (length // len(piece)))
    assert time.process_time() - began < 1.0


def test_a_page_may_declare_its_feed_for_readers() -> None:
    page = "<head><link rel='alternate' type='application/rss+xml' href='feed://x.example/a'></head><a href='feed:https://x.example/b'>x</a><a href='itpc://x.example/c'>x</a>"
    assert find_feed_links(page.encode(), "https://x.example/") == [f"https://x.example/{name}" for name in "abc"]


OUTLINES = {
    '<outline xmlUrl="https://x.example/feed?lang=en&region=eu&copy=1&section=autos&times=2"/>': "https://x.example/feed?lang=en&region=eu&copy=1&section=autos&times=2",
    '<outline xmlUrl="https://x.example/feed?a=1&amp;copy=2&#38;reg=3&lt=4"/>': "https://x.example/feed?a=1&copy=2&reg=3&lt=4",
    '<outline htmlUrl="https://x.example/?a&b" xmlUrl="https://x.example/feed?a&b"/>': "https://x.example/feed?a&b",
    '<outline title="R&D &eacute; & more" xmlUrl="https://x.example/feed?not=1&notin=2"/>': "https://x.example/feed?not=1&notin=2",
    '<outline type="rss" url="https://x.example/feed"/>': FEED,
    '<outline text="x" url="https://x.example/feed" htmlUrl="https://x.example/"/>': FEED,
    '<outline xmlUrl="feed://x.example/feed"/>': "http://x.example/feed",
    '<outline xmlUrl="feeds://x.example/feed"/>': FEED,
    '<outline xmlUrl="itpc://x.example/feed"/>': "http://x.example/feed",
    '<outline xmlUrl=" https://x.example/feed&#10;"/>': FEED,
}  # fmt: skip


@pytest.mark.parametrize("outline", OUTLINES)
def test_a_list_names_each_feed_once(outline: str) -> None:
    result = read_opml(
        f'<?xml version="1.0"?><opml version="2.0"><body>{outline}</body></opml>'.encode(), AddressGuard()
    )
    assert ([draft.url for draft in result.feeds], result.errors) == ([OUTLINES[outline]], ())


def test_a_list_that_a_list_includes_is_no_feed() -> None:
    body = f'<opml><outline type="include" url="https://x.example/list.opml"/><outline type="link" url="https://x.example/"/><outline xmlUrl="{FEED}"/></opml>'
    assert [draft.url for draft in read_opml(body.encode(), AddressGuard()).feeds] == [FEED]
