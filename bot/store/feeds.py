"""Feeds, and when each of them is polled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, bindparam, case, delete, func, insert, or_, select, update

from bot.model.feed import BROKEN_AFTER_FAILURES, Feed, FeedState, Trust
from bot.model.poll_schedule import MIN_INTERVAL, reschedule_after_clock_change
from bot.store.subject import StoreSubject
from bot.store.tables import feed

_IS_ACTIVE = feed.c.state == FeedState.ACTIVE.value
#: The columns that a poll changes.
_POLL_COLUMNS = (
    "title", "state", "etag", "last_modified", "interval_seconds", "next_poll", "failures", "reason", "read_at", "succeeded_at",
)  # fmt: skip


class Feeds(StoreSubject):
    """The feeds in one transaction."""

    async def list_all(self) -> tuple[Feed, ...]:
        """Return every feed, in the order in which they were added."""
        return tuple(_to_feed(row) for row in await self._connection.execute(select(feed).order_by(feed.c.id)))

    async def find(self, feed_id: int) -> Feed | None:
        """Return the feed with this id, or None."""
        return await self._find_one(feed.c.id == feed_id)

    async def find_by_url(self, url: str) -> Feed | None:
        """Return the feed at this address, or else the feed that was added by this address and has moved since.

        None if neither.
        """
        return await self._find_one(feed.c.url == url) or await self._find_one(feed.c.given_url == url)

    async def add(
        self, url: str, host: str, now: datetime, *, title: str = "", trust: Trust = Trust.REVIEW, added_by: str = ""
    ) -> Feed | None:
        """Add a feed that is due at once.

        Return None, and change nothing, if there is one with this address already.
        """
        if await self.find_by_url(url) is not None:
            return None
        values = {
            "url": url,
            "given_url": url,
            "host": host,
            "title": title,
            "trust": trust.value,
            "added_by": added_by,
        }
        times = {"next_poll": now, "added_at": now, "interval_seconds": _to_seconds(MIN_INTERVAL)}
        statement = insert(feed).values(**values, **times).returning(feed)
        return _to_feed((await self._connection.execute(statement)).one())

    async def remove(self, feed_id: int) -> bool:
        """Remove a feed and return whether it was there. Its articles stay known."""
        return bool((await self._connection.execute(delete(feed).where(feed.c.id == feed_id))).rowcount)

    async def set_title_and_trust(self, feed_id: int, *, title: str, trust: Trust) -> None:
        """Change a feed's title and trust."""
        statement = update(feed).where(feed.c.id == feed_id).values(title=title, trust=trust.value)
        await self._connection.execute(statement)

    async def set_state(self, value: Feed) -> None:
        """Write a feed's state and what belongs to it: failures, reason, next poll, and whether the desk knows."""
        columns = ("state", "failures", "reason", "named", "next_poll")
        row = _to_row(value)
        statement = update(feed).where(feed.c.id == value.id).values({name: row[name] for name in columns})
        await self._connection.execute(statement)

    async def list_due(self, now: datetime, limit: int, *, excluded_hosts: Collection[str] = ()) -> tuple[Feed, ...]:
        """Return the feeds to poll now, longest due first.

        At most one of each host, and none of the ``excluded_hosts``.
        """
        turn = func.row_number().over(partition_by=feed.c.host, order_by=(feed.c.next_poll, feed.c.id)).label("turn")
        candidates = select(feed, turn).where(
            _IS_ACTIVE, feed.c.next_poll <= now, feed.c.host.not_in(list(excluded_hosts))
        )
        ranking = candidates.subquery()
        query = select(ranking).where(ranking.c.turn == 1).order_by(ranking.c.next_poll, ranking.c.id).limit(limit)
        return tuple(_to_feed(row) for row in await self._connection.execute(query))

    async def save(self, feeds: Sequence[Feed]) -> None:
        """Write what polls have changed in these feeds. A feed that was paused or removed meanwhile stays so."""
        if not feeds:
            return
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _POLL_COLUMNS}
        # If the desk was told of a broken feed meanwhile, this stays recorded until the feed works again.
        values["named"] = case((bindparam("new_failures", type_=Integer) == 0, 0), else_=feed.c.named)
        statement = update(feed).where(feed.c.id == bindparam("feed_id"), _IS_ACTIVE).values(values)
        rows = [_to_row(value) for value in feeds]
        await self._connection.execute(
            statement, [{"feed_id": row["id"], **{f"new_{name}": row[name] for name in _POLL_COLUMNS}} for row in rows]
        )

    async def change_url(self, feed_id: int, url: str, host: str) -> bool:
        """Change a feed's address. Return False, and change nothing, if another feed has that address."""
        if await self._find_one((feed.c.url == url) & (feed.c.id != feed_id)) is not None:
            return False
        await self._connection.execute(update(feed).where(feed.c.id == feed_id).values(url=url, host=host))
        return True

    async def has_future_reads(self, now: datetime) -> bool:
        """Return whether a feed was read later than now, as when the clock was put back afterwards."""
        query = select(feed.c.id).where(or_(feed.c.read_at > now, feed.c.succeeded_at > now)).limit(1)
        return (await self._connection.execute(query)).first() is not None

    async def reschedule_after_clock_jump(self, now: datetime) -> None:
        """Bring forward polls that would come too late after the clock was put back.

        Times of reading that lie in the future become now.
        """
        for column in (feed.c.read_at, feed.c.succeeded_at):
            await self._connection.execute(update(feed).where(column > now).values({column.name: now}))
        rows = await self._connection.execute(select(feed).where(_IS_ACTIVE, feed.c.next_poll > now))
        pairs = [(value, reschedule_after_clock_change(value, now)) for value in map(_to_feed, rows)]
        earlier_feeds = [after for before, after in pairs if after.next_poll_at < before.next_poll_at]
        for value in earlier_feeds:
            statement = update(feed).where(feed.c.id == value.id).values(next_poll=value.next_poll_at)
            await self._connection.execute(statement)

    async def defer_host(self, host: str, until: datetime) -> None:
        """Poll no feed of a host before then."""
        statement = update(feed).where(feed.c.host == host, feed.c.next_poll < until)
        await self._connection.execute(statement.values(next_poll=until))

    async def list_unreported(self) -> tuple[Feed, ...]:
        """Return the feeds that are broken or gone and that the desk has not been told of."""
        is_broken = (_IS_ACTIVE & (feed.c.failures >= BROKEN_AFTER_FAILURES)) | (feed.c.state == FeedState.GONE.value)
        rows = await self._connection.execute(select(feed).where(feed.c.named == 0, is_broken).order_by(feed.c.id))
        return tuple(_to_feed(row) for row in rows)

    async def mark_reported(self, feed_id: int) -> None:
        """Record that the desk has been told of a feed."""
        await self._connection.execute(update(feed).where(feed.c.id == feed_id).values(named=1))

    async def _find_one(self, condition: Any) -> Feed | None:
        row = (await self._connection.execute(select(feed).where(condition))).first()
        return None if row is None else _to_feed(row)


def _to_seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


def _to_feed(row: Row[Any]) -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        host=row.host,
        next_poll_at=row.next_poll,
        interval=timedelta(seconds=row.interval_seconds),
        added_at=row.added_at,
        title=row.title,
        trust=Trust(row.trust),
        state=FeedState(row.state),
        etag=row.etag,
        last_modified=row.last_modified,
        failures=row.failures,
        reason=row.reason,
        is_reported=bool(row.named),
        read_at=row.read_at,
        succeeded_at=row.succeeded_at,
        added_by=row.added_by,
    )


def _to_row(value: Feed) -> dict[str, Any]:
    return {
        "id": value.id,
        "title": value.title,
        "state": value.state.value,
        "etag": value.etag,
        "last_modified": value.last_modified,
        "interval_seconds": _to_seconds(value.interval),
        "next_poll": value.next_poll_at,
        "failures": value.failures,
        "reason": value.reason,
        "named": int(value.is_reported),
        "read_at": value.read_at,
        "succeeded_at": value.succeeded_at,
    }
