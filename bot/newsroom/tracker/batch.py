"""Tracking of many articles without a desk: a first article opens a story, and later ones join it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.model.article import Article
from bot.model.tracking import Decision
from bot.newsroom.field_validation import slugify
from bot.newsroom.tracker.embedding import Vector
from bot.newsroom.tracker.tracker import Tracker

#: How many articles are embedded at once.
_BATCH_SIZE = 64


@dataclass(frozen=True, slots=True)
class TrackedArticle:
    """An article with its event, its story, the tracker's decision when the article came, and the decision's score."""

    id: str
    event: str
    story: str
    decision: Decision
    score: float


def track_articles(
    tracker: Tracker, articles: Sequence[Article], *, progress: Callable[[int, int], None] = lambda _count, _total: None
) -> Iterator[TrackedArticle]:
    """Yield all articles in the order of their publication, those of one time in the order given.

    Nothing is yielded before the last article is judged, because an article can show that two earlier events are one.
    """
    sorted_articles = sorted(articles, key=lambda article: article.published_at)
    batch = BatchTracker(tracker)
    for start in range(0, len(sorted_articles), _BATCH_SIZE):
        chunk = sorted_articles[start : start + _BATCH_SIZE]
        for article, vector in zip(chunk, tracker.embed(chunk), strict=True):
            batch.add(article, vector)
        progress(start + len(chunk), len(sorted_articles))
    yield from batch.get_results()


class BatchTracker:
    """Puts articles into stories by the tracker's decisions alone."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._articles: list[TrackedArticle] = []
        self._slugs: set[str] = set()
        self._merged_events: dict[str, str] = {}
        self._merged_stories: dict[str, str] = {}
        self._story_by_event: dict[str, str] = {}

    def add(self, article: Article, vector: Vector) -> None:
        """Judge an article, and put it into its story, or into a new one."""
        pending = self._tracker.evaluate(article, vector)
        judgement = pending.judgement
        self._tracker.commit(pending)
        event_story = self._story_by_event.get(_resolve(self._merged_events, judgement.event), "")
        story = judgement.story or _resolve(self._merged_stories, event_story) or self._create_slug(article.title)
        self._tracker.assign(article.id, story)
        if pending.duplicate_event:
            self._merged_events[pending.duplicate_event] = judgement.event
            other_story = _resolve(self._merged_stories, self._story_by_event.get(pending.duplicate_event, story))
            if other_story != _resolve(self._merged_stories, story):
                self._merged_stories[other_story] = _resolve(self._merged_stories, story)
                self._tracker.merge_stories(other_story, story)
        self._story_by_event.setdefault(judgement.event, story)
        self._articles.append(TrackedArticle(article.id, judgement.event, story, judgement.decision, judgement.score))

    def get_results(self) -> Iterator[TrackedArticle]:
        """Yield every article with the event and the story into which its own were merged."""
        for each in self._articles:
            yield replace(
                each, event=_resolve(self._merged_events, each.event), story=_resolve(self._merged_stories, each.story)
            )

    def _create_slug(self, title: str) -> str:
        slug = base = slugify(title)
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{base}-{number}"
        self._slugs.add(slug)
        return slug


def _resolve(successors: Mapping[str, str], name: str) -> str:
    while name in successors:
        name = successors[name]
    return name
