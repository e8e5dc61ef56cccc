"""Labelled news, read for the tracker: articles in the order of their publication, with vectors.

The labelled news of ``../shared/news`` is no part of the project; the streams of ``benchmarks/streams`` are our own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.model.article import Article
from bot.newsroom.article_lines import read_articles
from bot.newsroom.tracker import Embedder, Tracker
from bot.newsroom.tracker.embedding import Vector

NEWS = Path(__file__).parents[2] / "shared" / "news"
STREAMS = Path(__file__).parent / "streams"


@dataclass(frozen=True, slots=True)
class LabelledNews:
    """Articles in the order of their publication; for each the event and the story that it belongs to, and its vector.

    Of news that has one label, both are that. ``embedding_seconds`` is the processor time of all vectors.
    """

    articles: Sequence[Article]
    events: Sequence[str]
    stories: Sequence[str]
    vectors: Sequence[Vector]
    embedding_seconds: float


def read_news(path: Path, embedder: Embedder | None, *, with_leads: bool = True) -> LabelledNews:
    """Read labelled news; without leads, each article is its title."""
    articles = sorted((article for _, article in read_articles(path)), key=lambda article: article.published_at)
    if not with_leads:
        articles = [replace(article, text="") for article in articles]
    labels = {str(line["id"]): line for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    start = time.process_time()
    vectors = Tracker(embedder).embed(articles)
    return LabelledNews(
        articles,
        [str(labels[each.id].get("event", labels[each.id].get("gold"))) for each in articles],
        [str(labels[each.id].get("story", labels[each.id].get("gold"))) for each in articles],
        vectors,
        time.process_time() - start,
    )
