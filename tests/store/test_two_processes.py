"""The bot and a command beside it: two processes on one store."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from filelock import FileLock

from bot.errors import StoreBusy
from bot.model.company import Company
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from tests.engines import StoreDatabase
from tests.store.checker import find_inconsistencies
from tests.store.children import Child, answer_with_writes, child, hold_lock_file, write_some
from tests.store.material import HandClock, draft, url_of

#: Stories that each of two writers publishes: three writes a story, enough pages that the log is reset.
EACH = 15


async def test_two_processes_that_write_at_once_lose_nothing(own_database: StoreDatabase) -> None:
    """Both write as fast as they can: every acknowledged development of either is there, and the store is whole."""
    async with open_store(own_database.url) as store:
        await Desk(store, HandClock()).add_companies([Company("Alpha")], actor="test")
    with contextlib.ExitStack() as stack:
        writers: list[Child] = [
            stack.enter_context(child(write_some, own_database.url, name, EACH)) for name in ("one", "two")
        ]
        for writer in writers:
            assert writer.pipe.recv() == "ready"
        for writer in writers:
            writer.pipe.send("go")
        told = [[writer.pipe.recv() for _ in range(3 * EACH)] for writer in writers]
        for writer in writers:
            writer.process.join(20)
            assert writer.process.exitcode == 0
    async with open_store(own_database.url) as store, store.read() as tx:
        there = {
            (slug, development.key)
            for slug in await tx.stories.list_slugs()
            for story in [await tx.stories.find(slug)]
            if story is not None
            for development in story.developments
        }
        revision = await store.get_revision()
    assert set(told[0]) | set(told[1]) == there
    assert len(there) == 6 * EACH
    assert revision == 6 * EACH + 1
    assert await find_inconsistencies(own_database) == []


async def test_what_another_process_wrote_is_seen_at_once(store: Store, database: StoreDatabase) -> None:
    """As soon as it is acknowledged there: the revision here has grown, and a read has the story."""
    before = await store.get_revision()
    with child(answer_with_writes, database.url) as other:
        assert other.pipe.recv() == "open"
        for number in range(1, 11):
            slug = f"story-{number}"
            other.pipe.send(slug)
            assert other.pipe.recv() == slug
            assert await store.get_revision() == before + number
            async with store.read() as tx:
                assert slug in await tx.stories.list_slugs()
        other.pipe.send("")
        other.process.join(20)
        assert other.process.exitcode == 0


async def test_two_open_stores_take_turns(store: Store, desk: Desk, database: StoreDatabase) -> None:
    """Another process writes now, we write next, and so on, with both stores open all the while."""
    with child(answer_with_writes, database.url) as other:
        assert other.pipe.recv() == "open"
        for number in range(10):
            other.pipe.send(f"theirs-{number}")
            await desk.publish(draft(f"ours-{number}"), actor="test")
            assert other.pipe.recv() == f"theirs-{number}"
        other.pipe.send("")
        other.process.join(20)
    async with store.read() as tx:
        assert await tx.stories.count() == 20


async def test_a_write_waits_for_the_lock_file(file: Path) -> None:
    """The log's reset can spoil a file though SQLite's own locks are kept: nobody writes beside one who has our lock."""
    async with open_store(url_of(file), busy_seconds=0.2) as store:
        desk = Desk(store, HandClock())
        await desk.publish(draft("before"), actor="test")
        with child(hold_lock_file, file) as other:
            assert other.pipe.recv() == "held"
            with pytest.raises(StoreBusy, match="in use by another program"):
                await asyncio.wait_for(desk.publish(draft("meanwhile"), actor="test"), 5)
            async with store.read() as tx:
                assert await tx.stories.list_slugs() == ("before",)
        await desk.publish(draft("after"), actor="test")
        async with store.read() as tx:
            assert await tx.stories.list_slugs() == ("after", "before")


async def test_the_lock_file_is_held_through_a_write_and_no_longer(store: Store, file: Path) -> None:
    """From the first statement to the commit; reading takes none."""
    lock = FileLock(f"{file}.lock")
    async with store.write() as tx:
        await tx.companies.save(Company("Alpha"))
        with pytest.raises(TimeoutError):
            lock.acquire(timeout=0)
    async with store.read() as tx:
        assert len(await tx.companies.list_all()) == 1
        with lock.acquire(timeout=0):
            assert await store.get_revision() == 0
