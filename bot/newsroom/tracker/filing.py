"""Articles put into stories with nobody at the desk: every first article opens a story, what is surely a story's joins it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.model.article import Article
from bot.model.tracking import Decision
from bot.newsroom.limits import slug_of
from bot.newsroom.tracker.embedding import Vector
from bot.newsroom.tracker.tracker import Tracker

#: How many articles are embedded at once.
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Filed:
    """An article with its event, its story, what it was to that story when it came, and the score of that."""

    id: str
    event: str
    story: str
    decision: Decision
    score: float


def file_articles(
    tracker: Tracker, articles: Sequence[Article], *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Iterator[Filed]:
    """All articles in the order of their publishing (of one time: as given), once the last of them is judged.

    That late, because an article can show that two events before it are one.
    """
    in_time = sorted(articles, key=lambda article: article.published)
    filing = Filing(tracker)
    for start in range(0, len(in_time), _AT_ONCE):
        some = in_time[start : start + _AT_ONCE]
        for article, vector in zip(some, tracker.embed(some), strict=True):
            filing.put(article, vector)
        progress(start + len(some), len(in_time))
    yield from filing.filed()


class Filing:
    """What has been filed so far."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._put: list[Filed] = []
        self._slugs: set[str] = set()
        self._events: dict[str, str] = {}
        self._stories: dict[str, str] = {}
        self._story_of_event: dict[str, str] = {}

    def put(self, article: Article, vector: Vector) -> None:
        """Judge an article, and settle it in its story, or in one that it opens."""
        considered = self._tracker.consider(article, vector)
        judged = considered.judgement
        self._tracker.accept(considered)
        known = self._story_of_event.get(_last(self._events, judged.event), "")
        story = judged.story or _last(self._stories, known) or self._opened(article.title)
        self._tracker.settle(article.id, story)
        if considered.same:
            self._events[considered.same] = judged.event
            other = _last(self._stories, self._story_of_event.get(considered.same, story))
            if other != _last(self._stories, story):
                self._stories[other] = _last(self._stories, story)
                self._tracker.join(other, story)
        self._story_of_event.setdefault(judged.event, story)
        self._put.append(Filed(article.id, judged.event, story, judged.decision, judged.score))

    def filed(self) -> Iterator[Filed]:
        """Every article, with the event and the story that its own have become."""
        for each in self._put:
            yield replace(each, event=_last(self._events, each.event), story=_last(self._stories, each.story))

    def _opened(self, title: str) -> str:
        slug = base = slug_of(title)
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{base}-{number}"
        self._slugs.add(slug)
        return slug


def _last(became: Mapping[str, str], name: str) -> str:
    while name in became:
        name = became[name]
    return name
