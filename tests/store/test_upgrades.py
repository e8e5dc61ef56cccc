"""Stores that the programs of all former revisions wrote: upgraded, they answer the same, and deliver what was due."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest

from bot.container import Container, open_container
from bot.delivery.dispatcher import Dispatcher
from bot.library.answers import Answer
from bot.model.story import Story
from bot.model.vocabulary import Claim, Stage
from bot.settings import Settings
from bot.store import migrate, open_store
from bot.store.engines.sqlite.database import SqliteDatabase
from tests.store.children import child
from tests.store.material import HandClock, more, news, url_of
from tests.store.publishing import RecordingPublisher, headlines_of
from tests.store.schema_reading import read_schema
from tests.store.schemas import dump_store, list_revisions, load_store

REVISIONS = list_revisions()
#: After the last of the files was written, and before a digest of theirs is due.
NOW = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
OPPAMA, STAKE, SHARES = "nissan-foxconn-oppama", "renault-nissan-stake", "renault-nissan-shares"
SIGNED = "Nissan and Foxconn sign the Oppama contract"
#: What people ask, and the story that answers.
ANSWERS = {
    "nissan foxconn": OPPAMA,
    "鴻海 日産": OPPAMA,
    "oppama contract": OPPAMA,
    "honda nissan": "honda-nissan-merger",
    "renault nissan": STAKE,
}


def open_upgraded(file: Path, clock: HandClock) -> contextlib.AbstractAsyncContextManager[Container]:
    """Upgrade a store as the bot does at its start, and open it."""
    return open_container(Settings(database_url=url_of(file)), clock=clock)


def query(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as rows:
        return rows.execute(statement).fetchall()


def read_columns(file: Path) -> dict[tuple[str, str], Counter[Any]]:
    """Return the values of all columns that hold no sentence of ours and no search index, with how often each is there."""
    with contextlib.closing(sqlite3.connect(file)) as rows:
        tables = rows.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'story_search%'"
            " AND name NOT LIKE 'sqlite%' AND name NOT IN ('alembic_version', 'revision')"
        ).fetchall()
        return {
            (table, column): Counter(value for (value,) in rows.execute(f'SELECT "{column}" FROM "{table}"'))  # noqa: S608 - ours
            for (table,) in tables
            for _, column, *_ in rows.execute(f'PRAGMA table_info("{table}")').fetchall()
            if column not in ("reason", "blocked", "unpublished")
        }


def check_story(story: Story, revision: int) -> None:
    """Check that nothing that was imported, corrected or derived is missing."""
    headlines = [development.headline for development in story.developments]
    bounded = ["Nissan looks for a partner for Oppama"] if revision >= 19 else []
    assert headlines == [
        *bounded, "Nissan and Foxconn in talks over Oppama", "Foxconn denies any talks over Oppama",
        "Nissan and Foxconn agree on Oppama", SIGNED,
    ]  # fmt: skip
    assert (story.stage, story.related_slugs) == (Stage.SIGNED, ("honda-nissan-merger",))
    assert [party.company for party in story.parties] == ["Nissan", "Foxconn"]
    assert story.developments[-3].claim is Claim.DENIED
    assert [term.name.value for term in story.terms] == (["capacity"] if revision >= 17 else [])
    assert [event.headline for event in story.expected_events] == (
        ["Production for Foxconn begins at Oppama"] if revision >= 20 else []
    )
    assert story.developments[-4].sources[0].url == "https://news.example/nissan-foxconn"


def test_every_former_revision_has_a_store() -> None:
    """Whoever adds a migration adds the store that the program before it writes (tests/store/schemas/__init__.py)."""
    files = (Path(migrate.__file__).parent / "migrations" / "versions").glob("s[0-9]*.py")
    *former, newest = sorted(file.stem[1:5] for file in files)
    assert [revision for revision in former if revision not in REVISIONS] == []
    assert set(REVISIONS) <= {*former, newest}


@pytest.mark.parametrize("revision", REVISIONS)
async def test_an_upgraded_store_answers_and_delivers_the_same(revision: str, file: Path, new_file: Path) -> None:
    load_store(revision, file)
    before, clock = read_columns(file), HandClock(NOW)
    async with open_upgraded(file, clock) as container:
        await container.services.store.check()
        await _check_answers(container, int(revision))
        after = read_columns(file)
        # No row is lost, and none has another value in a column that both have. Derived rows may be added.
        lost = {name: values - after[name] for name, values in before.items() if name in after}
        assert {name: values for name, values in lost.items() if values} == {}
        assert {name[0] for name in before} <= {name[0] for name in after}
        await _check_delivery(container, file, clock)
    assert read_schema(file) == read_schema(new_file)
    assert query(file, "INSERT INTO story_search(story_search) VALUES ('integrity-check')") == []


async def _check_answers(container: Container, revision: int) -> None:
    library = container.services.library
    expected = ANSWERS if revision < 3 else {**ANSWERS, SHARES: STAKE}
    for question, slug in expected.items():
        answer = await library.answer(question, deals_first=True)
        assert isinstance(answer, Answer), question
        assert answer.story.slug == slug, question
    check_story(await library.get_story(OPPAMA), revision)
    stake = await library.get_story(STAKE)
    assert [(each.headline, not each.is_valid) for each in stake.developments] == [
        *([("Renault plans to sell shares", False)] if revision >= 3 else []),
        ("Renault sells a part of its shares in Nissan", False),
        ("Renault wants to sell all shares in Nissan", True),
    ]


async def _check_delivery(container: Container, file: Path, clock: HandClock) -> None:
    """Check that what was sent is not sent again, that what was due arrives once, and that follows get what comes later."""
    services, publisher = container.services, RecordingPublisher()
    sent_before = {key for (key,) in query(file, "SELECT key FROM post WHERE message_id IS NOT NULL")}
    leased = {key for (key,) in query(file, "SELECT key FROM post WHERE state = 'leased'")}
    assert sent_before
    assert leased
    dispatcher = Dispatcher(services.store, publisher, clock, asyncio.Event())
    await dispatcher.run_until_idle()
    assert {post.key for post in publisher.sent_posts}.isdisjoint(sent_before)
    # A post that was on its way when the bot was killed may have arrived.
    assert {post.key for post in publisher.searched_posts} == leased
    followers = [post.destination.discord_id for post in publisher.sent_posts if SIGNED in headlines_of(post)]
    assert len(followers) >= 4
    assert len(followers) == len(set(followers))
    publisher.sent_posts.clear()
    later = news("Nissan and Foxconn begin at Oppama", date="2026-11-30", stage=Stage.COMPLETED, claim=Claim.CONFIRMED)
    await services.desk.publish(more(OPPAMA, later), actor="test")
    await dispatcher.run_until_idle()
    assert sorted(post.destination.discord_id for post in publisher.sent_posts) == sorted(followers)


async def test_an_id_that_a_button_names_is_not_given_twice(file: Path) -> None:
    """Not even that of the newest row, if that was deleted after the upgrade. Before it, SQLite gave it to the next row."""
    load_store("0030", file)
    (newest,) = query(file, "SELECT max(id) FROM follow")
    await upgrade_store(file)
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("CREATE TEMP TABLE kept AS SELECT * FROM follow WHERE id = ?", newest)
        rows.execute("DELETE FROM follow WHERE id = ?", newest)
        rows.execute("UPDATE kept SET id = NULL")
        rows.execute("INSERT INTO follow SELECT * FROM kept")
    assert query(file, "SELECT max(id) FROM follow") == [(newest[0] + 1,)]


def kill_in_step(_pipe: Connection, file: Path, step: int, before_commit: bool) -> None:
    """Upgrade a store, and kill this process at a step: with its work done, before or after the commit."""
    steps = 0
    # In this process alone.
    store, database_class = import_module("bot.store.store"), cast("Any", SqliteDatabase)
    upgrade, write_schema = store.upgrade_one_step, database_class.write_schema

    def upgrade_and_count(connection: Any) -> None:
        nonlocal steps
        upgrade(connection)
        steps += 1
        if steps == step and before_commit:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.asynccontextmanager
    async def write_and_count(database: SqliteDatabase) -> Any:
        async with write_schema(database) as connection:
            yield connection
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    cast("Any", store).upgrade_one_step = upgrade_and_count
    database_class.write_schema = write_and_count
    asyncio.run(upgrade_store(file))


async def upgrade_store(file: Path) -> None:
    async with open_store(url_of(file)):
        pass


@pytest.fixture(scope="module")
def upgraded_rows(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the first store as an upgrade without a kill leaves it."""
    file = tmp_path_factory.mktemp("whole") / "whole.db"
    load_store("0001", file)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade_store(file)).result()
    return list(dump_store(file))


@pytest.mark.parametrize(
    ("step", "before_commit"), [(1, True), (1, False), (7, True), (15, True), (15, False), (25, True), (28, True)]
)
async def test_a_killed_upgrade_resumes(
    step: int, before_commit: bool, tmp_path: Path, upgraded_rows: list[str]
) -> None:
    """At a step that rebuilds tables, one that changes texts, and others: schema and rows end as without the kill."""
    killed = tmp_path / "killed.db"
    load_store("0001", killed)
    with child(kill_in_step, killed, step, before_commit) as program:
        await asyncio.to_thread(program.process.join, 60)
        assert program.process.exitcode == -signal.SIGKILL
    reached = query(killed, "SELECT version_num FROM alembic_version")
    assert reached == [(f"{step + (0 if before_commit else 1):04}",)]
    await upgrade_store(killed)
    assert list(dump_store(killed)) == upgraded_rows
