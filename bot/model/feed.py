"""A feed as the newsroom stores it, and a stored article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.article import Article
from bot.redaction import redact_address

#: How many polls in a row must fail before a feed counts as broken; with the backoff, that takes more than half a day.
BROKEN_AFTER_FAILURES = 5

# “feed://host”, “feed:https://host” and, copied from a browser, “feed://https//host”.
_FEED_READER_SCHEME = re.compile(
    r"(?:(feed|itpc|pcast|rss)|(feeds|itpcs)):(?://)?(?:(https?):?//|/*)(?=[^\s/])", re.IGNORECASE
)


def to_web_url(url: str) -> str:
    """Return a feed reader's address (``feed://host``) as a web address; without a scheme (``//host``) if it names none."""
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
    """Whether a feed is polled. A feed is gone if its publisher says so (410), or if it has moved to a known feed.

    The desk pauses a feed for itself alone: it is still polled for those who follow it.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class ArticleState(StrEnum):
    """What remains to be done about an article: ``new`` waits for the tracker; ``old`` was in the feed before we were."""

    NEW = "new"
    BACKLOG = "old"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and the state of its polling. All times are aware UTC.

    Attributes:
        host: the host of its address, in lower case; a host is never fetched from twice at once.
        interval: the current time between two successful polls.
        etag: as the publisher sent it, byte for byte; empty for none. The same goes for ``last_modified``.
        failures: how many polls in a row have failed.
        reason: why the last poll failed, why the feed is gone, or which entries cannot be read; empty if all is well.
        is_reported: whether the desk has been told that it is broken or gone.
        read_at: when its articles were last read completely; None before the first time.
        succeeded_at: when its publisher last answered, with articles or with “unchanged”.
        is_desk: whether it is one of the desk's; what is above about the desk does not count otherwise.
        is_followed: whether a server or a person follows it without the desk.
        followed_read_at: when its articles were last read for those; None if what it has at the next reading is known.
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
    is_desk: bool = True
    is_followed: bool = False
    followed_read_at: datetime | None = None

    @property
    def serves_desk(self) -> bool:
        """Whether the desk gets what it brings."""
        return self.is_desk and self.state is FeedState.ACTIVE

    @property
    def label(self) -> str:
        """The title, or the address without its secrets if there is no title."""
        return self.title or redact_address(self.url)

    @property
    def is_broken(self) -> bool:
        """Whether the desk should know about it: too many failures in a row, or gone."""
        return self.state is FeedState.GONE or (
            self.state is FeedState.ACTIVE and self.failures >= BROKEN_AFTER_FAILURES
        )


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article in the store.

    Attributes:
        id: grows in the order in which articles arrive.
        feed_id: the feed that had it first; None if that feed was removed.
    """

    id: int
    feed_id: int | None
    article: Article
    first_seen_at: datetime
    state: ArticleState
