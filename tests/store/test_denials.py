"""A denial changes no stage: none comes into the store with one, by whatever way, and those of before have lost theirs."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from importlib import import_module
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.errors import InputError
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.desk import Desk
from bot.newsroom.story_files import dump_story, read_file
from bot.store import Store, open_store
from tests.store.material import HandClock, draft, more, news, url_of

REFUSED = "not allowed: a denial changes no stage"


@pytest.fixture
def desk(store: Store, clock: HandClock) -> Desk:
    return Desk(store, clock)


async def test_the_desk_refuses_a_denial_with_a_stage(store: Store, desk: Desk) -> None:
    """Of a new story and of a known one; nothing is stored."""
    denial = news("It is not so", claim=Claim.DENIED, stage=Stage.TERMINATED)
    with pytest.raises(InputError, match=REFUSED):
        await desk.publish(draft("alpha-beta", denial), actor="test")
    await desk.publish(draft("alpha-beta"), actor="test")
    with pytest.raises(InputError, match=REFUSED):
        await desk.publish(more("alpha-beta", denial), actor="test")
    async with store.read() as tx:
        story = await tx.stories.find("alpha-beta")
    assert story is not None
    assert [d.headline for d in story.developments] == ["First news of alpha-beta"]


async def test_a_correction_makes_no_denial_with_a_stage(store: Store, desk: Desk) -> None:
    """With its stage taken away in the same correction it is one."""
    await desk.publish(draft("alpha-beta", news("They talk", key="talk", stage=Stage.TALKS)), actor="test")
    with pytest.raises(InputError, match=REFUSED):
        await desk.correct("alpha-beta", "talk", {"claim": "denied"}, actor="test")
    outcome = await desk.correct("alpha-beta", "talk", {"claim": "denied", "stage": ""}, actor="test")
    assert (outcome.story.developments[0].claim, outcome.story.stage) == (Claim.DENIED, None)
    with pytest.raises(InputError, match=REFUSED):
        await desk.correct("alpha-beta", "talk", {"stage": "talks"}, actor="test")


async def test_denials_of_before_lose_their_stage(tmp_path: Path, clock: HandClock) -> None:
    """So that what is exported can be imported; other developments and suggestions stay as they were."""
    file = tmp_path / "dealwire.db"
    async with open_store(url_of(file)) as store:
        told = (news("They talk", key="talk", stage=Stage.TALKS), news("No", key="no", date="2025-09"))
        await Desk(store, clock).publish(draft("alpha-beta", *told), actor="test")
    suggestions = [{"claim": "denied", "stage": "talks", "a": "é"}, {"claim": "reported", "stage": "talks"}]
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("UPDATE development SET claim = 'denied', stage = 'terminated' WHERE key = 'no'")
        rows.execute("PRAGMA foreign_keys = OFF")
        rows.executemany(
            "INSERT INTO review (article_id, event, suggestion, state, created_at)"
            " VALUES (?, ?, ?, 'waiting', '2026-01-01T00:00:00.000000Z')",
            [(number, f"event {number}", json.dumps(said)) for number, said in enumerate(suggestions, start=1)],
        )
    upgrade(file)
    with contextlib.closing(sqlite3.connect(file)) as rows:
        assert rows.execute("SELECT key, claim, stage FROM development ORDER BY id").fetchall() == [
            ("talk", "reported", "talks"),
            ("no", "denied", None),
        ]
        said = [json.loads(text) for (text,) in rows.execute("SELECT suggestion FROM review ORDER BY id")]
        assert said == [{**suggestions[0], "stage": None}, suggestions[1]]
    async with open_store(url_of(file)) as store, store.read() as tx:
        story = await tx.stories.find("alpha-beta")
    assert story is not None
    (tmp_path / "story.toml").write_text(dump_story(story), encoding="utf-8")
    assert read_file(tmp_path / "story.toml").story is not None


def upgrade(file: Path) -> None:
    """Run the one migration."""
    step = import_module("bot.store.migrations.versions.s0014_denials")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step.upgrade()
    engine.dispose()
