"""Feeds that servers and people follow themselves, without the desk: within limits, and each for itself alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import AddressNotAllowed, NotAllowed
from bot.languages import say, say_count
from bot.model.feed import Feed, FeedState
from bot.model.follow import Destination, Follow, Target, TargetKind
from bot.model.follow_settings import FollowSettings
from bot.model.poll_schedule import resume
from bot.model.post import FeedNotice
from bot.newsroom.feeds.address_guard import normalize_host
from bot.newsroom.feeds.feed_lookup import FeedLookup, find_feed
from bot.newsroom.feeds.feed_readings import store_lookup
from bot.newsroom.feeds.feed_tools import FeedTools
from bot.newsroom.feeds.pasted_addresses import extract_address, is_address
from bot.store import Store, Transaction

_LABEL_LIMIT = 100


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """How many feeds a server, a person by DM, and all of them together may follow."""

    per_server: int = 25
    per_user: int = 5
    in_all: int = 2_000


class FollowedFeeds:
    """Follows of feeds. ``on_due`` is called if a feed is to be polled."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        tools: FeedTools,
        limits: FeedLimits,
        *,
        on_due: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._tools = tools
        self._limits = limits
        self._on_due = on_due

    async def find_target(self, text: str) -> Target | None:
        """Return the feed that an address means, if anybody follows it or the desk has it; nothing is fetched."""
        if not is_address(text):
            return None
        try:
            url = str(self._tools.guard.parse(extract_address(text)))
        except AddressNotAllowed:
            return None
        async with self._store.read() as tx:
            feed = await tx.feeds.find_by_url(url)
        return Target(TargetKind.FEED, str(feed.id)) if feed else None

    async def look_up(self, address: str) -> FeedLookup:
        """Fetch the feed at an address, or the one that the page there names. Raises FetchError or ParsingError if there is none."""
        fetcher, parser = await self._tools.open_tools()
        return await find_feed(fetcher, parser, address)

    async def get_target(self, lookup: FeedLookup) -> Target:
        """Return the target that a feed is. The value is empty if nobody follows it yet."""
        async with self._store.read() as tx:
            feed = await tx.feeds.find_by_url(str(lookup.response.permanent_url))
        return Target(TargetKind.FEED, str(feed.id) if feed else "", _make_label(lookup))

    async def check_limits(self, destination: Destination, lookup: FeedLookup) -> None:
        """Raise NotAllowed if this feed is one too many for a server or person, or for all together."""
        async with self._store.read() as tx:
            feed = await tx.feeds.find_by_url(str(lookup.response.permanent_url))
            await self._check_limits(tx, destination, feed)

    async def follow(
        self, destination: Destination, lookup: FeedLookup, *, created_by: int, settings: FollowSettings
    ) -> tuple[Follow, bool]:
        """Follow a feed from a destination; return the follow and whether it is new.

        What the feed has now is known; what comes is posted. If the destination follows it already, the settings are replaced.
        Raises NotAllowed if it is one too many.
        """
        async with self._store.write() as tx:
            feed = await self._find_or_add(tx, destination, lookup)
            # Whoever follows it already gets what this reading brings.
            await store_lookup(tx, feed, lookup, self._clock())
            if not feed.is_followed:
                await tx.followed_articles.ingest(
                    feed.id, lookup.content.articles, lookup.content.undated_ids, self._clock(), is_first=True
                )
                await tx.feeds.mark_followed_read(feed.id, self._clock())
            result = await tx.follows.save(
                destination,
                Target(TargetKind.FEED, str(feed.id), _make_label(lookup)),
                created_by=created_by,
                settings=settings,
                now=self._clock(),
                known_article=await tx.followed_articles.get_newest_id(feed.id),
            )
        self._on_due()
        return result

    async def find_sample(self, target: Target) -> FeedNotice | None:
        """Return the newest article of a feed, as a post would have it; None if the feed has none."""
        async with self._store.read() as tx:
            articles = await tx.followed_articles.list_newest(int(target.value), 1)
        return FeedNotice((articles[0].report,)) if articles else None

    async def check_resumable(self, follow: Follow) -> None:
        """Raise NotAllowed if the feed of a follow is gone: its address must be given again."""
        async with self._store.read() as tx:
            feed = await tx.feeds.find(int(follow.target.value))
        if feed is None or feed.state is FeedState.GONE:
            raise NotAllowed(say("This feed was taken down. Follow its address again once it is back."))

    async def _find_or_add(self, tx: Transaction, destination: Destination, lookup: FeedLookup) -> Feed:
        url = lookup.response.permanent_url
        feed = await tx.feeds.find_by_url(str(url))
        await self._check_limits(tx, destination, feed)
        if feed is None:
            host = normalize_host(url.raw_host or "")
            feed = await tx.feeds.add(str(url), host, self._clock(), is_desk=False)
        if feed is None:
            raise AssertionError("a feed that is not there can be added")
        if feed.state is FeedState.GONE:
            # It answers again.
            feed = resume(feed, self._clock())
            await tx.feeds.set_state(feed)
        return feed

    async def _check_limits(self, tx: Transaction, destination: Destination, feed: Feed | None = None) -> None:
        limit = self._limits.per_server if destination.guild_id else self._limits.per_user
        if not limit:
            raise NotAllowed(say("On this bot, servers and people can't follow feeds of their own."))
        own_ids = await tx.follows.list_feeds(destination)
        if feed is not None and feed.id in own_ids:
            return
        if len(own_ids) >= limit:
            raise NotAllowed(_get_server_message(limit) if destination.guild_id else _get_user_message(limit))
        if (feed is None or not feed.is_followed) and await tx.follows.count_feeds() >= self._limits.in_all:
            raise NotAllowed(say("This bot cannot follow any more feeds for now."))


def _get_server_message(limit: int) -> str:
    return say_count(
        "This server follows {count} feed, which is the limit here. Unfollow it first.",
        "This server follows {count} feeds, which is the limit here. Unfollow one first.",
        limit,
    )


def _get_user_message(limit: int) -> str:
    return say_count(
        "You follow {count} feed by DM, which is the limit. Unfollow it first.",
        "You follow {count} feeds by DM, which is the limit. Unfollow one first.",
        limit,
    )


def _make_label(lookup: FeedLookup) -> str:
    """Return what a feed is called: its title and its host. An address may contain a password, and is shown to nobody."""
    title, host = (
        lookup.content.title[:_LABEL_LIMIT].strip(),
        normalize_host(lookup.response.permanent_url.raw_host or ""),
    )
    return f"{title} · {host}" if title else host
