"""Similarity of a text to groups of texts. Arithmetic, no decisions.

The similarity to a group (an event, a story) is the mean of the similarities to its centroid and to its nearest member. The
first member of a story, its headline, counts a second time. Then the similarity decays with the time since the newest
member of the group.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bot.model.tracking import StatedStatus
from bot.newsroom.tracker.text_features import TextFeatures

Floats = npt.NDArray[np.float64]
#: Maps the hours that a group has rested to the part of its similarity that remains.
Decay = Callable[[Floats], Floats]
_INITIAL_SIZE = 64
_Item = TypeVar("_Item", bound=np.generic)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A text in a group, by a key of its own.

    Attributes:
        companies: the known companies that it names.
        heading: what marks it as a round-up or as opinion (:mod:`bot.newsroom.tracker.headings`); empty for news.
    """

    key: str
    group: str
    published_at: datetime
    features: TextFeatures
    companies: frozenset[str] = frozenset()
    status: StatedStatus = field(default_factory=StatedStatus)
    heading: str = ""


@dataclass(frozen=True, slots=True)
class GroupMatch:
    """How a group compares with a text.

    Attributes:
        score: the similarity after its decay, at most 1.
        nearest_key: the key of the most similar member.
        similarity: the similarity before its decay.
        nearest_similarity: that of the most similar member.
        rest_hours: how long before the text the newest member was published; 0 if it is newer.
        size: how many members the group has.
    """

    group: str
    score: float
    nearest_key: str
    similarity: float = 0.0
    nearest_similarity: float = 0.0
    rest_hours: float = 0.0
    size: int = 1


class _Group:
    """A group's members, and the sum of their vectors, from which its centroid follows."""

    def __init__(self, index: int, size: int) -> None:
        self.index = index
        self.members: dict[str, GroupMember] = {}
        self.squared_norm = 0.0
        self._term_sums: dict[str, float] = {}
        self._vector_sum = np.zeros(size)

    def add(self, member: GroupMember) -> None:
        self.squared_norm += member.features.similarity_to(member.features) + 2.0 * self.sum_similarities(
            member.features
        )
        self.members[member.key] = member
        self._add_features(member.features, 1.0)

    def remove(self, key: str) -> GroupMember:
        member = self.members.pop(key)
        self._add_features(member.features, -1.0)
        self.squared_norm -= member.features.similarity_to(member.features) + 2.0 * self.sum_similarities(
            member.features
        )
        return member

    def _add_features(self, features: TextFeatures, factor: float) -> None:
        for term, weight in features.weights.items():
            self._term_sums[term] = self._term_sums.get(term, 0.0) + factor * weight
        self._vector_sum = self._vector_sum + factor * features.vector

    def sum_similarities(self, features: TextFeatures) -> float:
        """Return the sum of a text's similarities to all members."""
        word_similarity = sum(weight * self._term_sums.get(term, 0.0) for term, weight in features.weights.items())
        return (
            0.5 * word_similarity + 0.5 * float(self._vector_sum @ features.vector)
            if len(features.vector)
            else word_similarity
        )


