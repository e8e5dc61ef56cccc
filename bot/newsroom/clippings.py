"""An article as a development: what of it is published, and under whose name."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import InputError
from bot.model.article import Article
from bot.model.dates import PartialDate
from bot.model.review import Suggestion
from bot.model.story import Source
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import DevelopmentDraft
from bot.newsroom.limits import HEADLINE_LIMIT, NAME_LIMIT, URL_LIMIT, check_url

_TITLE_LIMIT = HEADLINE_LIMIT * 2


def clipping(
    article: Article,
    suggestion: Suggestion,
    kind: Kind,
    zone: ZoneInfo,
    *,
    feed_label: str,
    also: Iterable[Article] = (),
) -> DevelopmentDraft:
    """An article as a development of a story of that kind; its text stays its publisher's, behind the link.

    It is dated by its publication, in the desk's time zone; articles that tell the same are further sources.
    """
    told = (article, *also)
    sources = dict.fromkeys(source_of(one, zone, feed_label=feed_label if one is article else "") for one in told)
    return DevelopmentDraft(
        date=_day(article, zone),
        headline=shortened(article.title, HEADLINE_LIMIT),
        claim=suggestion.claim,
        stage=suggestion.stage if kind.is_deal else None,
        sources=tuple(sources),
    )


def source_of(article: Article, zone: ZoneInfo, *, feed_label: str = "") -> Source:
    """The article as a source: its publisher, or else its feed or its host."""
    publisher = article.publisher or feed_label or urlsplit(article.url).hostname or "a feed"
    return Source(
        publisher=shortened(publisher, NAME_LIMIT),
        title=shortened(article.title, _TITLE_LIMIT),
        url=_link(article.url),
        date=_day(article, zone),
    )


def shortened(text: str, limit: int) -> str:
    """A text on one line, cut at a blank if it is longer than the limit."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return cut.rsplit(" ", 1)[0].rstrip(" ,;:-") + "…" if " " in cut[limit // 2 :] else cut + "…"


def _day(article: Article, zone: ZoneInfo) -> PartialDate:
    return PartialDate.of(article.published.astimezone(zone).date())


def _link(url: str) -> str:
    """The link if it is one that a source may have; an article without one is still a source."""
    try:
        return check_url("url", url) if url and len(url) <= URL_LIMIT else ""
    except InputError:
        return ""
