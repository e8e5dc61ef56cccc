"""The known stories as the tracker sees them: headline, developments, and the articles that were settled in them."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.model.dates import PartialDate
from bot.model.story import Story
from bot.model.tracked import Part, Tracked
from bot.model.tracking import Position
from bot.newsroom.reading import read_suggestion
from bot.newsroom.tracker.decider import fade_of_stories
from bot.newsroom.tracker.space import Likeness, Member, Space
from bot.newsroom.tracker.words import Told

#: What a story's headline counts beside all that happened in it.
HEADLINE = 0.3
#: How many texts a story is known by, besides its headline: the newest.
TEXTS = 24
#: So many of its parties, named together, mean a story however long it has rested.
_PARTIES = 2


def parts_of(story: Story) -> tuple[Tracked, ...]:
    """A story's headline and its standing developments, as they are to be kept; no vectors yet."""
    newest = max((_end_of(each.date) for each in story.standing), default=datetime(1970, 1, 1, tzinfo=UTC))
    headline = Tracked(f"{story.slug}#", Part.HEADLINE, story.headline, newest, story=story.slug)
    developments = [
        Tracked(f"{story.slug}#{each.key}", Part.DEVELOPMENT, each.headline, _end_of(each.date), story=story.slug)
        for each in story.standing[-TEXTS:]
    ]
    return (headline, *developments)


def _end_of(date: PartialDate) -> datetime:
    """The last day that a date can mean: a story is not older than is known."""
    month = date.month or 12
    return datetime(date.year, month, date.day or calendar.monthrange(date.year, month)[1], tzinfo=UTC)


class Faces:
    """Stories by slug, with what each is known by."""

    def __init__(self, size: int) -> None:
        self._space = Space(size, face=HEADLINE)
        self._members: dict[str, Member] = {}
        self._titles: dict[str, str] = {}
        self._story_of: dict[str, str] = {}
        self._articles: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._parties: dict[str, frozenset[str]] = {}
        self._stories_of: defaultdict[str, set[str]] = defaultdict(set)
        self._positions: dict[str, Position] = {}

    def likest(self, told: Told, at: datetime, limit: int, companies: Collection[str] = ()) -> tuple[Likeness, ...]:
        """The stories that are most like a text, best first.

        A story fades while it rests, but not for a text that names two of its parties: it wakes.
        """
        return self._space.likest(told, at, fade_of_stories, limit, self._woken(companies))

    def _woken(self, companies: Collection[str]) -> frozenset[str]:
        named = Counter(slug for company in companies for slug in self._stories_of.get(company, ()))
        return frozenset(slug for slug, times in named.items() if times >= _PARTIES)

    def name(self, slug: str, companies: Iterable[str]) -> None:
        """These are a story's parties."""
        for company in self._parties.pop(slug, ()):
            self._stories_of[company].discard(slug)
        self._parties[slug] = frozenset(companies)
        for company in self._parties[slug]:
            self._stories_of[company].add(slug)

    def place(self, story: Story) -> None:
        """Take the stages and claims of a story's developments from the desk, whatever their headlines say."""
        for each in story.standing[-TEXTS:]:
            read = read_suggestion(each.headline)
            self._positions[f"{story.slug}#{each.key}"] = Position(each.stage or read.stage, each.claim)

    def members(self, slug: str) -> tuple[Member, ...]:
        """What a story is known by: its headline first, then in the order in which it came."""
        return tuple(
            replace(member, position=self._positions.get(member.key, member.position))
            for member in self._space.members(slug)
        )

    def member(self, key: str) -> Member | None:
        """A text that a story is known by."""
        return self._members.get(key)

    def has(self, key: str) -> bool:
        """Whether some story is known by this text."""
        return key in self._members

    def story_of(self, article_id: str) -> str:
        """The story that an article was settled in; empty for none."""
        return self._story_of.get(article_id, "")

    def add(self, member: Member, title: str) -> None:
        """A story is known by one text more."""
        self._titles[member.key] = title
        self._put(member)

    def _put(self, member: Member) -> None:
        self._members[member.key] = member
        self._space.add(member)
        texts = self._space.members(member.group)
        if len(texts) > TEXTS + 1:
            self._drop(texts[1].key)

    def _drop(self, key: str) -> None:
        self._space.remove([key])
        self._positions.pop(key, None)
        self._members.pop(key, None)
        self._titles.pop(key, None)

    def settle(self, member: Member, story: str, *, shows: bool) -> None:
        """Put an article into a story, out of the one that it was in; empty: into none. One that ``shows`` makes it known."""
        if self.story_of(member.key) == story:
            return
        self._drop(member.key)
        self.mark(member.key, story)
        if story and shows:
            self._put(replace(member, group=story))

    def mark(self, article_id: str, story: str) -> None:
        """Note the story of an article that is not compared."""
        before = self._story_of.pop(article_id, "")
        self._articles[before].pop(article_id, None)
        if story:
            self._story_of[article_id] = story
            self._articles[story][article_id] = None

    def keep_only(self, slug: str, titles: Mapping[str, str]) -> None:
        """Forget the headline and the developments of a story that are not among these, or read otherwise now."""
        for member in self._space.members(slug):
            if member.key in self._titles and titles.get(member.key) != self._titles[member.key]:
                self._drop(member.key)

    def forget(self, slug: str) -> None:
        """A story is gone."""
        self.name(slug, ())
        for member in self._space.members(slug):
            self._drop(member.key)
        for article_id in list(self._articles.pop(slug, ())):
            self._story_of.pop(article_id, None)

    def join(self, slug: str, into: str) -> None:
        """A story's articles are now another's; its headline and developments come with that one's own."""
        self.name(slug, ())
        for member in self._space.members(slug):
            if member.key in self._titles:
                self._drop(member.key)
            else:
                self._members[member.key] = replace(member, group=into)
        self._space.merge(slug, into)
        for article_id in list(self._articles.pop(slug, ())):
            self._story_of[article_id] = into
            self._articles[into][article_id] = None
