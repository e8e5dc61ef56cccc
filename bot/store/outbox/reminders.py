"""Reminders: an expected event of a known day is posted on that day, once, where a follow asks for it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal_column, or_, select

from bot.model.dates import PartialDate
from bot.model.delivery_schedule import get_reminder_span
from bot.model.delivery_settings import DeliverySettings
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import DestinationKind
from bot.model.post import PostState, fold_posts
from bot.model.story import Story
from bot.store import tables as t
from bot.store.engines.sql_batches import iter_batches
from bot.store.outbox.post_keys import create_post_key
from bot.store.outbox.subscribers import Recipient
from bot.store.row_values import to_date_sort
from bot.store.subject import StoreSubject

log = logging.getLogger(__name__)

#: For how many destinations reminders are made in one transaction. Other writers wait for the lock no longer than that takes.
MAX_DESTINATIONS = 500
#: How far local clocks are from UTC at most (https://en.wikipedia.org/wiki/List_of_UTC_offsets).
_EARLIEST_ZONE, _LATEST_ZONE = timedelta(hours=12), timedelta(hours=14)
#: How many of a story's developments are read, besides those that decide its stage.
_RECENT_DEVELOPMENTS = 1


@dataclass(frozen=True, slots=True)
class _DueReminder:
    """An expected event of today, and a destination where its day has come."""

    event: ExpectedEvent
    slug: str
    day: date
    recipient: Recipient
    expires_at: datetime


class Reminders(StoreSubject):
    """Reminders of expected events."""

    async def has_due(self, now: datetime) -> bool:
        """Return whether :meth:`create_due` would make anything."""
        return bool(await self._find_due(now))

    async def find_due_destinations(self, now: datetime) -> tuple[int, ...]:
        """Return the ids of the destinations for which reminders are due."""
        return tuple(dict.fromkeys(reminder.recipient.destination_id for reminder in await self._find_due(now)))

    async def create_due(self, now: datetime, destination_id: int | None = None) -> int:
        """Make the posts of reminders for up to ``MAX_DESTINATIONS`` destinations, or for one; return how many posts these are.

        A reminder is due from the destination's digest hour on the event's day until the end of that day, unless it was made
        before. Those of one destination come in as few messages as can list all of them.
        """
        by_destination: defaultdict[int, list[_DueReminder]] = defaultdict(list)
        for reminder in await self._find_due(now):
            by_destination[reminder.recipient.destination_id].append(reminder)
        destination_ids = [*by_destination][:MAX_DESTINATIONS] if destination_id is None else [destination_id]
        return sum([await self._create_posts(by_destination[each], now) for each in destination_ids])

    async def drop_due(self, now: datetime, reason: str) -> int:
        """Record of everything that is due that it will not be posted; return how many reminders these are."""
        rows = [
            {
                "expected_event_id": reminder.event.id,
                "expected_on": reminder.day.isoformat(),
                "destination_id": reminder.recipient.destination_id,
                "created_at": now,
                "reason": reason,
            }
            for reminder in await self._find_due(now)
        ]
        for batch in iter_batches(rows):
            await self._connection.execute(insert(t.delivery), batch)
        return len(rows)

    async def _find_due(self, now: datetime) -> list[_DueReminder]:
        slugs: defaultdict[str, set[int]] = defaultdict(set)
        for row in await self._connection.execute(_select_candidates(now)):
            slugs[row.slug].add(row.id)
        due: list[_DueReminder] = []
        for slug, event_ids in slugs.items():
            try:
                story = await self._tx.stories.get(slug, newest_count=_RECENT_DEVELOPMENTS)
            except (ValueError, KeyError):
                log.exception("The story %s cannot be read, so there are no reminders of its expected events.", slug)
                continue
            for event in story.open_events:
                if event.id in event_ids and event.date.day is not None:
                    due += await self._find_due_of_event(story, event, event.date.day, now)
        return due

    async def _find_due_of_event(
        self, story: Story, event: ExpectedEvent, day: date, now: datetime
    ) -> list[_DueReminder]:
        recipients = await self._tx.subscribers.find_for_reminder(story, event)
        excluded_ids = await self._find_reminded(event, day) | await self._find_own_threads(story, recipients)
        recipients = tuple(each for each in recipients if each.destination_id not in excluded_ids)
        settings = await self._tx.delivery_settings.get_many([recipient.owner_id for recipient in recipients])
        due: list[_DueReminder] = []
        for recipient in recipients:
            start, end = get_reminder_span(settings.get(recipient.owner_id, DeliverySettings()), day)
            if start <= now < end:
                due.append(_DueReminder(event, story.slug, day, recipient, end))
        return due

    async def _find_reminded(self, event: ExpectedEvent, day: date) -> set[int]:
        delivery = t.delivery.c
        is_same = (delivery.expected_event_id == event.id) & (delivery.expected_on == day.isoformat())
        return set((await self._connection.execute(select(delivery.destination_id).where(is_same))).scalars())

    async def _find_own_threads(self, story: Story, recipients: Iterable[Recipient]) -> set[int]:
        """Return the story's threads in channels that get the reminder there: their own follows get no second one."""
        parent_ids = [recipient.destination_id for recipient in recipients if recipient.threads]
        if not parent_ids:
            return set()
        threads = (
            select(t.destination.c.id)
            .join(t.story, t.story.c.id == t.destination.c.story_id)
            .where(t.destination.c.parent_id.in_(parent_ids), t.story.c.slug == story.slug)
        )
        return set((await self._connection.execute(threads)).scalars())

    async def _create_posts(self, reminders: Sequence[_DueReminder], now: datetime) -> int:
        """Make the posts of one destination: in the threads of stories if it has them, else together."""
        thread_ids = await self._find_threads(reminders, now)
        by_place: defaultdict[int, list[_DueReminder]] = defaultdict(list)
        for reminder in reminders:
            place_id = thread_ids.get(reminder.slug, reminder.recipient.destination_id)
            by_place[place_id].append(reminder)
        count = 0
        for place_id, group in by_place.items():
            for positions in fold_posts((index, reminder.event.headline) for index, reminder in enumerate(group)):
                await self._create_post(place_id, [group[position] for position in positions], now, is_first=count == 0)
                count += 1
        return count

    async def _find_threads(self, reminders: Sequence[_DueReminder], now: datetime) -> Mapping[str, int]:
        """Return the threads of the stories, by slug, if the destination has a thread for each story."""
        thread_ids: dict[str, int] = {}
        for reminder in reminders:
            if reminder.recipient.threads:
                story_ids = await self._tx.stories.get_ids([reminder.slug])
                threads = await self._tx.story_threads.find_or_create(
                    [reminder.recipient.destination_id], story_ids[reminder.slug], now
                )
                thread_ids[reminder.slug] = threads[reminder.recipient.destination_id]
        return thread_ids

    async def _create_post(
        self, place_id: int, reminders: Sequence[_DueReminder], now: datetime, *, is_first: bool
    ) -> None:
        """Insert one message with its reminders. Only the first notifies: the reminders of a day are one interruption."""
        recipients = [reminder.recipient for reminder in reminders]
        destination_id = recipients[0].destination_id
        roles = dict.fromkeys(str(role) for recipient in recipients for role in recipient.role_ids)
        is_public = recipients[0].kind is DestinationKind.ANNOUNCEMENT and place_id == destination_id
        values: dict[str, Any] = {
            "key": create_post_key(now),
            "destination_id": place_id,
            "state": PostState.PENDING.value,
            "roles": " ".join(roles) if is_first else "",
            "silent": int(not is_first or all(recipient.silent for recipient in recipients)),
            "publish": int(is_public),
            "created_at": now,
            "due_at": now,
            "expires_at": max(reminder.expires_at for reminder in reminders),
        }
        post_id = (await self._connection.execute(insert(t.post).values(**values).returning(t.post.c.id))).scalar_one()
        rows = [
            {
                "expected_event_id": reminder.event.id,
                "expected_on": reminder.day.isoformat(),
                "destination_id": destination_id,
                "post_id": post_id,
                "created_at": now,
            }
            for reminder in reminders
        ]
        await self._connection.execute(insert(t.delivery), rows)


def _select_candidates(now: datetime) -> Any:
    """Select the events that are expected on a day that is today in some time zone and that are not known to have an outcome."""
    first_day, last_day = (now - _EARLIEST_ZONE).date(), (now + _LATEST_ZONE).date()
    event = t.expected_event.c
    return (
        select(event.id, t.story.c.slug)
        .join(t.story, t.story.c.id == event.story_id)
        .where(
            event.is_day == literal_column("1"),
            event.last_day >= to_date_sort(PartialDate.from_date(first_day)),
            event.last_day <= to_date_sort(PartialDate.from_date(last_day)),
            # An outcome that only a retracted development shows does not count.
            or_(event.outcome.is_(None), event.development_id.is_not(None)),
        )
    )
