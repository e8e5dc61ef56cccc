"""Which feeds there are: added, listed, paused, resumed, removed, taken from lists. Every change is audited."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.errors import NotFound
from bot.model.feed import Feed, FeedState, Trust
from bot.model.poll_schedule import record_success, resume
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.address_guard import AddressGuard, extract_address, is_address, normalize_host
from bot.newsroom.feeds.feed_lookup import FeedLookup, find_feed
from bot.newsroom.feeds.protocols import FeedReader
from bot.newsroom.field_validation import HEADLINE_LIMIT
from bot.store import Store, Transaction

if TYPE_CHECKING:
    from bot.newsroom.feeds.fetcher import Fetcher


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """A feed, and how many articles it had first."""

    feed: Feed
    article_count: int


@dataclass(frozen=True, slots=True)
class FeedImportResult:
    """What came of a list of feeds: how many are new, and how many have another title or trust now."""

    added_count: int = 0
    changed_count: int = 0


class FeedSubscriptions:
    """The one way by which feeds come and go. ``on_due`` is rung when one is to be polled at once."""

    def __init__(
        self, store: Store, clock: Clock, guard: AddressGuard, *, on_due: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._guard = guard
        self._on_due = on_due

    async def list_feeds(self) -> tuple[Feed, ...]:
        """Every feed, in the order they were added."""
        async with self._store.read() as tx:
            return await tx.feeds.list_all()

    async def list_summaries(self) -> tuple[FeedSummary, ...]:
        """Every feed with what it brought, in the order they were added; the articles are counted for it."""
        async with self._store.read() as tx:
            counts = await tx.articles.count_by_feed()
            return tuple(FeedSummary(feed, counts.get(feed.id, 0)) for feed in await tx.feeds.list_all())

    def normalize_address(self, text: str) -> str:
        """The address of a feed as it is kept; AddressRefused for one that cannot be a feed's."""
        return str(self._guard.parse(text))

    async def find(self, name: str) -> Feed:
        """The feed of that number or address; NotFound when there is none."""
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
        """Add the feed at an address, or that the page there names; and whether it is new.

        What it has now is known from then on, and no news. One that was known already is polled again, if it was not, and gets the title and trust that are given. Raises FetchError,
        or the reader's error, when there is no feed.
        """
        lookup = await find_feed(fetcher, reader, address)
        url = str(lookup.response.permanent_url)
        draft = FeedDraft(url, title or "", trust)
        async with self._store.write() as tx:
            result = await self._insert_or_update(tx, draft, by)
            feed = await self._get_by_name(tx, url)
            if result.added_count:
                await self._save_first_read(tx, feed, lookup)
            if feed.state is not FeedState.ACTIVE:
                await self._set_state(tx, feed, resume(feed, self._clock()), "feed resumed", by)
            feed = await self._get_by_name(tx, url)
        self._on_due()
        return feed, bool(result.added_count)

    async def import_feeds(
        self, drafts: Iterable[FeedDraft], *, by: str, dry_run: bool = False, amend: bool = True
    ) -> FeedImportResult:
        """Take in feeds as a file or a list names them, unseen. Repeated, it changes nothing.

        With ``amend`` it is the last word on the title and trust of those that are known.

        Raises AddressRefused, and nothing is changed, for an address that cannot be a feed's.
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
        """Poll a feed no more until it is resumed."""
        async with self._store.write() as tx:
            feed = await self._get_by_name(tx, name)
            if feed.state is FeedState.ACTIVE:
                await self._set_state(tx, feed, replace(feed, state=FeedState.PAUSED), "feed paused", by)
            return await self._get_by_name(tx, name)

    async def resume(self, name: str, *, by: str) -> Feed:
        """Poll a feed again, from now on, also one that was gone."""
        async with self._store.write() as tx:
            feed = await self._get_by_name(tx, name)
            if feed.state is not FeedState.ACTIVE:
                await self._set_state(tx, feed, resume(feed, self._clock()), "feed resumed", by)
            feed = await self._get_by_name(tx, name)
        self._on_due()
        return feed

    async def remove(self, name: str, *, by: str) -> Feed:
        """Take a feed out. What it brought stays known, so that it is no news when another feed brings it."""
        async with self._store.write() as tx:
            feed = await self._get_by_name(tx, name)
            await tx.feeds.remove(feed.id)
            await tx.audit.write(self._clock(), by, "feed removed", feed.url, _get_audit_values(feed), None)
        return feed

    async def _insert_or_update(
        self, tx: Transaction, draft: FeedDraft, by: str, *, dry_run: bool = False, amend: bool = True
    ) -> FeedImportResult:
        current = await tx.feeds.find_by_url(draft.url)
        if current is None:
            if not dry_run:
                await self._insert(tx, draft, by)
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

    async def _save_first_read(self, tx: Transaction, feed: Feed, lookup: FeedLookup) -> None:
        """Keep what was read when a feed was added: it need not be asked for the same at once."""
        now, response, content = self._clock(), lookup.response, lookup.content
        await tx.articles.ingest(feed.id, content.articles, now, fresh_since=None)
        new_feed = replace(
            feed,
            title=feed.title or content.title[:HEADLINE_LIMIT],
            etag=response.etag,
            last_modified=response.last_modified,
            read_at=now,
        )
        freshness = max(response.fresh_for, content.ttl or response.fresh_for)
        await tx.feeds.save([record_success(new_feed, now, 0.0, new_count=1, cache_lifetime=freshness)])

    async def _insert(self, tx: Transaction, draft: FeedDraft, by: str) -> None:
        now = self._clock()
        host = normalize_host(self._guard.parse(draft.url).raw_host or "")
        trust = draft.trust or Trust.REVIEW
        feed = await tx.feeds.add(draft.url, host, now, title=draft.title, trust=trust, added_by=by)
        await tx.audit.write(now, by, "feed added", draft.url, None, _get_audit_values(feed) if feed else None)

    async def _set_state(self, tx: Transaction, before: Feed, after: Feed, action: str, by: str) -> None:
        await tx.feeds.set_state(after)
        await tx.audit.write(self._clock(), by, action, before.url, _get_audit_values(before), _get_audit_values(after))

    async def _get_by_name(self, tx: Transaction, name: str) -> Feed:
        name = name.strip().removeprefix("#")
        # A number of the store's has at most 19 digits.
        is_id = name.isascii() and name.isdigit() and len(name) < 19
        feed = await tx.feeds.find(int(name)) if is_id else await tx.feeds.find_by_url(name)
        if feed is None and is_address(name):
            feed = await tx.feeds.find_by_url(self.normalize_address(extract_address(name)))
        if feed is None:
            raise NotFound("feed", name[:100])
        return feed


def _get_audit_values(feed: Feed) -> dict[str, str]:
    """What the audit keeps of a feed: what people decide about it."""
    return {"title": feed.title, "trust": feed.trust.value, "state": feed.state.value}
