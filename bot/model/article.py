"""One item of a feed, cleaned: what the newsroom works with, whatever it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.model.invisible_characters import strip_joiners

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
    published_at: datetime
    text: str = ""
    url: str = ""
    publisher: str = ""
    former_ids: tuple[str, ...] = field(default=(), compare=False)


def find_former_ids(articles: Iterable[Article], missing_articles: Iterable[Article]) -> dict[str, str]:
    """Return the id that each listed article had among those that are missing from the list, if it is one of them.

    It is if the titles are the same, or the moments at which they were published; a date without a time is no moment.
    """
    by_title, by_moment = dict[str, str](), dict[datetime, str]()
    for article in missing_articles:
        by_title[normalize_title(article.title)] = article.id
        if article.published_at.time() != time():
            by_moment[article.published_at] = article.id
    pairs = (
        (article.id, by_title.get(normalize_title(article.title)) or by_moment.get(article.published_at))
        for article in articles
    )
    return {new_id: former_id for new_id, former_id in pairs if former_id}


def normalize_title(title: str) -> str:
    """Return the words of a title, as it is compared with others."""
    text = unicodedata.normalize("NFKC", strip_joiners(title)).casefold()
    return " ".join(re.findall(r"\w+", text))
