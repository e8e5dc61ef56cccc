"""The events of the last days: the articles that tell the same news, side by side."""

from __future__ import annotations

from datetime import datetime

from bot.newsroom.tracker.decider import WINDOW_HOURS, fade_of_events
from bot.newsroom.tracker.space import Likeness, Member, Space
from bot.newsroom.tracker.words import Rarity, Told


class Events:
    """Articles by event, and how rare words are among them."""

    def __init__(self, size: int) -> None:
        self._space = Space(size)
        self._members: dict[str, Member] = {}
        self.rarity = Rarity()

    def likest(self, told: Told, at: datetime) -> tuple[Likeness, ...]:
        """The two events that are most like a text."""
        return self._space.likest(told, at, fade_of_events, 2)

    def add(self, member: Member) -> None:
        """Take an article in."""
        self._space.add(member)
        self._members[member.key] = member
        self.rarity.add(member.told.weights)

    def cohesion(self, one: str, other: str) -> float:
        """How alike two events are."""
        return self._space.cohesion(one, other)

    def merge(self, event: str, into: str) -> None:
        """Two events have turned out to be one."""
        self._space.merge(event, into)

    def of(self, article_id: str) -> str:
        """The event of an article; empty when it is in none, or no longer."""
        return self._space.group_of(article_id) if article_id in self._space else ""

    def member(self, article_id: str) -> Member | None:
        """An article, while its event is not over."""
        return self._members.get(article_id)

    def members(self, event: str) -> tuple[Member, ...]:
        """The articles of an event, in the order in which they came."""
        return self._space.members(event)

    def expire(self, now: datetime, capacity: int) -> tuple[str, ...]:
        """Let go of the events that are over at a time, and of the oldest articles beyond a number: their ids."""
        over = [member.key for event in self._space.rested(WINDOW_HOURS, now) for member in self.members(event)]
        kept = len(self._members) - len(over)
        if kept > capacity:
            # A tenth at once, so that it is not done again at the next article.
            gone = set(over)
            left = [key for key in self._members if key not in gone]
            over += left[: kept - capacity + capacity // 10]
        self._space.remove(over)
        for key in over:
            self.rarity.add(self._members.pop(key).told.weights, -1)
        return tuple(over)
