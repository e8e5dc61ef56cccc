"""A feed's trouble is kept in English, whoever it came up for, and is shown in the language of whoever looks."""

from __future__ import annotations

import pytest

from bot.errors import FetchError, NotAFeed
from bot.languages import catalogues, localize, use_language
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.opml import read_opml
from bot.newsroom.feeds.preview import preview_feed
from bot.newsroom.parsing import Parser
from bot.store import Store
from tests.feeds.local import Publishers
from tests.feeds.polls import Desk, LineReader
from tests.languages.pseudo import Bracketed, bracketed, outside
from tests.store.material import HandClock


class Known(Bracketed):
    """Knows some messages alone."""

    _catalog = dict.fromkeys(
        (
            "{address} answered {status}.",
            "{address} can't be used: {why}. The bot's operator can allow the host with FEED_ALLOW.",
            "it leads to {number}, an address of this machine",
            "It has moved to {address}, which is already one of the feeds.",
            "It's a web page, not a feed.",
        ),
        "",
    )

    def gettext(self, message: str) -> str:
        """Return the message in brackets, where it is known."""
        return f"⟦{message}⟧" if message in self._catalog else message


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """German knows these messages."""
    known, made = Known(), catalogues._load_translations
    monkeypatch.setattr(catalogues, "_load_translations", lambda code: known if code == "de" else made(code))


async def test_a_feeds_reason_is_shown_in_another_language(
    publishers: Publishers, store: Store, fetcher: Fetcher, clock: HandClock, german: None
) -> None:
    """It is stored as a message with its values."""
    desk = Desk(store, fetcher, clock)
    publishers.says("/a", "a")
    publishers.says("/b", status=301, headers={"Location": "/a"})
    publishers.says("/c", status=500)
    for path in ("/a", "/b", "/c"):
        await desk.add(publishers.url(path))
    with use_language("de"):
        await desk.poll()
        moved, failed = (await desk.feed(2)).reason, (await desk.feed(3)).reason
        assert moved == f"It has moved to {publishers.url('/a')}, which is already one of the feeds."
        assert failed == f"{publishers.url('/c')} answered 500 Internal Server Error."
        assert localize(moved) == f"⟦{moved}⟧"
        assert localize(failed) == f"⟦{failed}⟧"


async def test_a_refused_address_is_translated_as_a_whole(
    publishers: Publishers, clock: HandClock, german: None
) -> None:
    """The reason inside the sentence is translated too."""
    async with Fetcher(AddressGuard(), clock) as strict:
        with pytest.raises(FetchError) as english:
            await strict.fetch("http://127.0.0.1:8080/feed")
        with use_language("de"), pytest.raises(FetchError) as said:
            await strict.fetch("http://127.0.0.1:8080/feed")
    why = "it leads to 127.0.0.1, an address of this machine"
    assert why in str(english.value)
    assert str(said.value) == f"⟦{str(english.value).replace(why, f'⟦{why}⟧')}⟧"
    with use_language("de"):
        assert localize(english.value.message) == str(said.value)


async def test_a_workers_error_is_in_the_askers_language(german: None) -> None:
    async with Parser() as parser:
        with use_language("de"), pytest.raises(NotAFeed) as error:
            await parser.read_feed(b"<html><body>Buy!</body></html>", url="https://a.example/")
    assert (str(error.value), error.value.is_web_page) == ("⟦It's a web page, not a feed.⟧", True)


async def test_a_preview_is_in_the_catalogues(
    publishers: Publishers, store: Store, fetcher: Fetcher, clock: HandClock
) -> None:
    """It has no word that is in no catalogue."""
    desk = Desk(store, fetcher, clock)
    publishers.says("/feed", "old")
    feed = await desk.add(publishers.url("/feed"))
    before = await LineReader().read_feed(b"old", url=feed.url, content_type="")
    with bracketed():
        first = await preview_feed(store, feed.url, before)
        await desk.poll()
        read = await LineReader().read_feed(b"old\nlate 2020-01-01\nnews", url=feed.url, content_type="")
        second = await preview_feed(store, feed.url, read)
        assert [outside(reason) for _, reason in (*first.articles, *second.articles)] == [""] * 4
        assert [bool(reason) for _, reason in second.articles] == [True, True, False]


def test_errors_of_a_list_are_in_the_catalogues() -> None:
    """They have no word that is in no catalogue."""
    with bracketed():
        addresses = read_opml(b'<opml><body><outline xmlUrl="file:///etc/passwd"/></body></opml>', AddressGuard())
    assert [outside(sentence) for sentence in addresses.errors] == [""]
