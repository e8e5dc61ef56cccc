"""Which destinations get a development, and how."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, case, func, literal_column, or_, select

from bot.model.delivery_settings import DeliveryMode
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import DestinationKind, FollowState
from bot.model.follow_settings import FollowSettings, PingPolicy
from bot.model.story import Development, Story
from bot.store import tables as t
from bot.store.engines.json_values import join_ids, select_ids, select_texts, to_joined_array, to_json_array
from bot.store.engines.sql_batches import BATCH_SIZE, iter_batches
from bot.store.follows import conditions_from_row, find_target_keys, get_mention_key, settings_from_row
from bot.store.outbox.recipient_query import MODES_BY_URGENCY
from bot.store.subject import StoreSubject

log = logging.getLogger(__name__)

#: How many different conditions are matched before the event loop runs again.
_CONDITIONS_BATCH = 50
_CONDITIONS = (t.follow.c.only, t.follow.c.words, t.follow.c.without)
_FOLLOWS_BY_CONDITIONS = (
    select(*_CONDITIONS, join_ids(t.follow.c.id).label("follow_ids"))
    .where(t.follow.c.target_key.in_(select_texts("targets")), t.follow.c.state == FollowState.ACTIVE.value)
    .group_by(*_CONDITIONS)
)
_MATCHING = t.follow.c.id.in_(select_ids("follows"))
_DESTINATION_ID = t.follow.c.destination_id
_KINDS_OF_FOLLOWS = (
    select(
        func.count(case((t.follow.c.mode != DeliveryMode.INSTANT.value, 1))).label("digest_count"),
        func.count(case((or_(t.follow.c.threads == 1, t.destination.c.place == DestinationKind.FORUM.value), 1))).label(
            "thread_count"
        ),
    )
    .join(t.destination, t.destination.c.id == _DESTINATION_ID)
    .where(_MATCHING)
)
_WITH_SEVERAL = select(_DESTINATION_ID).where(_MATCHING).group_by(_DESTINATION_ID).having(func.count() > 1).subquery()
_JOINED_WITH_SEVERAL = select(join_ids(_WITH_SEVERAL.c.destination_id))
_DESTINATION_COLUMNS = (t.destination.c.place, t.destination.c.guild_id, t.destination.c.discord_id)
_SETTINGS_COLUMNS = tuple(
    t.follow.c[name]
    for name in ("mode", "only", "words", "without", "role_id", "ping", "silent", "threads", "reminders")
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A destination whose follows match an expected event or an article, and their settings combined."""

    destination_id: int
    role_ids: tuple[int, ...] = ()
    kind: DestinationKind = DestinationKind.CHANNEL
    owner_id: int = 0
    mode: DeliveryMode = DeliveryMode.INSTANT
    silent: bool = False
    threads: bool = False


@dataclass(frozen=True, slots=True)
class Followers:
    """The follows that match a development, as parameters for :mod:`bot.store.outbox.recipient_query`.

    Attributes:
        follow_ids: the ids of all of them.
        with_several: the ids of the destinations that have more than one of them; empty if there are none.
        use_digests: whether any of them waits for a digest.
        use_threads: whether any of them has a thread for each story.
        pings: the ping policies under which a post of the development mentions a role.
        mention_keys: the targets of companies that the story only mentions.
    """

    follow_ids: str
    with_several: str
    use_digests: bool
    use_threads: bool
    pings: str
    mention_keys: str

    @property
    def parameters(self) -> dict[str, str]:
        """The values of the parameters, by name."""
        return {
            "follows": self.follow_ids,
            "several": self.with_several or to_joined_array(()),
            "pings": self.pings,
            "mentions": self.mention_keys,
        }


