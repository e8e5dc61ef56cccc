"""Follows, and the servers that they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select, union, update

from bot.errors import MissingKind, NotFound
from bot.languages import lazy
from bot.model.delivery_settings import DeliveryMode
from bot.model.feed import BROKEN_AFTER_FAILURES, FeedState
from bot.model.follow import Destination, DestinationKind, FeedProblem, Follow, FollowState, Target, TargetKind
from bot.model.follow_settings import FollowFilter, FollowSettings, PingPolicy
from bot.model.story import Story
from bot.store import tables as t
from bot.store.mentions import StoryMention
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

#: Why follows stop if the bot is removed from their server; they resume when it is back.
BOT_REMOVED_REASON = lazy("the bot was removed from the server")
#: Why a development is in no digest, if its follow has ended.
UNFOLLOWED_REASON = lazy("the follow ended before the digest was made")
#: Why the follow of a feed has stopped.
FEED_GONE_REASON = lazy("its publisher has taken the feed down")
FEED_UNREADABLE_REASON = lazy("the feed could not be read for a month")
#: A followed feed is given up if it has failed for this long.
GIVE_UP_AFTER = timedelta(days=30)

#: The columns of the follow table that hold one value of the settings, under its name.
_PLAIN_FIELDS = ("mode", "role_id", "ping", "silent", "threads", "reminders")


class Follows(StoreSubject):
    """The follows, and the servers' times of removal."""

    async def save(
        self,
        destination: Destination,
        target: Target,
        *,
        created_by: int,
        settings: FollowSettings,
        now: datetime,
        known_article: int = 0,
    ) -> tuple[Follow, bool]:
        """Make a follow, or change the settings of the one with the same destination and target; return it and whether it is new.

        A follow that was paused or had stopped becomes active. Of a feed, ``known_article`` is its newest article.

        Raises NotFound if the target's company, story or feed is not in the store.
        """
        target_values = await self._resolve_target(target)
        destination_id = await self._save_destination(destination)
        is_same = (
            t.follow.c.destination_id == destination_id,
            t.follow.c.target_key == target_values["target_key"],
        )
        values = {**settings_to_columns(settings), "state": FollowState.ACTIVE.value, "reason": "", "told": 0}
        if target.kind is TargetKind.FEED:
            values["label"] = target.label
        existing = next(iter(await self._list(_follow_query().where(*is_same))), None)
        if existing is None:
            await self._connection.execute(
                insert(t.follow).values(
                    destination_id=destination_id,
                    target_kind=target.kind.value,
                    created_by=created_by,
                    created_at=now,
                    known_article=known_article,
                    **target_values,
                    **values,
                )
            )
        elif (existing.settings, existing.state) != (settings, FollowState.ACTIVE):
            if existing.state is not FollowState.ACTIVE:
                values["known_article"] = known_article
            await self._connection.execute(update(t.follow).where(*is_same).values(**values, changed_at=now))
        follows = await self._list(_follow_query().where(*is_same))
        return follows[0], existing is None

    async def get(self, follow_id: int) -> Follow:
        """Return the follow with this id. Raises NotFound if there is none."""
        follow = await self.find(follow_id)
        if follow is None:
            raise NotFound("follow", str(follow_id))
        return follow

    async def find(self, follow_id: int) -> Follow | None:
        """Return the follow with this id; None if there is none."""
        return next(iter(await self._list(_follow_query().where(t.follow.c.id == follow_id))), None)

    async def change_settings(self, follow_id: int, settings: FollowSettings, now: datetime) -> None:
        """Apply other settings to a follow from now on. Deliveries that exist already stay as they are."""
        values = {**settings_to_columns(settings), "changed_at": now}
        await self._connection.execute(update(t.follow).where(t.follow.c.id == follow_id).values(**values))

    async def set_state(self, follow_id: int, state: FollowState, reason: str, now: datetime) -> None:
        """Pause a follow, or make it active again."""
        if state is FollowState.ACTIVE:
            await self._prepare_feeds(t.follow.c.id == follow_id)
        values = {"state": state.value, "reason": reason, "changed_at": now}
        await self._connection.execute(update(t.follow).where(t.follow.c.id == follow_id).values(**values))

    async def remove(self, follow_id: int) -> None:
        """Remove a follow. Posts that are enqueued still arrive; a digest for a destination without follows is not made."""
        follow = await self.find(follow_id)
        await self._connection.execute(delete(t.follow).where(t.follow.c.id == follow_id))
        if follow is not None and not await self.list_in_destination(follow.destination.discord_id):
            destination_ids = select(t.destination.c.id).where(
                t.destination.c.discord_id == follow.destination.discord_id
            )
            is_waiting = (t.delivery.c.destination_id.in_(destination_ids)) & t.delivery.c.gather_at.is_not(None)
            values = {"gather_at": None, "reason": UNFOLLOWED_REASON}
            await self._connection.execute(update(t.delivery).where(is_waiting).values(**values))
        await self._tx.feeds.remove_unfollowed()

    async def list_in_guild(self, guild_id: int) -> tuple[Follow, ...]:
        """Return the follows of a server, by channel, the oldest first."""
        return await self._list(_follow_query().where(t.destination.c.guild_id == guild_id))

    async def list_in_destination(self, discord_id: int) -> tuple[Follow, ...]:
        """Return the follows of one channel or thread, or of the DMs of the user with this id."""
        return await self._list(_follow_query().where(t.destination.c.discord_id == discord_id))

    async def count_active(self) -> int:
        """Return how many follows are active."""
        query = select(func.count()).select_from(t.follow).where(t.follow.c.state == FollowState.ACTIVE.value)
        return (await self._connection.execute(query)).scalar_one()

    async def stop_in_destination(self, discord_id: int, reason: str) -> None:
        """Stop the active follows of one destination, with a reason. Those that had stopped before keep theirs."""
        destination_ids = select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)
        is_active = (t.follow.c.destination_id.in_(destination_ids)) & (t.follow.c.state == FollowState.ACTIVE.value)
        await self._set_state(is_active, FollowState.STOPPED, reason)

    async def mark_guild_left(self, guild_id: int, now: datetime) -> None:
        """Record that the bot was removed from a server: stop its active follows. The time until their erasure begins now."""
        destination_ids = select(t.destination.c.id).where(t.destination.c.guild_id == guild_id)
        if (await self._connection.execute(destination_ids.limit(1))).first() is None:
            # Nothing can be stored about it but its settings, which are not kept, and that it was greeted.
            await self._connection.execute(delete(t.preference).where(t.preference.c.owner_id == guild_id))
            await self._connection.execute(update(t.guild).where(t.guild.c.id == guild_id).values(left_at=now))
            return
        if await self.get_left_at(guild_id) is None:
            await self._save_guild(guild_id, now)
        is_active = (t.follow.c.destination_id.in_(destination_ids)) & (t.follow.c.state == FollowState.ACTIVE.value)
        await self._set_state(is_active, FollowState.STOPPED, BOT_REMOVED_REASON)

    async def mark_guild_returned(self, guild_id: int) -> None:
        """Record that the bot is on the server again: resume the follows that its removal stopped."""
        await self._save_guild(guild_id, None)
        destination_ids = select(t.destination.c.id).where(t.destination.c.guild_id == guild_id)
        is_stopped = (t.follow.c.destination_id.in_(destination_ids)) & (t.follow.c.reason == BOT_REMOVED_REASON)
        await self._prepare_feeds(is_stopped)
        await self._set_state(is_stopped, FollowState.ACTIVE, "")

    async def mark_guild_greeted(self, guild_id: int, now: datetime) -> bool:
        """Record that a server is greeted; return False if it was before."""
        is_guild = t.guild.c.id == guild_id
        known = (await self._connection.execute(select(t.guild.c.greeted_at).where(is_guild))).first()
        if known is None:
            await self._connection.execute(insert(t.guild).values(id=guild_id, greeted_at=now))
        elif known.greeted_at is None:
            await self._connection.execute(update(t.guild).where(is_guild).values(greeted_at=now))
        return known is None or known.greeted_at is None

    async def set_destination_kind(self, discord_id: int, kind: DestinationKind) -> None:
        """Record that a channel has become another kind; later posts are made for that."""
        is_destination = t.destination.c.discord_id == discord_id
        await self._connection.execute(update(t.destination).where(is_destination).values(place=kind.value))

    async def list_guilds(self) -> dict[int, datetime | None]:
        """Return the servers that were greeted or that follows belong to, and since when the bot has been off them."""
        guild_ids = union(
            select(t.destination.c.guild_id).where(t.destination.c.guild_id != 0), select(t.guild.c.id)
        ).subquery()
        rows = await self._connection.execute(
            select(guild_ids.c.guild_id, t.guild.c.left_at).outerjoin(t.guild, t.guild.c.id == guild_ids.c.guild_id)
        )
        return {row.guild_id: row.left_at for row in rows}

    async def get_left_at(self, guild_id: int) -> datetime | None:
        """Return since when the bot has been off a server; None if it is there, or the server is unknown."""
        query = select(t.guild.c.left_at).where(t.guild.c.id == guild_id)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def erase_guild(self, guild_id: int) -> int:
        """Erase all that is stored about a server; return how many follows it had."""
        destination_ids = select(t.destination.c.id).where(t.destination.c.guild_id == guild_id)
        query = select(func.count()).select_from(t.follow).where(t.follow.c.destination_id.in_(destination_ids))
        await self._connection.execute(delete(t.preference).where(t.preference.c.owner_id == guild_id))
        count = (await self._connection.execute(query)).scalar_one()
        await self._connection.execute(delete(t.destination).where(t.destination.c.guild_id == guild_id))
        await self._tx.feeds.remove_unfollowed()
        await self._connection.execute(delete(t.guild).where(t.guild.c.id == guild_id))
        return count

    async def erase_user(self, user_id: int) -> int:
        """Erase a user's follows by DM, settings, reports to the desk and last-seen times; return how many follows there were."""
        follows = await self.list_in_destination(user_id)
        await self._connection.execute(delete(t.last_seen).where(t.last_seen.c.user_id == user_id))
        await self._connection.execute(delete(t.preference).where(t.preference.c.owner_id == user_id))
        await self._connection.execute(delete(t.reader_report).where(t.reader_report.c.user_id == user_id))
        await self._connection.execute(
            delete(t.destination).where(
                t.destination.c.discord_id == user_id, t.destination.c.place == DestinationKind.DM.value
            )
        )
        await self._tx.feeds.remove_unfollowed()
        return len(follows)

    async def list_feeds(self, destination: Destination) -> frozenset[int]:
        """Return the ids of the feeds that the server of a destination follows, or the person, if it is their DMs."""
        is_own = (
            t.destination.c.guild_id == destination.guild_id
            if destination.guild_id
            else t.destination.c.discord_id == destination.discord_id
        )
        rows = await self._connection.execute(
            select(t.follow.c.feed_id)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            .where(is_own, t.follow.c.feed_id.is_not(None))
        )
        return frozenset(rows.scalars())

    async def count_feeds(self) -> int:
        """Return how many feeds servers and people follow."""
        return (await self._connection.execute(select(func.count(t.follow.c.feed_id.distinct())))).scalar_one()

    async def has_dead_feeds(self, now: datetime) -> bool:
        """Return whether :meth:`stop_feeds` would stop anything."""
        conditions = [condition for condition, _ in _find_dead_feeds(now)]
        query = select(t.follow.c.id).where(or_(*conditions)).limit(1)
        return (await self._connection.execute(query)).first() is not None

    async def stop_feeds(self, now: datetime) -> None:
        """Stop the follows of feeds that are gone, or could not be read for :data:`GIVE_UP_AFTER`."""
        for condition, reason in _find_dead_feeds(now):
            values = {"state": FollowState.STOPPED.value, "reason": reason, "changed_at": now, "told": 0}
            await self._connection.execute(update(t.follow).where(condition).values(**values))

    async def list_given_up(self, limit: int) -> tuple[Follow, ...]:
        """Return follows of feeds that were given up, of which their destinations have not been told."""
        is_given_up = t.follow.c.reason.in_([FEED_GONE_REASON, FEED_UNREADABLE_REASON])
        query = _follow_query().where(
            t.follow.c.feed_id.is_not(None), t.follow.c.state == FollowState.STOPPED.value, t.follow.c.told == 0
        )
        return await self._list(query.where(is_given_up).limit(limit))

    async def mark_told(self, follow_id: int) -> None:
        """Record that a destination has been told that a feed was given up."""
        await self._connection.execute(update(t.follow).where(t.follow.c.id == follow_id).values(told=1))

    async def move_feed(self, feed_id: int, target_id: int, *, continues: bool) -> None:
        """Let those who follow a feed follow another one instead, whose articles it ``continues``, or are new to them."""
        target_key = f"feed:{target_id}"
        followers = select(t.follow.c.destination_id).where(t.follow.c.feed_id == target_id)
        is_double = (t.follow.c.feed_id == feed_id) & t.follow.c.destination_id.in_(followers)
        await self._connection.execute(delete(t.follow).where(is_double))
        values: dict[str, Any] = {"feed_id": target_id, "target_key": target_key}
        if not continues:
            values["known_article"] = await self._tx.followed_articles.get_newest_id(target_id)
        await self._connection.execute(update(t.follow).where(t.follow.c.feed_id == feed_id).values(**values))

    async def _prepare_feeds(self, where: Any) -> None:
        """Let the feeds of follows that become active be read anew."""
        rows = await self._connection.execute(select(t.follow.c.feed_id).where(where, t.follow.c.feed_id.is_not(None)))
        await self._tx.feeds.forget_reading(rows.scalars().all())

    async def _set_state(self, where: Any, state: FollowState, reason: str) -> None:
        await self._connection.execute(update(t.follow).where(where).values(state=state.value, reason=reason))

    async def _save_guild(self, guild_id: int, left_at: datetime | None) -> None:
        statement = update(t.guild).where(t.guild.c.id == guild_id).values(left_at=left_at)
        if (await self._connection.execute(statement)).rowcount == 0:
            await self._connection.execute(insert(t.guild).values(id=guild_id, left_at=left_at))

    async def _save_destination(self, destination: Destination) -> int:
        is_destination = t.destination.c.discord_id == destination.discord_id
        existing = (
            await self._connection.execute(select(t.destination.c.id, t.destination.c.place).where(is_destination))
        ).first()
        if existing is not None:
            if existing.place != destination.kind.value:
                # A text channel was made an announcement channel, or one was made from the other.
                await self._connection.execute(
                    update(t.destination).where(is_destination).values(place=destination.kind.value)
                )
            return int(existing.id)
        statement = insert(t.destination).values(
            place=destination.kind.value, discord_id=destination.discord_id, guild_id=destination.guild_id
        )
        destination_id: int = (await self._connection.execute(statement.returning(t.destination.c.id))).scalar_one()
        return destination_id

    async def _resolve_target(self, target: Target) -> dict[str, Any]:
        """Return the target's columns."""
        if target.kind is TargetKind.COMPANY:
            query = select(t.company.c.id).where(t.company.c.name == target.value)
            row_id = await self._find_id(query, "company", target)
            return {"company_id": row_id, "target_key": f"company:{row_id}"}
        if target.kind is TargetKind.STORY:
            row_id = await self._find_id(select(t.story.c.id).where(t.story.c.slug == target.value), "story", target)
            return {"story_id": row_id, "target_key": f"story:{row_id}"}
        if target.kind is TargetKind.FEED:
            query = select(t.feed.c.id).where(t.feed.c.id == int(target.value))
            row_id = await self._find_id(query, "feed", target)
            return {"feed_id": row_id, "target_key": f"feed:{row_id}"}
        if target.kind is TargetKind.KIND:
            return {"target_key": f"kind:{target.value}"}
        return {"target_key": TargetKind.EVERYTHING.value}

    async def _find_id(self, query: Select[Any], noun: MissingKind, target: Target) -> int:
        row_id: int | None = (await self._connection.execute(query)).scalar_one_or_none()
        if row_id is None:
            raise NotFound(noun, target.value)
        return row_id

    async def _list(self, query: Select[Any]) -> tuple[Follow, ...]:
        rows = await self._connection.execute(query.order_by(t.destination.c.id, t.follow.c.id))
        return tuple(_to_follow(row) for row in rows)


