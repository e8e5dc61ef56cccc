"""Publishing in sets gives every destination what combining its follows one by one would give it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from bot.model.company import Company
from bot.model.delivery_schedule import get_next_digest
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind, FollowState
from bot.model.follow_settings import FollowFilter, FollowSettings, PingPolicy
from bot.model.post import PostType
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.desk import Desk
from bot.store import Store, Transaction, open_store
from bot.store import tables as t
from bot.store.follows import settings_to_columns
from tests.engines import StoreDatabase
from tests.store.material import START, HandClock, draft, more, news

KINDS = tuple(DestinationKind)
MENTIONED, PARTY, OTHER = ("BMW", "Northvolt"), "Alpha", "Kia"
#: By what a follow is of: whether it matches the story of these tests.
TARGETS = {"everything": True, "kind": True, "story": True, PARTY: True, **dict.fromkeys(MENTIONED, True), OTHER: False}
ROLES = (None, 71, 72, 73)


@dataclass(frozen=True)
class FollowRow:
    """A follow of a destination, as it is stored."""

    target: str
    settings: FollowSettings
    state: FollowState = FollowState.ACTIVE
    is_readable: bool = True


@dataclass(frozen=True)
class Place:
    """A destination with its follows, those in the thread that the story has there, and whether it has one."""

    kind: DestinationKind
    guild: int
    follows: tuple[FollowRow, ...]
    has_thread: bool = False
    thread_follows: tuple[FollowRow, ...] = ()


#: What a destination gets: mode, time of the digest, roles, silent, mentions, whether in the story's thread, to be published.
Expected = tuple[str, datetime | None, str, int, tuple[str, ...], bool, int]

follow_settings = st.builds(
    FollowSettings,
    mode=st.sampled_from(DeliveryMode),
    filters=st.sampled_from((frozenset[FollowFilter](), *(frozenset({each}) for each in FollowFilter))),
    keywords=st.sampled_from(((), (), ("join",), ("never",))),
    excluded_keywords=st.sampled_from(((), (), ("join",))),
    role_id=st.sampled_from(ROLES),
    ping=st.sampled_from(PingPolicy),
    silent=st.booleans(),
    threads=st.sampled_from((False, False, True)),
)
follow_rows = st.builds(
    FollowRow,
    st.sampled_from(tuple(TARGETS)),
    follow_settings,
    st.sampled_from((FollowState.ACTIVE, FollowState.ACTIVE, FollowState.ACTIVE, FollowState.PAUSED)),
    st.sampled_from((True, True, True, True, False)),
)
several_follows = st.lists(follow_rows, max_size=4, unique_by=lambda row: row.target).map(tuple)
places = st.builds(
    Place, st.sampled_from(KINDS), st.sampled_from((0, 1, 2)), several_follows, st.booleans(), several_follows
)
audiences = st.lists(places, min_size=1, max_size=8)
PREFERENCES = {1: DeliverySettings(digest_hour=20), 2: DeliverySettings(zone="Asia/Tokyo", digest_hour=7, digest_day=3)}


class Scene:
    """A store with one story, and the audience of one example after the other."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.desk = Desk(store, HandClock())
        self.count = 0

    async def prepare(self) -> None:
        await self.desk.add_companies([Company(name) for name in (*MENTIONED, OTHER)], actor="test")
        await self.desk.publish(draft("alpha-beta", news("The beginning")), actor="test")
        async with self.store.write() as tx:
            for owner, preference in PREFERENCES.items():
                await tx.delivery_settings.save(owner, preference, START)

    async def publish(self, claim: Claim, stage: Stage | None) -> tuple[Story, Development, int]:
        self.count += 1
        headline = f"BMW and Northvolt join, part {self.count}"
        outcome = await self.desk.publish(
            more("alpha-beta", news(headline, claim=claim, stage=stage, key=f"part-{self.count}")), actor="test"
        )
        development = outcome.story.find_development(f"part-{self.count}")
        assert development is not None
        return outcome.story, development, outcome.deliveries

    async def replace_audience(self, audience: Sequence[Place]) -> dict[int, tuple[Place, int]]:
        """Store these destinations and nothing else; return them by the id, each with that of its thread (0: none)."""
        ids: dict[int, tuple[Place, int]] = {}
        async with self.store.write() as tx:
            await tx.connection.execute(delete(t.destination))
            story_id = (await tx.stories.get_ids(["alpha-beta"]))["alpha-beta"]
            company_ids = await tx.companies.get_ids([PARTY, *MENTIONED, OTHER])
            for index, place in enumerate(audience):
                values = {"place": place.kind.value, "discord_id": 100 + index, "guild_id": place.guild}
                destination = await add_destination(tx, **values)
                thread = 0
                if place.has_thread:
                    values = {"place": "thread", "discord_id": 200 + index, "parent_id": destination}
                    thread = await add_destination(tx, **values, story_id=story_id, guild_id=place.guild)
                ids[destination] = (place, thread)
                for target_id, follows in ((destination, place.follows), (thread, place.thread_follows)):
                    for row in follows if target_id else ():
                        await add_follow(tx, target_id, row, story_id, company_ids)
        return ids

    async def read(self, development_id: int) -> dict[int, Expected]:
        """Return what each destination got, and check what all posts have in common."""
        query = (
            select(
                t.delivery, t.post.c.key, t.post.c.destination_id.label("post_place"), t.post.c.form, t.post.c.publish
            )
            .add_columns(t.post.c.roles.label("post_roles"), t.post.c.silent.label("post_silent"))
            .outerjoin(t.post, t.post.c.id == t.delivery.c.post_id)
            .where(t.delivery.c.development_id == development_id)
        )
        async with self.store.read() as tx:
            rows = (await tx.connection.execute(query)).all()
            parents = {
                row.id: row.parent_id
                for row in await tx.connection.execute(select(t.destination.c.id, t.destination.c.parent_id))
            }
        found: dict[int, Expected] = {}
        for row in rows:
            mentions = tuple(row.mentions.split("\n")) if row.mentions else ()
            if row.post_id is None:
                found[row.destination_id] = (row.mode, row.gather_at, row.roles, row.silent, mentions, False, 0)
                continue
            in_thread = row.post_place != row.destination_id
            assert not in_thread or parents[row.post_place] == row.destination_id
            assert row.form == PostType.POST.value
            assert re.fullmatch(r"[a-z0-9]{1,20}", row.key)
            found[row.destination_id] = (
                row.mode, row.gather_at, row.post_roles, row.post_silent, mentions, in_thread, row.publish,
            )  # fmt: skip
        assert len(found) == len(rows)
        return found


