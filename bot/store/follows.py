"""Follows, and the servers that they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Missing, NotFound
from bot.languages import noted
from bot.model.follow import Destination, Follow, FollowState, Place, Target, TargetKind
from bot.model.terms import Terms
from bot.store import tables as t
from bot.store.wanting import columns_of, terms_of

#: Why follows stop when the bot is taken off their server; they resume when it is back.
REMOVED = noted("the bot was removed from the server")
#: Why a development is in no digest.
UNFOLLOWED = noted("the follow ended before the digest was made")


class Follows:
    """The follows, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(
        self, destination: Destination, target: Target, *, by: int, terms: Terms, now: datetime
    ) -> tuple[Follow, bool]:
        """Make a follow, or put the one of the same destination and target on these terms; whether it is a new one.

        One that was paused or had stopped is served again.

        Raises NotFound when the target's company or story is not in the store.
        """
        company, story, key = await self._resolve(target)
        number = await self._destination(destination)
        same = (t.follow.c.destination_id == number, t.follow.c.target_key == key)
        fields = {**columns_of(terms), "state": FollowState.ACTIVE.value, "reason": ""}
        known = next(iter(await self._many(_follows().where(*same))), None)
        if known is None:
            await self._connection.execute(
                insert(t.follow).values(
                    destination_id=number,
                    target_kind=target.kind.value,
                    target_key=key,
                    company_id=company,
                    story_id=story,
                    created_by=by,
                    created_at=now,
                    **fields,
                )
            )
        elif (known.terms, known.state) != (terms, FollowState.ACTIVE):
            await self._connection.execute(update(t.follow).where(*same).values(**fields, changed_at=now))
        found = await self._many(_follows().where(*same))
        return found[0], known is None

    async def get(self, number: int) -> Follow | None:
        """The follow of that number."""
        return next(iter(await self._many(_follows().where(t.follow.c.id == number))), None)

    async def change(self, number: int, terms: Terms, now: datetime) -> None:
        """Serve a follow on other terms from now on; what is owed already comes as it was owed."""
        values = {**columns_of(terms), "changed_at": now}
        await self._connection.execute(update(t.follow).where(t.follow.c.id == number).values(**values))

    async def set_state(self, number: int, state: FollowState, reason: str, now: datetime) -> None:
        """Pause a follow, or serve it again."""
        values = {"state": state.value, "reason": reason, "changed_at": now}
        await self._connection.execute(update(t.follow).where(t.follow.c.id == number).values(**values))

    async def remove(self, number: int) -> None:
        """Take a follow away. A post on its way still arrives; a digest that nobody there follows any more is not made."""
        gone = await self.get(number)
        await self._connection.execute(delete(t.follow).where(t.follow.c.id == number))
        if gone is not None and not await self.at(gone.destination.discord_id):
            here = select(t.destination.c.id).where(t.destination.c.discord_id == gone.destination.discord_id)
            waiting = (t.delivery.c.destination_id.in_(here)) & t.delivery.c.gather_at.is_not(None)
            ended = {"gather_at": None, "reason": UNFOLLOWED}
            await self._connection.execute(update(t.delivery).where(waiting).values(**ended))

    async def in_guild(self, guild_id: int) -> tuple[Follow, ...]:
        """The follows of a server, by channel, then oldest first."""
        return await self._many(_follows().where(t.destination.c.guild_id == guild_id))

    async def at(self, discord_id: int) -> tuple[Follow, ...]:
        """The follows of one channel or thread, or, by a user's id, of their DMs."""
        return await self._many(_follows().where(t.destination.c.discord_id == discord_id))

    async def count(self) -> int:
        """How many follows are served."""
        active = select(func.count()).select_from(t.follow).where(t.follow.c.state == FollowState.ACTIVE.value)
        return (await self._connection.execute(active)).scalar_one()

    async def stop_at(self, discord_id: int, reason: str) -> None:
        """Stop serving the follows of one destination, and say why; what had stopped before keeps its reason."""
        here = select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)
        active = (t.follow.c.destination_id.in_(here)) & (t.follow.c.state == FollowState.ACTIVE.value)
        await self._set_state(active, FollowState.STOPPED, reason)

    async def leave(self, guild_id: int, now: datetime) -> None:
        """The bot was removed from a server: its active follows stop, and their erasure is due from now on."""
        here = select(t.destination.c.id).where(t.destination.c.guild_id == guild_id)
        if (await self._connection.execute(here.limit(1))).first() is None:
            # Nothing but settings can be stored about it, and nothing is to be.
            await self._connection.execute(delete(t.preference).where(t.preference.c.owner_id == guild_id))
            return
        if (await self.known_guilds()).get(guild_id) is None:
            await self._put_guild(guild_id, now)
        active = (t.follow.c.destination_id.in_(here)) & (t.follow.c.state == FollowState.ACTIVE.value)
        await self._set_state(active, FollowState.STOPPED, REMOVED)

    async def come_back(self, guild_id: int) -> None:
        """The bot is on the server again: what stopped when it was removed is served again."""
        await self._put_guild(guild_id, None)
        here = select(t.destination.c.id).where(t.destination.c.guild_id == guild_id)
        stopped = (t.follow.c.destination_id.in_(here)) & (t.follow.c.reason == REMOVED)
        await self._set_state(stopped, FollowState.ACTIVE, "")

    async def set_place(self, discord_id: int, place: Place) -> None:
        """A channel has become another kind of place: posts for it are made as that wants them from now on."""
        here = t.destination.c.discord_id == discord_id
        await self._connection.execute(update(t.destination).where(here).values(place=place.value))

    async def known_guilds(self) -> dict[int, datetime | None]:
        """The servers that follows belong to, and since when the bot has been off them."""
        rows = await self._connection.execute(
            select(t.destination.c.guild_id, t.guild.c.left_at)
            .outerjoin(t.guild, t.guild.c.id == t.destination.c.guild_id)
            .where(t.destination.c.guild_id != 0)
            .distinct()
        )
        return {row.guild_id: row.left_at for row in rows}

    async def erase_guild(self, guild_id: int) -> int:
        """Erase all that is stored about a server; how many follows that were."""
        here = select(t.destination.c.id).where(t.destination.c.guild_id == guild_id)
        counted = select(func.count()).select_from(t.follow).where(t.follow.c.destination_id.in_(here))
        await self._connection.execute(delete(t.preference).where(t.preference.c.owner_id == guild_id))
        number = (await self._connection.execute(counted)).scalar_one()
        await self._connection.execute(delete(t.destination).where(t.destination.c.guild_id == guild_id))
        await self._connection.execute(delete(t.guild).where(t.guild.c.id == guild_id))
        return number

    async def erase_dm(self, user_id: int) -> int:
        """Erase a user's follows by DM, their timetable, their notes to the desk and when they looked where; how many
        follows there were.
        """
        found = await self.at(user_id)
        await self._connection.execute(delete(t.looked).where(t.looked.c.user_id == user_id))
        await self._connection.execute(delete(t.preference).where(t.preference.c.owner_id == user_id))
        await self._connection.execute(delete(t.reader_note).where(t.reader_note.c.user_id == user_id))
        await self._connection.execute(
            delete(t.destination).where(t.destination.c.discord_id == user_id, t.destination.c.place == Place.DM.value)
        )
        return len(found)

    async def _set_state(self, where: Any, state: FollowState, reason: str) -> None:
        await self._connection.execute(update(t.follow).where(where).values(state=state.value, reason=reason))

    async def _put_guild(self, guild_id: int, left_at: datetime | None) -> None:
        changed = update(t.guild).where(t.guild.c.id == guild_id).values(left_at=left_at)
        if (await self._connection.execute(changed)).rowcount == 0:
            await self._connection.execute(insert(t.guild).values(id=guild_id, left_at=left_at))

    async def _destination(self, value: Destination) -> int:
        here = t.destination.c.discord_id == value.discord_id
        known = (await self._connection.execute(select(t.destination.c.id, t.destination.c.place).where(here))).first()
        if known is not None:
            if known.place != value.place.value:
                # A text channel was made an announcement channel, or one was made from the other.
                await self._connection.execute(update(t.destination).where(here).values(place=value.place.value))
            return int(known.id)
        added = insert(t.destination).values(
            place=value.place.value, discord_id=value.discord_id, guild_id=value.guild_id
        )
        number: int = (await self._connection.execute(added.returning(t.destination.c.id))).scalar_one()
        return number

    async def _resolve(self, target: Target) -> tuple[int | None, int | None, str]:
        if target.kind is TargetKind.COMPANY:
            number = await self._one(select(t.company.c.id).where(t.company.c.name == target.value), "company", target)
            return number, None, f"company:{number}"
        if target.kind is TargetKind.STORY:
            number = await self._one(select(t.story.c.id).where(t.story.c.slug == target.value), "story", target)
            return None, number, f"story:{number}"
        if target.kind is TargetKind.KIND:
            return None, None, f"kind:{target.value}"
        return None, None, TargetKind.EVERYTHING.value

    async def _one(self, query: Select[Any], what: Missing, target: Target) -> int:
        number: int | None = (await self._connection.execute(query)).scalar_one_or_none()
        if number is None:
            raise NotFound(what, target.value)
        return number

    async def _many(self, query: Select[Any]) -> tuple[Follow, ...]:
        rows = await self._connection.execute(query.order_by(t.destination.c.id, t.follow.c.id))
        return tuple(_follow(row) for row in rows)


def _follows() -> Select[Any]:
    return (
        select(
            t.follow,
            t.destination.c.place,
            t.destination.c.discord_id,
            t.destination.c.guild_id,
            t.company.c.name.label("company_name"),
            t.story.c.slug.label("story_slug"),
            t.story.c.headline.label("story_headline"),
        )
        .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
        .outerjoin(t.company, t.company.c.id == t.follow.c.company_id)
        .outerjoin(t.story, t.story.c.id == t.follow.c.story_id)
    )


def _follow(row: Row[Any]) -> Follow:
    kind = TargetKind(row.target_kind)
    value = row.company_name or row.story_slug or (row.target_key.partition(":")[2])
    return Follow(
        number=row.id,
        destination=Destination(Place(row.place), row.discord_id, row.guild_id),
        target=Target(kind, value, row.story_headline or value or kind.value),
        created_by=row.created_by,
        created_at=row.created_at,
        terms=terms_of(row),
        state=FollowState(row.state),
        reason=row.reason,
        changed_at=row.changed_at,
    )