def _follow_query() -> Select[Any]:
    return (
        select(
            t.follow,
            t.destination.c.place,
            t.destination.c.discord_id,
            t.destination.c.guild_id,
            t.company.c.name.label("company_name"),
            t.story.c.slug.label("story_slug"),
            t.story_title.label("story_headline"),
            t.feed.c.failures.label("feed_failures"),
            t.feed.c.reason.label("feed_reason"),
            t.feed.c.succeeded_at.label("feed_succeeded_at"),
        )
        .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
        .outerjoin(t.company, t.company.c.id == t.follow.c.company_id)
        .outerjoin(t.story, t.story.c.id == t.follow.c.story_id)
        .outerjoin(t.feed, t.feed.c.id == t.follow.c.feed_id)
    )


def _to_follow(row: Row[Any]) -> Follow:
    kind = TargetKind(row.target_kind)
    value = row.company_name or row.story_slug or (row.target_key.partition(":")[2])
    return Follow(
        id=row.id,
        destination=Destination(DestinationKind(row.place), row.discord_id, row.guild_id),
        target=Target(kind, value, row.label or row.story_headline or value or kind.value),
        created_by=row.created_by,
        created_at=row.created_at,
        settings=settings_from_row(row),
        state=FollowState(row.state),
        reason=row.reason,
        changed_at=row.changed_at,
        feed_problem=_get_feed_problem(row),
    )


