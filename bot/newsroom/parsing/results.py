"""The values that parsing returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.article import Article


class FeedFormat(StrEnum):
    """The format of a feed."""

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
    """A feed, parsed and cleaned. All text is plain.

    Attributes:
        link: the publisher's page that the feed belongs to; empty if it names none.
        articles: in the feed's order, each id once.
        skipped: entries that became no article, each with the reason.
        undated_ids: ids of the articles without a date of their own: their ``published`` is the time of reading.
        ttl: how long the feed says that it need not be fetched again; None if it says nothing.
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
        published: aware, UTC; None if the page does not say.
        url: the address that the page gives itself, else the one that was fetched; to be clicked on.
    """

    title: str
    text: str
    published: datetime | None
    url: str
    publisher: str = ""
