"""Killed at any moment: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.model.company import Company
from bot.model.follow import EVERYTHING
from bot.model.follow_settings import FollowSettings
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.store import open_store
from tests.engines import StoreDatabase
from tests.store.checker import find_inconsistencies
from tests.store.children import child, just_open, write_for_ever
from tests.store.material import REPO, START, HandClock, channel, company, kind, url_of
from tests.store.publishing import FilePublisher

#: When, after a child's first acknowledged write, it is killed: 25 moments from 0 to 0.16 s, spread evenly, out of order.
MOMENTS = [n * 11 % 25 / 150 for n in range(25)]
#: The same for a child that is making the tables.
EARLY_MOMENTS = [n / 80 for n in range(8)]

Acknowledged = list[tuple[str, str]]


def until(moment: float, told: Connection) -> Acknowledged:
    """Return what a child tells up to a moment after its first word."""
    heard: Acknowledged = [told.recv()]
    end = time.monotonic() + moment
    while told.poll(max(0.0, end - time.monotonic())):
        heard.append(told.recv())
        if time.monotonic() > end:
            break
    return heard


def the_rest(told: Connection) -> Acknowledged:
    """Return what a child that is dead had told before."""
    heard: Acknowledged = []
    try:
        while told.poll(0):
            heard.append(told.recv())
    except (EOFError, ConnectionResetError):
        pass
    return heard


async def follow_first(url: str) -> None:
    """Three channels follow: all, a company of every story, and every second story's kind."""
    async with open_store(url) as store:
        await Desk(store, HandClock()).add_companies([Company("Alpha", ("Alef",))], actor="test")
        async with store.write() as tx:
            for place, target in ((1, EVERYTHING), (2, company("Alpha")), (3, kind(Kind.MERGER))):
                await tx.follows.save(channel(place), target, created_by=1, settings=FollowSettings(), now=START)


async def missing(url: str, acknowledged: Acknowledged) -> Acknowledged:
    """Return what was acknowledged and is not there; a retraction is told of by the development that it took back."""
    async with open_store(url) as store, store.read() as tx:
        stories = [await tx.stories.find(slug) for slug in {slug for slug, _ in acknowledged}]
    developments = [(story.slug, d) for story in stories if story for d in story.developments]
    there = {(slug, d.key) for slug, d in developments if d.key != "denied" or not d.is_valid}
    return [pair for pair in acknowledged if pair not in there]


def posts_of(database: StoreDatabase) -> tuple[dict[str, int], int]:
    """Of each sent post how much of what it carries is retracted; how many were withdrawn by a retraction."""
    sent = database.query(
        "SELECT post.key, sum(CASE WHEN retracted <> '' THEN 1 ELSE 0 END) FROM post JOIN delivery ON post_id = post.id"
        " JOIN development ON development.id = development_id WHERE state = 'sent' GROUP BY post.id, post.key"
    )
    ((withdrawn,),) = database.query("SELECT count(*) FROM post WHERE reason LIKE '%retracted before%'")
    return dict(sent), withdrawn


async def test_a_killed_bot_loses_and_repeats_nothing(own_database: StoreDatabase, tmp_path: Path) -> None:
    """25 kills on one store. After each, all that was acknowledged is there, nothing is half there, and the next
    start works; in the end every post stands in Discord exactly once, and says what was retracted since.
    """
    discord = tmp_path / "discord"
    acknowledged: Acknowledged = []
    await follow_first(own_database.url)
    for number, moment in enumerate(MOMENTS):
        with child(write_for_ever, own_database.url, f"run-{number}", discord) as bot:
            heard = until(moment, bot.pipe)
            assert bot.process.is_alive()
            bot.process.kill()
            bot.process.join()
            heard += the_rest(bot.pipe)
        assert await missing(own_database.url, heard) == []
        assert await find_inconsistencies(own_database, f"run-{number}-") == []
        acknowledged += heard
    assert await missing(own_database.url, acknowledged) == []
    assert await find_inconsistencies(own_database) == []
    publisher = FilePublisher(discord)
    async with open_store(own_database.url) as store:
        async with store.write() as tx:
            await tx.outbox.recover(START)
        await Dispatcher(store, publisher, HandClock(), asyncio.Event()).run_until_idle()
        async with store.read() as tx:
            backlog = await tx.outbox.get_stats()
    keys = [words[1] for words in publisher.lines() if words[0] == "sent"]
    recorded, withdrawn = posts_of(own_database)
    assert (backlog.waiting_count, backlog.correction_count, backlog.failed_count) == (0, 0, withdrawn)
    # Fewer than the developments, for what had waited an hour was folded.
    assert len(keys) == len(set(keys)) == backlog.sent_count > 0
    assert {words[1]: int(words[4]) for words in publisher.lines()} == recorded


async def test_a_start_killed_while_creating_tables_can_be_repeated(tmp_path: Path) -> None:
    """Killed at 8 moments of its very first start, the store is empty or made, and opens."""
    for number, moment in enumerate(EARLY_MOMENTS):
        file = tmp_path / f"{number}.db"
        with child(just_open, url_of(file)) as starting:
            assert starting.pipe.recv() == "ready"
            starting.pipe.send("go")
            starting.pipe.poll(moment)
            starting.process.kill()
            starting.process.join()
        assert await find_inconsistencies(file) == []


async def revision_of(url: str) -> int:
    async with open_store(url) as store:
        return await store.get_revision()


PROGRAM = """
import asyncio, sys
from bot.store import open_store

async def write(store):
    async with store.write() as tx:
        await tx.metadata.advance_revision()
    print("written", await store.get_revision(), flush=True)

async def main():
    async with open_store(sys.argv[1]) as store:
        await write(store)
        {end}
        await asyncio.Event().wait()
{start}
"""
#: How a program ends with the store open: (in the ``async with``, after the functions).
ENDS = {
    "an error in the program": ("raise RuntimeError('lost')", "asyncio.run(main())"),
    "an error in the middle of a write": (
        "async with store.write() as tx: await tx.metadata.advance_revision(); raise RuntimeError('lost')",
        "asyncio.run(main())",
    ),
    "the loop is stopped under it": ("asyncio.get_running_loop().stop()", "asyncio.run(main())"),
    "the loop is stopped and left as it is": (
        "asyncio.get_running_loop().stop()",
        "loop = asyncio.new_event_loop(); task = loop.create_task(main()); loop.run_forever(); raise SystemExit(3)",
    ),
    "the store is never closed": (
        "",
        "run = asyncio.new_event_loop().run_until_complete; op = open_store(sys.argv[1]); run(write(run(op.__aenter__()))); 1 / 0",
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_program_that_fails_with_an_open_store_exits(end: str, own_database: StoreDatabase) -> None:
    """It exits, so that whatever runs it can start it again; what it had written is there."""
    inside, start = ENDS[end]
    code = PROGRAM.format(end=inside or "pass", start=start)
    ran = subprocess.run(
        [sys.executable, "-c", code, own_database.url],
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout == "written 1\n", ran.stderr
    assert ran.returncode != 0
    assert asyncio.run(revision_of(own_database.url)) == 1
    assert asyncio.run(find_inconsistencies(own_database)) == []
