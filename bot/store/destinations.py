"""How destinations fare: what keeps posts from arriving, and what became of each development there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.fate import Fate, Health, Rule
from bot.model.follow import FollowState
from bot.model.post import OPEN, STANDING, Form, PostState
from bot.model.story import Development, Story
from bot.store import tables as t
from bot.store.aside import is_aside
from bot.store.due import YES
from bot.store.wanting import target_keys, terms_of


class Destinations:
    """Destinations, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def blocked_at(self, discord_id: int) -> datetime | None:
        """Since when nothing can arrive there; None while it can."""
        here = t.destination.c.discord_id == discord_id
        return (await self._connection.execute(select(t.destination.c.blocked_at).where(here))).scalar_one_or_none()

    async def block(self, discord_id: int, reason: str, now: datetime, retry_at: datetime) -> bool:
        """Nothing can arrive there until it is mended; what is owed waits. Whether this is news."""
        here = t.destination.c.discord_id == discord_id
        known = await self.blocked_at(discord_id)
        await self._connection.execute(
            update(t.destination).where(here).values(blocked=reason, retry_at=retry_at, blocked_at=known or now)
        )
        return known is None

    async def unblock(self, discord_id: int, *, if_none_waits: bool = False) -> None:
        """Something has arrived there again; ``if_none_waits`` leaves it to the next post, where one waits."""
        here = (t.destination.c.discord_id == discord_id) & (t.destination.c.blocked != "")
        if if_none_waits:
            here &= ~exists().where(t.post.c.destination_id == t.destination.c.id, t.post.c.state.in_(OPEN))
        await self._connection.execute(
            update(t.destination).where(here).values(blocked="", blocked_at=None, retry_at=None)
        )

    async def try_now(self, *, guild_id: int = 0, discord_id: int = 0) -> int:
        """Permissions may have been mended: what is blocked there is tried at once; how many destinations that are."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        tried = update(t.destination).where(where, t.destination.c.retry_at.is_not(None)).values(retry_at=None)
        return (await self._connection.execute(tried)).rowcount

    async def is_any_blocked(self, *, guild_id: int = 0, discord_id: int = 0) -> bool:
        """Whether anything waits there for a later try, be it only to be published."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        blocked = select(t.destination.c.id).where(where, t.destination.c.retry_at.is_not(None)).limit(1)
        refused = (
            select(t.post.c.id)
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(where, t.post.c.publish == YES, t.post.c.unpublished != "")
            .limit(1)
        )
        for asked in (blocked, refused):
            if (await self._connection.execute(asked)).first() is not None:
                return True
        return False

    async def makers(self, discord_id: int, *, above: bool = True) -> tuple[int, ...]:
        """Who made the follows that are served there, each once; of a story's thread, also those of the channel ``above``."""
        place = select(t.destination.c.id, t.destination.c.parent_id).where(t.destination.c.discord_id == discord_id)
        here = place.subquery()
        served = t.follow.c.destination_id == here.c.id
        if above:
            served |= t.follow.c.destination_id == here.c.parent_id
        rows = await self._connection.execute(
            select(t.follow.c.created_by).where(served, t.follow.c.state == FollowState.ACTIVE.value).distinct()
        )
        return tuple(rows.scalars())

    async def health(self, discord_ids: Sequence[int]) -> dict[int, Health]:
        """How these destinations fare, with the threads that stories have in them; one that is not known is absent."""
        rows = await self._connection.execute(_health().where(t.destination.c.discord_id.in_(discord_ids)))
        found = rows.all()
        numbers = [row.id for row in found]
        failures = await self._last(numbers, t.post.c.reason, t.post.c.state == PostState.FAILED.value)
        unpublished = await self._last(numbers, t.post.c.unpublished, t.post.c.unpublished != "")
        shut = await self._shut_threads(numbers)
        gathered = await self._gathered(numbers)
        return {
            row.discord_id: Health(
                blocked=row.blocked,
                retry_at=row.retry_at,
                waiting=row.waiting or 0,
                oldest=row.oldest,
                sent=row.sent or 0,
                last_sent=row.last_sent,
                failed=row.failed or 0,
                set_aside=row.set_aside or 0,
                last_failure=failures.get(row.id, ""),
                unsettled=row.unsettled or 0,
                gathered=gathered[row.id].n if row.id in gathered else 0,
                digest_at=gathered[row.id].at if row.id in gathered else None,
                shut_threads=shut[row.id].n if row.id in shut else 0,
                shut=shut[row.id].why if row.id in shut else "",
                shut_thread=shut[row.id].one if row.id in shut else 0,
                published=row.published or 0,
                unpublished=row.unpublished or 0,
                not_published=unpublished.get(row.id, ""),
            )
            for row in found
        }

    async def fates(self, story: Story, discord_id: int) -> tuple[Fate, ...]:
        """What became of each development of a story in one destination, oldest first, and which rule decided."""
        posts = await self._posts_of(story, discord_id)
        follows = await self._follows_of(story, discord_id)
        return tuple(_fate(story, d, posts.get(d.number), follows) for d in story.developments)

    async def _posts_of(self, story: Story, discord_id: int) -> dict[int, Any]:
        """By the store's number of each development, what is known of it here: in the channel, or, where ``discord_id`` is
        a story's own thread, in that.
        """
        here = select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)
        place = t.destination.alias("place")
        rows = await self._connection.execute(
            select(
                t.development.c.id.label("development"),
                t.development.c.created_at.label("came_at"),
                t.development.c.announced,
                t.delivery.c.gather_at,
                t.delivery.c.reason.label("never"),
                place.c.discord_id.label("channel"),
                *(t.post.c[name] for name in ("state", "message_id", "sent_at", "due_at", "reason")),
            )
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .outerjoin(t.delivery, (t.delivery.c.development_id == t.development.c.id) & _arrives_in(here))
            .outerjoin(t.post, t.post.c.id == t.delivery.c.post_id)
            .outerjoin(place, place.c.id == t.post.c.destination_id)
            .where(t.story.c.slug == story.slug)
        )
        return {row.development: row for row in rows}

    async def _follows_of(self, story: Story, discord_id: int) -> list[Any]:
        keys = await target_keys(self._connection, story)
        rows = await self._connection.execute(
            select(t.follow)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            .where(t.destination.c.discord_id == discord_id, t.follow.c.target_key.in_(keys))
            .order_by(t.follow.c.created_at)
        )
        return list(rows)

    async def _last(self, destinations: Sequence[int], column: Any, where: Any) -> dict[int, str]:
        """The newest value of a column of the posts that are so, by destination."""
        above = func.coalesce(t.destination.c.parent_id, t.destination.c.id)
        rows = await self._connection.execute(
            select(above.label("place"), column.label("said"))
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(_within(destinations), where)
            .order_by(t.post.c.id)
        )
        return {row.place: row.said for row in rows}

    async def _shut_threads(self, destinations: Sequence[int]) -> dict[int, Any]:
        rows = await self._connection.execute(
            select(
                t.destination.c.parent_id,
                func.count().label("n"),
                func.max(t.destination.c.blocked).label("why"),
                func.max(t.destination.c.discord_id).label("one"),
            )
            .where(t.destination.c.parent_id.in_(destinations), t.destination.c.blocked != "")
            .group_by(t.destination.c.parent_id)
        )
        return {row.parent_id: row for row in rows}

    async def _gathered(self, destinations: Sequence[int]) -> dict[int, Any]:
        rows = await self._connection.execute(
            select(t.delivery.c.destination_id, func.count().label("n"), func.min(t.delivery.c.gather_at).label("at"))
            .where(t.delivery.c.destination_id.in_(destinations), t.delivery.c.gather_at.is_not(None))
            .group_by(t.delivery.c.destination_id)
        )
        return {row.destination_id: row for row in rows}


