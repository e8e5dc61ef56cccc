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
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Destination, Place
from bot.model.post import OPEN, STANDING, Carried, Form, Post, PostState, Standing, Task
from bot.model.story import Story
from bot.store import tables as t
from bot.store.aside import is_aside
from bot.store.due import YES, is_first_try, stale, stands, to_edit, to_publish, to_send
from bot.store.holding import Holding
from bot.store.stories import Stories

#: So many developments of a story come with a post, where it has more, and those that the post carries.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Room:
    """How many posts may be leased in all, and how many of these that were tried before."""

    total: int
    repeated: int


ANY_ROOM = Room(1, 1)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The outbox in figures: posts that wait and since when the oldest does, sent, failed; corrections that wait.

    ``unsettled`` counts posts that were sent again although nobody could look whether they had arrived. ``gathered``
    developments wait for a digest; ``unpublished`` posts of announcement channels wait to be published; ``set_aside`` wait for
    the operator.
    """

    waiting: int
    oldest: datetime | None
    sent: int
    failed: int
    corrections: int
    unsettled: int
    gathered: int = 0
    unpublished: int = 0
    set_aside: int = 0


class UnreadablePost(Exception):
    """A post that is due cannot be read.

    Attributes:
        attempts: how many tries have begun, with this one.
        is_open: whether it is still to be sent; else its message is to be edited or published.
    """

    def __init__(self, number: int, attempts: int, *, is_open: bool) -> None:
        super().__init__(f"post {number} cannot be read")
        self.number = number
        self.attempts = attempts
        self.is_open = is_open


class Outbox:
    """Deliveries and posts, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_due(self, now: datetime, room: Room = ANY_ROOM) -> bool:
        """Whether :meth:`lease_due` would give anything. Cheap: it is asked five times a second."""
        which = true() if room.repeated > 0 else is_first_try()
        for due in (to_send(now), to_edit(now), to_publish(now)):
            if (await self._connection.execute(due.where(which).limit(1))).first() is not None:
                return True
        return False

    async def lease_due(
        self, now: datetime, until: datetime, limit: int | Room, under_way: Collection[int] = ()
    ) -> tuple[Post, ...]:
        """Lease what is due: each destination's oldest open post, corrections, and what is to be published; nobody else
        gets it before ``until``.

        A post whose lease ran out may have been sent by whoever held it: it comes back in doubt. One that quiet hours or
        a cap hold is put off until they let it go, and what waits behind the last place of a cap is folded into it. Posts
        that are ``under_way`` with the caller still are left to it, whatever the clock says of their leases.

        Raises UnreadablePost for the first one that cannot be read: then nothing is leased.

        What was never tried goes before what was, so that channels which do not answer cannot take every place again.
        """
        room = limit if isinstance(limit, Room) else Room(limit, limit)
        holding = Holding(self._connection)
        chosen = await self._due(now, room.total, is_first_try(), under_way, holding)
        left = min(room.repeated, room.total - len(chosen))
        chosen += await self._due(now, left, ~is_first_try(), [*under_way, *chosen], holding)
        if not chosen:
            return ()
        was_leased = t.post.c.state == PostState.LEASED.value
        await self._connection.execute(update(t.post).where(t.post.c.id.in_(chosen), was_leased).values(in_doubt=1))
        leased = update(t.post).where(t.post.c.id.in_(chosen))
        await self._connection.execute(leased.values(lease_until=until, attempts=t.post.c.attempts + 1))
        await self._connection.execute(leased.where(t.post.c.state.in_(OPEN)).values(state=PostState.LEASED.value))
        rows = (await self._connection.execute(_posts().where(t.post.c.id.in_(chosen)).order_by(t.post.c.id))).all()
        try:
            return await self._read(rows)
        except DBAPIError:
            raise
        except Exception:
            for row in rows:
                await self._read_alone(row)
            raise

    async def put_off(self, number: int, due: datetime, reason: str) -> None:
        """Count a try of a post that could not begin, and let it wait."""
        values = {"attempts": t.post.c.attempts + 1, "due_at": due, "reason": reason, "lease_until": None}
        this = update(t.post).where(t.post.c.id == number)
        lapsed = this.where(t.post.c.state == PostState.LEASED.value)
        await self._connection.execute(lapsed.values(state=PostState.PENDING.value, in_doubt=1))
        await self._connection.execute(this.values(**values))

    async def _read(self, rows: Sequence[Row[Any]]) -> tuple[Post, ...]:
        carried = await self._carried([row.id for row in rows])
        cards = {row.slug: await self._story(row.slug) for row in rows if row.form == Form.CARD.value}
        return tuple(_value(row, carried.get(row.id, []), cards.get(row.slug)) for row in rows)

    async def _read_alone(self, row: Row[Any]) -> None:
        """Raise UnreadablePost if it is this post that cannot be read."""
        try:
            await self._read([row])
        except DBAPIError:
            raise
        except Exception as exc:
            raise UnreadablePost(row.id, row.attempts, is_open=row.state in OPEN) from exc

    async def search_after(self, newest: Mapping[int, int]) -> None:
        """Note, of posts that are tried now and are not in doubt yet, the newest id of Discord's that is known in their place.

        A message that an earlier post has in the same place is known too, whatever the caller knows.
        """
        if not newest:
            return
        earlier = t.post.alias("earlier")
        sent = (
            select(earlier.c.message_id)
            .where(earlier.c.destination_id == t.post.c.destination_id, earlier.c.message_id.is_not(None))
            .order_by(earlier.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        newer = case((sent > bindparam("newest"), sent), else_=bindparam("newest"))
        noted = update(t.post).where(t.post.c.id == bindparam("number")).values(search_after=newer)
        await self._connection.execute(noted, [{"number": number, "newest": id_} for number, id_ in newest.items()])

    async def _due(
        self,
        now: datetime,
        limit: int,
        which: ColumnElement[bool],
        under_way: Collection[int],
        holding: Holding,
    ) -> list[int]:
        chosen = await self._free(to_send(now).where(which), now, limit, under_way, holding)
        for also in (to_edit(now), to_publish(now)):
            room = max(0, limit - len(chosen))
            free = also.where(which, t.post.c.id.not_in([*under_way])).limit(room)
            chosen += (await self._connection.execute(free)).scalars() if room else ()
        return chosen

    async def _free(
        self, to_send: Select[Any], now: datetime, limit: int, under_way: Collection[int], holding: Holding
    ) -> list[int]:
        """The posts to send, without those that are held for now."""
        chosen: list[int] = []
        while len(chosen) < limit:
            due = to_send.where(t.post.c.id.not_in([*chosen, *under_way])).limit(limit - len(chosen))
            found = list((await self._connection.execute(due)).scalars())
            held = await holding.put_off(found, now)
            chosen += [number for number in found if number not in held]
            if not held:
                break
        return chosen

    async def mark_sent(self, post: Post, stands: Standing, now: datetime, *, found: bool = False) -> None:
        """The post stands in Discord as this message: closed.

        A message that was ``found`` may be from before the last corrections, so it is brought up to date.
        """
        values = {"state": PostState.SENT.value, "message_id": stands.message_id, "sent_at": now}
        await self._close(
            post.number,
            shown=0 if found else post.wanted,
            due_at=now,
            attempts=0,
            in_doubt=0,
            reason="",
            refused_at=None,
            **values,
        )

    async def mark_published(self, number: int) -> None:
        """Discord copies the message to every channel that follows the announcement channel."""
        await self._close(
            number, state=PostState.PUBLISHED.value, publish=0, unpublished="", attempts=0, refused_at=None
        )

    async def wait_to_publish(self, number: int, due: datetime, reason: str) -> None:
        """The message stands in its own channel, and may not be published yet: it is tried again then."""
        await self._close(number, unpublished=reason, due_at=due)

    async def publish_now(self, now: datetime, *, guild_id: int = 0, discord_id: int = 0) -> int:
        """Permissions may have been mended: what may not be published there yet is tried at once; how many that are."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        refused = (t.post.c.publish == YES) & (t.post.c.unpublished != "")
        here = t.post.c.destination_id.in_(select(t.destination.c.id).where(where))
        return (await self._connection.execute(update(t.post).where(refused, here).values(due_at=now))).rowcount

    async def stay_unpublished(self, number: int, reason: str) -> None:
        """The message stands in its own channel, and can not be published."""
        await self._close(number, publish=0, unpublished=reason, attempts=0)

    async def mark_unsettled(self, number: int) -> None:
        """The post is sent again although nobody could look whether an earlier try had arrived."""
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(unsettled=1))

    async def mark_edited(self, post: Post) -> None:
        """The message shows what the post carried when it was leased; a correction since then is still owed."""
        await self._close(post.number, shown=post.wanted, attempts=0, refused_at=None)

    async def drop_correction(self, number: int) -> None:
        """The message is gone or can never be edited: no correction is owed to it any more."""
        await self._close(number, shown=t.post.c.wanted, refused_at=None)

    async def mark_failed(self, number: int, reason: str, now: datetime) -> None:
        """The post can never arrive: closed, with the reason."""
        await self._close(number, state=PostState.FAILED.value, reason=reason, sent_at=now)

    async def make_anew(self, number: int, now: datetime) -> None:
        """The message was deleted before what it is for was done: another one is made, with a key of its own."""
        values = {"key": secrets.token_hex(8), "state": PostState.PENDING.value, "in_doubt": 0, "due_at": now}
        await self._close(number, **values)

    async def fail_all(self, discord_id: int, reason: str, now: datetime) -> None:
        """Nothing can ever arrive in a destination again, nor in stories' threads there: all open posts are closed, no
        correction is owed, nothing is gathered.
        """
        above = t.destination.alias("above")
        ids = (
            select(t.destination.c.id)
            .outerjoin(above, above.c.id == t.destination.c.parent_id)
            .where(or_(t.destination.c.discord_id == discord_id, above.c.discord_id == discord_id))
        )
        here = t.post.c.destination_id.in_(ids)
        failed = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        unsent = t.post.c.state.in_((*OPEN, PostState.SET_ASIDE))
        await self._connection.execute(update(t.post).where(here, unsent).values(**failed))
        await self._connection.execute(
            update(t.post).where(here, stale()).values(shown=t.post.c.wanted, lease_until=None)
        )
        published = update(t.post).where(here, t.post.c.publish == 1)
        await self._connection.execute(published.values(publish=0, unpublished=reason, lease_until=None))
        waiting = t.delivery.c.destination_id.in_(ids) & t.delivery.c.gather_at.is_not(None)
        await self._connection.execute(update(t.delivery).where(waiting).values(gather_at=None, reason=reason))

    async def put_back(
        self, post: Post, due: datetime, *, in_doubt: bool, reason: str, refused_at: datetime | None = None
    ) -> None:
        """The try did not succeed: it is due again then, and a post is in doubt if Discord may have taken it.

        ``refused_at`` is since when it is refused without a documented reason.
        """
        values: dict[str, Any] = {"due_at": due, "lease_until": None, "reason": reason, "refused_at": refused_at}
        if post.task is Task.SEND:
            values["state"] = PostState.PENDING.value
            if in_doubt:
                values["in_doubt"] = 1
        await self._connection.execute(update(t.post).where(t.post.c.id == post.number).values(**values))

    async def recover(self, now: datetime) -> int:
        """A new process takes over: every lease of the one before ends, and its posts are in doubt; how many these were.

        All that waits for a send, an edit or a publication is due at once, whatever it was waiting for.
        """
        leased = t.post.c.state == PostState.LEASED.value
        taken = update(t.post).where(leased).values(state=PostState.PENDING.value, in_doubt=1)
        count = (await self._connection.execute(taken)).rowcount
        waiting = or_(t.post.c.state.in_(OPEN), stale(), t.post.c.publish == YES)
        await self._connection.execute(update(t.post).where(waiting).values(lease_until=None, due_at=now, attempts=0))
        await self._connection.execute(
            update(t.destination).where(t.destination.c.retry_at.is_not(None)).values(retry_at=None)
        )
        return count

    async def backlog(self) -> Backlog:
        """The outbox in figures."""
        waiting = t.post.c.state.in_(OPEN)
        open_ones = await self._count(t.post, waiting)
        failed = await self._count(t.post, t.post.c.state == PostState.FAILED.value)
        aside = await self._count(t.post, is_aside())
        # The rest stands in Discord: to count hundreds of thousands is quick while none of them is looked at.
        every = (await self._connection.execute(select(func.count()).select_from(t.post))).scalar_one()
        oldest = await self._connection.execute(select(func.min(t.post.c.created_at)).where(waiting))
        gathered = t.delivery.c.gather_at.is_not(None)
        return Backlog(
            waiting=open_ones,
            oldest=oldest.scalar_one(),
            sent=every - open_ones - failed - aside,
            failed=failed,
            corrections=await self._count(t.post, stale()),
            unsettled=await self._count(t.post, t.post.c.unsettled == YES),
            gathered=await self._count(t.delivery, gathered),
            unpublished=await self._count(t.post, (t.post.c.publish == YES) & stands()),
            set_aside=aside,
        )

    async def _count(self, table: Table, where: ColumnElement[bool]) -> int:
        return (await self._connection.execute(select(func.count()).select_from(table).where(where))).scalar_one()

    async def _story(self, slug: str, carried: Collection[int] = ()) -> Story:
        story = await Stories(self._connection).get(slug, newest=_SHOWN, also=carried)
        if story is None:
            raise LookupError(f"story {slug} is gone within one transaction")
        return story

    async def _close(self, number: int, **values: Any) -> None:
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(lease_until=None, **values))

    async def _carried(self, posts: Sequence[int]) -> dict[int, list[Carried]]:
        """What each post carries, in the order in which it was owed; each story is read once, a long one in part."""
        rows = await self._connection.execute(
            select(t.delivery.c.post_id, t.story.c.slug, t.development.c.id)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.delivery.c.post_id.in_(posts))
            .order_by(t.delivery.c.id)
        )
        found = rows.all()
        numbers: dict[str, list[int]] = {}
        for row in found:
            numbers.setdefault(row.slug, []).append(row.id)
        stories = {slug: await self._story(slug, own) for slug, own in numbers.items()}
        carried: dict[int, list[Carried]] = {}
        for row in found:
            story = stories[row.slug]
            development = next(d for d in story.developments if d.number == row.id)
            carried.setdefault(row.post_id, []).append(Carried(story, development))
        return carried


def _value(row: Row[Any], carried: list[Carried], card: Story | None) -> Post:
    stands = row.state in STANDING
    return Post(
        number=row.id,
        key=row.key,
        destination=Destination(Place(row.place), row.discord_id, row.guild_id),
        carried=tuple(carried),
        role_ids=tuple(int(role) for role in row.roles.split()),
        attempts=row.attempts,
        in_doubt=bool(row.in_doubt),
        created_at=row.created_at,
        message_id=(row.message_id or 0) if stands else 0,
        wanted=row.wanted,
        form=Form(row.form),
        task=_task(row, stands=stands),
        silent=bool(row.silent),
        story=card,
        thread_id=max(0, row.thread_id or 0),
        search_after=row.search_after,
        refused_at=row.refused_at,
    )


def _task(row: Row[Any], *, stands: bool) -> Task:
    if not stands:
        return Task.SEND
    return Task.EDIT if row.shown < row.wanted else Task.PUBLISH


def _posts() -> Select[Any]:
    thread = t.destination.alias("thread")
    columns = (t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id, t.story.c.slug)
    return (
        select(t.post, *columns, thread.c.discord_id.label("thread_id"))
        .join(t.destination, t.destination.c.id == t.post.c.destination_id)
        .outerjoin(t.story, t.story.c.id == t.post.c.story_id)
        .outerjoin(thread, thread.c.card_id == t.post.c.id)
    )
