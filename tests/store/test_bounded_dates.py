"""Dates of which only the latest possible one is known, in the store: stored, sorted, searched, exported, migrated."""

from __future__ import annotations

import contextlib
import sqlite3
from importlib import import_module
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.model.dates import PartialDate
from bot.newsroom.desk import Desk
from bot.newsroom.story_files import dump_story, read_file
from bot.store import Store, open_store
from bot.store.candidates import StoryCriteria
from tests.store.checker import find_inconsistencies
from tests.store.material import HandClock, draft, more, news, url_of


@pytest.fixture
def desk(store: Store, clock: HandClock) -> Desk:
    return Desk(store, clock)


async def test_a_bounded_date_counts_as_its_last_day(store: Store, desk: Desk) -> None:
    told = (
        news("By August", date="by 2025-08"),
        news("Late August", date="2025-08-30"),
        news("By the 12th", date="by 2025-08-12"),
        news("September", date="2025-09"),
    )
    await desk.publish(draft("alpha-beta", *told[:3]), actor="test")
    await desk.publish(draft("gamma", told[3]), actor="test")
    async with store.read() as tx:
        story = await tx.stories.get("alpha-beta")
        assert [d.headline for d in story.developments] == ["By the 12th", "Late August", "By August"]
        assert story.as_of == PartialDate.parse("by 2025-08")
        candidates = await tx.candidates.get_candidates([1], [])
        (line,) = await tx.candidates.get_list_items(candidates.rows)
        assert line.as_of == story.as_of
        for dates, expected in (((20250831, 20250831), (1,)), ((20250801, 20250811), ()), ((20250900, 20250930), (2,))):
            assert await tx.candidates.find_matching(StoryCriteria(dates=dates)) == expected
        assert await tx.stories.list_newest_slugs(2) == ("gamma", "alpha-beta")


async def test_a_bounded_date_and_its_month_are_two_dates(store: Store, desk: Desk, tmp_path: Path) -> None:
    """A development is known by its date as written; a correction keeps the former one as a name."""
    await desk.publish(draft("alpha-beta", news("They talk", date="2025-08")), actor="test")
    await desk.publish(more("alpha-beta", news("They talk", date="by 2025-08")), actor="test")
    async with store.read() as tx:
        story = await tx.stories.get("alpha-beta")
    assert [(d.key, str(d.date)) for d in story.developments] == [
        ("2025-08-they-talk", "2025-08"),
        ("by-2025-08-they-talk", "by 2025-08"),
    ]
    (tmp_path / "story.toml").write_text(dump_story(story), encoding="utf-8")
    again = read_file(tmp_path / "story.toml").story
    assert again is not None
    assert not (await desk.publish(again, actor="test")).is_changed
    await desk.correct("alpha-beta", "by-2025-08-they-talk", {"date": "by 2025-07-31"}, actor="test")
    outcome = await desk.publish(more("alpha-beta", news("They talk", date="by 2025-08")), actor="test")
    assert not outcome.new_developments


async def test_an_older_store_takes_bounded_dates(tmp_path: Path, clock: HandClock) -> None:
    """Its developments, their sources and former names stay."""
    file = tmp_path / "dealwire.db"
    async with open_store(url_of(file)) as store:
        desk = Desk(store, clock)
        await desk.publish(draft("alpha-beta", news("They talk", key="talk")), actor="test")
        await desk.correct("alpha-beta", "talk", {"headline": "They still talk"}, actor="test")
        async with store.read() as tx:
            before = await tx.stories.get("alpha-beta")
    _run("s0019_bounded_dates", file)
    async with open_store(url_of(file)) as store:
        async with store.read() as tx:
            assert await tx.stories.get("alpha-beta") == before
            assert list(await tx.stories.get_former_names("alpha-beta")) == [("2025-08", "They talk")]
        await Desk(store, clock).publish(more("alpha-beta", news("Day", date="by 2025-08-16")), actor="test")
    with contextlib.closing(sqlite3.connect(file)) as rows, pytest.raises(sqlite3.IntegrityError):
        rows.execute("UPDATE development SET date = 'by 2025-08-16T10'")
    assert await find_inconsistencies(file) == []


def _run(step_name: str, file: Path) -> None:
    """Run one migration."""
    step = import_module(f"bot.store.migrations.versions.{step_name}")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step.upgrade()
    engine.dispose()
