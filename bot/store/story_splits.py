"""Splits of stories: what editors choose, moving it to another story, and moving it back.

Developments, expected events and terms move under the same ids, so posts that were sent, or are due, still belong to them.
What was moved is stored with the split.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, insert, literal, select, update

from bot.errors import NotFound
from bot.model.follow import TargetKind
from bot.model.story import Story
from bot.model.story_split import SplitParts, SplitState, StorySplit
from bot.store import tables as t
from bot.store.keyed_rows import move_keyed_rows, move_keyed_rows_back
from bot.store.subject import StoreSubject

_TABLES: Mapping[str, Table] = {"developments": t.development, "expected_events": t.expected_event, "terms": t.term}
#: Columns of a follow that its copy for another story does not take over.
_OWN_COLUMNS = frozenset(("id", "story_id", "target_key", "created_at", "changed_at"))


@dataclass(frozen=True, slots=True)
class MovedParts:
    """What a split has moved, as undoing it needs it.

    Attributes:
        source_slug: the story that was split: the one of the split's slug, or what that had been merged into.
        header: what the new story was apart from its parts, as the audit writes it; empty for a story that existed.
        developments, expected_events, terms: the key that each had, by its id.
        follows: the ids of the follows that were made for the other story.
        reviews: decisions of the desk that refer to a moved development: the review's id, and the slug and key that it had.
    """

    source_slug: str
    target_slug: str
    header: str
    developments: Mapping[int, str]
    expected_events: Mapping[int, str]
    terms: Mapping[int, str]
    follows: tuple[int, ...] = ()
    reviews: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MovedNames:
    """By what a file names the parts that were moved out of a story."""

    development_keys: frozenset[str]
    event_keys: frozenset[str]
    term_keys: frozenset[str]
    #: Dates and headlines, former ones too.
    developments: frozenset[tuple[str, str]]
    events: frozenset[tuple[str, str]]


class StorySplits(StoreSubject):
    """The splits in one transaction."""

    async def add(self, split: StorySplit, now: datetime) -> StorySplit:
        """Store a new split, and return it with its id."""
        values = {"slug": split.slug, "state": split.state.value, "content": _encode(split), "changed_at": now}
        statement = insert(t.story_split).values(**values).returning(t.story_split.c.id)
        return replace(split, id=(await self._connection.execute(statement)).scalar_one())

    async def get(self, split_id: int) -> StorySplit:
        """Return the split with this id. Raises NotFound if it was discarded or has expired."""
        row = await self._find_row(split_id)
        if row is None:
            raise NotFound("split", str(split_id))
        return _decode(row)

    async def save(self, split: StorySplit, now: datetime) -> None:
        """Write what was chosen over what it was."""
        values = {"state": split.state.value, "content": _encode(split), "changed_at": now}
        statement = update(t.story_split).where(t.story_split.c.id == split.id)
        await self._connection.execute(statement.values(slug=split.slug, **values))

    async def remove(self, split_id: int) -> None:
        """Remove a split that is not done."""
        is_choosing = t.story_split.c.state == SplitState.CHOOSING.value
        await self._connection.execute(delete(t.story_split).where(t.story_split.c.id == split_id, is_choosing))

    async def remove_abandoned(self, limit: datetime) -> None:
        """Remove the splits that nobody has gone on with since a time."""
        is_choosing = t.story_split.c.state == SplitState.CHOOSING.value
        await self._connection.execute(delete(t.story_split).where(is_choosing, t.story_split.c.changed_at < limit))

    async def move(self, split: StorySplit, source: Story, target: Story, header: str, now: datetime) -> MovedParts:
        """Move the parts of a split from one story to another, and record it as done.

        ``header`` is that of a new story as the audit writes it, and empty for one that existed.
        """
        source_id, target_id = await self._get_ids(source, target)
        chosen = {
            "developments": [each.id for each in split.parts.select_developments(source)],
            "expected_events": [each.id for each in split.parts.select_events(source)],
            "terms": [each.id for each in split.parts.select_terms(source)],
        }
        used_keys = _get_keys(target)
        former_keys = {
            name: dict(
                await move_keyed_rows(self._connection, table, table.c.id.in_(chosen[name]), target_id, used_keys[name])
            )
            for name, table in _TABLES.items()
        }
        moved = MovedParts(
            source.slug,
            target.slug,
            header,
            **former_keys,
            follows=await self._copy_follows(source_id, target_id, now) if split.copies_follows else (),
            reviews=await self._redirect_reviews(source, target, former_keys["developments"]),
        )
        await self.save(replace(split, slug=source.slug, target_slug=target.slug, state=SplitState.DONE), now)
        statement = update(t.story_split).where(t.story_split.c.id == split.id)
        await self._connection.execute(statement.values(moved=_encode_moved(moved)))
        return moved

    async def get_moved(self, split_id: int) -> MovedParts:
        """Return what a split has moved. Raises NotFound if it was not done."""
        row = await self._find_row(split_id)
        if row is None or not row.moved:
            raise NotFound("split", str(split_id))
        return _decode_moved(row.moved)

    async def move_back(self, moved: MovedParts, source: Story, target: Story, split_at: datetime) -> None:
        """Move the parts of a split back, and remove the follows that it has made and nobody has changed.

        ``split_at`` is when it was done. The caller must have checked that the source can have the parts.
        """
        source_id, target_id = await self._get_ids(source, target)
        used_keys = _get_keys(source)
        for name, table in _TABLES.items():
            former_keys = getattr(moved, name).items()
            await move_keyed_rows_back(self._connection, table, former_keys, (source_id, target_id), used_keys[name])
        follow = t.follow.c
        is_copy = follow.id.in_(moved.follows) & (follow.story_id == target_id) & follow.changed_at.is_(None)
        # An id can belong to another follow by now, which was not made when the split was.
        await self._connection.execute(delete(t.follow).where(is_copy, follow.created_at == split_at))

    async def restore_reviews(self, moved: MovedParts) -> None:
        """Let the decisions of the desk refer to the developments under their former names again."""
        for review_id, slug, key in moved.reviews:
            is_redirected = (t.review.c.id == review_id) & (t.review.c.slug == moved.target_slug)
            await self._connection.execute(update(t.review).where(is_redirected).values(slug=slug, development_key=key))
        await self._reassign_articles([review_id for review_id, _, _ in moved.reviews])

    async def mark_undone(self, split: StorySplit, now: datetime) -> None:
        """Record that a split was undone."""
        await self.save(replace(split, state=SplitState.UNDONE), now)

    async def get_time(self, split_id: int) -> datetime:
        """Return when a split was changed last: when it was done, or undone."""
        query = select(t.story_split.c.changed_at).where(t.story_split.c.id == split_id)
        time: datetime = (await self._connection.execute(query)).scalar_one()
        return time

    async def find_moved_names(self, slug: str) -> MovedNames | None:
        """Return by what a file of a story names the parts that splits have moved out of it; None if there are none."""
        moved = await self._list_moved(
            (t.story_split.c.slug == slug) & (t.story_split.c.state == SplitState.DONE.value)
        )
        if not moved:
            return None
        development_ids = [each for parts in moved for each in parts.developments]
        event_ids = [each for parts in moved for each in parts.expected_events]
        names = set()
        for table, column in ((t.development, t.development.c.id), (t.former_name, t.former_name.c.development_id)):
            rows = await self._connection.execute(
                select(table.c.date, table.c.headline).where(column.in_(development_ids))
            )
            names |= {(row.date, row.headline) for row in rows}
        event = t.expected_event.c
        rows = await self._connection.execute(select(event.date, event.headline).where(event.id.in_(event_ids)))
        return MovedNames(
            frozenset(key for parts in moved for key in parts.developments.values()),
            frozenset(key for parts in moved for key in parts.expected_events.values()),
            frozenset(key for parts in moved for key in parts.terms.values()),
            frozenset(names),
            frozenset((row.date, row.headline) for row in rows),
        )

    async def list_reassigned_articles(self, time: datetime | None) -> tuple[tuple[str, str], ...]:
        """Return the articles whose developments were moved, or moved back, then or later, each with its story's slug."""
        is_since = t.story_split.c.moved != ""
        if time is not None:
            is_since &= t.story_split.c.changed_at >= time
        return await self._list_articles(
            [each[0] for parts in await self._list_moved(is_since) for each in parts.reviews]
        )

    async def _list_articles(self, review_ids: Sequence[int]) -> tuple[tuple[str, str], ...]:
        """Return the articles of these reviews, each with the story that the desk has put it into."""
        if not review_ids:
            return ()
        own = select(t.review.c.id, t.review.c.article_id)
        attached = select(t.retelling.c.review_id, t.retelling.c.article_id)
        pairs = own.union_all(attached).subquery()
        query = (
            select(t.article.c.key, t.review.c.slug)
            .join(pairs, pairs.c.article_id == t.article.c.id)
            .join(t.review, t.review.c.id == pairs.c.id)
            .where(t.review.c.id.in_(review_ids))
        )
        return tuple((row.key, row.slug) for row in await self._connection.execute(query))

    async def _reassign_articles(self, review_ids: Sequence[int]) -> None:
        """Let the tracker know the articles of these reviews in the stories that they are in now."""
        for article_key, slug in await self._list_articles(review_ids):
            await self._tx.tracker_state.set_story(article_key, slug)

    async def _get_ids(self, source: Story, target: Story) -> tuple[int, int]:
        ids = await self._tx.stories.get_ids([source.slug, target.slug])
        return ids[source.slug], ids[target.slug]

    async def _list_moved(self, condition: ColumnElement[bool]) -> list[MovedParts]:
        query = select(t.story_split.c.moved).where(condition).order_by(t.story_split.c.id)
        return [_decode_moved(text) for text in (await self._connection.execute(query)).scalars()]

    async def _find_row(self, split_id: int) -> Row[Any] | None:
        return (await self._connection.execute(select(t.story_split).where(t.story_split.c.id == split_id))).first()

    async def _copy_follows(self, source_id: int, target_id: int, now: datetime) -> tuple[int, ...]:
        """Let whoever follows one story follow the other one as well, with the same settings; return the new follows' ids."""
        names = [column.name for column in t.follow.columns if column.name not in _OWN_COLUMNS]
        followers = select(t.follow.c.destination_id).where(t.follow.c.target_key == f"story:{target_id}")
        query = select(
            *(t.follow.c[name] for name in names),
            literal(target_id),
            literal(f"story:{target_id}"),
            literal(now, t.follow.c.created_at.type),
        ).where(
            t.follow.c.target_kind == TargetKind.STORY.value,
            t.follow.c.story_id == source_id,
            t.follow.c.destination_id.not_in(followers),
        )
        statement = insert(t.follow).from_select([*names, "story_id", "target_key", "created_at"], query)
        return tuple((await self._connection.execute(statement.returning(t.follow.c.id))).scalars())

    async def _redirect_reviews(
        self, source: Story, target: Story, former_keys: Mapping[int, str]
    ) -> tuple[tuple[int, str, str], ...]:
        """Let the decisions of the desk refer to moved developments by their new names; return what they referred to before.

        They refer to a development by the names that it had when it was decided, which can be those of a merged story.
        """
        names = await self._find_review_names(source.slug, former_keys)
        slugs = {slug for each in names.values() for slug, _ in each}
        ids = {name: development_id for development_id, each in names.items() for name in each}
        query = select(t.development.c.id, t.development.c.key).where(t.development.c.id.in_(former_keys))
        new_keys = {row.id: row.key for row in await self._connection.execute(query)}
        review = t.review.c
        rows = await self._connection.execute(
            select(review.id, review.slug, review.development_key).where(review.slug.in_(slugs))
        )
        redirected = []
        for row in rows.all():
            development_id = ids.get((row.slug, row.development_key))
            if development_id is None:
                continue
            redirected.append((row.id, row.slug, row.development_key))
            values = {"slug": target.slug, "development_key": new_keys[development_id]}
            await self._connection.execute(update(t.review).where(review.id == row.id).values(**values))
        await self._reassign_articles([review_id for review_id, _, _ in redirected])
        return tuple(redirected)

    async def _find_review_names(
        self, slug: str, former_keys: Mapping[int, str]
    ) -> defaultdict[int, set[tuple[str, str]]]:
        names: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
        for development_id, key in former_keys.items():
            names[development_id].add((slug, key))
        merges = await self._connection.execute(
            select(t.story_merge.c.slug, t.story_merge.c.kept)
            .join(t.story, t.story.c.id == t.story_merge.c.into_id)
            .where(t.story.c.slug == slug)
        )
        for merged_slug, snapshot in merges.all():
            for development_id, key in json.loads(snapshot)["developments"]:
                if development_id in former_keys:
                    names[development_id].add((merged_slug, key))
        return names


