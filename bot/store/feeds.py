"""Feeds, and when each of them is polled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, Select, Text, bindparam, case, delete, exists, func, insert, or_, select, update

from bot.model.feed import BROKEN_AFTER_FAILURES, Feed, FeedState, Trust
from bot.model.follow import FollowState
from bot.model.poll_schedule import MIN_INTERVAL, reschedule_after_clock_change
from bot.store.subject import StoreSubject
from bot.store.tables import Instant, article, feed, follow, followed_article

_IS_ACTIVE = feed.c.state == FeedState.ACTIVE.value
_IS_DESK = feed.c.desk == 1
_IS_FOLLOWED = (
    exists().where(follow.c.feed_id == feed.c.id, follow.c.state != FollowState.STOPPED.value).correlate(feed)
)
_IS_POLLED = feed.c.state.in_((FeedState.ACTIVE.value, FeedState.PAUSED.value)) & or_(
    _IS_ACTIVE & _IS_DESK, _IS_FOLLOWED
)
#: The columns that a poll changes.
_POLL_COLUMNS = (
    "title", "state", "etag", "last_modified", "interval_seconds", "next_poll", "failures", "reason", "read_at",
    "succeeded_at", "followed_read_at",
)  # fmt: skip


class Feeds(StoreSubject):
    """The feeds in one transaction: those of the desk, and those that servers and people follow themselves."""

    async def list_all(self) -> tuple[Feed, ...]:
        """Return every feed of the desk, in the order in which they were added."""
        query = _select_feeds().where(_IS_DESK).order_by(feed.c.id)
        return tuple(_to_feed(row) for row in await self._connection.execute(query))

    async def find(self, feed_id: int) -> Feed | None:
        """Return the feed with this id, or None."""
        return await self._find_one(feed.c.id == feed_id)

    async def find_by_url(self, url: str) -> Feed | None:
        """Return the feed at this address, or else the feed that was added by this address and has moved since.

        None if neither.
        """
        return await self._find_one(feed.c.url == url) or await self._find_one(feed.c.given_url == url)

    async def add(
        self,
        url: str,
        host: str,
        now: datetime,
        *,
        title: str = "",
        trust: Trust = Trust.REVIEW,
        added_by: str = "",
        is_desk: bool = True,
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
            "desk": int(is_desk),
        }
        times = {"next_poll": now, "added_at": now, "interval_seconds": _to_seconds(MIN_INTERVAL)}
        feed_id = (
            await self._connection.execute(insert(feed).values(**values, **times).returning(feed.c.id))
        ).scalar_one()
        return await self.find(feed_id)

    async def adopt(self, feed_id: int, now: datetime, *, title: str, trust: Trust, added_by: str) -> None:
        """Make a feed that is only followed one of the desk's. What it has at the desk's first reading is no news."""
        values = {"desk": 1, "title": title, "trust": trust.value, "added_by": added_by, "added_at": now}
        unread = {"read_at": None, "etag": "", "last_modified": "", "next_poll": now, "named": 0}
        await self._connection.execute(update(feed).where(feed.c.id == feed_id).values(**values, **unread))

    async def remove(self, feed_id: int) -> bool:
        """Remove a feed of the desk and return whether it was there. Its articles stay known.

        If servers or people follow it, it is kept for them.
        """
        is_kept = exists().where(follow.c.feed_id == feed.c.id)
        statement = delete(feed).where(feed.c.id == feed_id, _IS_DESK, ~is_kept)
        if (await self._connection.execute(statement)).rowcount:
            return True
        values = {"desk": 0, "title": "", "trust": Trust.REVIEW.value, "added_by": "", "read_at": None}
        state = case((feed.c.state == FeedState.PAUSED.value, FeedState.ACTIVE.value), else_=feed.c.state)
        release = update(feed).where(feed.c.id == feed_id, _IS_DESK).values(**values, state=state)
        is_released = bool((await self._connection.execute(release)).rowcount)
        if is_released:
            await self._connection.execute(update(article).where(article.c.feed_id == feed_id).values(feed_id=None))
        return is_released

    async def remove_unfollowed(self) -> int:
        """Remove the feeds that nobody follows any more, and that are not the desk's, with their articles."""
        is_kept = exists().where(follow.c.feed_id == feed.c.id)
        return (await self._connection.execute(delete(feed).where(feed.c.desk == 0, ~is_kept))).rowcount

    async def mark_followed_read(self, feed_id: int, now: datetime) -> None:
        """Record that what a feed has now is known to those who follow it."""
        await self._connection.execute(update(feed).where(feed.c.id == feed_id).values(followed_read_at=now))

    async def forget_reading(self, feed_ids: Collection[int]) -> None:
        """Let what these feeds have at the next reading be known, unless somebody follows them already.

        To be called before follows of them become active.
        """
        unread = {"followed_read_at": None, "etag": "", "last_modified": ""}
        is_idle = feed.c.id.in_(list(feed_ids)) & ~_IS_FOLLOWED
        await self._connection.execute(update(feed).where(is_idle).values(**unread))

    async def set_title_and_trust(self, feed_id: int, *, title: str, trust: Trust) -> None:
        """Change a feed's title and trust."""
        statement = update(feed).where(feed.c.id == feed_id).values(title=title, trust=trust.value)
        await self._connection.execute(statement)

    async def set_state(self, value: Feed) -> None:
        """Write a feed's state and what belongs to it: failures, reason, next poll, ETag, and whether the desk knows."""
        columns = ("state", "failures", "reason", "named", "next_poll", "etag", "last_modified")
        row = _to_row(value)
        statement = update(feed).where(feed.c.id == value.id).values({name: row[name] for name in columns})
        await self._connection.execute(statement)

    async def list_due(self, now: datetime, limit: int, *, excluded_hosts: Collection[str] = ()) -> tuple[Feed, ...]:
        """Return the feeds to poll now, longest due first.

        At most one of each host, and none of the ``excluded_hosts``.
        """
        turn = func.row_number().over(partition_by=feed.c.host, order_by=(feed.c.next_poll, feed.c.id)).label("turn")
        candidates = (
            _select_feeds()
            .add_columns(turn)
            .where(_IS_POLLED, feed.c.next_poll <= now, feed.c.host.not_in(list(excluded_hosts)))
        )
        ranking = candidates.subquery()
        query = select(ranking).where(ranking.c.turn == 1).order_by(ranking.c.next_poll, ranking.c.id).limit(limit)
        return tuple(_to_feed(row) for row in await self._connection.execute(query))

    async def save(self, feeds: Sequence[Feed]) -> None:
        """Write what polls have changed in these feeds. A feed that was paused or removed meanwhile stays so.

        The desk's reading is only written if the desk gets what the feed brings.
        """
        if not feeds:
            return
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _POLL_COLUMNS}
        # If the desk was told of a broken feed meanwhile, this stays recorded until the feed works again.
        values["named"] = case((bindparam("new_failures", type_=Integer) == 0, 0), else_=feed.c.named)
        gone = FeedState.GONE.value
        values["state"] = case((bindparam("new_state", type_=Text) == gone, gone), else_=feed.c.state)
        # A poll that read no articles for those who follow the feed leaves open when they were read last.
        values["followed_read_at"] = func.coalesce(
            bindparam("new_followed_read_at", type_=Instant), feed.c.followed_read_at
        )
        values["read_at"] = case((_IS_ACTIVE & _IS_DESK, bindparam("new_read_at", type_=Instant)), else_=feed.c.read_at)
        is_polled = feed.c.state.in_((FeedState.ACTIVE.value, FeedState.PAUSED.value))
        statement = update(feed).where(feed.c.id == bindparam("feed_id"), is_polled).values(values)
        rows = [_to_row(value) for value in feeds]
        await self._connection.execute(
            statement, [{"feed_id": row["id"], **{f"new_{name}": row[name] for name in _POLL_COLUMNS}} for row in rows]
        )

    async def change_url(self, feed_id: int, url: str, host: str) -> bool:
        """Change a feed's address. Return False, and change nothing, if another feed has that address."""
        if await self.find_other(feed_id, url) is not None:
            return False
        await self._connection.execute(update(feed).where(feed.c.id == feed_id).values(url=url, host=host))
        return True

    async def find_other(self, feed_id: int, url: str) -> Feed | None:
        """Return another feed that has this address now, or None."""
        return await self._find_one((feed.c.url == url) & (feed.c.id != feed_id))

    async def merge(self, source: Feed, target: Feed, now: datetime) -> None:
        """Let those who follow a feed follow another one, to whose address it has moved, and so the desk, unless it has both.

        The first one is removed then, unless it is still the desk's.
        """
        if not target.is_followed:
            await self._move_articles(source.id, target.id)
        await self._tx.follows.move_feed(source.id, target.id, continues=not target.is_followed)
        if source.is_desk and not target.is_desk:
            await self.adopt(target.id, now, title=source.title, trust=source.trust, added_by=source.added_by)
            await self._connection.execute(
                update(article).where(article.c.feed_id == source.id).values(feed_id=target.id)
            )
            await self._connection.execute(delete(feed).where(feed.c.id == source.id))
        await self.remove_unfollowed()

    async def _move_articles(self, source_id: int, target_id: int) -> None:
        """Let what was known of one feed be known of another one, which nobody has followed."""
        articles = followed_article
        await self._connection.execute(delete(articles).where(articles.c.feed_id == target_id))
        await self._connection.execute(
            update(articles).where(articles.c.feed_id == source_id).values(feed_id=target_id)
        )
        read_at = select(feed.c.followed_read_at).where(feed.c.id == source_id).scalar_subquery()
        await self._connection.execute(update(feed).where(feed.c.id == target_id).values(followed_read_at=read_at))

    async def has_future_reads(self, now: datetime) -> bool:
        """Return whether a feed was read later than now, as when the clock was put back afterwards."""
        query = select(feed.c.id).where(or_(feed.c.read_at > now, feed.c.succeeded_at > now)).limit(1)
        return (await self._connection.execute(query)).first() is not None

    async def reschedule_after_clock_jump(self, now: datetime) -> None:
        """Bring forward polls that would come too late after the clock was put back.

        Times of reading that lie in the future become now.
        """
        for column in (feed.c.read_at, feed.c.succeeded_at, feed.c.followed_read_at):
            await self._connection.execute(update(feed).where(column > now).values({column.name: now}))
        rows = await self._connection.execute(_select_feeds().where(_IS_POLLED, feed.c.next_poll > now))
        pairs = [(value, reschedule_after_clock_change(value, now)) for value in map(_to_feed, rows)]
        earlier_feeds = [after for before, after in pairs if after.next_poll_at < before.next_poll_at]
        for value in earlier_feeds:
            statement = update(feed).where(feed.c.id == value.id).values(next_poll=value.next_poll_at)
            await self._connection.execute(statement)

    async def request_full_readings(self, now: datetime) -> None:
        """Have every feed that works read soon and as a whole: only that shows what it lists already."""
        unread = {"etag": "", "last_modified": ""}
        await self._connection.execute(update(feed).values(**unread))
        is_waiting = (feed.c.failures == 0) & (feed.c.next_poll > now)
        await self._connection.execute(update(feed).where(is_waiting).values(next_poll=now))

    async def defer_host(self, host: str, until: datetime) -> None:
        """Poll no feed of a host before then."""
        statement = update(feed).where(feed.c.host == host, feed.c.next_poll < until)
        await self._connection.execute(statement.values(next_poll=until))

    async def list_unreported(self) -> tuple[Feed, ...]:
        """Return the feeds of the desk that are broken or gone and that it has not been told of."""
        is_broken = (_IS_ACTIVE & (feed.c.failures >= BROKEN_AFTER_FAILURES)) | (feed.c.state == FeedState.GONE.value)
        query = _select_feeds().where(_IS_DESK, feed.c.named == 0, is_broken).order_by(feed.c.id)
        rows = await self._connection.execute(query)
        return tuple(_to_feed(row) for row in rows)

    async def mark_reported(self, feed_id: int) -> None:
        """Record that the desk has been told of a feed."""
        await self._connection.execute(update(feed).where(feed.c.id == feed_id).values(named=1))

    async def _find_one(self, condition: Any) -> Feed | None:
        row = (await self._connection.execute(_select_feeds().where(condition))).first()
        return None if row is None else _to_feed(row)


def _select_feeds() -> Select[Any]:
    return select(feed, _IS_FOLLOWED.label("is_followed"))


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
        is_desk=bool(row.desk),
        is_followed=bool(row.is_followed),
        followed_read_at=row.followed_read_at,
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
        "followed_read_at": value.followed_read_at,
    }
