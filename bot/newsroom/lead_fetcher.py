"""The lead of an article whose feed gives only a title, fetched from the article's page."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from bot.errors import FetchError, ParsingError
from bot.model.article import TEXT_LIMIT, Article
from bot.newsroom.feeds.feed_tools import FeedTools

log = logging.getLogger(__name__)

#: A shorter text is not a lead.
MIN_CHARACTERS = 80
#: How long to wait for a page: news does not wait long for a lead.
TIMEOUT_SECONDS = 15.0


class LeadFetcher:
    """Fetches leads by the tools of the feeds: within their limits, and parsed in the worker."""

    def __init__(self, feed_tools: FeedTools) -> None:
        self._feed_tools = feed_tools

    async def add_lead(self, article: Article) -> Article:
        """Return the article with its page's lead if it has none of its own.

        If the page cannot be fetched or parsed, the article is returned as it was: it can be judged by its title.
        """
        if len(article.text) >= MIN_CHARACTERS or not article.url:
            return article
        fetcher, parser = await self._feed_tools.open_tools()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await fetcher.fetch(article.url)
                lead = await parser.read_page(
                    response.body or b"", url=str(response.url), content_type=response.content_type
                )
        except (FetchError, ParsingError, TimeoutError) as exc:
            log.info("No lead of %s: %s", article.url, str(exc) or "it did not come in time")
            return article
        return replace(article, text=lead.text[:TEXT_LIMIT]) if len(lead.text) > len(article.text) else article