def _within(destinations: Sequence[int]) -> Any:
    """Posts in these destinations or in the threads of theirs."""
    return or_(t.destination.c.id.in_(destinations), t.destination.c.parent_id.in_(destinations))


def _arrives_in(here: Select[Any]) -> Any:
    posted_here = select(t.post.c.id).where(t.post.c.destination_id.in_(here))
    return or_(t.delivery.c.destination_id.in_(here), t.delivery.c.post_id.in_(posted_here))


def _health() -> Any:
    """Cards that open threads are no posts: what they are opened for is."""
    inside = t.destination.alias("inside")
    is_post = t.post.c.form != Form.CARD.value
    waiting = is_post & t.post.c.state.in_(OPEN)
    sent = is_post & t.post.c.state.in_(STANDING)
    failed = is_post & (t.post.c.state == PostState.FAILED.value)
    return (
        select(
            t.destination,
            func.count(t.post.c.id).filter(waiting).label("waiting"),
            func.min(t.post.c.created_at).filter(waiting).label("oldest"),
            func.count(t.post.c.id).filter(sent).label("sent"),
            func.max(t.post.c.sent_at).filter(sent).label("last_sent"),
            func.count(t.post.c.id).filter(failed).label("failed"),
            func.count(t.post.c.id).filter(is_post & is_aside()).label("set_aside"),
            func.sum(t.post.c.unsettled).label("unsettled"),
            func.count(t.post.c.id).filter(t.post.c.state == PostState.PUBLISHED.value).label("published"),
            func.count(t.post.c.id).filter(t.post.c.unpublished != "").label("unpublished"),
        )
        .join(inside, or_(inside.c.id == t.destination.c.id, inside.c.parent_id == t.destination.c.id))
        .outerjoin(t.post, t.post.c.destination_id == inside.c.id)
        .group_by(t.destination.c.id)
    )


def _fate(story: Story, development: Development, row: Any, follows: Sequence[Any]) -> Fate:
    if row is not None and row.state in STANDING:
        return Fate(development, Rule.POSTED, row.message_id or 0, row.sent_at, channel_id=row.channel)
    if row is not None and row.state == PostState.FAILED.value:
        return Fate(development, Rule.FAILED, at=row.sent_at, reason=row.reason)
    if row is not None and row.state == PostState.SET_ASIDE.value:
        return Fate(development, Rule.SET_ASIDE, at=row.sent_at, reason=row.reason)
    if row is not None and row.state is not None:
        return Fate(development, Rule.WAITING, at=row.due_at, reason=row.reason)
    if row is not None and row.gather_at is not None:
        return Fate(development, Rule.DIGEST, at=row.gather_at)
    if row is not None and row.never:
        return Fate(development, Rule.FAILED, reason=row.never)
    return Fate(development, *_undelivered(story, development, row, follows))


def _undelivered(
    story: Story, development: Development, row: Any, follows: Sequence[Any]
) -> tuple[Rule, int, datetime | None, str]:
    came = row.came_at if row is not None else None
    if not follows:
        return Rule.NO_FOLLOW, 0, came, ""
    if came is not None and came < follows[0].created_at:
        return Rule.BEFORE_FOLLOW, 0, came, ""
    if row is not None and not row.announced:
        return Rule.SILENT, 0, came, ""
    refusals = [terms_of(follow).refusal(story, development) for follow in follows]
    if all(refusals):
        return Rule.LEFT_OUT, 0, came, refusals[0]
    return Rule.STOPPED, 0, came, next((follow.reason for follow in follows if follow.reason), "")
