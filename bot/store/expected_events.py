"""Expected events of stories: how they are read and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.errors import NotFound
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.story import Source, Story
from bot.store import tables as t
from bot.store.engines.json_values import select_ids, to_json_array
from bot.store.row_values import build_expected_columns, build_source_columns
from bot.store.subject import StoreSubject

_EVENTS = (
    select(t.expected_event, t.development.c.key.label("development_key"))
    .outerjoin(t.development, t.development.c.id == t.expected_event.c.development_id)
    .where(t.expected_event.c.story_id == bindparam("story"))
    .order_by(t.expected_event.c.last_day, t.expected_event.c.id)
)
_EVENTS_BY_ID = (
    select(t.expected_event, t.development.c.key.label("development_key"), t.story.c.slug)
    .join(t.story, t.story.c.id == t.expected_event.c.story_id)
    .outerjoin(t.development, t.development.c.id == t.expected_event.c.development_id)
    .where(t.expected_event.c.id.in_(select_ids("ids")))
)


class ExpectedEvents(StoreSubject):
    """Expected events in one transaction."""

    async def find_of_story(self, story_id: int) -> tuple[ExpectedEvent, ...]:
        """Return the expected events of a story, soonest first."""
        rows = (await self._connection.execute(_EVENTS, {"story": story_id})).all()
        sources = await self._get_sources([row.id for row in rows])
        return tuple(_to_expected_event(row, sources.get(row.id, ())) for row in rows)

    async def locate(self, event_id: int) -> tuple[str, str]:
        """Return the slug of the story that an expected event is in, and the event's key. Raises NotFound."""
        events = await self.list_with_slugs([event_id])
        if not events:
            raise NotFound("expected event", str(event_id))
        slug, event = events[0]
        return slug, event.key

    async def list_with_slugs(self, event_ids: Sequence[int]) -> tuple[tuple[str, ExpectedEvent], ...]:
        """Return these expected events in this order, each with the slug of its story. Unknown ids are left out."""
        rows = (await self._connection.execute(_EVENTS_BY_ID, {"ids": to_json_array(event_ids)})).all()
        sources = await self._get_sources([row.id for row in rows])
        by_id = {row.id: (row.slug, _to_expected_event(row, sources.get(row.id, ()))) for row in rows}
        return tuple(by_id[event_id] for event_id in event_ids if event_id in by_id)

    async def save(self, story_id: int, before: Story | None, after: Story, now: datetime) -> tuple[ExpectedEvent, ...]:
        """Write the expected events of a story over what they were; return them with their ids.

        Those that are no longer among them are deleted. The story's developments must have their ids.
        """
        old_events = {event.id: event for event in before.expected_events} if before else {}
        development_ids = {development.key: development.id for development in after.developments}
        events = [
            event
            if event == old_events.pop(event.id, None)
            else await self._save_one(story_id, event, development_ids, now)
            for event in after.expected_events
        ]
        if old_events:
            await self._connection.execute(delete(t.expected_event).where(t.expected_event.c.id.in_(old_events)))
        return tuple(events)

    async def _save_one(
        self, story_id: int, event: ExpectedEvent, development_ids: Mapping[str, int], now: datetime
    ) -> ExpectedEvent:
        values = build_expected_columns(event, development_ids.get(event.development_key))
        if event.id:
            event_id = event.id
            is_event = t.expected_event.c.id == event_id
            await self._connection.execute(update(t.expected_event).where(is_event).values(**values))
            await self._connection.execute(
                delete(t.expected_source).where(t.expected_source.c.expected_event_id == event_id)
            )
        else:
            statement = insert(t.expected_event).values(story_id=story_id, created_at=now, **values)
            returning = statement.returning(t.expected_event.c.id)
            event_id = (await self._connection.execute(returning)).scalar_one()
        rows = [
            {"expected_event_id": event_id, "position": position, **build_source_columns(source)}
            for position, source in enumerate(event.sources)
        ]
        if rows:
            await self._connection.execute(insert(t.expected_source), rows)
        return replace(event, id=event_id)

    async def _get_sources(self, event_ids: Sequence[int]) -> dict[int, tuple[Source, ...]]:
        if not event_ids:
            return {}
        source = t.expected_source.c
        rows = await self._connection.execute(
            select(t.expected_source)
            .where(source.expected_event_id.in_(event_ids))
            .order_by(source.expected_event_id, source.position)
        )
        sources: defaultdict[int, list[Source]] = defaultdict(list)
        for row in rows:
            date = PartialDate.parse(row.date) if row.date else None
            sources[row.expected_event_id].append(Source(row.publisher, row.title, row.url, date))
        return {event_id: tuple(items) for event_id, items in sources.items()}


def _to_expected_event(row: Row[Any], sources: tuple[Source, ...]) -> ExpectedEvent:
    return ExpectedEvent(
        key=row.key,
        headline=row.headline,
        date=ExpectedDate.parse(row.date),
        outcome=ExpectedOutcome(row.outcome) if row.outcome else None,
        development_key=row.development_key or "",
        reason=row.reason,
        sources=sources,
        id=row.id,
    )
