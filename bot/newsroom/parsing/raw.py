"""A feed as its publisher wrote it: nothing cleaned, nothing resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.newsroom.parsing.results import FeedFormat

#: The most entries that are read of one feed: the first ones, which feeds keep for the newest.
ENTRIES_LIMIT = 2_000
#: Longer titles and texts are cut before anything is made of them.
RAW_LIMIT = 100_000


@dataclass(slots=True)
class RawEntry:
    """One entry; what it does not say is empty.

    Attributes:
        texts: what it says, the shortest meant for reading first: summary, then content. May be HTML.
        dates: when it was published, then when changed, in any spelling.
        source: the publisher, where the entry names another than the feed.
    """

    title: str = ""
    link: str = ""
    guid: str = ""
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    source: str = ""


@dataclass(slots=True)
class RawFeed:
    """A feed and its entries, in its own order."""

    format: FeedFormat
    title: str = ""
    link: str = ""
    entries: list[RawEntry] = field(default_factory=list)
    ttl_minutes: int = 0
    dropped: int = 0


# A picture inside a text would else be all that is left of it.
_PICTURE = re.compile(r"data:[\w/+.;=-]{0,60}base64,[A-Za-z0-9+/=\s]*+")


def text_of(value: object) -> str:
    """The value if it is a text, without pictures spelled out and cut to the limit; numbers as they are spelled; empty else."""
    if isinstance(value, str):
        return (_PICTURE.sub("", value) if "base64," in value else value)[:RAW_LIMIT]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