def _find_dead_feeds(now: datetime) -> tuple[tuple[ColumnElement[bool], str], ...]:
    """Return the conditions of follows whose feeds will bring nothing any more, each with the reason."""
    is_gone = t.feed.c.state == FeedState.GONE.value
    is_unreadable = (t.feed.c.failures >= BROKEN_AFTER_FAILURES) & (t.feed.c.succeeded_at < now - GIVE_UP_AFTER)
    return tuple(
        (
            t.follow.c.feed_id.in_(select(t.feed.c.id).where(condition))
            & (t.follow.c.state != FollowState.STOPPED.value),
            reason,
        )
        for condition, reason in ((is_gone, FEED_GONE_REASON), (is_unreadable, FEED_UNREADABLE_REASON))
    )


def _get_feed_problem(row: Row[Any]) -> FeedProblem | None:
    is_broken = row.state != FollowState.STOPPED.value and (row.feed_failures or 0) >= BROKEN_AFTER_FAILURES
    return FeedProblem(row.feed_reason, row.feed_succeeded_at) if is_broken else None


def settings_from_row(row: Row[Any]) -> FollowSettings:
    """Return the settings in a row of the follow table."""
    return replace(
        conditions_from_row(row),
        mode=DeliveryMode(row.mode),
        role_id=row.role_id,
        ping=PingPolicy(row.ping),
        silent=bool(row.silent),
        threads=bool(row.threads),
        reminders=bool(row.reminders),
    )


