"""What is owed to whom, and how far it has come.

A post is closed when it was sent or has failed; until then it is open, and only the oldest open post of a
destination is ever leased. A sent post whose developments were corrected since is leased once more, to be edited.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, case, func, or_, select, true, update
from sqlalchemy.exc import DBAPIError

from bot.model.follow import Destination, DestinationKind
from bot.model.post import DELIVERED_STATES, OPEN_STATES, Post, PostAction, PostItem, PostState, PostType, SentMessage
from bot.model.story import Story
from bot.store import tables as t
from bot.store.outbox.due_posts import (
    SQL_TRUE,
    is_delivered,
    is_first_attempt,
    needs_edit,
    select_posts_to_edit,
    select_posts_to_publish,
    select_posts_to_send,
)
from bot.store.outbox.set_aside_posts import is_set_aside
from bot.store.outbox.throttling import Throttling
from bot.store.subject import StoreSubject

#: So many developments of a story come with a post, where it has more, and those that the post carries.
_RECENT_DEVELOPMENTS = 10


@dataclass(frozen=True, slots=True)
class LeaseQuota:
    """How many posts may be leased in all, and how many of these that were tried before."""

    total: int
    retries: int


ONE_POST = LeaseQuota(1, 1)


@dataclass(frozen=True, slots=True)
class OutboxStats:
    """The outbox in figures: posts that wait and since when the oldest does, sent, failed; corrections that wait.

    ``unsettled`` counts posts that were sent again although nobody could look whether they had arrived. ``gathered``
    developments wait for a digest; ``unpublished`` posts of announcement channels wait to be published; ``set_aside`` wait for
    the operator.
    """

    waiting_count: int
    oldest_waiting_at: datetime | None
    sent_count: int
    failed_count: int
    correction_count: int
    doubtful_count: int
    digest_item_count: int = 0
    unpublished_count: int = 0
    set_aside_count: int = 0


class UnreadablePost(Exception):
    """A post that is due cannot be read.

    Attributes:
        attempts: how many tries have begun, with this one.
        is_open: whether it is still to be sent; else its message is to be edited or published.
    """

    def __init__(self, post_id: int, attempts: int, *, is_open: bool) -> None:
        super().__init__(f"post {post_id} cannot be read")
        self.post_id = post_id
        self.attempts = attempts
        self.is_open = is_open


class Outbox(StoreSubject):
    """Deliveries and posts, seen through one connection."""

    async def has_due(self, now: datetime, quota: LeaseQuota = ONE_POST) -> bool:
        """Whether :meth:`lease_due` would give anything. Cheap: it is asked five times a second."""
        condition = true() if quota.retries > 0 else is_first_attempt()
        for query in (select_posts_to_send(now), select_posts_to_edit(now), select_posts_to_publish(now)):
            if (await self._connection.execute(query.where(condition).limit(1))).first() is not None:
                return True
        return False

    async def lease_due(
        self, now: datetime, lease_until: datetime, limit: int | LeaseQuota, in_flight_ids: Collection[int] = ()
    ) -> tuple[Post, ...]:
        """Lease what is due: each destination's oldest open post, corrections, and what is to be published; nobody else
        gets it before ``until``.

        A post whose lease ran out may have been sent by whoever held it: it comes back in doubt. One that quiet hours or
        a cap hold is put off until they let it go, and what waits behind the last place of a cap is folded into it. Posts
        that are ``under_way`` with the caller still are left to it, whatever the clock says of their leases.

        Raises UnreadablePost for the first one that cannot be read: then nothing is leased.

        What was never tried goes before what was, so that channels which do not answer cannot take every place again.
        """
        quota = limit if isinstance(limit, LeaseQuota) else LeaseQuota(limit, limit)
        throttling = Throttling(self._tx)
        post_ids = await self._find_due(now, quota.total, is_first_attempt(), in_flight_ids, throttling)
        retry_limit = min(quota.retries, quota.total - len(post_ids))
        post_ids += await self._find_due(now, retry_limit, ~is_first_attempt(), [*in_flight_ids, *post_ids], throttling)
        if not post_ids:
            return ()
        was_leased = t.post.c.state == PostState.LEASED.value
        await self._connection.execute(update(t.post).where(t.post.c.id.in_(post_ids), was_leased).values(in_doubt=1))
        statement = update(t.post).where(t.post.c.id.in_(post_ids))
        await self._connection.execute(statement.values(lease_until=lease_until, attempts=t.post.c.attempts + 1))
        await self._connection.execute(
            statement.where(t.post.c.state.in_(OPEN_STATES)).values(state=PostState.LEASED.value)
        )
        rows = (
            await self._connection.execute(_post_query().where(t.post.c.id.in_(post_ids)).order_by(t.post.c.id))
        ).all()
        try:
            return await self._load_posts(rows)
        except DBAPIError:
            raise
        except Exception:
            for row in rows:
                await self._check_readable(row)
            raise

    async def postpone(self, post_id: int, due_at: datetime, reason: str) -> None:
        """Count a try of a post that could not begin, and let it wait."""
        values = {"attempts": t.post.c.attempts + 1, "due_at": due_at, "reason": reason, "lease_until": None}
        statement = update(t.post).where(t.post.c.id == post_id)
        expired_lease = statement.where(t.post.c.state == PostState.LEASED.value)
        await self._connection.execute(expired_lease.values(state=PostState.PENDING.value, in_doubt=1))
        await self._connection.execute(statement.values(**values))

    async def _load_posts(self, rows: Sequence[Row[Any]]) -> tuple[Post, ...]:
        items_by_post = await self._load_items([row.id for row in rows])
        card_stories = {row.slug: await self._load_story(row.slug) for row in rows if row.form == PostType.CARD.value}
        return tuple(_to_post(row, items_by_post.get(row.id, []), card_stories.get(row.slug)) for row in rows)

    async def _check_readable(self, row: Row[Any]) -> None:
        """Raise UnreadablePost if it is this post that cannot be read."""
        try:
            await self._load_posts([row])
        except DBAPIError:
            raise
        except Exception as exc:
            raise UnreadablePost(row.id, row.attempts, is_open=row.state in OPEN_STATES) from exc

    async def record_search_start(self, newest_ids: Mapping[int, int]) -> None:
        """Note, of posts that are tried now and are not in doubt yet, the newest id of Discord's that is known in their place.

        A message that an earlier post has in the same place is known too, whatever the caller knows.
        """
        if not newest_ids:
            return
        earlier_post = t.post.alias("earlier")
        last_message_id = (
            select(earlier_post.c.message_id)
            .where(earlier_post.c.destination_id == t.post.c.destination_id, earlier_post.c.message_id.is_not(None))
            .order_by(earlier_post.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        search_start = case((last_message_id > bindparam("newest"), last_message_id), else_=bindparam("newest"))
        statement = update(t.post).where(t.post.c.id == bindparam("number")).values(search_after=search_start)
        await self._connection.execute(
            statement, [{"number": post_id, "newest": message_id} for post_id, message_id in newest_ids.items()]
        )

    async def _find_due(
        self,
        now: datetime,
        limit: int,
        condition: ColumnElement[bool],
        in_flight_ids: Collection[int],
        throttling: Throttling,
    ) -> list[int]:
        post_ids = await self._find_sendable(
            select_posts_to_send(now).where(condition), now, limit, in_flight_ids, throttling
        )
        for query in (select_posts_to_edit(now), select_posts_to_publish(now)):
            remaining = max(0, limit - len(post_ids))
            statement = query.where(condition, t.post.c.id.not_in([*in_flight_ids])).limit(remaining)
            post_ids += (await self._connection.execute(statement)).scalars() if remaining else ()
        return post_ids

    async def _find_sendable(
        self, base_query: Select[Any], now: datetime, limit: int, in_flight_ids: Collection[int], throttling: Throttling
    ) -> list[int]:
        """The posts to send, without those that are held for now."""
        post_ids: list[int] = []
        while len(post_ids) < limit:
            query = base_query.where(t.post.c.id.not_in([*post_ids, *in_flight_ids])).limit(limit - len(post_ids))
            due_ids = list((await self._connection.execute(query)).scalars())
            deferred_ids = await throttling.defer(due_ids, now)
            post_ids += [post_id for post_id in due_ids if post_id not in deferred_ids]
            if not deferred_ids:
                break
        return post_ids

    async def mark_sent(self, post: Post, message: SentMessage, now: datetime, *, was_found: bool = False) -> None:
        """The post stands in Discord as this message: closed.

        A message that was ``found`` may be from before the last corrections, so it is brought up to date.
        """
        values = {"state": PostState.SENT.value, "message_id": message.message_id, "sent_at": now}
        await self._end_lease(
            post.id,
            shown=0 if was_found else post.content_version,
            due_at=now,
            attempts=0,
            in_doubt=0,
            reason="",
            refused_at=None,
            **values,
        )

    async def mark_published(self, post_id: int) -> None:
        """Discord copies the message to every channel that follows the announcement channel."""
        await self._end_lease(
            post_id, state=PostState.PUBLISHED.value, publish=0, unpublished="", attempts=0, refused_at=None
        )

    async def postpone_publishing(self, post_id: int, due_at: datetime, reason: str) -> None:
        """The message stands in its own channel, and may not be published yet: it is tried again then."""
        await self._end_lease(post_id, unpublished=reason, due_at=due_at)

    async def retry_publishing(self, now: datetime, *, guild_id: int = 0, discord_id: int = 0) -> int:
        """Permissions may have been mended: what may not be published there yet is tried at once; how many that are."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        is_refused = (t.post.c.publish == SQL_TRUE) & (t.post.c.unpublished != "")
        is_in_destination = t.post.c.destination_id.in_(select(t.destination.c.id).where(where))
        return (
            await self._connection.execute(update(t.post).where(is_refused, is_in_destination).values(due_at=now))
        ).rowcount

    async def give_up_publishing(self, post_id: int, reason: str) -> None:
        """The message stands in its own channel, and can not be published."""
        await self._end_lease(post_id, publish=0, unpublished=reason, attempts=0)

    async def mark_doubtful(self, post_id: int) -> None:
        """The post is sent again although nobody could look whether an earlier try had arrived."""
        await self._connection.execute(update(t.post).where(t.post.c.id == post_id).values(unsettled=1))

    async def mark_edited(self, post: Post) -> None:
        """The message shows what the post carried when it was leased; a correction since then is still owed."""
        await self._end_lease(post.id, shown=post.content_version, attempts=0, refused_at=None)

    async def drop_correction(self, post_id: int) -> None:
        """The message is gone or can never be edited: no correction is owed to it any more."""
        await self._end_lease(post_id, shown=t.post.c.wanted, refused_at=None)

    async def mark_failed(self, post_id: int, reason: str, now: datetime) -> None:
        """The post can never arrive: closed, with the reason."""
        await self._end_lease(post_id, state=PostState.FAILED.value, reason=reason, sent_at=now)

    async def reset_with_new_key(self, post_id: int, now: datetime) -> None:
        """The message was deleted before what it is for was done: another one is made, with a key of its own."""
        values = {"key": secrets.token_hex(8), "state": PostState.PENDING.value, "in_doubt": 0, "due_at": now}
        await self._end_lease(post_id, **values)

    async def fail_destination(self, discord_id: int, reason: str, now: datetime) -> None:
        """Nothing can ever arrive in a destination again, nor in stories' threads there: all open posts are closed, no
        correction is owed, nothing is gathered.
        """
        parent = t.destination.alias("above")
        destination_ids = (
            select(t.destination.c.id)
            .outerjoin(parent, parent.c.id == t.destination.c.parent_id)
            .where(or_(t.destination.c.discord_id == discord_id, parent.c.discord_id == discord_id))
        )
        is_in_destination = t.post.c.destination_id.in_(destination_ids)
        values = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        is_unsent = t.post.c.state.in_((*OPEN_STATES, PostState.SET_ASIDE))
        await self._connection.execute(update(t.post).where(is_in_destination, is_unsent).values(**values))
        await self._connection.execute(
            update(t.post).where(is_in_destination, needs_edit()).values(shown=t.post.c.wanted, lease_until=None)
        )
        statement = update(t.post).where(is_in_destination, t.post.c.publish == 1)
        await self._connection.execute(statement.values(publish=0, unpublished=reason, lease_until=None))
        is_waiting = t.delivery.c.destination_id.in_(destination_ids) & t.delivery.c.gather_at.is_not(None)
        await self._connection.execute(update(t.delivery).where(is_waiting).values(gather_at=None, reason=reason))

    async def put_back(
        self, post: Post, due_at: datetime, *, in_doubt: bool, reason: str, refused_at: datetime | None = None
    ) -> None:
        """The try did not succeed: it is due again then, and a post is in doubt if Discord may have taken it.

        ``refused_at`` is since when it is refused without a documented reason.
        """
        values: dict[str, Any] = {"due_at": due_at, "lease_until": None, "reason": reason, "refused_at": refused_at}
        if post.action is PostAction.SEND:
            values["state"] = PostState.PENDING.value
            if in_doubt:
                values["in_doubt"] = 1
        await self._connection.execute(update(t.post).where(t.post.c.id == post.id).values(**values))

    async def recover(self, now: datetime) -> int:
        """A new process takes over: every lease of the one before ends, and its posts are in doubt; how many these were.

        All that waits for a send, an edit or a publication is due at once, whatever it was waiting for.
        """
        is_leased = t.post.c.state == PostState.LEASED.value
        statement = update(t.post).where(is_leased).values(state=PostState.PENDING.value, in_doubt=1)
        count = (await self._connection.execute(statement)).rowcount
        is_waiting = or_(t.post.c.state.in_(OPEN_STATES), needs_edit(), t.post.c.publish == SQL_TRUE)
        await self._connection.execute(
            update(t.post).where(is_waiting).values(lease_until=None, due_at=now, attempts=0)
        )
        await self._connection.execute(
            update(t.destination).where(t.destination.c.retry_at.is_not(None)).values(retry_at=None)
        )
        return count

    async def get_stats(self) -> OutboxStats:
        """The outbox in figures."""
        is_open = t.post.c.state.in_(OPEN_STATES)
        open_count = await self._count(t.post, is_open)
        failed_count = await self._count(t.post, t.post.c.state == PostState.FAILED.value)
        set_aside_count = await self._count(t.post, is_set_aside())
        # The rest stands in Discord: to count hundreds of thousands is quick while none of them is looked at.
        total = (await self._connection.execute(select(func.count()).select_from(t.post))).scalar_one()
        oldest = await self._connection.execute(select(func.min(t.post.c.created_at)).where(is_open))
        awaits_digest = t.delivery.c.gather_at.is_not(None)
        return OutboxStats(
            waiting_count=open_count,
            oldest_waiting_at=oldest.scalar_one(),
            sent_count=total - open_count - failed_count - set_aside_count,
            failed_count=failed_count,
            correction_count=await self._count(t.post, needs_edit()),
            doubtful_count=await self._count(t.post, t.post.c.unsettled == SQL_TRUE),
            digest_item_count=await self._count(t.delivery, awaits_digest),
            unpublished_count=await self._count(t.post, (t.post.c.publish == SQL_TRUE) & is_delivered()),
            set_aside_count=set_aside_count,
        )

    async def _count(self, table: Table, where: ColumnElement[bool]) -> int:
        return (await self._connection.execute(select(func.count()).select_from(table).where(where))).scalar_one()

    async def _load_story(self, slug: str, development_ids: Collection[int] = ()) -> Story:
        return await self._tx.stories.get(slug, newest_count=_RECENT_DEVELOPMENTS, extra_ids=development_ids)

    async def _end_lease(self, post_id: int, **values: Any) -> None:
        await self._connection.execute(update(t.post).where(t.post.c.id == post_id).values(lease_until=None, **values))

    async def _load_items(self, post_ids: Sequence[int]) -> dict[int, list[PostItem]]:
        """What each post carries, in the order in which it was owed; each story is read once, a long one in part."""
        result = await self._connection.execute(
            select(t.delivery.c.post_id, t.story.c.slug, t.development.c.id)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.delivery.c.post_id.in_(post_ids))
            .order_by(t.delivery.c.id)
        )
        rows = result.all()
        development_ids: dict[str, list[int]] = {}
        for row in rows:
            development_ids.setdefault(row.slug, []).append(row.id)
        stories = {slug: await self._load_story(slug, ids) for slug, ids in development_ids.items()}
        items: dict[int, list[PostItem]] = {}
        for row in rows:
            story = stories[row.slug]
            development = next(candidate for candidate in story.developments if candidate.id == row.id)
            items.setdefault(row.post_id, []).append(PostItem(story, development))
        return items


