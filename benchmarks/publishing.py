"""A development that ten thousand channels want: how long the desk's one transaction takes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks.asking import Times
from benchmarks.subject import Subject
from bot.clock import utc_now
from bot.model.company import Party
from bot.model.follow import DestinationKind, TargetKind
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import StoryDraft, StoryHeader, parse_development
from bot.store import tables as t
from bot.store.engines.json_values import select_ids
from bot.store.engines.sqlite.database import SqliteDatabase

MATCHING = 10_000
SLUG = "a-story-that-ten-thousand-follow"
ROUNDS = 5


async def measure_publishing(subject: Subject) -> Times:
    """Publish ``ROUNDS`` developments of a story that ``MATCHING`` destinations want, in whatever way they follow it."""
    await _prepare(subject)
    found = Times()
    for turn in range(ROUNDS):
        with found.taking():
            await asyncio.sleep(0)
            outcome = await subject.desk.publish(_news(f"News {turn}"), actor="benchmark")
            await asyncio.sleep(0)
        assert outcome.deliveries == MATCHING, outcome.deliveries
    return found


def _news(headline: str) -> StoryDraft:
    fields = {"date": "2026-06-30", "headline": headline, "claim": "reported", "text": "What happened."}
    return StoryDraft(SLUG, None, (parse_development(fields, "", Kind.SUPPLY),))


async def _prepare(subject: Subject) -> None:
    face = StoryHeader(
        "A supply deal", "One supplies the other.", Kind.SUPPLY, (Party("A company that nobody follows", "supplier"),)
    )
    draft = StoryDraft(SLUG, face, _news("The first").developments)
    outcome = await subject.desk.publish(draft, actor="benchmark", announce=False)
    async with subject.store.read() as tx:
        followers = await tx.subscribers.find(outcome.story, outcome.story.developments[0])
        is_wanting = t.follow.c.id.in_(select_ids("follows"))
        count = select(func.count(t.follow.c.destination_id.distinct())).where(is_wanting)
        wanting = (await tx.connection.execute(count, followers.parameters)).scalar_one()
    assert wanting <= MATCHING, wanting
    await _add_follows(subject, MATCHING - wanting)


async def _add_follows(subject: Subject, count: int) -> None:
    async with SqliteDatabase(Path(subject.store.name)) as database, database.write() as connection:
        story = (await connection.execute(select(t.story.c.id).where(t.story.c.slug == SLUG))).scalar_one()
        places = [
            {"place": DestinationKind.CHANNEL.value, "discord_id": 10**18 + number, "guild_id": 10**17 + number // 50}
            for number in range(count)
        ]
        if not places:
            return
        await connection.execute(insert(t.destination), places)
        added = select(t.destination.c.id).where(t.destination.c.discord_id.between(10**18, 10**18 + count))
        follows = [
            {
                "destination_id": number,
                "target_kind": TargetKind.STORY.value,
                "target_key": f"story:{story}",
                "story_id": story,
                "created_by": 1,
                "created_at": utc_now(),
            }
            for number in (await connection.execute(added)).scalars().all()
        ]
        await connection.execute(insert(t.follow), follows)
