"""A feed as its publisher wrote it: nothing is cleaned or resolved yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from bot.languages import lazy
from bot.newsroom.parsing.results import FeedFormat

#: The reason if the parser itself failed over an entry.
UNREADABLE = lazy("it could not be read")
_Source = TypeVar("_Source")


class NotAnEntryError(ValueError):
    """An item cannot be an entry; the text says why."""


#: The most entries that are read of one feed: the first ones, which are usually the newest.
ENTRIES_LIMIT = 2_000
#: Longer titles and texts are cut before they are processed.
RAW_LIMIT = 100_000


class RawText(NamedTuple):
    """A title or a text.

    Attributes:
        text: as the publisher wrote it.
        is_markup: whether it may be HTML; False if its publisher declares it as plain text, in which ``<b>`` is just
            three characters.
    """

    text: str = ""
    is_markup: bool = True


@dataclass(slots=True)
class RawEntry:
    """One entry. Fields that it does not have are empty.

    Attributes:
        position: its position in the feed, counted from 1.
        texts: what it says, the shortest meant for reading first: summary, then content.
        dates: when it was published, then when changed, in any spelling.
        source: the publisher, if the entry names another than the feed.
    """

    position: int = 0
    title: RawText = RawText()  # noqa: RUF009 - a tuple cannot change
    link: str = ""
    guid: str = ""
    texts: tuple[RawText, ...] = ()
    dates: tuple[str, ...] = ()
    source: str = ""


@dataclass(slots=True)
class RawFeed:
    """A feed and its entries, in its own order.

    Attributes:
        faults: entries that could not be read: their positions, counted from 1, each with the reason.
        dropped_count: how many entries there are beyond the limit.
    """

    format: FeedFormat
    title: RawText = RawText()  # noqa: RUF009 - as above
    link: str = ""
    entries: list[RawEntry] = field(default_factory=list)
    ttl_minutes: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    dropped_count: int = 0

    def read_entries(self, sources: Sequence[_Source], parse_entry: Callable[[_Source, int], RawEntry]) -> None:
        """Parse each source with ``parse_entry``, which also gets its position. A fault in one entry costs that entry
        only.
        """
        self.dropped_count = len(sources[ENTRIES_LIMIT:])
        for position, source in enumerate(sources[:ENTRIES_LIMIT], start=1):
            try:
                self.entries.append(parse_entry(source, position))
            except MemoryError:
                raise
            except NotAnEntryError as exc:
                self.faults.append((position, str(exc)))
            except Exception:  # noqa: BLE001 - whatever one entry brings about, the others are read
                self.faults.append((position, UNREADABLE))


# Without this, an inline picture would be all that is left of a text.
_INLINE_PICTURE = re.compile(r"data:[\w/+.;=-]{0,60}base64,[A-Za-z0-9+/=\s]*+")


def get_text_value(value: object) -> str:
    """Return the value if it is a text, without inline pictures and cut to the limit; a number as it is spelled; else
    an empty string.
    """
    if isinstance(value, str):
        return (_INLINE_PICTURE.sub("", value) if "base64," in value else value)[:RAW_LIMIT]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