class Subscribers(StoreSubject):
    """The follows that match a story."""

    async def find(self, story: Story, development: Development) -> Followers:
        """Find the active follows whose target and settings match this development.

        A company is also matched if the development or the story mentions it.
        """
        mentions = await self._tx.mentions.list_of_story(story.slug)
        mention_keys = [get_mention_key(each) for each in mentions if each.covers(development.id)]
        keys = [*await find_target_keys(self._connection, story), *mention_keys]
        follow_ids = to_joined_array(await self._find_accepting(story, development, keys))
        matching = {"follows": follow_ids}
        kinds = (await self._connection.execute(_KINDS_OF_FOLLOWS, matching)).one()
        several = (await self._connection.execute(_JOINED_WITH_SEVERAL, matching)).scalar_one()
        return Followers(
            follow_ids,
            to_joined_array([several]) if several else "",
            kinds.digest_count > 0,
            kinds.thread_count > 0,
            to_json_array([policy.value for policy in PingPolicy if _pings(policy, story, development)]),
            to_json_array(mention_keys),
        )

    async def _find_accepting(self, story: Story, development: Development, keys: Collection[str]) -> list[str]:
        """Return the ids of the follows of these targets whose conditions accept a development: joined, by conditions.

        Thousands of follows have few different conditions: each is read and matched once.
        """
        result = await self._connection.execute(_FOLLOWS_BY_CONDITIONS, {"targets": to_json_array(keys)})
        accepting: list[str] = []
        for batch in result.partitions(_CONDITIONS_BATCH):
            accepting += [row.follow_ids for row in batch if _accepts(row, story, development)]
            await asyncio.sleep(0)
        return accepting

    async def find_for_reminder(self, story: Story, event: ExpectedEvent) -> tuple[Recipient, ...]:
        """Return every destination with an active follow that asks for a reminder of this expected event, each once."""
        keys = await find_target_keys(self._connection, story)
        result = await self._connection.execute(
            select(t.follow.c.destination_id, *_DESTINATION_COLUMNS, *_SETTINGS_COLUMNS)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            # A literal, not a bound value: SQLite only uses the partial index if the query's text implies its condition.
            .where(t.follow.c.target_key.in_(keys), t.follow.c.reminders == literal_column("1"))
            .where(t.follow.c.state == FollowState.ACTIVE.value)
            .order_by(t.follow.c.id)
        )
        # Thousands of follows have few different settings: each is parsed and matched once.
        settings_cache: dict[tuple[Any, ...], FollowSettings | None] = {}
        matches: dict[int, tuple[Row[Any], list[FollowSettings]]] = {}
        for batch in result.partitions(BATCH_SIZE):
            for row in batch:
                values = row[-len(_SETTINGS_COLUMNS) :]
                if values not in settings_cache:
                    settings_cache[values] = _match_reminder(row, story, event)
                settings = settings_cache[values]
                if settings is not None:
                    matches.setdefault(row.destination_id, (row, []))[1].append(settings)
            await asyncio.sleep(0)
        return await _combine_all(matches.values())


def _accepts(row: Row[Any], story: Story, development: Development) -> bool:
    """Return whether follows with these conditions get a development. Unreadable ones exclude only their own follows."""
    try:
        return not conditions_from_row(row).explain_exclusion(story, development)
    except Exception:
        log.exception("Follows have unreadable settings and get no posts: %.200s.", row.follow_ids)
        return False


def _pings(policy: PingPolicy, story: Story, development: Development) -> bool:
    return FollowSettings(role_id=1, ping=policy).get_role_to_ping(story, development) is not None


def _match_reminder(row: Row[Any], story: Story, event: ExpectedEvent) -> FollowSettings | None:
    """Return a follow's settings if they ask for this reminder. Unreadable settings exclude only their own follow."""
    try:
        settings = settings_from_row(row)
        return settings if settings.accepts_reminder(story, event) else None
    except Exception:
        log.exception("A follow of destination %d has unreadable settings and gets no posts.", row.destination_id)
        return None


async def _combine_all(matches: Iterable[tuple[Row[Any], list[FollowSettings]]]) -> tuple[Recipient, ...]:
    """Return a recipient for each destination. Few combinations differ, so each is computed once."""
    cache: dict[tuple[Any, ...], Recipient] = {}
    recipients: list[Recipient] = []
    for batch in iter_batches(list(matches)):
        for row, settings_list in batch:
            # By identity: equal settings are the same object here, and comparing values takes longer than all else.
            key = (row.place, *map(id, settings_list))
            if key not in cache:
                cache[key] = _combine(row, settings_list)
            owner_id = row.guild_id or row.discord_id
            recipients.append(replace(cache[key], destination_id=row.destination_id, owner_id=owner_id))
        await asyncio.sleep(0)
    return tuple(recipients)


def _combine(row: Row[Any], settings_list: Sequence[FollowSettings]) -> Recipient:
    roles = dict.fromkeys(role for settings in settings_list if (role := settings.stageless_role_id))
    kind = DestinationKind(row.place)
    return Recipient(
        destination_id=row.destination_id,
        role_ids=tuple(roles),
        kind=kind,
        owner_id=row.guild_id or row.discord_id,
        mode=next(mode for mode in MODES_BY_URGENCY if any(settings.mode is mode for settings in settings_list)),
        silent=all(settings.silent for settings in settings_list),
        threads=kind is DestinationKind.FORUM or any(settings.threads for settings in settings_list),
    )
