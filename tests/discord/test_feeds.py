"""The desk's feeds: added from a page or a feed, listed, paused, checked, and lists in and out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import discord
import pytest

from bot.model.feed import BROKEN_AFTER_FAILURES
from bot.newsroom.feeds.poller import Poller
from bot.platforms.discord.desk_channel import DeskChannel
from tests.discord.pressroom import OF_OPPAMA, open_press
from tests.discord.seen import buttons, check_limits, message_of, private, said
from tests.discord.stage import Scene, Stage
from tests.feeds.local import Publishers, publishing

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily Feed</title><link>http://127.0.0.1/</link>
<item><title>{0}</title><link>http://127.0.0.1/a</link><pubDate>Wed, 31 Dec 2025 10:00:00 GMT</pubDate></item>
</channel></rss>"""
PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>A page</body></html>'


@pytest.fixture
async def publishers() -> AsyncIterator[Publishers]:
    async with publishing() as here:
        here.says("/feed", RSS.format("An article"), headers={"Content-Type": "application/rss+xml"})
        here.says("/", PAGE, headers={"Content-Type": "text/html"})
        yield here


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    async with stage.open(FEED_ALLOW="127.0.0.1") as opened:
        # The starter collection's own feeds are not what these are about.
        async with opened.container.services.store.write() as tx:
            for feed in await tx.feeds.list_all():
                await tx.feeds.remove(feed.id)
        yield opened


def here(publishers: Publishers, path: str) -> str:
    return publishers.url(path, "127.0.0.1")


async def test_a_feed_is_added_by_a_page_that_names_it(scene: Scene, publishers: Publishers) -> None:
    """Once; what it is called and how far it is trusted can be said later."""
    added = await scene.editor.slash(scene.desk, "feeds add", address=here(publishers, "/"))
    assert "**Added.**" in said(added)
    assert "The Daily Feed" in said(added)
    assert private(added)
    again = await scene.editor.slash(
        scene.desk, "feeds add", address=here(publishers, "/feed"), trust="auto", title="My feed"
    )
    assert "This feed was already added" in said(again)
    listed = said(await scene.editor.slash(scene.desk, "feeds list"))
    assert "1 feed" in listed
    assert "My feed" in listed
    assert "auto · 1 article · checked" in listed


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://10.0.0.1/feed", "private"),
        ("ftp://press.example/feed", "http"),
        ("no address", "address"),
    ],
)
async def test_what_is_no_feed_is_refused_in_a_sentence(scene: Scene, address: str, sentence: str) -> None:
    refused = said(await scene.editor.slash(scene.desk, "feeds add", address=address))
    assert sentence in refused
    assert "Something went wrong" not in refused
    assert "No feeds yet" in said(await scene.editor.slash(scene.desk, "feeds list"))


async def test_check_says_what_would_come_in_and_stores_nothing(scene: Scene, publishers: Publishers) -> None:
    publishers.says("/feed", RSS.format("@everyone [free](https://evil.example)"))
    checked = await scene.editor.slash(scene.desk, "feeds check", address=here(publishers, "/feed"))
    assert "1 article would be imported" in said(checked)
    assert "nothing was stored" in said(checked)
    assert scene.pinged(checked) == []
    check_limits(checked)
    assert "No feeds yet" in said(await scene.editor.slash(scene.desk, "feeds list"))


async def test_pause_resume_and_remove_by_number_or_address(scene: Scene, publishers: Publishers) -> None:
    await scene.editor.slash(scene.desk, "feeds add", address=here(publishers, "/feed"))
    (offer,) = await scene.editor.autocomplete(scene.desk, "feeds pause", "feed", "daily")
    assert "**This feed is paused.**" in said(await scene.editor.slash(scene.desk, "feeds pause", feed=offer["value"]))
    assert "1 paused" in said(await scene.editor.slash(scene.desk, "feeds list"))
    resumed = await scene.editor.slash(scene.desk, "feeds resume", feed=here(publishers, "/feed"))
    assert "Resumed" in said(resumed)
    assert "Removed the feed" in said(
        await scene.editor.slash(scene.desk, "feeds remove", feed=here(publishers, "/feed"))
    )
    assert "No feed matches" in said(
        await scene.editor.slash(scene.desk, "feeds remove", feed=here(publishers, "/feed"))
    )


