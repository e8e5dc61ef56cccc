"""Texts side by side in groups: how alike a new one is to each group. Arithmetic, no decision.

A group (an event, a story) is as like a text as the mean of its centroid and its nearest member; of a story its first
member, the headline, counts once more. Time then fades what is like.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bot.model.tracking import Position
from bot.newsroom.tracker.words import Told

Floats = npt.NDArray[np.float64]
#: From hours that a group has rested to what of its likeness is left.
Fade = Callable[[Floats], Floats]
_FIRST = 64
_Item = TypeVar("_Item", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Member:
    """A text in its group; two members never share a key. ``companies`` are the known ones that it names."""

    key: str
    group: str
    at: datetime
    told: Told
    companies: frozenset[str] = frozenset()
    position: Position = field(default_factory=Position)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a text one group is, at most 1, after time has faded it, and the member that is most like it."""

    group: str
    score: float
    nearest: str


class _Group:
    """A group's members and the sum of their vectors, from which its centroid follows."""

    def __init__(self, number: int, size: int) -> None:
        self.number = number
        self.members: dict[str, Member] = {}
        self.square = 0.0
        self._words: dict[str, float] = {}
        self._dense = np.zeros(size)

    def add(self, member: Member) -> None:
        self.square += member.told.alike(member.told) + 2.0 * self.beside(member.told)
        self.members[member.key] = member
        self._count(member.told, 1.0)

    def remove(self, key: str) -> Member:
        member = self.members.pop(key)
        self._count(member.told, -1.0)
        self.square -= member.told.alike(member.told) + 2.0 * self.beside(member.told)
        return member

    def _count(self, told: Told, times: float) -> None:
        for term, weight in told.weights.items():
            self._words[term] = self._words.get(term, 0.0) + times * weight
        self._dense = self._dense + times * told.vector

    def beside(self, told: Told) -> float:
        """The sum of a text's likenesses to all members."""
        words = sum(weight * self._words.get(term, 0.0) for term, weight in told.weights.items())
        return 0.5 * words + 0.5 * float(self._dense @ told.vector) if len(told.vector) else words


