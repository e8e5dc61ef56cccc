"""Which feeds there are: added, listed, paused, resumed, removed, taken from lists. Every change is audited."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.errors import NotFound
from bot.model.cadence import after_success, resumed
from bot.model.feed import Feed, FeedState, Trust
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.addresses import Guard, is_address, pasted, plain_host
from bot.newsroom.feeds.finding import Found, find_feed
from bot.newsroom.feeds.ports import FeedReader
from bot.newsroom.limits import HEADLINE_LIMIT
from bot.store import Session, Store

if TYPE_CHECKING:
    from bot.newsroom.feeds.fetching import Fetcher


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed, and how many articles it had first."""

    feed: Feed
    articles: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a list of feeds: how many are new, and how many have another title or trust now."""

    added: int = 0
    changed: int = 0


class Subscriptions:
    """The one way by which feeds come and go. ``on_due`` is rung when one is to be polled at once."""

    def __init__(self, store: Store, clock: Clock, guard: Guard, *, on_due: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._clock = clock
        self._guard = guard
        self._on_due = on_due

    async def feeds(self) -> tuple[Feed, ...]:
        """Every feed, in the order they were added."""
        async with self._store.read() as session:
            return await session.feeds.all()

    async def all(self) -> tuple[Listed, ...]:
        """Every feed with what it brought, in the order they were added; the articles are counted for it."""
        async with self._store.read() as session:
            counts = await session.articles.counts()
            return tuple(Listed(feed, counts.get(feed.number, 0)) for feed in await session.feeds.all())

    def address(self, text: str) -> str:
        """The address of a feed as it is kept; AddressRefused for one that cannot be a feed's."""
        return str(self._guard.read(text))

    async def find(self, name: str) -> Feed:
        """The feed of that number or address; NotFound when there is none."""
        async with self._store.read() as session:
            return await self._named(session, name)

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
        found = await find_feed(fetcher, reader, address)
        url = str(found.fetched.kept_url)
        draft = FeedDraft(url, title or "", trust)
        async with self._store.write() as session:
            taken = await self._put(session, draft, by)
            feed = await self._named(session, url)
            if taken.added:
                await self._first_read(session, feed, found)
            if feed.state is not FeedState.ACTIVE:
                await self._set(session, feed, resumed(feed, self._clock()), "feed resumed", by)
            feed = await self._named(session, url)
        self._on_due()
        return feed, bool(taken.added)

    async def take(self, drafts: Iterable[FeedDraft], *, by: str, dry_run: bool = False, amend: bool = True) -> Taken:
        """Take in feeds as a file or a list names them, unseen. Repeated, it changes nothing.

        With ``amend`` it is the last word on the title and trust of those that are known.

        Raises AddressRefused, and nothing is changed, for an address that cannot be a feed's.
        """
        drafts = [replace(draft, url=self.address(draft.url)) for draft in drafts]
        added = changed = 0
        async with self._store.read() if dry_run else self._store.write() as session:
            for draft in drafts:
                taken = await self._put(session, draft, by, dry_run=dry_run, amend=amend)
                added, changed = added + taken.added, changed + taken.changed
        if added and not dry_run:
            self._on_due()
        return Taken(added, changed)

    async def pause(self, name: str, *, by: str) -> Feed:
        """Poll a feed no more until it is resumed."""
        async with self._store.write() as session:
            feed = await self._named(session, name)
            if feed.state is FeedState.ACTIVE:
                await self._set(session, feed, replace(feed, state=FeedState.PAUSED), "feed paused", by)
            return await self._named(session, name)

    async def resume(self, name: str, *, by: str) -> Feed:
        """Poll a feed again, from now on, also one that was gone."""
        async with self._store.write() as session:
            feed = await self._named(session, name)
            if feed.state is not FeedState.ACTIVE:
                await self._set(session, feed, resumed(feed, self._clock()), "feed resumed", by)
            feed = await self._named(session, name)
        self._on_due()
        return feed

    async def remove(self, name: str, *, by: str) -> Feed:
        """Take a feed out. What it brought stays known, so that it is no news when another feed brings it."""
        async with self._store.write() as session:
            feed = await self._named(session, name)
            await session.feeds.remove(feed.number)
            await session.audit.write(self._clock(), by, "feed removed", feed.url, _told(feed), None)
        return feed

    async def _put(
        self, session: Session, draft: FeedDraft, by: str, *, dry_run: bool = False, amend: bool = True
    ) -> Taken:
        known = await session.feeds.at(draft.url)
        if known is None:
            if not dry_run:
                await self._insert(session, draft, by)
            return Taken(added=1)
        title, trust = draft.title or known.title, draft.trust or known.trust
        if not amend or (title, trust) == (known.title, known.trust):
            return Taken()
        if not dry_run:
            await session.feeds.describe(known.number, title=title, trust=trust)
            after = replace(known, title=title, trust=trust)
            await session.audit.write(self._clock(), by, "feed changed", known.url, _told(known), _told(after))
        return Taken(changed=1)

    async def _first_read(self, session: Session, feed: Feed, found: Found) -> None:
        """Keep what was read when a feed was added: it need not be asked for the same at once."""
        now, fetched, read = self._clock(), found.fetched, found.read
        await session.articles.take_in(feed.number, read.articles, now, fresh_since=None)
        stands = replace(
            feed,
            title=feed.title or read.title[:HEADLINE_LIMIT],
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            read_at=now,
        )
        wish = max(fetched.good_for, read.ttl or fetched.good_for)
        await session.feeds.save([after_success(stands, now, 0.0, arrived=1, wish=wish)])

    async def _insert(self, session: Session, draft: FeedDraft, by: str) -> None:
        now = self._clock()
        host = plain_host(self._guard.read(draft.url).raw_host or "")
        trust = draft.trust or Trust.REVIEW
        feed = await session.feeds.add(draft.url, host, now, title=draft.title, trust=trust, by=by)
        await session.audit.write(now, by, "feed added", draft.url, None, _told(feed) if feed else None)

    async def _set(self, session: Session, before: Feed, after: Feed, action: str, by: str) -> None:
        await session.feeds.set_state(after)
        await session.audit.write(self._clock(), by, action, before.url, _told(before), _told(after))

    async def _named(self, session: Session, name: str) -> Feed:
        name = name.strip().removeprefix("#")
        # A number of the store's has at most 19 digits.
        by_number = name.isascii() and name.isdigit() and len(name) < 19
        feed = await session.feeds.get(int(name)) if by_number else await session.feeds.at(name)
        if feed is None and is_address(name):
            feed = await session.feeds.at(self.address(pasted(name)))
        if feed is None:
            raise NotFound("feed", name[:100])
        return feed


def _told(feed: Feed) -> dict[str, str]:
    """What the audit keeps of a feed: what people decide about it."""
    return {"title": feed.title, "trust": feed.trust.value, "state": feed.state.value}