def conditions_from_row(row: Row[Any]) -> FollowSettings:
    """Return settings with the conditions in a row of the follow table, and the defaults for all else."""
    return FollowSettings(
        filters=frozenset(FollowFilter(word) for word in row.only.split()),
        keywords=tuple(row.words.splitlines()),
        excluded_keywords=tuple(row.without.splitlines()),
    )


def settings_to_columns(settings: FollowSettings) -> dict[str, Any]:
    """Return the follow table's columns for these settings."""
    plain: dict[str, Any] = {name: getattr(settings, name) for name in _PLAIN_FIELDS}
    return {
        **plain,
        "mode": settings.mode.value,
        "ping": settings.ping.value,
        "silent": int(settings.silent),
        "threads": int(settings.threads),
        "reminders": int(settings.reminders),
        "only": " ".join(sorted(item.value for item in settings.filters)),
        "words": _join_lines(settings.keywords),
        "without": _join_lines(settings.excluded_keywords),
    }


def _join_lines(words: Iterable[str]) -> str:
    return "\n".join(words)


async def find_target_keys(connection: AsyncConnection, story: Story) -> list[str]:
    """Return the keys of every target that matches a story."""
    company_names = [party.company for party in story.parties]
    company_ids = await connection.execute(select(t.company.c.id).where(t.company.c.name.in_(company_names)))
    story_ids = await connection.execute(select(t.story.c.id).where(t.story.c.slug == story.slug))
    return [
        TargetKind.EVERYTHING.value,
        f"kind:{story.kind.value}",
        *(f"story:{row_id}" for row_id in story_ids.scalars()),
        *(f"company:{row_id}" for row_id in company_ids.scalars()),
    ]


def get_mention_key(mention: StoryMention) -> str:
    """Return the key of the target that a mentioned company is."""
    return f"{TargetKind.COMPANY.value}:{mention.company_id}"
