"""What the feeds need of others: a reader of a feed's bytes, and a handler of broken feeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

from bot.model.article import Article
from bot.model.feed import Feed

#: Tells the desk that a feed is broken or gone, with its reason. It is called again later if it raises.
BrokenFeedHandler = Callable[[Feed], Awaitable[None]]


class SkippedEntryInfo(Protocol):
    """An entry that became no article."""

    @property
    def entry(self) -> str:
        """Return its title or address."""

    @property
    def reason(self) -> str:
        """Return why it was skipped."""

    @property
    def is_fault(self) -> bool:
        """Return whether it could not be read, so that an article may be missing."""


class FeedContent(Protocol):
    """The content of a feed. All text is plain and cleaned."""

    @property
    def title(self) -> str:
        """Return its own title; may be empty."""

    @property
    def format(self) -> str:
        """Return its format: rss, atom, rdf, json."""

    @property
    def articles(self) -> Sequence[Article]:
        """Return its articles, each id once."""

    @property
    def skipped(self) -> Sequence[SkippedEntryInfo]:
        """Return the entries that became no article."""

    @property
    def ttl(self) -> timedelta | None:
        """Return how long it says that it need not be fetched again."""


class FeedReader(Protocol):
    """Reads responses. Everything that goes wrong is raised as a DealwireError of one sentence."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> FeedContent:
        """Return the feed in these bytes. Raise a DealwireError if they are none."""

    async def find_feed_links(self, body: bytes, *, url: str) -> Sequence[str]:
        """Return the addresses of feeds that a page names, best first; none if the bytes are no page."""
