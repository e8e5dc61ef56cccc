"""Articles as drafts of developments: what of an article is published, and with which source."""

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
    """Return an article as a draft for a story of that kind. Its text is not copied, because it is its publisher's: the link leads there.

    The draft is dated by the article's publication, in the desk's time zone. Articles of the same news become further
    sources.
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
    """Return an article as a source, named by its publisher, or else by its feed or its host."""
    publisher = article.publisher or feed_label or get_host_label(article.url) or "a feed"
    return Source(
        publisher=shorten(publisher, NAME_LIMIT),
        title=shorten(article.title, _TITLE_LIMIT),
        url=_get_valid_url(article.url),
        date=_get_date(article, zone),
    )


def get_host_label(url: str) -> str:
    """Return the host of a link as the name of its publisher, without ``www.``; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def shorten(text: str, limit: int) -> str:
    """Return a text on one line; if it is longer than the limit, it is cut at a blank."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return head.rsplit(" ", 1)[0].rstrip(" ,;:-") + "…" if " " in head[limit // 2 :] else head + "…"


def _get_date(article: Article, zone: ZoneInfo) -> PartialDate:
    return PartialDate.from_date(article.published_at.astimezone(zone).date())


def _get_valid_url(url: str) -> str:
    """Return the link if a source may have it, else an empty text: an article without a link is still a source."""
    try:
        return check_url("url", url) if url and len(url) <= URL_LIMIT else ""
    except InputError:
        return ""
