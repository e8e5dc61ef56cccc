"""Feeds come and go: added by their address or a page's, listed, paused, taken from lists and files, all of it audited."""

from __future__ import annotations

import pytest

from bot.errors import AddressNotAllowed, DealwireError, NotAFeed, NotFound
from bot.model.feed import FeedState, Trust
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_subscriptions import FeedImportResult, FeedSubscriptions
from bot.newsroom.feeds.fetcher import Fetcher
from bot.store import Store
from tests.feeds.local import Publishers
from tests.feeds.polls import Desk, LineReader
from tests.store.material import HandClock


class Bell:
    """Counts how often it was rung."""

    rung = 0

    def __call__(self) -> None:
        self.rung += 1


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def feeds(store: Store, clock: HandClock, guard: AddressGuard, bell: Bell) -> FeedSubscriptions:
    return FeedSubscriptions(store, clock, guard, on_due=bell)


async def audited(store: Store, url: str) -> list[str]:
    async with store.read() as tx:
        return [f"{entry.actor}: {entry.action}" for entry in await tx.audit.list_entries(url)]


async def test_a_feed_is_added_by_its_address(
    publishers: Publishers, feeds: FeedSubscriptions, fetcher: Fetcher, store: Store, bell: Bell
) -> None:
    publishers.says("/feed", "a")
    feed, is_new = await feeds.add(fetcher, LineReader(), publishers.url("/feed"), trust=Trust.AUTO, by="editor")
    assert (is_new, feed.url, feed.title, feed.trust) == (True, publishers.url("/feed"), "The lines", Trust.AUTO)
    assert bell.rung == 1
    again, is_new = await feeds.add(fetcher, LineReader(), publishers.url("/feed"), title="Ours", by="editor")
    assert (is_new, again.id, again.title, again.trust) == (False, feed.id, "Ours", Trust.AUTO)
    assert await audited(store, feed.url) == ["editor: feed added", "editor: feed changed"]


async def test_an_added_feed_is_not_polled_again_at_once(
    publishers: Publishers, feeds: FeedSubscriptions, fetcher: Fetcher, store: Store, clock: HandClock
) -> None:
    """What it had is known, and no news; what comes is."""
    desk = Desk(store, fetcher, clock)
    publishers.says("/feed", "old", headers={"ETag": '"1"'})
    await feeds.add(fetcher, LineReader(), publishers.url("/feed"), by="editor")
    assert await desk.poll(minutes=59) == 0
    publishers.says("/feed", "old\nnew")
    assert await desk.poll(minutes=2) == 1
    assert await desk.pending() == ["new"]
    assert publishers.requests[-1].headers[b"If-None-Match"] == b'"1"'


async def test_a_feed_is_found_by_the_page_that_names_it(
    publishers: Publishers, feeds: FeedSubscriptions, fetcher: Fetcher
) -> None:
    """The first of those that it names that is one."""
    wanted = publishers.url("/feed", "other.example")
    publishers.says("/", f"<html> {publishers.url('/gone')} {publishers.url('/page')} {wanted} {publishers.url('/x')}")
    publishers.says("/page", "<html>")
    publishers.says("/feed", "a")
    feed, _ = await feeds.add(fetcher, LineReader(), publishers.url("/"), by="editor")
    assert (feed.url, feed.host) == (wanted, "other.example")
    assert publishers.paths() == ["/", "/gone", "/page", "/feed"]


async def test_a_page_cannot_send_us_to_a_forbidden_address(
    publishers: Publishers, feeds: FeedSubscriptions, fetcher: Fetcher
) -> None:
    publishers.says("/", f"<html> file:///etc/passwd http://169.254.169.254/ http://[::1]:{publishers.port}/secret")
    with pytest.raises(NotAFeed, match=r"^It is a page\.$"):
        await feeds.add(fetcher, LineReader(), publishers.url("/"), by="editor")
    assert publishers.paths() == ["/"]
    assert await feeds.list_summaries() == ()


@pytest.mark.parametrize("body", ["!", "<html>"])
async def test_what_is_no_feed_is_not_added(
    publishers: Publishers, feeds: FeedSubscriptions, fetcher: Fetcher, body: str
) -> None:
    publishers.says("/feed", body)
    with pytest.raises(DealwireError):
        await feeds.add(fetcher, LineReader(), publishers.url("/feed"), by="editor")
    assert await feeds.list_summaries() == ()


