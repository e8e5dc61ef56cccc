"""What is read from a publisher's bytes, as values; nothing here reads anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.article import Article


class FeedFormat(StrEnum):
    """In which of the four ways a feed is written."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """An entry of a feed that became no article.

    Attributes:
        entry: its title or address, as far as it has one.
        reason: why, in the language of the one who asked, as the end of the sentence "it was skipped because …".
        is_fault: whether it could not be read, so that an article may be missing.
    """

    entry: str
    reason: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed, read and cleaned. All text is plain.

    Attributes:
        link: the publisher's page that the feed belongs to; empty where it names none.
        articles: in the feed's order, each id once.
        skipped: entries that became no article, each with the reason.
        undated: ids of the articles with no date of their own: their ``published`` is the time at which they were read.
        ttl: how long the feed says that it need not be fetched again; None where it says nothing.
    """

    title: str
    link: str
    format: FeedFormat
    articles: tuple[Article, ...]
    skipped: tuple[SkippedEntry, ...] = ()
    undated_ids: frozenset[str] = frozenset()
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PageLead:
    """What a web page says about itself. All text is plain; what it does not say is empty.

    Attributes:
        text: its first paragraphs, without menus, banners, references.
        published: aware, UTC; None where the page does not tell.
        url: the page's own word for its address, else the address that was given; to be clicked on.
    """

    title: str
    text: str
    published: datetime | None
    url: str
    publisher: str = ""
