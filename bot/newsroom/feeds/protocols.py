"""What the feeds need of others: somebody who reads a feed's bytes, and somebody who is told of a broken feed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

from bot.model.article import Article
from bot.model.feed import Feed

#: Tells the desk that a feed is broken or gone, with its reason. Called again later when it raises.
BrokenFeedHandler = Callable[[Feed], Awaitable[None]]


class SkippedEntryInfo(Protocol):
    """An entry that became no article."""

    @property
    def entry(self) -> str:
        """Its title or address."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def is_fault(self) -> bool:
        """Whether it could not be read, so that an article may be missing."""


class FeedContent(Protocol):
    """A feed as it was read; all text plain and cleaned."""

    @property
    def title(self) -> str:
        """Its own title; may be empty."""

    @property
    def format(self) -> str:
        """How it is written: rss, atom, rdf, json."""

    @property
    def articles(self) -> Sequence[Article]:
        """Its articles, each id once."""

    @property
    def skipped(self) -> Sequence[SkippedEntryInfo]:
        """What became no article."""

    @property
    def ttl(self) -> timedelta | None:
        """How long it says that it need not be asked again."""


class FeedReader(Protocol):
    """Reads what was fetched. All that goes wrong is raised as a DealwireError of one sentence."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> FeedContent:
        """The feed in these bytes; a DealwireError when they are none."""

    async def find_feed_links(self, body: bytes, *, url: str) -> Sequence[str]:
        """The addresses of feeds that a page names, best first; none for what is no page."""