async def test_a_paused_feed_is_not_polled_until_it_is_resumed(
    publishers: Publishers, feeds: FeedSubscriptions, store: Store, fetcher: Fetcher, clock: HandClock
) -> None:
    desk = Desk(store, fetcher, clock)
    publishers.says("/feed", "a")
    await feeds.import_feeds([FeedDraft(publishers.url("/feed"))], by="editor")
    assert (await feeds.pause("1", by="editor")).state is FeedState.PAUSED
    assert await desk.poll(days=40) == 0
    assert (await feeds.resume(publishers.url("/feed"), by="editor")).state is FeedState.ACTIVE
    assert await desk.poll() == 1
    assert (await feeds.list_summaries())[0].article_count == 1
    assert await audited(store, publishers.url("/feed")) == [
        "editor: feed added",
        "editor: feed paused",
        "editor: feed resumed",
    ]


async def test_a_feed_that_is_gone_can_be_resumed(
    publishers: Publishers, feeds: FeedSubscriptions, store: Store, fetcher: Fetcher, clock: HandClock
) -> None:
    """A person may know better than a 410."""
    desk = Desk(store, fetcher, clock)
    publishers.says("/feed", status=410)
    await feeds.import_feeds([FeedDraft(publishers.url("/feed"))], by="editor")
    await desk.poll()
    publishers.says("/feed", "a")
    await feeds.resume("1", by="editor")
    assert await desk.poll() == 1
    assert (await desk.feed()).reason == ""


async def test_articles_of_a_removed_feed_stay_known(
    publishers: Publishers, feeds: FeedSubscriptions, store: Store, fetcher: Fetcher, clock: HandClock
) -> None:
    """They are no news if the feed is added again."""
    desk = Desk(store, fetcher, clock)
    publishers.says("/feed", "a")
    await feeds.import_feeds([FeedDraft(publishers.url("/feed"))], by="editor")
    await desk.poll()
    removed = await feeds.remove("1", by="editor")
    assert await feeds.list_summaries() == ()
    publishers.says("/other", "a\nb")
    await feeds.import_feeds([FeedDraft(publishers.url("/other"))], by="editor")
    await desk.poll()
    assert await desk.pending() == []
    assert await audited(store, removed.url) == ["editor: feed added", "editor: feed removed"]


async def test_importing_a_list_twice_changes_nothing(feeds: FeedSubscriptions) -> None:
    """With ``amend``, titles and trust are those of the list."""
    drafts = [FeedDraft("https://a.example/", "A", Trust.AUTO), FeedDraft("https://b.example/")]
    assert await feeds.import_feeds(drafts, by="x", dry_run=True) == FeedImportResult(added_count=2)
    assert await feeds.list_summaries() == ()
    assert await feeds.import_feeds(drafts, by="x") == FeedImportResult(added_count=2)
    assert await feeds.import_feeds(drafts, by="x") == FeedImportResult()
    renamed = [FeedDraft("https://a.example/", "Another")]
    assert await feeds.import_feeds(renamed, by="x", amend=False) == FeedImportResult()
    assert await feeds.import_feeds(renamed, by="x") == FeedImportResult(changed_count=1)
    feed = (await feeds.list_summaries())[0].feed
    assert (feed.title, feed.trust) == ("Another", Trust.AUTO)


async def test_of_a_list_with_a_bad_address_nothing_is_taken(feeds: FeedSubscriptions) -> None:
    with pytest.raises(AddressNotAllowed):
        await feeds.import_feeds([FeedDraft("https://a.example/"), FeedDraft("https://b.example:22/")], by="x")
    assert await feeds.list_summaries() == ()


@pytest.mark.parametrize("name", ["7", "https://no.example/", "the lines", "", "9" * 40, "٣", "-1"])
async def test_a_feed_that_is_not_there_is_said_to_be_not(feeds: FeedSubscriptions, name: str) -> None:
    with pytest.raises(NotFound):
        await feeds.pause(name, by="editor")


@pytest.mark.parametrize("name", ["1", " #1 ", "https://a.example/feed", "HTTPS://A.example/feed"])
async def test_a_feed_is_named_by_its_number_or_its_address(feeds: FeedSubscriptions, name: str) -> None:
    await feeds.import_feeds([FeedDraft("https://a.example/feed")], by="editor")
    assert (await feeds.find(name)).id == 1