class Space:
    """Members in groups. Adding and removing cost less than a comparison.

    ``size`` is the length of the dense vectors, 0 without; ``face`` what a group's first member counts for itself.
    """

    def __init__(self, size: int, *, face: float = 0.0) -> None:
        self._size = size
        self._face = face
        self._groups: dict[str, _Group] = {}
        self._group_of: dict[str, str] = {}
        self._clear()

    def _clear(self) -> None:
        # Number 0 is nobody's: the rows of members that are gone, until there are too many of them.
        self._names = [""]
        self._keys: list[str] = []
        self._rows: dict[str, int] = {}
        self._where: npt.NDArray[np.int64] = np.zeros(_FIRST, np.int64)
        self._dense: npt.NDArray[np.float32] = np.zeros((_FIRST, self._size), np.float32)
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        # Of each group: its centroid's length, when its newest member was published (hours), its first member's row.
        self._length: Floats = np.ones(_FIRST)
        self._newest: Floats = np.full(_FIRST, -np.inf)
        self._first: npt.NDArray[np.int64] = np.zeros(_FIRST, np.int64)

    def __contains__(self, key: str) -> bool:
        return key in self._group_of

    def __len__(self) -> int:
        return len(self._group_of)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that have members, in the order in which they were begun."""
        return tuple(self._groups)

    def group_of(self, key: str) -> str:
        """The group that a member is in."""
        return self._group_of[key]

    def members(self, group: str) -> tuple[Member, ...]:
        """The members of a group, in the order in which they came; none for a group that is not there."""
        return tuple(self._groups[group].members.values()) if group in self._groups else ()

    def add(self, member: Member) -> None:
        """Put a member into its group; one that is there already stays as it is."""
        if member.key in self._group_of:
            return
        row = len(self._keys)
        if row == len(self._where):
            self._where, self._dense = _doubled(self._where), _doubled(self._dense)
        self._keys.append(member.key)
        self._rows[member.key] = row
        self._dense[row] = member.told.vector
        for term, weight in member.told.weights.items():
            rows, weights = self._postings.setdefault(term, (array("q"), array("d")))
            rows.append(row)
            weights.append(weight)
        self._join(member)

    def _join(self, member: Member) -> None:
        group = self._groups.get(member.group)
        if group is None:
            group = self._groups[member.group] = _Group(len(self._names), self._size)
            self._names.append(member.group)
            if len(self._names) > len(self._length):
                self._length, self._first = _doubled(self._length), _doubled(self._first)
                self._newest = np.concatenate([self._newest, np.full_like(self._newest, -np.inf)])
        group.add(member)
        self._group_of[member.key] = member.group
        self._where[self._rows[member.key]] = group.number
        self._refresh(group, max(float(self._newest[group.number]), _hours(member.at)))

    def _refresh(self, group: _Group, newest: float) -> None:
        self._length[group.number] = max(group.square, 1e-9) ** 0.5
        self._newest[group.number] = newest
        self._first[group.number] = self._rows[next(iter(group.members))]

    def _part(self, key: str) -> Member:
        group = self._groups[self._group_of.pop(key)]
        member = group.remove(key)
        if group.members:
            self._refresh(group, max(_hours(other.at) for other in group.members.values()))
        else:
            del self._groups[member.group]
            self._newest[group.number] = -np.inf
        return member

    def remove(self, keys: Iterable[str]) -> None:
        """Forget members; a group without any is forgotten too. Keys that are not there do not matter."""
        for key in keys:
            if key in self._group_of:
                self._part(key)
                self._where[self._rows.pop(key)] = 0
        if len(self._keys) > 2 * len(self) + _FIRST:
            self._rebuild()

    def merge(self, group: str, into: str) -> None:
        """Put the members of one group into another."""
        for key in [member.key for member in self.members(group)]:
            self._join(replace(self._part(key), group=into))

    def _rebuild(self) -> None:
        members = {member.key: member for group in self._groups.values() for member in group.members.values()}
        order = [members[key] for key in self._keys if key in members]
        self._groups, self._group_of = {}, {}
        self._clear()
        for member in order:
            self.add(member)

    def likest(
        self, told: Told, at: datetime, fade: Fade, limit: int, awake: Collection[str] = ()
    ) -> tuple[Likeness, ...]:
        """The groups that are most like a text, best first; of equals the one that was begun first. Those ``awake`` do not fade."""
        if not self._group_of:
            return ()
        alike = self._to_each(told)
        where, count = self._where[: len(alike)], len(self._names)
        best = np.full(count, -2.0)
        np.maximum.at(best, where, alike)
        centroid = np.bincount(where, alike, minlength=count) / self._length[:count]
        score = 0.5 * centroid + 0.5 * best
        if self._face:
            score = (1 - self._face) * score + self._face * alike[self._first[:count]]
        left = fade(np.maximum(0.0, _hours(at) - self._newest[:count]))
        if awake:
            left[[name in awake for name in self._names]] = 1.0
        score = np.minimum(1.0, score * left)
        score[np.bincount(where, minlength=count) == 0] = -2.0
        score[0] = -2.0
        order = np.argsort(-score, kind="stable")[:limit]
        return tuple(
            Likeness(self._names[number], float(score[number]), self._nearest(alike, number))
            for number in order.tolist()
            if score[number] > -1.0
        )

    def _nearest(self, alike: Floats, number: int) -> str:
        rows = np.flatnonzero(self._where[: len(alike)] == number)
        return self._keys[int(rows[np.argmax(alike[rows])])]

    def _to_each(self, told: Told) -> Floats:
        count = len(self._keys)
        words = np.zeros(count)
        for term, weight in told.weights.items():
            posting = self._postings.get(term)
            if posting is not None:
                # A text has a term once, so that no row stands twice in one posting.
                words[np.frombuffer(posting[0], np.int64)] += weight * np.frombuffer(posting[1])
        if not self._size:
            return words
        return 0.5 * words + 0.5 * (self._dense[:count] @ told.vector).astype(np.float64)

    def cohesion(self, one: str, other: str) -> float:
        """How alike two groups are: the cosine of their centroids."""
        first, second = self._groups[one], self._groups[other]
        both = sum(second.beside(member.told) for member in first.members.values())
        return float(both / max(first.square * second.square, 1e-9) ** 0.5)

    def rested(self, hours: float, since: datetime) -> tuple[str, ...]:
        """The groups whose newest member was published so many hours before a time."""
        newest = self._newest[: len(self._names)]
        old = np.flatnonzero((_hours(since) - newest > hours) & (newest > -np.inf))
        return tuple(self._names[number] for number in old.tolist())


def _hours(at: datetime) -> float:
    return at.timestamp() / 3600


def _doubled(values: npt.NDArray[_Item]) -> npt.NDArray[_Item]:
    return np.concatenate([values, np.zeros_like(values)])
