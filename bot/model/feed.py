"""Where news comes from: a feed as the newsroom keeps it, and an article as it came in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.article import Article

#: So many polls in a row must fail before a feed is called broken: with the back-off, more than half a day.
BROKEN_AFTER_FAILURES = 5

# “feed://host”, “feed:https://host” and, out of a browser, “feed://https//host”.
_FEED_READER_SCHEME = re.compile(
    r"(?:(feed|itpc|pcast|rss)|(feeds|itpcs)):(?://)?(?:(https?):?//|/*)(?=[^\s/])", re.IGNORECASE
)


def to_web_url(url: str) -> str:
    """Return an address that was written for feed readers (``feed://``) as one of the web, without a scheme (``//host``) if it has none."""
    match = _FEED_READER_SCHEME.match(url)
    if match is None:
        return url
    scheme = match[3] or ("https" if match[2] else "")
    return f"{scheme.lower()}{':' * bool(scheme)}//{url[match.end() :]}"


class Trust(StrEnum):
    """What may become of a feed's articles without an editor."""

    REVIEW = "review"
    AUTO = "auto"


class FeedState(StrEnum):
    """Whether a feed is polled. What is gone, its publisher has taken down for good (410), or moved to a known feed."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class ArticleState(StrEnum):
    """What is to be done about an article: ``new`` waits for the tracker; ``old`` was there before we were, and is just known."""

    NEW = "new"
    BACKLOG = "old"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and how its polls go. All times are aware UTC.

    Attributes:
        number: the store's; people name a feed by it, or by its address.
        host: the address's host, in lower case; no host is fetched from twice at once.
        interval: how long between two polls that succeed, as it has adapted.
        etag: as the publisher sent it, byte for byte; empty for none. So too ``last_modified``.
        failures: how many polls in a row have failed.
        reason: why the last poll failed, the feed is gone, or entries of it cannot be read: one sentence; empty when all is well.
        named: whether the desk has been told that it is broken or gone.
        read_at: when its articles were last read whole; None before the first time.
        succeeded_at: when its publisher last answered, with articles or with “unchanged”.
    """

    id: int
    url: str
    host: str
    next_poll_at: datetime
    interval: timedelta
    added_at: datetime
    title: str = ""
    trust: Trust = Trust.REVIEW
    state: FeedState = FeedState.ACTIVE
    etag: str = ""
    last_modified: str = ""
    failures: int = 0
    reason: str = ""
    is_reported: bool = False
    read_at: datetime | None = None
    succeeded_at: datetime | None = None
    added_by: str = ""

    @property
    def label(self) -> str:
        """Its title, or its address while it has none."""
        return self.title or self.url

    @property
    def is_broken(self) -> bool:
        """Whether the desk should know: too many failures in a row, or gone."""
        return self.state is FeedState.GONE or (
            self.state is FeedState.ACTIVE and self.failures >= BROKEN_AFTER_FAILURES
        )


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article in the store.

    Attributes:
        number: the store's, growing as articles come in.
        feed: the number of the feed that had it first; 0 when that feed has been removed.
    """

    id: int
    feed_id: int
    article: Article
    first_seen_at: datetime
    state: ArticleState
