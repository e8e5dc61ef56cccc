"""Merge two stories, and undo it.

What belongs to the source (developments with their posts, expected events, terms, follows, threads, cards) moves to the target under the same
ids, so nothing that was posted or is due changes. A snapshot of what was moved is stored with the old slug, which still
answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, exists, insert, select, text, update

from bot.model.expected_event import ExpectedEvent
from bot.model.story import Development, Story
from bot.model.terms import Term
from bot.store import tables as t
from bot.store.keyed_rows import move_keyed_rows, move_keyed_rows_back
from bot.store.subject import StoreSubject

JsonObject = dict[str, Any]


class StoryMerges(StoreSubject):
    """Merged stories in one transaction."""

    async def merge(self, source: Story, target: Story, now: datetime, *, with_parties: bool = True) -> Story:
        """Move everything of the source into the target, and return what the target has become.

        Without ``with_parties`` the target keeps its parties. The caller must have checked that no two developments have the
        same date and headline.
        """
        ids = await self._tx.stories.get_ids([source.slug, target.slug])
        source_id, target_id = ids[source.slug], ids[target.slug]
        snapshot: JsonObject = {
            "story": await self._select_rows(t.story, t.story.c.id == source_id),
            "party": await self._select_rows(t.party, t.party.c.story_id == source_id),
            "related": await self._select_rows(t.related, t.related.c.story_id == source_id),
            "into_party": await self._select_rows(t.party, t.party.c.story_id == target_id),
            "developments": await self._move_keyed_rows(t.development, source_id, target_id, target.developments),
            "expected": await self._move_keyed_rows(t.expected_event, source_id, target_id, target.expected_events),
            "terms": await self._move_keyed_rows(t.term, source_id, target_id, target.terms),
            "follows": await self._move_follows(source_id, target_id),
            "threads": await self._move_threads(source_id, target_id),
            "cards": await self._move_rows(t.post, source_id, target_id),
            "clusters": await self._move_rows(t.cluster, source_id, target_id),
            "slugs": await self._move_slugs(source_id, target_id),
        }
        if with_parties:
            await self._add_parties(snapshot, target_id)
        await self._connection.execute(delete(t.story).where(t.story.c.id == source_id))
        await self._tx.fulltext.remove_story(source_id)
        statement = insert(t.story_merge).values(slug=source.slug, into_id=target_id, at=now, kept=json.dumps(snapshot))
        await self._connection.execute(statement)
        return await self._tx.stories.refresh(target.slug, now)

    async def list_since(self, time: datetime | None) -> tuple[tuple[str, str], ...]:
        """Return the slugs of the stories that were merged then or later, in that order.

        Each comes with the slug of the story that it was merged into.
        """
        merges = select(t.story_merge.c.slug, t.story.c.slug.label("into")).join(
            t.story, t.story.c.id == t.story_merge.c.into_id
        )
        query = (merges if time is None else merges.where(t.story_merge.c.at >= time)).order_by(t.story_merge.c.id)
        return tuple((row.slug, row.into) for row in await self._connection.execute(query))

    async def list_merged_slugs(self, slug: str) -> tuple[str, ...]:
        """Return the slugs of the stories that were merged into a story."""
        query = select(t.story_merge.c.slug).join(t.story, t.story.c.id == t.story_merge.c.into_id)
        rows = await self._connection.execute(query.where(t.story.c.slug == slug).order_by(t.story_merge.c.id))
        return tuple(rows.scalars())

    async def get_expected_keys(self, slug: str) -> dict[str, str]:
        """Return the present key of each expected event of a merged story, by the key that it had there."""
        row = (await self._connection.execute(select(t.story_merge.c.kept).where(t.story_merge.c.slug == slug))).first()
        original_keys = dict(json.loads(row.kept).get("expected", ())) if row else {}
        event = t.expected_event.c
        rows = await self._connection.execute(select(event.id, event.key).where(event.id.in_(original_keys)))
        return {original_keys[event_id]: key for event_id, key in rows.all()}

    async def unmerge(self, slug: str, now: datetime) -> tuple[Story, Story] | None:
        """Undo a merge.

        Return the story of the old slug and its former target as they are then, or None if it was not merged.

        What was added to the target since the merge stays there.
        """
        row = (await self._connection.execute(select(t.story_merge).where(t.story_merge.c.slug == slug))).first()
        if row is None:
            return None
        snapshot: JsonObject = json.loads(row.kept)
        await self._connection.execute(delete(t.story_merge).where(t.story_merge.c.id == row.id))
        await self._restore(snapshot, row.into_id)
        target_slug = await self._get_slug(row.into_id)
        return await self._tx.stories.refresh(slug, now), await self._tx.stories.refresh(target_slug, now)

    async def _restore(self, snapshot: JsonObject, target_id: int) -> None:
        source_id = await self._insert_story(snapshot["story"][0])
        for table, name in ((t.party, "party"), (t.related, "related")):
            await self._insert_rows(table, [{**_without_id(row), "story_id": source_id} for row in snapshot[name]])
        target_parties = {(row["company_id"], row["role"]) for row in snapshot["into_party"]}
        for row in snapshot["party"]:
            if (row["company_id"], row["role"]) not in target_parties:
                is_added_party = (t.party.c.story_id == target_id) & (t.party.c.company_id == row["company_id"])
                await self._connection.execute(delete(t.party).where(is_added_party, t.party.c.role == row["role"]))
        for table, name in ((t.development, "developments"), (t.expected_event, "expected"), (t.term, "terms")):
            # Snapshots of earlier versions have no expected events and no terms. What was split off since stays there.
            former_keys = snapshot.get(name, [])
            await move_keyed_rows_back(self._connection, table, former_keys, (source_id, target_id), set())
        await self._separate_results((source_id, target_id))
        await self._restore_follows(snapshot["follows"], source_id)
        for table, name in ((t.destination, "threads"), (t.post, "cards"), (t.cluster, "clusters")):
            # Snapshots of earlier versions have no clusters.
            ids = snapshot.get(name, [])
            await self._connection.execute(update(table).where(table.c.id.in_(ids)).values(story_id=source_id))
        moved_slugs = update(t.story_merge).where(t.story_merge.c.id.in_(snapshot["slugs"]))
        await self._connection.execute(moved_slugs.values(into_id=source_id))

    async def _move_keyed_rows(
        self, table: Table, source_id: int, target_id: int, present: Iterable[Development | ExpectedEvent | Term]
    ) -> list[tuple[int, str]]:
        """Move all rows of the source that have a key; ``present`` are those that the target has already."""
        used_keys = {each.key for each in present}
        return await move_keyed_rows(self._connection, table, table.c.story_id == source_id, target_id, used_keys)

    async def _separate_results(self, story_ids: Sequence[int]) -> None:
        """Forget which development an expected event resulted in where that is now another story's."""
        event, development = t.expected_event, t.development
        is_elsewhere = exists().where(
            development.c.id == event.c.development_id, development.c.story_id != event.c.story_id
        )
        statement = update(event).where(event.c.story_id.in_(story_ids), is_elsewhere)
        await self._connection.execute(statement.values(development_id=None))

    async def _move_follows(self, source_id: int, target_id: int) -> JsonObject:
        """Move the follows. A destination that follows both stories keeps the follow of the target."""
        target_followers = select(t.follow.c.destination_id).where(t.follow.c.story_id == target_id)
        is_duplicate = (t.follow.c.story_id == source_id) & t.follow.c.destination_id.in_(target_followers)
        dropped_rows = await self._select_rows(t.follow, is_duplicate)
        await self._connection.execute(delete(t.follow).where(is_duplicate))
        moved_ids = await self._select_ids(t.follow, t.follow.c.story_id == source_id)
        statement = update(t.follow).where(t.follow.c.id.in_(moved_ids))
        await self._connection.execute(statement.values(story_id=target_id, target_key=f"story:{target_id}"))
        return {"moved": moved_ids, "dropped": dropped_rows}

    async def _restore_follows(self, follows: JsonObject, source_id: int) -> None:
        statement = update(t.follow).where(t.follow.c.id.in_(follows["moved"]))
        await self._connection.execute(statement.values(story_id=source_id, target_key=f"story:{source_id}"))
        existing_destinations = set(
            await self._select_ids(
                t.destination, t.destination.c.id.in_([row["destination_id"] for row in follows["dropped"]])
            )
        )
        ids = [row["id"] for row in follows["dropped"]]
        used_ids = set(await self._select_ids(t.follow, t.follow.c.id.in_(ids)))
        values = {"story_id": source_id, "target_key": f"story:{source_id}"}
        await self._insert_rows(
            t.follow,
            [
                {**(_without_id(row) if row["id"] in used_ids else row), **values}
                for row in follows["dropped"]
                if row["destination_id"] in existing_destinations
            ],
        )

    async def _move_threads(self, source_id: int, target_id: int) -> list[int]:
        """Move the threads. A channel that has threads of both goes on in the target's thread."""
        thread_ids = await self._select_ids(t.destination, t.destination.c.story_id == source_id)
        target_parents = select(t.destination.c.parent_id).where(t.destination.c.story_id == target_id)
        is_duplicate = (t.destination.c.story_id == source_id) & t.destination.c.parent_id.in_(target_parents)
        await self._connection.execute(update(t.destination).where(is_duplicate).values(story_id=None))
        await self._move_rows(t.destination, source_id, target_id)
        return thread_ids

    async def _move_rows(self, table: Table, source_id: int, target_id: int) -> list[int]:
        ids = await self._select_ids(table, table.c.story_id == source_id)
        await self._connection.execute(update(table).where(table.c.story_id == source_id).values(story_id=target_id))
        return ids

    async def _move_slugs(self, source_id: int, target_id: int) -> list[int]:
        """Lead slugs that were merged into the source to the target."""
        ids = await self._select_ids(t.story_merge, t.story_merge.c.into_id == source_id)
        await self._connection.execute(
            update(t.story_merge).where(t.story_merge.c.into_id == source_id).values(into_id=target_id)
        )
        return ids

    async def _add_parties(self, snapshot: JsonObject, target_id: int) -> None:
        target_parties = {(row["company_id"], row["role"]) for row in snapshot["into_party"]}
        position = len(target_parties)
        for row in snapshot["party"]:
            if (row["company_id"], row["role"]) not in target_parties:
                values = {
                    "story_id": target_id,
                    "company_id": row["company_id"],
                    "role": row["role"],
                    "position": position,
                }
                await self._connection.execute(insert(t.party).values(**values))
                position += 1

    async def _get_slug(self, story_id: int) -> str:
        slug: str = (
            await self._connection.execute(select(t.story.c.slug).where(t.story.c.id == story_id))
        ).scalar_one()
        return slug

    async def _select_ids(self, table: Table, condition: Any) -> list[int]:
        return list((await self._connection.execute(select(table.c.id).where(condition))).scalars())

    async def _insert_story(self, row: JsonObject) -> int:
        """Insert a story's row again and return its id, which is a new one if another story has the old one by now."""
        # A story that was merged before described states were stored counts as described for its stage.
        row = {"described_stage": row["stage"], "described_as_of": row["as_of"], **row}
        used_ids = await self._select_ids(t.story, t.story.c.id == row["id"])
        await self._insert_rows(t.story, [_without_id(row) if used_ids else row])
        return (await self._select_ids(t.story, t.story.c.slug == row["slug"]))[0]

    async def _select_rows(self, table: Table, condition: Any) -> list[JsonObject]:
        # Rows go into JSON and back, so times stay the text that they are in the table.
        columns = [text(f'"{column.name}"') for column in table.columns]
        rows = await self._connection.execute(select(*columns).select_from(table).where(condition))
        return [dict(row) for row in rows.mappings()]

    async def _insert_rows(self, table: Table, rows: list[JsonObject]) -> None:
        for row in rows:
            column_names = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(f":{name}" for name in row)
            await self._connection.execute(text(f"INSERT INTO {table.name} ({column_names}) VALUES ({values})"), row)  # noqa: S608 - names are ours


def _without_id(row: JsonObject) -> JsonObject:
    """Return a row without its id, so that it gets a new one: rows created since may have the old one."""
    return {name: value for name, value in row.items() if name != "id"}
