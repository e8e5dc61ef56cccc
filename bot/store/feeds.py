"""Feeds, and when each is due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.cadence import FLOOR, after_jump
from bot.model.feed import BROKEN_AFTER, Feed, FeedState, Trust
from bot.store.tables import feed

_ACTIVE = feed.c.state == FeedState.ACTIVE.value
#: What a poll changes in a feed.
_POLLED = (
    "title", "state", "etag", "last_modified", "interval_seconds", "next_poll", "failures", "reason", "read_at", "succeeded_at",
)  # fmt: skip


class Feeds:
    """The feeds, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> tuple[Feed, ...]:
        """Every feed, in the order they were added."""
        return tuple(_value(row) for row in await self._connection.execute(select(feed).order_by(feed.c.id)))

    async def get(self, number: int) -> Feed | None:
        """The feed of that number, if there is one."""
        return await self._one(feed.c.id == number)

    async def at(self, url: str) -> Feed | None:
        """The feed at that address, or else one that was added by it and has moved since, if there is one."""
        return await self._one(feed.c.url == url) or await self._one(feed.c.given_url == url)

    async def add(
        self, url: str, host: str, now: datetime, *, title: str = "", trust: Trust = Trust.REVIEW, by: str = ""
    ) -> Feed | None:
        """Add a feed, due at once; None when one of that address is there already, and is left as it is."""
        if await self.at(url) is not None:
            return None
        values = {"url": url, "given_url": url, "host": host, "title": title, "trust": trust.value, "added_by": by}
        times = {"next_poll": now, "added_at": now, "interval_seconds": _seconds(FLOOR)}
        added = insert(feed).values(**values, **times).returning(feed)
        return _value((await self._connection.execute(added)).one())

    async def remove(self, number: int) -> bool:
        """Take a feed out; its articles stay known. Whether it was there."""
        return bool((await self._connection.execute(delete(feed).where(feed.c.id == number))).rowcount)

    async def describe(self, number: int, *, title: str, trust: Trust) -> None:
        """Give a feed another title and trust."""
        changed = update(feed).where(feed.c.id == number).values(title=title, trust=trust.value)
        await self._connection.execute(changed)

    async def set_state(self, value: Feed) -> None:
        """Write a feed's state, whatever it was, with what hangs on it: failures, reason, whether it was named, next poll."""
        columns = ("state", "failures", "reason", "named", "next_poll")
        row = _row(value)
        changed = update(feed).where(feed.c.id == value.number).values({name: row[name] for name in columns})
        await self._connection.execute(changed)

    async def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> tuple[Feed, ...]:
        """Feeds to poll now, longest due first, at most one of a host and none of the hosts in ``without``."""
        turn = func.row_number().over(partition_by=feed.c.host, order_by=(feed.c.next_poll, feed.c.id)).label("turn")
        waiting = select(feed, turn).where(_ACTIVE, feed.c.next_poll <= now, feed.c.host.not_in(list(without)))
        ranked = waiting.subquery()
        first = select(ranked).where(ranked.c.turn == 1).order_by(ranked.c.next_poll, ranked.c.id).limit(limit)
        return tuple(_value(row) for row in await self._connection.execute(first))

    async def next_poll(self) -> datetime | None:
        """When the next feed is due; None when none will be."""
        first = select(func.min(feed.c.next_poll)).where(_ACTIVE)
        when: datetime | None = (await self._connection.execute(first)).scalar_one_or_none()
        return when

    async def save(self, polled: Sequence[Feed]) -> None:
        """Write what polls changed in these feeds. One that was paused or removed meanwhile stays so."""
        if not polled:
            return
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _POLLED}
        # Whoever has been told of a broken feed meanwhile has been told; once it works again that is forgotten.
        values["named"] = case((bindparam("new_failures", type_=Integer) == 0, 0), else_=feed.c.named)
        written = update(feed).where(feed.c.id == bindparam("number"), _ACTIVE).values(values)
        rows = [_row(value) for value in polled]
        await self._connection.execute(
            written, [{"number": row["id"], **{f"new_{name}": row[name] for name in _POLLED}} for row in rows]
        )

    async def move(self, number: int, url: str, host: str) -> bool:
        """Keep a feed's new address; False, and nothing is changed, when another feed has it."""
        if await self._one((feed.c.url == url) & (feed.c.id != number)) is not None:
            return False
        await self._connection.execute(update(feed).where(feed.c.id == number).values(url=url, host=host))
        return True

    async def are_ahead(self, now: datetime) -> bool:
        """Return whether a feed was read later than now: the clock was put back after that."""
        read = select(feed.c.id).where(or_(feed.c.read_at > now, feed.c.succeeded_at > now)).limit(1)
        return (await self._connection.execute(read)).first() is not None

    async def recompute(self, now: datetime) -> None:
        """Time anew the polls that wait for too long: the clock has been put back. No feed was read later than now."""
        for column in (feed.c.read_at, feed.c.succeeded_at):
            await self._connection.execute(update(feed).where(column > now).values({column.name: now}))
        waiting = await self._connection.execute(select(feed).where(_ACTIVE, feed.c.next_poll > now))
        timed = [(value, after_jump(value, now)) for value in map(_value, waiting)]
        sooner = [after for before, after in timed if after.next_poll < before.next_poll]
        for value in sooner:
            changed = update(feed).where(feed.c.id == value.number).values(next_poll=value.next_poll)
            await self._connection.execute(changed)

    async def put_off_host(self, host: str, until: datetime) -> None:
        """Leave all feeds of a host alone until then."""
        sooner = update(feed).where(feed.c.host == host, feed.c.next_poll < until)
        await self._connection.execute(sooner.values(next_poll=until))

    async def unnamed(self) -> tuple[Feed, ...]:
        """The feeds that are broken or gone, and that the desk has not been told of."""
        broken = (_ACTIVE & (feed.c.failures >= BROKEN_AFTER)) | (feed.c.state == FeedState.GONE.value)
        rows = await self._connection.execute(select(feed).where(feed.c.named == 0, broken).order_by(feed.c.id))
        return tuple(_value(row) for row in rows)

    async def mark_named(self, number: int) -> None:
        """Note that the desk has been told."""
        await self._connection.execute(update(feed).where(feed.c.id == number).values(named=1))

    async def _one(self, condition: Any) -> Feed | None:
        row = (await self._connection.execute(select(feed).where(condition))).first()
        return None if row is None else _value(row)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _value(row: Row[Any]) -> Feed:
    return Feed(
        number=row.id,
        url=row.url,
        host=row.host,
        next_poll=row.next_poll,
        interval=timedelta(seconds=row.interval_seconds),
        added_at=row.added_at,
        title=row.title,
        trust=Trust(row.trust),
        state=FeedState(row.state),
        etag=row.etag,
        last_modified=row.last_modified,
        failures=row.failures,
        reason=row.reason,
        named=bool(row.named),
        read_at=row.read_at,
        succeeded_at=row.succeeded_at,
        added_by=row.added_by,
    )


def _row(value: Feed) -> dict[str, Any]:
    return {
        "id": value.number,
        "title": value.title,
        "state": value.state.value,
        "etag": value.etag,
        "last_modified": value.last_modified,
        "interval_seconds": _seconds(value.interval),
        "next_poll": value.next_poll,
        "failures": value.failures,
        "reason": value.reason,
        "named": int(value.named),
        "read_at": value.read_at,
        "succeeded_at": value.succeeded_at,
    }
