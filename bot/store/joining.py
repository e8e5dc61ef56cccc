"""Two stories become one, and can be parted again.

What belonged to the one that goes (developments with their posts, follows, threads, cards) goes along by its number, so
nothing that was posted or is owed changes. What was moved is kept beside the old slug, which still answers.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.story import Story
from bot.store import tables as t
from bot.store.stories import Stories

Kept = dict[str, Any]


class Joining:
    """Joined stories, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._stories = Stories(connection)

    async def join(self, gone: Story, into: Story, now: datetime) -> Story:
        """Move all of one story into the other, and give back what that has become.

        The caller has seen to it that no two developments have one date and headline.
        """
        numbers = await self._stories.numbers([gone.slug, into.slug])
        old, new = numbers[gone.slug], numbers[into.slug]
        kept: Kept = {
            "story": await self._rows(t.story, t.story.c.id == old),
            "party": await self._rows(t.party, t.party.c.story_id == old),
            "related": await self._rows(t.related, t.related.c.story_id == old),
            "into_party": await self._rows(t.party, t.party.c.story_id == new),
            "developments": await self._move_developments(old, new, {d.key for d in into.developments}),
            "follows": await self._move_follows(old, new),
            "threads": await self._move_threads(old, new),
            "cards": await self._move(t.post, old, new),
            "slugs": await self._move_slugs(old, new),
        }
        await self._add_parties(kept, new)
        await self._connection.execute(delete(t.story).where(t.story.c.id == old))
        await self._connection.execute(text("DELETE FROM story_search WHERE rowid = :number"), {"number": old})
        remembered = insert(t.joined).values(slug=gone.slug, into_id=new, at=now, kept=json.dumps(kept))
        await self._connection.execute(remembered)
        return await self._stories.refresh(into.slug, now)

    async def since(self, when: datetime | None) -> tuple[tuple[str, str], ...]:
        """The stories that were joined then or later, each with the slug of the one that it was joined to, in that order."""
        joined = select(t.joined.c.slug, t.story.c.slug.label("into")).join(t.story, t.story.c.id == t.joined.c.into_id)
        listed = (joined if when is None else joined.where(t.joined.c.at >= when)).order_by(t.joined.c.id)
        return tuple((row.slug, row.into) for row in await self._connection.execute(listed))

    async def part(self, slug: str, now: datetime) -> tuple[Story, Story] | None:
        """Take a join back: the story of the old slug and the one it was joined to, as they are then; None if there is none.

        What was added to the joined story since stays where it is.
        """
        row = (await self._connection.execute(select(t.joined).where(t.joined.c.slug == slug))).first()
        if row is None:
            return None
        kept: Kept = json.loads(row.kept)
        await self._connection.execute(delete(t.joined).where(t.joined.c.id == row.id))
        await self._put_back(kept, row.into_id)
        into = await self._slug(row.into_id)
        return await self._stories.refresh(slug, now), await self._stories.refresh(into, now)

    async def _put_back(self, kept: Kept, into: int) -> None:
        old = await self._insert_story(kept["story"][0])
        for table, name in ((t.party, "party"), (t.related, "related")):
            await self._insert(table, [{**_renumbered(row), "story_id": old} for row in kept[name]])
        had = {(row["company_id"], row["role"]) for row in kept["into_party"]}
        for row in kept["party"]:
            if (row["company_id"], row["role"]) not in had:
                added = (t.party.c.story_id == into) & (t.party.c.company_id == row["company_id"])
                await self._connection.execute(delete(t.party).where(added, t.party.c.role == row["role"]))
        for number, key in kept["developments"]:
            moved = update(t.development).where(t.development.c.id == number)
            await self._connection.execute(moved.values(story_id=old, key=key))
        await self._return_follows(kept["follows"], old)
        for table, name in ((t.destination, "threads"), (t.post, "cards")):
            await self._connection.execute(update(table).where(table.c.id.in_(kept[name])).values(story_id=old))
        moved_slugs = update(t.joined).where(t.joined.c.id.in_(kept["slugs"]))
        await self._connection.execute(moved_slugs.values(into_id=old))

    async def _move_developments(self, old: int, new: int, taken: set[str]) -> list[tuple[int, str]]:
        rows = await self._connection.execute(
            select(t.development.c.id, t.development.c.key)
            .where(t.development.c.story_id == old)
            .order_by(t.development.c.id)
        )
        had = [(row.id, row.key) for row in rows]
        for number, key in had:
            free, count = key, 1
            while free in taken:
                count += 1
                free = f"{key}-{count}"
            taken.add(free)
            moved = update(t.development).where(t.development.c.id == number).values(story_id=new, key=free)
            await self._connection.execute(moved)
        return had

    async def _move_follows(self, old: int, new: int) -> Kept:
        """Who follows both keeps the follow of the story that stays."""
        both = select(t.follow.c.destination_id).where(t.follow.c.story_id == new)
        double = (t.follow.c.story_id == old) & t.follow.c.destination_id.in_(both)
        dropped = await self._rows(t.follow, double)
        await self._connection.execute(delete(t.follow).where(double))
        moved = await self._numbers(t.follow, t.follow.c.story_id == old)
        changed = update(t.follow).where(t.follow.c.id.in_(moved))
        await self._connection.execute(changed.values(story_id=new, target_key=f"story:{new}"))
        return {"moved": moved, "dropped": dropped}

    async def _return_follows(self, kept: Kept, old: int) -> None:
        changed = update(t.follow).where(t.follow.c.id.in_(kept["moved"]))
        await self._connection.execute(changed.values(story_id=old, target_key=f"story:{old}"))
        standing = set(
            await self._numbers(t.destination, t.destination.c.id.in_([r["destination_id"] for r in kept["dropped"]]))
        )
        ids = [row["id"] for row in kept["dropped"]]
        taken = set(await self._numbers(t.follow, t.follow.c.id.in_(ids)))
        again = {"story_id": old, "target_key": f"story:{old}"}
        await self._insert(
            t.follow,
            [
                {**(_renumbered(row) if row["id"] in taken else row), **again}
                for row in kept["dropped"]
                if row["destination_id"] in standing
            ],
        )

    async def _move_threads(self, old: int, new: int) -> list[int]:
        """A channel that has threads of both goes on in that of the story that stays."""
        all_of_them = await self._numbers(t.destination, t.destination.c.story_id == old)
        both = select(t.destination.c.parent_id).where(t.destination.c.story_id == new)
        double = (t.destination.c.story_id == old) & t.destination.c.parent_id.in_(both)
        await self._connection.execute(update(t.destination).where(double).values(story_id=None))
        await self._move(t.destination, old, new)
        return all_of_them

    async def _move(self, table: Table, old: int, new: int) -> list[int]:
        numbers = await self._numbers(table, table.c.story_id == old)
        await self._connection.execute(update(table).where(table.c.story_id == old).values(story_id=new))
        return numbers

    async def _move_slugs(self, old: int, new: int) -> list[int]:
        """Slugs that led to the story that goes lead on."""
        numbers = await self._numbers(t.joined, t.joined.c.into_id == old)
        await self._connection.execute(update(t.joined).where(t.joined.c.into_id == old).values(into_id=new))
        return numbers

    async def _add_parties(self, kept: Kept, new: int) -> None:
        had = {(row["company_id"], row["role"]) for row in kept["into_party"]}
        place = len(had)
        for row in kept["party"]:
            if (row["company_id"], row["role"]) not in had:
                values = {"story_id": new, "company_id": row["company_id"], "role": row["role"], "position": place}
                await self._connection.execute(insert(t.party).values(**values))
                place += 1

    async def _slug(self, number: int) -> str:
        slug: str = (await self._connection.execute(select(t.story.c.slug).where(t.story.c.id == number))).scalar_one()
        return slug

    async def _numbers(self, table: Table, where: Any) -> list[int]:
        return list((await self._connection.execute(select(table.c.id).where(where))).scalars())

    async def _insert_story(self, row: Kept) -> int:
        """Insert a story's row again, and return its number: a new one if another story has been given its number since."""
        taken = await self._numbers(t.story, t.story.c.id == row["id"])
        await self._insert(t.story, [_renumbered(row) if taken else row])
        return (await self._numbers(t.story, t.story.c.slug == row["slug"]))[0]

    async def _rows(self, table: Table, where: Any) -> list[Kept]:
        # As they stand in the table, times as their text: they go into JSON and back.
        plain = [text(f'"{column.name}"') for column in table.columns]
        rows = await self._connection.execute(select(*plain).select_from(table).where(where))
        return [dict(row) for row in rows.mappings()]

    async def _insert(self, table: Table, rows: list[Kept]) -> None:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(f":{name}" for name in row)
            await self._connection.execute(text(f"INSERT INTO {table.name} ({names}) VALUES ({values})"), row)  # noqa: S608 - names are ours


def _renumbered(row: Kept) -> Kept:
    """A row without its number, so that it is given a new one: rows made since may have the old one."""
    return {name: value for name, value in row.items() if name != "id"}
