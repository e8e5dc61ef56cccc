"""The desk's list of feeds: adds, pauses, resumes, removes and imports them. Every change is audited."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.errors import NotFound
from bot.model.feed import Feed, FeedState, Trust
from bot.model.poll_schedule import resume
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.address_guard import AddressGuard, abbreviate, normalize_host
from bot.newsroom.feeds.feed_lookup import FeedReader, find_feed
from bot.newsroom.feeds.feed_readings import store_lookup
from bot.newsroom.feeds.pasted_addresses import extract_address, is_address
from bot.store import Store, Transaction

if TYPE_CHECKING:
    from bot.newsroom.feeds.fetcher import Fetcher


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """A feed, and how many articles it was the first to bring."""

    feed: Feed
    article_count: int


@dataclass(frozen=True, slots=True)
class FeedImportResult:
    """How many feeds of a list are new, and how many got another title or trust."""

    added_count: int = 0
    changed_count: int = 0


class FeedSubscriptions:
    """The only way in which feeds are added, changed and removed.

    ``on_due`` is called if a feed is to be polled at once.
    """

    def __init__(
        self, store: Store, clock: Clock, guard: AddressGuard, *, on_due: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._guard = guard
        self._on_due = on_due

    async def list_feeds(self) -> tuple[Feed, ...]:
        """Return every feed, in the order in which they were added."""
        async with self._store.read() as tx:
            return await tx.feeds.list_all()

    async def list_summaries(self) -> tuple[FeedSummary, ...]:
        """Return every feed with its number of articles, in the order in which they were added. Count the articles for
        it.
        """
        async with self._store.read() as tx:
            counts = await tx.articles.count_by_feed()
            return tuple(FeedSummary(feed, counts.get(feed.id, 0)) for feed in await tx.feeds.list_all())

    def normalize_address(self, text: str) -> str:
        """Return the address of a feed as it is stored. Raise AddressNotAllowed if it cannot be a feed's."""
        return str(self._guard.parse(text))

    async def find(self, name: str) -> Feed:
        """Return the feed with this id or address. Raise NotFound if there is none."""
        async with self._store.read() as tx:
            return await self._get_by_name(tx, name)

    async def add(
        self,
        fetcher: Fetcher,
        reader: FeedReader,
        address: str,
        *,
        title: str = "",
        trust: Trust | None = None,
        by: str,
    ) -> tuple[Feed, bool]:
        """Add the feed at an address, or the one that the page there names. Return it, and whether it is new.

        The articles that it has now are stored as known, and are no news. If the feed is known already, it gets the
        title and trust that are given, and is resumed if it was not polled. Raise FetchError, or the reader's error, if
        there is no feed.
        """
        lookup = await find_feed(fetcher, reader, address)
        url = str(lookup.response.permanent_url)
        draft = FeedDraft(url, title or "", trust)
        async with self._store.write() as tx:
            result = await self._insert_or_update(tx, draft, by)
            feed = await self._get_by_name(tx, url)
            if result.added_count:
                await store_lookup(tx, feed, lookup, self._clock())
            if feed.state is not FeedState.ACTIVE:
                await self._set_state(tx, feed, resume(feed, self._clock()), "feed resumed", by)
            feed = await self._get_by_name(tx, url)
        self._on_due()
        return feed, bool(result.added_count)

    async def import_feeds(
        self, drafts: Iterable[FeedDraft], *, by: str, dry_run: bool = False, amend: bool = True
    ) -> FeedImportResult:
        """Add the feeds that a file or a list names, without fetching them. Repeated, this changes nothing.

        With ``amend``, known feeds get the title and trust of the list. Raise AddressNotAllowed, and change nothing, if an
        address cannot be a feed's.
        """
        drafts = [replace(draft, url=self.normalize_address(draft.url)) for draft in drafts]
        added_count = changed_count = 0
        async with self._store.read() if dry_run else self._store.write() as tx:
            for draft in drafts:
                result = await self._insert_or_update(tx, draft, by, dry_run=dry_run, amend=amend)
                added_count, changed_count = added_count + result.added_count, changed_count + result.changed_count
        if added_count and not dry_run:
            self._on_due()
        return FeedImportResult(added_count, changed_count)

    async def pause(self, name: str, *, by: str) -> Feed:
        """Stop polling a feed until it is resumed."""
        async with self._store.write() as tx:
            feed = await self._get_by_name(tx, name)
            if feed.state is FeedState.ACTIVE:
                await self._set_state(tx, feed, replace(feed, state=FeedState.PAUSED), "feed paused", by)
            return await self._get_by_name(tx, name)

    async def resume(self, name: str, *, by: str) -> Feed:
        """Poll a feed again from now on, even if it was gone."""
        async with self._store.write() as tx:
            feed = await self._get_by_name(tx, name)
            if feed.state is not FeedState.ACTIVE:
                await self._set_state(tx, feed, resume(feed, self._clock()), "feed resumed", by)
            feed = await self._get_by_name(tx, name)
        self._on_due()
        return feed

    async def remove(self, name: str, *, by: str) -> Feed:
        """Remove a feed. Its articles stay known, so that they are no news if another feed brings them."""
        async with self._store.write() as tx:
            feed = await self._get_by_name(tx, name)
            await tx.feeds.remove(feed.id)
            await tx.audit.write(self._clock(), by, "feed removed", feed.url, _get_audit_values(feed), None)
        return feed

    async def _insert_or_update(
        self, tx: Transaction, draft: FeedDraft, by: str, *, dry_run: bool = False, amend: bool = True
    ) -> FeedImportResult:
        current = await tx.feeds.find_by_url(draft.url)
        if current is None or not current.is_desk:
            if not dry_run:
                await self._insert(tx, draft, by, current)
            return FeedImportResult(added_count=1)
        title, trust = draft.title or current.title, draft.trust or current.trust
        if not amend or (title, trust) == (current.title, current.trust):
            return FeedImportResult()
        if not dry_run:
            await tx.feeds.set_title_and_trust(current.id, title=title, trust=trust)
            new_feed = replace(current, title=title, trust=trust)
            await tx.audit.write(
                self._clock(), by, "feed changed", current.url, _get_audit_values(current), _get_audit_values(new_feed)
            )
        return FeedImportResult(changed_count=1)

    async def _insert(self, tx: Transaction, draft: FeedDraft, by: str, followed_feed: Feed | None) -> None:
        """Add a feed; if servers or people follow it already, it becomes the desk's too."""
        now = self._clock()
        host = normalize_host(self._guard.parse(draft.url).raw_host or "")
        trust = draft.trust or Trust.REVIEW
        if followed_feed is None:
            feed = await tx.feeds.add(draft.url, host, now, title=draft.title, trust=trust, added_by=by)
        else:
            await tx.feeds.adopt(followed_feed.id, now, title=draft.title, trust=trust, added_by=by)
            feed = await tx.feeds.find(followed_feed.id)
        await tx.audit.write(now, by, "feed added", draft.url, None, _get_audit_values(feed) if feed else None)

    async def _set_state(self, tx: Transaction, before: Feed, after: Feed, action: str, by: str) -> None:
        await tx.feeds.set_state(after)
        await tx.audit.write(self._clock(), by, action, before.url, _get_audit_values(before), _get_audit_values(after))

    async def _get_by_name(self, tx: Transaction, name: str) -> Feed:
        name = name.strip().removeprefix("#")
        # An id has at most 19 digits.
        is_id = name.isascii() and name.isdigit() and len(name) < 19
        feed = await tx.feeds.find(int(name)) if is_id else await tx.feeds.find_by_url(name)
        if feed is None and is_address(name):
            feed = await tx.feeds.find_by_url(self.normalize_address(extract_address(name)))
        if feed is None or not feed.is_desk:
            raise NotFound("feed", abbreviate(name))
        return feed


def _get_audit_values(feed: Feed) -> dict[str, str]:
    """Return what the audit stores of a feed: what people decide about it."""
    return {"title": feed.title, "trust": feed.trust.value, "state": feed.state.value}