class SimilarityIndex:
    """An index of members in groups. Adding and removing cost less than a comparison.

    ``size`` is the length of the dense vectors, 0 without; ``first_weight`` is how much a group's first member counts by
    itself.
    """

    def __init__(self, size: int, *, first_weight: float = 0.0) -> None:
        self._size = size
        self._first_weight = first_weight
        self._groups: dict[str, _Group] = {}
        self._group_of: dict[str, str] = {}
        self._clear()

    def _clear(self) -> None:
        # Group 0 has the rows of removed members, until there are too many of them.
        self._names = [""]
        self._keys: list[str] = []
        self._row_by_key: dict[str, int] = {}
        self._group_indices: npt.NDArray[np.int64] = np.zeros(_INITIAL_SIZE, np.int64)
        self._vectors: npt.NDArray[np.float32] = np.zeros((_INITIAL_SIZE, self._size), np.float32)
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        # For each group: its centroid's length, the time of its newest member (hours), and the row of its first member.
        self._norms: Floats = np.ones(_INITIAL_SIZE)
        self._newest_hours: Floats = np.full(_INITIAL_SIZE, -np.inf)
        self._first_rows: npt.NDArray[np.int64] = np.zeros(_INITIAL_SIZE, np.int64)

    def __contains__(self, key: str) -> bool:
        return key in self._group_of

    def __len__(self) -> int:
        return len(self._group_of)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups that have members, oldest first."""
        return tuple(self._groups)

    def get_group(self, key: str) -> str:
        """Return the group of a member."""
        return self._group_of[key]

    def get_members(self, group: str) -> tuple[GroupMember, ...]:
        """Return the members of a group in the order in which they came, none for an unknown group."""
        return tuple(self._groups[group].members.values()) if group in self._groups else ()

    def add(self, member: GroupMember) -> None:
        """Add a member to its group. Do nothing if the key is already there."""
        if member.key in self._group_of:
            return
        row = len(self._keys)
        if row == len(self._group_indices):
            self._group_indices, self._vectors = _double(self._group_indices), _double(self._vectors)
        self._keys.append(member.key)
        self._row_by_key[member.key] = row
        self._vectors[row] = member.features.vector
        for term, weight in member.features.weights.items():
            rows, weights = self._postings.setdefault(term, (array("q"), array("d")))
            rows.append(row)
            weights.append(weight)
        self._add_to_group(member)

    def _add_to_group(self, member: GroupMember) -> None:
        group = self._groups.get(member.group)
        if group is None:
            group = self._groups[member.group] = _Group(len(self._names), self._size)
            self._names.append(member.group)
            if len(self._names) > len(self._norms):
                self._norms, self._first_rows = _double(self._norms), _double(self._first_rows)
                self._newest_hours = np.concatenate([self._newest_hours, np.full_like(self._newest_hours, -np.inf)])
        group.add(member)
        self._group_of[member.key] = member.group
        self._group_indices[self._row_by_key[member.key]] = group.index
        self._refresh(group, max(float(self._newest_hours[group.index]), _to_hours(member.published_at)))

    def _refresh(self, group: _Group, newest: float) -> None:
        self._norms[group.index] = max(group.squared_norm, 1e-9) ** 0.5
        self._newest_hours[group.index] = newest
        self._first_rows[group.index] = self._row_by_key[next(iter(group.members))]

    def _remove_from_group(self, key: str) -> GroupMember:
        group = self._groups[self._group_of.pop(key)]
        member = group.remove(key)
        if group.members:
            self._refresh(group, max(_to_hours(other.published_at) for other in group.members.values()))
        else:
            del self._groups[member.group]
            self._newest_hours[group.index] = -np.inf
        return member

    def remove(self, keys: Iterable[str]) -> None:
        """Remove members, and groups that have none left. Unknown keys are ignored."""
        for key in keys:
            if key in self._group_of:
                self._remove_from_group(key)
                self._group_indices[self._row_by_key.pop(key)] = 0
        if len(self._keys) > 2 * len(self) + _INITIAL_SIZE:
            self._rebuild()

    def merge(self, group: str, target: str) -> None:
        """Move the members of a group into another one."""
        for key in [member.key for member in self.get_members(group)]:
            self._add_to_group(replace(self._remove_from_group(key), group=target))

    def _rebuild(self) -> None:
        members = {member.key: member for group in self._groups.values() for member in group.members.values()}
        order = [members[key] for key in self._keys if key in members]
        self._groups, self._group_of = {}, {}
        self._clear()
        for member in order:
            self.add(member)

    def find_nearest(
        self,
        features: TextFeatures,
        published_at: datetime,
        decay: Decay,
        limit: int,
        awake_groups: Collection[str] = (),
    ) -> tuple[GroupMatch, ...]:
        """Return the most similar groups, best first; if equally similar, the older first.

        ``awake_groups`` count as if they had not rested.
        """
        if not self._group_of:
            return ()
        similarities = self._compare_to_all(features)
        group_indices, count = self._group_indices[: len(similarities)], len(self._names)
        best = np.full(count, -2.0)
        np.maximum.at(best, group_indices, similarities)
        centroid = np.bincount(group_indices, similarities, minlength=count) / self._norms[:count]
        score = 0.5 * centroid + 0.5 * best
        if self._first_weight:
            score = (1 - self._first_weight) * score + self._first_weight * similarities[self._first_rows[:count]]
        rest_hours = np.maximum(0.0, _to_hours(published_at) - self._newest_hours[:count])
        if awake_groups:
            rest_hours[[name in awake_groups for name in self._names]] = 0.0
        decayed = np.minimum(1.0, score * decay(rest_hours))
        sizes = np.bincount(group_indices, minlength=count)
        decayed[sizes == 0] = -2.0
        decayed[0] = -2.0
        order = np.argsort(-decayed, kind="stable")[:limit]
        return tuple(
            GroupMatch(
                self._names[index],
                float(decayed[index]),
                self._find_nearest_key(similarities, index),
                float(score[index]),
                float(best[index]),
                float(rest_hours[index]),
                int(sizes[index]),
            )
            for index in order.tolist()
            if decayed[index] > -1.0
        )

    def _find_nearest_key(self, similarities: Floats, group_index: int) -> str:
        rows = np.flatnonzero(self._group_indices[: len(similarities)] == group_index)
        return self._keys[int(rows[np.argmax(similarities[rows])])]

    def _compare_to_all(self, features: TextFeatures) -> Floats:
        count = len(self._keys)
        word_similarities = np.zeros(count)
        for term, weight in features.weights.items():
            posting = self._postings.get(term)
            if posting is not None:
                # A text has each term once, so no row is twice in one posting.
                word_similarities[np.frombuffer(posting[0], np.int64)] += weight * np.frombuffer(posting[1])
        if not self._size:
            return word_similarities
        return 0.5 * word_similarities + 0.5 * (self._vectors[:count] @ features.vector).astype(np.float64)

    def compute_cohesion(self, one: str, other: str) -> float:
        """Return how similar two groups are: the cosine of their centroids."""
        first, second = self._groups[one], self._groups[other]
        total = sum(second.sum_similarities(member.features) for member in first.members.values())
        return float(total / max(first.squared_norm * second.squared_norm, 1e-9) ** 0.5)

    def find_inactive(self, hours: float, since: datetime) -> tuple[str, ...]:
        """Return the groups whose newest member was published more than this many hours before a time."""
        newest = self._newest_hours[: len(self._names)]
        indices = np.flatnonzero((_to_hours(since) - newest > hours) & (newest > -np.inf))
        return tuple(self._names[index] for index in indices.tolist())


def _to_hours(moment: datetime) -> float:
    return moment.timestamp() / 3600


def _double(values: npt.NDArray[_Item]) -> npt.NDArray[_Item]:
    return np.concatenate([values, np.zeros_like(values)])
