"""From a publisher's bytes to articles: parsed in a process of its own, cleaned, each with a lasting id."""

from __future__ import annotations

from bot.newsroom.parsing.parser import Parser
from bot.newsroom.parsing.results import FeedFormat, PageLead, ParsedFeed, SkippedEntry

__all__ = ["FeedFormat", "PageLead", "ParsedFeed", "Parser", "SkippedEntry"]
