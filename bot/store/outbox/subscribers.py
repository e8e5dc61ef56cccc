"""Which destinations get a development, and how."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, literal_column, select, true

from bot.model.delivery_settings import DeliveryMode
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import DestinationKind, FollowState
from bot.model.follow_settings import FollowSettings
from bot.model.story import Development, Story
from bot.store import tables as t
from bot.store.engines.sql_batches import BATCH_SIZE, iter_batches
from bot.store.follows import find_target_keys, get_mention_key, settings_from_row
from bot.store.subject import StoreSubject

log = logging.getLogger(__name__)

_DESTINATION_COLUMNS = (t.destination.c.place, t.destination.c.guild_id, t.destination.c.discord_id)
_SETTINGS_COLUMNS = tuple(
    t.follow.c[name]
    for name in ("mode", "only", "words", "without", "role_id", "ping", "silent", "threads", "reminders")
)
#: If several follows of a destination match, the first of these modes applies.
_MODES_BY_URGENCY = (DeliveryMode.INSTANT, DeliveryMode.DAILY, DeliveryMode.WEEKLY)

#: The settings of a follow that matches, and its company if the story only mentions that.
_Match: TypeAlias = tuple[FollowSettings, str | None]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A destination whose follows match a development or an expected event, and their settings combined.

    ``mentioned_companies`` are the companies that it follows, if it gets this only because the story mentions them.
    """

    destination_id: int
    role_ids: tuple[int, ...] = ()
    kind: DestinationKind = DestinationKind.CHANNEL
    owner_id: int = 0
    mode: DeliveryMode = DeliveryMode.INSTANT
    silent: bool = False
    threads: bool = False
    mentioned_companies: tuple[str, ...] = ()


class Subscribers(StoreSubject):
    """The follows that match a story."""

    async def find(self, story: Story, development: Development) -> tuple[Recipient, ...]:
        """Return every destination with an active follow whose target and settings match this development, each once.

        A company is also matched if the development or the story mentions it.
        """
        mentions = await self._tx.mentions.list_of_story(story.slug)
        return await self._find(
            story,
            true(),
            lambda settings: not settings.explain_exclusion(story, development),
            lambda settings: settings.get_role_to_ping(story, development),
            {get_mention_key(each): each.company for each in mentions if each.covers(development.id)},
        )

    async def find_for_reminder(self, story: Story, event: ExpectedEvent) -> tuple[Recipient, ...]:
        """Return every destination with an active follow that asks for a reminder of this expected event, each once."""
        # A literal, not a bound value: SQLite only uses the partial index if the query's text implies its condition.
        return await self._find(
            story,
            t.follow.c.reminders == literal_column("1"),
            lambda settings: settings.accepts_reminder(story, event),
            lambda settings: settings.stageless_role_id,
        )

    async def _find(
        self,
        story: Story,
        condition: ColumnElement[bool],
        accepts: Callable[[FollowSettings], bool],
        get_role: Callable[[FollowSettings], int | None],
        mentioned_companies: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[Recipient, ...]:
        keys = [*await find_target_keys(self._connection, story), *mentioned_companies]
        result = await self._connection.execute(
            select(t.follow.c.destination_id, *_DESTINATION_COLUMNS, t.follow.c.target_key, *_SETTINGS_COLUMNS)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            .where(t.follow.c.target_key.in_(keys), t.follow.c.state == FollowState.ACTIVE.value, condition)
            .order_by(t.follow.c.id)
        )
        # Thousands of follows have few different settings: each is parsed and matched once.
        settings_cache: dict[tuple[Any, ...], FollowSettings | None] = {}
        matches: dict[int, tuple[Row[Any], list[_Match]]] = {}
        for batch in result.partitions(BATCH_SIZE):
            for row in batch:
                values = row[-len(_SETTINGS_COLUMNS) :]
                if values not in settings_cache:
                    settings_cache[values] = _match_settings(row, accepts)
                settings = settings_cache[values]
                if settings is not None:
                    match = (settings, mentioned_companies.get(row.target_key))
                    matches.setdefault(row[0], (row, []))[1].append(match)
            await asyncio.sleep(0)
        return await _combine_all(matches.values(), get_role)


def _match_settings(row: Row[Any], accepts: Callable[[FollowSettings], bool]) -> FollowSettings | None:
    """Return a follow's settings if they are accepted. Unreadable settings exclude only their own follow."""
    try:
        settings = settings_from_row(row)
        return settings if accepts(settings) else None
    except Exception:
        log.exception("A follow of destination %d has unreadable settings and gets no posts.", row.destination_id)
        return None


async def _combine_all(
    matches: Iterable[tuple[Row[Any], list[_Match]]], get_role: Callable[[FollowSettings], int | None]
) -> tuple[Recipient, ...]:
    """Return a recipient for each destination. Few combinations differ, so each is computed once."""
    cache: dict[tuple[Any, ...], Recipient] = {}
    recipients: list[Recipient] = []
    for batch in iter_batches(list(matches)):
        for row, of_destination in batch:
            # By identity: equal settings are the same object here, and comparing values takes longer than all else.
            key = (row.place, *((id(settings), company) for settings, company in of_destination))
            if key not in cache:
                cache[key] = _combine(row, of_destination, get_role)
            template = cache[key]
            owner_id = row.guild_id or row.discord_id
            recipients.append(
                Recipient(
                    row.destination_id,
                    template.role_ids,
                    template.kind,
                    owner_id,
                    template.mode,
                    template.silent,
                    template.threads,
                    template.mentioned_companies,
                )
            )
        await asyncio.sleep(0)
    return tuple(recipients)


def _combine(row: Row[Any], matches: Sequence[_Match], get_role: Callable[[FollowSettings], int | None]) -> Recipient:
    settings_list = [settings for settings, _ in matches]
    companies = [company for _, company in matches if company is not None]
    roles = dict.fromkeys(role for settings in settings_list if (role := get_role(settings)))
    kind = DestinationKind(row.place)
    return Recipient(
        destination_id=row.destination_id,
        role_ids=tuple(roles),
        kind=kind,
        owner_id=row.guild_id or row.discord_id,
        mode=next(mode for mode in _MODES_BY_URGENCY if any(settings.mode is mode for settings in settings_list)),
        silent=all(settings.silent for settings in settings_list),
        threads=kind is DestinationKind.FORUM or any(settings.threads for settings in settings_list),
        mentioned_companies=tuple(companies) if len(companies) == len(matches) else (),
    )
