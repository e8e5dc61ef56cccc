"""The recent articles by event, as the tracker compares new ones with them."""

from __future__ import annotations

from datetime import datetime

from bot.newsroom.tracker.decider import WINDOW_HOURS, can_share_event, compute_event_decay
from bot.newsroom.tracker.similarity import GroupMatch, GroupMember, SimilarityIndex
from bot.newsroom.tracker.text_features import DocumentFrequencies

#: How many similar events are looked at, of which some are left out.
_SIMILAR_EVENT_LIMIT = 8


class EventClusters:
    """Articles by event, and the document frequencies of their words."""

    def __init__(self, size: int) -> None:
        self._index = SimilarityIndex(size)
        self._members: dict[str, GroupMember] = {}
        self.frequencies = DocumentFrequencies()

    def find_nearest(self, member: GroupMember) -> tuple[GroupMatch, ...]:
        """Return the two most similar events that an article can belong to."""
        matches = self._index.find_nearest(
            member.features, member.published_at, compute_event_decay, _SIMILAR_EVENT_LIMIT
        )
        return tuple(match for match in matches if can_share_event(member, self.get_members(match.group)))[:2]

    def add(self, member: GroupMember) -> None:
        """Add an article."""
        self._index.add(member)
        self._members[member.key] = member
        self.frequencies.add(member.features.weights)

    def compute_cohesion(self, one: str, other: str) -> float:
        """Return how similar two events are."""
        return self._index.compute_cohesion(one, other)

    def merge(self, event: str, target: str) -> None:
        """Move all articles of an event into another one."""
        self._index.merge(event, target)

    def find_event(self, article_id: str) -> str:
        """Return the event of an article; empty if it is in none, or no longer."""
        return self._index.get_group(article_id) if article_id in self._index else ""

    def get_member(self, article_id: str) -> GroupMember | None:
        """Return an article; None if its event is over."""
        return self._members.get(article_id)

    def get_members(self, event: str) -> tuple[GroupMember, ...]:
        """Return the articles of an event, in the order in which they came."""
        return self._index.get_members(event)

    def expire(self, now: datetime, capacity: int) -> tuple[str, ...]:
        """Remove the events that are over, and the oldest articles beyond the capacity; return their ids."""
        expired_keys = [
            member.key for event in self._index.find_inactive(WINDOW_HOURS, now) for member in self.get_members(event)
        ]
        count = len(self._members) - len(expired_keys)
        if count > capacity:
            # A tenth is removed at once, so that this is not repeated at the next article.
            expired = set(expired_keys)
            remaining_keys = [key for key in self._members if key not in expired]
            expired_keys += remaining_keys[: count - capacity + capacity // 10]
        self._index.remove(expired_keys)
        for key in expired_keys:
            self.frequencies.add(self._members.pop(key).features.weights, -1)
        return tuple(expired_keys)