def _get_keys(story: Story) -> dict[str, set[str]]:
    return {
        "developments": {each.key for each in story.developments},
        "expected_events": {each.key for each in story.expected_events},
        "terms": {each.key for each in story.terms},
    }


def _encode(split: StorySplit) -> str:
    parts = split.parts
    return json.dumps(
        {
            "target": split.target_slug,
            "developments": sorted(parts.developments),
            "expected_events": sorted(parts.expected_events),
            "terms": sorted(parts.terms),
            "copies_follows": split.copies_follows,
            "edits_posts": split.edits_posts,
        }
    )


def _decode(row: Row[Any]) -> StorySplit:
    data = json.loads(row.content)
    return StorySplit(
        slug=row.slug,
        target_slug=data["target"],
        parts=SplitParts(frozenset(data["developments"]), frozenset(data["expected_events"]), frozenset(data["terms"])),
        copies_follows=data["copies_follows"],
        edits_posts=data["edits_posts"],
        state=SplitState(row.state),
        id=row.id,
    )


def _encode_moved(moved: MovedParts) -> str:
    return json.dumps(
        {
            "source": moved.source_slug,
            "target": moved.target_slug,
            "header": moved.header,
            "follows": moved.follows,
            "reviews": moved.reviews,
            **{name: list(getattr(moved, name).items()) for name in _TABLES},
        },
        ensure_ascii=False,
    )


def _decode_moved(text: str) -> MovedParts:
    data = json.loads(text)
    return MovedParts(
        data["source"],
        data["target"],
        data["header"],
        **{name: dict(data[name]) for name in _TABLES},
        follows=tuple(data["follows"]),
        reviews=tuple((review_id, slug, key) for review_id, slug, key in data["reviews"]),
    )