async def test_a_list_goes_out_and_comes_in_again(scene: Scene, publishers: Publishers) -> None:
    await scene.editor.slash(scene.desk, "feeds add", address=here(publishers, "/feed"))
    out = await scene.editor.slash(scene.desk, "feeds export")
    (file,) = message_of(out).attachments
    written = await file.read()
    assert here(publishers, "/feed").encode() in written
    await scene.editor.slash(scene.desk, "feeds remove", feed=here(publishers, "/feed"))
    taken = await scene.editor.slash(scene.desk, "feeds import", file=("feeds.opml", written))
    assert "1 feed added, 0 already known, 0 skipped." in said(taken)


async def test_the_list_says_how_often_the_first_suggestion_was_taken(scene: Scene) -> None:
    press = await open_press(scene)
    for number in range(3):
        await press.brings(f"Nissan and Foxconn sign, part {number}", OF_OPPAMA)
    reviews = scene.container.services.review_queue
    await reviews.publish(1, OF_OPPAMA.stories[0], actor="test")
    await reviews.publish(2, "honda-nissan-merger", actor="test")
    listed = said(await scene.editor.slash(scene.desk, "feeds list"))
    assert "3 articles" in listed
    assert "first suggestion accepted 1 of 2 times" in listed


async def test_many_feeds_come_in_pages(scene: Scene) -> None:
    async with scene.container.services.store.write() as tx:
        for number in range(23):
            await tx.feeds.add(f"https://f{number}.example/", f"f{number}.example", scene.container.services.clock())
    listed = await scene.editor.slash(scene.desk, "feeds list")
    assert "23 feeds · Page 1 of 4" in said(listed)
    check_limits(listed)
    assert "f10.example" in said(await scene.editor.click(message_of(listed), label="Next"))


async def test_a_broken_feed_is_named_once_in_the_desks_channel(scene: Scene, publishers: Publishers) -> None:
    """With the reason, also over a restart; it pings nobody."""
    await scene.editor.slash(
        scene.desk, "feeds add", address=here(publishers, "/feed"), title="@everyone [x](https://e.example)"
    )
    publishers.says("/feed", "Gone fishing", status=500)
    await scene.restart(desk_channel_id=scene.desk.id)
    services = scene.container.services
    fetcher, reader = await services.feed_tools.open_tools()
    told = DeskChannel(scene.client, services).report_broken_feed
    poller = Poller(services.store, fetcher, reader, services.clock, scene.container.poller_wakeup, on_broken=told)
    for failures in (BROKEN_AFTER_FAILURES - 1, BROKEN_AFTER_FAILURES):
        async with services.store.write() as tx:
            (feed,) = await tx.feeds.list_all()
            await tx.feeds.set_state(replace(feed, failures=failures, next_poll_at=services.clock()))
        await poller.run_once()
    (named,) = [message for message in scene.own(scene.desk) if "has stopped working" in said(message)]
    assert "500" in said(named)
    assert scene.pinged(named) == []
    assert "](https://e.example)" not in said(named).replace("\\]", "")


async def test_the_feeds_are_the_desks_alone(scene: Scene) -> None:
    answer = await scene.ask("!feeds")
    assert "`/feeds list`" in said(answer)
    assert buttons(answer) == {"List the feeds": True}
    assert "Only the desk" in said(await scene.reader.click(answer, label="List the feeds"))
    assert "No feeds yet" in said(await scene.editor.click(answer, label="List the feeds"))


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100_000, bytes(range(256)) * 400, b"a." * 60_000 + b"a = 1", b"<outline>" * 100_000, b"PK\x03\x04" * 1_000],
    ids=["empty", "zeros", "bytes", "TOML", "nested", "ZIP"],
)  # fmt: skip
async def test_a_file_without_a_list_of_feeds_is_refused(scene: Scene, content: bytes) -> None:
    """A file that is no list of feeds is refused in one sentence."""
    answer = await scene.editor.slash(scene.desk, "feeds import", file=("feeds.opml", content))
    assert said(answer).strip() == "expected an OPML list with at least one feed, but it has none"


async def test_a_file_that_discord_does_not_send_is_asked_for_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was deleted meanwhile, or the connection breaks: no fault of the bot's, and no reference into the log."""

    async def read(_attachment: discord.Attachment) -> bytes:
        raise aiohttp.ClientConnectionError

    monkeypatch.setattr(discord.Attachment, "read", read)
    answer = await scene.editor.slash(scene.desk, "feeds import", file=("feeds.opml", b""))
    assert said(answer).strip() == "file: Discord couldn't send the file to the bot; attach it again"
