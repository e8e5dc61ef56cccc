"""One item of a feed, cleaned: what the newsroom works with, whatever it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

#: The most characters of a title and of a text that are kept of an article.
TITLE_LIMIT = 500
TEXT_LIMIT = 4_000


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is tracked. All text is plain, cleaned and within the limits.

    Attributes:
        id: what it is known by; the same for the same article fetched again, whatever has changed about it.
        published: aware, UTC.
        text: the lead, or as much as is known; empty where only the title is.
        url: as published, http or https; empty where none is known.
        former_ids: what stores of the first version may know it by.
    """

    id: str
    title: str
    published: datetime
    text: str = ""
    url: str = ""
    publisher: str = ""
    former_ids: tuple[str, ...] = field(default=(), compare=False)
