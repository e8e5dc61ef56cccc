"""An article of a feed, cleaned, as the newsroom works with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.model.invisible_characters import strip_joiners

#: The limits of an article's title and text, in characters.
TITLE_LIMIT = 500
TEXT_LIMIT = 4_000


@dataclass(frozen=True, slots=True)
class Article:
    """An article. All text is plain, cleaned and within the limits.

    Attributes:
        id: the same whenever the article is fetched again, even if its content has changed.
        published_at: aware, UTC.
        text: the lead, or as much as is known; empty if only the title is known.
        url: as published, http or https; empty if it is unknown.
        former_ids: ids that stores of the first version may have for it.
    """

    id: str
    title: str
    published_at: datetime
    text: str = ""
    url: str = ""
    publisher: str = ""
    former_ids: tuple[str, ...] = field(default=(), compare=False)


def find_former_ids(articles: Iterable[Article], missing_articles: Iterable[Article]) -> dict[str, str]:
    """Match articles to those that have disappeared from their feed, and return old ids by new ids.

    Two match if they have the same title, or the same time of publication; a date without a time is no such time.
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
    """Return the words of a title in the form in which titles are compared."""
    text = unicodedata.normalize("NFKC", strip_joiners(title)).casefold()
    return " ".join(re.findall(r"\w+", text))