def _to_post(row: Row[Any], items: list[PostItem], story: Story | None) -> Post:
    is_sent = row.state in DELIVERED_STATES
    return Post(
        id=row.id,
        key=row.key,
        destination=Destination(DestinationKind(row.place), row.discord_id, row.guild_id),
        items=tuple(items),
        role_ids=tuple(int(role) for role in row.roles.split()),
        attempts=row.attempts,
        in_doubt=bool(row.in_doubt),
        created_at=row.created_at,
        message_id=(row.message_id or 0) if is_sent else 0,
        content_version=row.wanted,
        post_type=PostType(row.form),
        action=_find_action(row, is_sent=is_sent),
        silent=bool(row.silent),
        story=story,
        thread_id=max(0, row.thread_id or 0),
        search_after=row.search_after,
        refused_at=row.refused_at,
    )


def _find_action(row: Row[Any], *, is_sent: bool) -> PostAction:
    if not is_sent:
        return PostAction.SEND
    return PostAction.EDIT if row.shown < row.wanted else PostAction.PUBLISH


def _post_query() -> Select[Any]:
    thread = t.destination.alias("thread")
    columns = (t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id, t.story.c.slug)
    return (
        select(t.post, *columns, thread.c.discord_id.label("thread_id"))
        .join(t.destination, t.destination.c.id == t.post.c.destination_id)
        .outerjoin(t.story, t.story.c.id == t.post.c.story_id)
        .outerjoin(thread, thread.c.card_id == t.post.c.id)
    )
