"""Which destinations want a development, and how each gets it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import FollowState, Place, TargetKind
from bot.model.story import Development, Story
from bot.model.terms import Only, Ping, Terms
from bot.model.timetable import Mode
from bot.store import tables as t
from bot.store.parts import AT_ONCE, parts

log = logging.getLogger(__name__)

_PLACE = (t.destination.c.place, t.destination.c.guild_id, t.destination.c.discord_id)
_TERMS = tuple(
    t.follow.c[name] for name in ("mode", "only", "words", "without", "role_id", "ping", "silent", "threads")
)
#: The column of the follow table for each of the terms, but those that are lists.
_PLAIN = ("mode", "role_id", "ping", "silent", "threads")
#: Where several follows of a destination want a development, the earliest of their modes holds.
_EARLIEST = (Mode.INSTANT, Mode.DAILY, Mode.WEEKLY)


@dataclass(frozen=True, slots=True)
class Wanting:
    """A destination whose follows take a development: its number, and how they together want it."""

    destination: int
    role_ids: tuple[int, ...] = ()
    place: Place = Place.CHANNEL
    owner_id: int = 0
    mode: Mode = Mode.INSTANT
    silent: bool = False
    threads: bool = False


class Wants:
    """The follows of those who want a story, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, story: Story, development: Development) -> tuple[Wanting, ...]:
        """Every destination with an active follow whose target and terms take this development, once each."""
        keys = await target_keys(self._connection, story)
        found = await self._connection.execute(
            select(t.follow.c.destination_id, *_PLACE, *_TERMS)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            .where(t.follow.c.target_key.in_(keys), t.follow.c.state == FollowState.ACTIVE.value)
            .order_by(t.follow.c.id)
        )
        # Thousands of follows have few different terms: each is read and judged once.
        taken: dict[tuple[Any, ...], Terms | None] = {}
        met: dict[int, tuple[Row[Any], list[Terms]]] = {}
        for rows in found.partitions(AT_ONCE):
            for row in rows:
                said = row[-len(_TERMS) :]
                if said not in taken:
                    taken[said] = _taking(row, story, development)
                takes = taken[said]
                if takes is not None:
                    met.setdefault(row[0], (row, []))[1].append(takes)
            await asyncio.sleep(0)
        return await _all_together(met.values(), story, development)


def _taking(row: Row[Any], story: Story, development: Development) -> Terms | None:
    """Return a follow's terms if they take this development. Terms that cannot be read must keep nobody else from it."""
    try:
        terms = terms_of(row)
        return None if terms.refusal(story, development) else terms
    except Exception:
        log.exception("A follow of destination %d has terms that cannot be read; it gets nothing.", row.destination_id)
        return None


async def _all_together(
    met: Iterable[tuple[Row[Any], list[Terms]]], story: Story, development: Development
) -> tuple[Wanting, ...]:
    """What each destination's follows come to; again, few different ones."""
    known: dict[tuple[Any, ...], Wanting] = {}
    wanting: list[Wanting] = []
    for some in parts(list(met)):
        for row, terms in some:
            # By which objects they are: each of the terms is one, and to compare what they hold takes longer than all else.
            key = (row.place, *map(id, terms))
            if key not in known:
                known[key] = _together(row, terms, story, development)
            like = known[key]
            owner = row.guild_id or row.discord_id
            wanting.append(
                Wanting(row.destination_id, like.role_ids, like.place, owner, like.mode, like.silent, like.threads)
            )
        await asyncio.sleep(0)
    return tuple(wanting)


def _together(row: Row[Any], terms: Sequence[Terms], story: Story, development: Development) -> Wanting:
    roles = dict.fromkeys(role for each in terms if (role := each.role_for(story, development)))
    place = Place(row.place)
    return Wanting(
        destination=row.destination_id,
        role_ids=tuple(roles),
        place=place,
        owner_id=row.guild_id or row.discord_id,
        mode=next(mode for mode in _EARLIEST if any(each.mode is mode for each in terms)),
        silent=all(each.silent for each in terms),
        threads=place is Place.FORUM or any(each.threads for each in terms),
    )


def terms_of(row: Row[Any]) -> Terms:
    """The terms in a row of the follow table."""
    return Terms(
        mode=Mode(row.mode),
        only=frozenset(Only(word) for word in row.only.split()),
        words=tuple(row.words.splitlines()),
        without=tuple(row.without.splitlines()),
        role_id=row.role_id,
        ping=Ping(row.ping),
        silent=bool(row.silent),
        threads=bool(row.threads),
    )


def columns_of(terms: Terms) -> dict[str, Any]:
    """The follow table's columns for these terms."""
    plain: dict[str, Any] = {name: getattr(terms, name) for name in _PLAIN}
    return {
        **plain,
        "mode": terms.mode.value,
        "ping": terms.ping.value,
        "silent": int(terms.silent),
        "threads": int(terms.threads),
        "only": " ".join(sorted(only.value for only in terms.only)),
        "words": _lines(terms.words),
        "without": _lines(terms.without),
    }


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)


async def target_keys(connection: AsyncConnection, story: Story) -> list[str]:
    """The keys of every target that wants a story."""
    names = [party.company for party in story.parties]
    numbers = await connection.execute(select(t.company.c.id).where(t.company.c.name.in_(names)))
    own = await connection.execute(select(t.story.c.id).where(t.story.c.slug == story.slug))
    return [
        TargetKind.EVERYTHING.value,
        f"kind:{story.kind.value}",
        *(f"story:{number}" for number in own.scalars()),
        *(f"company:{number}" for number in numbers.scalars()),
    ]