async def add_destination(tx: Transaction, **values: Any) -> int:
    statement = insert(t.destination).values(**values).returning(t.destination.c.id)
    return int((await tx.connection.execute(statement)).scalar_one())


async def add_follow(
    tx: Transaction, destination_id: int, row: FollowRow, story_id: int, company_ids: dict[str, int]
) -> None:
    keys = {"everything": "everything", "kind": "kind:merger", "story": f"story:{story_id}"}
    company_id = company_ids.get(row.target)
    values = settings_to_columns(row.settings) | ({} if row.is_readable else {"only": "no-such-word"})
    await tx.connection.execute(
        insert(t.follow).values(
            destination_id=destination_id,
            target_kind="company" if company_id else row.target,
            target_key=f"company:{company_id}" if company_id else keys[row.target],
            company_id=company_id,
            state=row.state.value,
            created_by=1,
            created_at=START,
            **values,
        )
    )


def combine(
    place: Place, discord_id: int, follows: Sequence[FollowRow], story: Story, development: Development
) -> Expected | None:
    """Combine the follows of one destination, one after the other; None if none of them matches."""
    matching = [
        row
        for row in follows
        if TARGETS[row.target]
        and row.state is FollowState.ACTIVE
        and row.is_readable
        and not row.settings.explain_exclusion(story, development)
    ]
    if not matching:
        return None
    modes = [row.settings.mode for row in matching]
    mode = next(mode for mode in (DeliveryMode.INSTANT, DeliveryMode.DAILY, DeliveryMode.WEEKLY) if mode in modes)
    roles: list[int] = []
    for row in matching:
        role = row.settings.get_role_to_ping(story, development)
        if role and role not in roles:
            roles.append(role)
    mentioned = tuple(row.target for row in matching if row.target in MENTIONED)
    is_instant = mode is DeliveryMode.INSTANT
    in_thread = is_instant and (place.kind is DestinationKind.FORUM or any(row.settings.threads for row in matching))
    preference = PREFERENCES.get(place.guild or discord_id, DeliverySettings())
    return (
        mode.value,
        None if is_instant else get_next_digest(preference, mode, START),
        " ".join(map(str, roles)),
        int(all(row.settings.silent for row in matching)),
        mentioned if len(mentioned) == len(matching) else (),
        in_thread,
        int(is_instant and place.kind is DestinationKind.ANNOUNCEMENT and not in_thread),
    )


def expect(ids: dict[int, tuple[Place, int]], story: Story, development: Development) -> dict[int, Expected]:
    """Return what each destination must get."""
    expected: dict[int, Expected] = {}
    for destination_id, (place, thread_id) in ids.items():
        own = combine(place, 0, place.follows, story, development)
        if own is not None:
            expected[destination_id] = own
        thread = combine(replace(place, kind=DestinationKind.THREAD), 0, place.thread_follows, story, development)
        is_served_by_parent = own is not None and own[5]
        if thread_id and thread is not None and not (is_served_by_parent and thread[0] == DeliveryMode.INSTANT.value):
            expected[thread_id] = thread
    return expected


async def compare(scene: Scene, audience: Sequence[Place], claim: Claim, stage: Stage | None) -> None:
    ids = await scene.replace_audience(audience)
    story, development, count = await scene.publish(claim, stage)
    found = await scene.read(development.id)
    assert found == expect(ids, story, development)
    assert count == len(found)
    async with scene.store.write() as tx:
        followers = await tx.subscribers.find(story, development)
        assert await tx.deliveries.enqueue(development.id, followers, START) == 0
    assert await scene.read(development.id) == found


def test_sets_agree_with_follows_one_by_one(database: StoreDatabase) -> None:
    """Whatever the destinations are and follow: the same recipients, modes, roles, threads and mentions; again, nothing more."""
    with asyncio.Runner() as runner:
        context = open_store(database.url)
        scene = Scene(runner.run(context.__aenter__()))
        try:
            runner.run(scene.prepare())

            @settings(max_examples=12, phases=(Phase.generate,), deadline=None)
            @given(
                audiences,
                st.sampled_from((Claim.CONFIRMED, Claim.REPORTED)),
                st.sampled_from((None, Stage.TALKS, Stage.SIGNED)),
            )
            def check(audience: list[Place], claim: Claim, stage: Stage | None) -> None:
                runner.run(compare(scene, audience, claim, stage))

            check()
        finally:
            runner.run(context.__aexit__(None, None, None))
