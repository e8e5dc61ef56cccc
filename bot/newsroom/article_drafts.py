"""An article as a development: what of it is published, and under whose name."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import InputError
from bot.model.article import Article
from bot.model.dates import PartialDate
from bot.model.review import Recommendation
from bot.model.story import Source
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import DevelopmentDraft
from bot.newsroom.field_validation import HEADLINE_LIMIT, NAME_LIMIT, URL_LIMIT, check_url

_TITLE_LIMIT = HEADLINE_LIMIT * 2


def draft_from_article(
    article: Article,
    recommendation: Recommendation,
    kind: Kind,
    zone: ZoneInfo,
    *,
    feed_label: str,
    same_news: Iterable[Article] = (),
) -> DevelopmentDraft:
    """An article as a development of a story of that kind; its text stays its publisher's, behind the link.

    It is dated by its publication, in the desk's time zone; articles that tell the same are further sources.
    """
    articles = (article, *same_news)
    sources = dict.fromkeys(
        source_from_article(each, zone, feed_label=feed_label if each is article else "") for each in articles
    )
    return DevelopmentDraft(
        date=_get_date(article, zone),
        headline=shorten(article.title, HEADLINE_LIMIT),
        claim=recommendation.claim,
        stage=recommendation.stage if kind.is_deal else None,
        sources=tuple(sources),
    )


def source_from_article(article: Article, zone: ZoneInfo, *, feed_label: str = "") -> Source:
    """The article as a source: its publisher, or else its feed or its host."""
    publisher = article.publisher or feed_label or urlsplit(article.url).hostname or "a feed"
    return Source(
        publisher=shorten(publisher, NAME_LIMIT),
        title=shorten(article.title, _TITLE_LIMIT),
        url=_get_valid_url(article.url),
        date=_get_date(article, zone),
    )


def shorten(text: str, limit: int) -> str:
    """A text on one line, cut at a blank if it is longer than the limit."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return head.rsplit(" ", 1)[0].rstrip(" ,;:-") + "…" if " " in head[limit // 2 :] else head + "…"


def _get_date(article: Article, zone: ZoneInfo) -> PartialDate:
    return PartialDate.from_date(article.published_at.astimezone(zone).date())


def _get_valid_url(url: str) -> str:
    """The link if it is one that a source may have; an article without one is still a source."""
    try:
        return check_url("url", url) if url and len(url) <= URL_LIMIT else ""
    except InputError:
        return ""
