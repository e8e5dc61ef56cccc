"""A write is whole or not at all, whatever happens to the one who writes."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.errors import StoreError
from bot.model.company import Company
from bot.model.follow import EVERYTHING
from bot.model.follow_settings import FollowSettings
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from bot.store import tables as t
from tests.engines import StoreDatabase
from tests.store.checker import find_inconsistencies
from tests.store.interrupting import awaits_of, was_cancelled
from tests.store.material import START, HandClock, channel, draft, news


async def names(store: Store) -> list[str]:
    async with store.read() as tx:
        return [company.name for company in await tx.companies.list_all()]


async def add(store: Store, name: str) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company(name, (f"{name} Inc",)))


async def follow_everything(store: Store) -> None:
    async with store.write() as tx:
        await tx.follows.save(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(), now=START)


async def stories(store: Store) -> list[str]:
    async with store.read() as tx:
        return list(await tx.stories.list_slugs())


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice in a row"])
async def test_a_publication_cancelled_at_any_await_is_atomic(times: int, database: StoreDatabase) -> None:
    """Cancelled at each of its awaits in turn, and at those that follow; the next write works at once, every time."""
    outcomes: list[tuple[bool, bool]] = []
    async with open_store(database.url, busy_seconds=0.5) as store:
        desk = Desk(store, HandClock())
        await follow_everything(store)
        two = news("First"), news("Second", date="2025-09")
        length = await awaits_of(desk.publish(draft("undisturbed", *two, parties=("Uno", "Due")), actor="test"))
        for at in range(1, length + 1):
            slug = f"cancelled-{at}"
            publication = desk.publish(draft(slug, *two, parties=(f"Uno {at}", f"Due {at}")), actor="test")
            cancelled = await was_cancelled(publication, range(at, at + times))
            outcomes.append((cancelled, slug in await stories(store)))
            await desk.add_companies([Company(f"Next {at}")], actor="test")
        companies = await names(store)
    assert await find_inconsistencies(database) == []
    assert length > 20
    assert {f"Next {at}" for at in range(1, length + 1)} <= set(companies)
    assert {(True, False), (True, True)} <= set(outcomes)
    assert (False, False) not in outcomes


async def test_a_commit_that_is_cancelled_is_whole(store: Store) -> None:
    """The last await of a write is its commit: cancelled there, the caller hears of it, and what it wrote stands."""
    length = await awaits_of(add(store, "Undisturbed"))
    assert await was_cancelled(add(store, "Alpha"), {length})
    assert "Alpha" in await names(store)


async def test_hundreds_of_cancellations_leave_no_open_transaction(database: StoreDatabase) -> None:
    """300 writes, cancelled after 0 to 897 turns, a third of them within ten: none is half there, and none is in the way of the next."""
    cancelled = 0
    async with open_store(database.url, busy_seconds=0.5) as store:
        for number in range(300):
            task = asyncio.create_task(add(store, f"Company {number}"))
            # How many turns a write takes depends on the machine and on what else it does.
            for _ in range(3 * number if number % 3 else number // 30):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
            cancelled += task.cancelled()
            assert task.cancelled() or task.exception() is None
        await add(store, "The last")
        async with store.read() as tx:
            found = await tx.companies.list_all()
    assert cancelled > 50
    assert "The last" in [company.name for company in found]
    assert all(company.aliases == (f"{company.name} Inc",) for company in found)


async def test_a_cancelled_read_keeps_no_connection(store: Store) -> None:
    """Cancelled at each of its awaits, more often than there are connections; then as many as ever read at once."""
    await add(store, "Alpha")
    reading = await awaits_of(names(store))
    looking = await awaits_of(store.get_revision())
    for _ in range(3):
        for at in range(1, reading + 1):
            await was_cancelled(names(store), {at})
        for at in range(1, looking + 1):
            await was_cancelled(store.get_revision(), {at})
    async with asyncio.timeout(60):
        assert await asyncio.gather(*(names(store) for _ in range(10))) == [["Alpha"]] * 10
        assert await store.get_revision() == 0


async def test_the_first_read_of_the_revision_may_be_cancelled(database: StoreDatabase) -> None:
    """It opens a connection of its own; cancelled at any await of that, the next look has one."""
    for at in range(1, 12):
        async with open_store(database.url) as store:
            await was_cancelled(store.get_revision(), {at})
            assert await store.get_revision() == 0


@pytest.mark.parametrize("error", [LookupError, OSError, TimeoutError, KeyboardInterrupt])
async def test_an_error_inside_rolls_everything_back(error: type[BaseException], store: Store) -> None:
    """Also what several statements had done before it; the error is the caller's own, whatever it is."""
    await add(store, "Alpha")
    with pytest.raises(error, match="the caller's own"):
        await _fail_after_two(store, error("the caller's own"))
    assert await names(store) == ["Alpha"]
    await add(store, "Delta")
    assert await names(store) == ["Alpha", "Delta"]


async def _fail_after_two(store: Store, error: BaseException) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company("Beta"))
        await tx.companies.save(Company("Gamma"))
        raise error


async def test_two_writers_do_not_take_each_others_rows(store: Store) -> None:
    """While one has written and not ended, another begins; the first fails, and only its own rows go."""
    has_written, may_fail = asyncio.Event(), asyncio.Event()

    async def fail() -> None:
        async with store.write() as tx:
            await tx.companies.save(Company("Taken back"))
            has_written.set()
            await may_fail.wait()
            raise LookupError

    failing = asyncio.create_task(fail())
    await has_written.wait()
    writing = asyncio.create_task(add(store, "Kept"))
    assert await names(store) == []
    may_fail.set()
    await asyncio.wait({failing, writing})
    assert isinstance(failing.exception(), LookupError)
    assert await names(store) == ["Kept"]


async def test_many_writers_at_once_all_get_their_turn(store: Store) -> None:
    """Of 40 that write at once, every third fails: the others' rows are there, and no more."""

    async def write(number: int) -> None:
        async with store.write() as tx:
            await tx.companies.save(Company(f"{number:02}"))
            if number % 3 == 0:
                raise LookupError

    await asyncio.gather(*(write(number) for number in range(40)), return_exceptions=True)
    assert await names(store) == [f"{number:02}" for number in range(40) if number % 3]


async def test_a_reader_cannot_write(store: Store) -> None:
    """It is told so in a sentence, and nothing is written, then or later."""
    with pytest.raises(StoreError, match="can't be written"):
        async with store.read() as tx:
            await tx.companies.save(Company("Alpha"))
    await add(store, "Beta")
    assert await names(store) == ["Beta"]


async def test_a_reader_sees_one_state(store: Store) -> None:
    """What is written while it reads is seen by the next one."""
    await add(store, "Alpha")
    async with store.read() as tx:
        assert len(await tx.companies.list_all()) == 1
        await add(store, "Beta")
        assert len(await tx.companies.list_all()) == 1
    assert await names(store) == ["Alpha", "Beta"]


async def test_reading_goes_on_while_a_write_is_open(store: Store) -> None:
    """Readers wait for no writer, and see nothing of what it has not committed."""
    async with store.write() as tx:
        await tx.companies.save(Company("Alpha"))
        async with asyncio.timeout(60):
            assert await asyncio.gather(*(names(store) for _ in range(8))) == [[]] * 8
            assert await store.get_revision() == 0
    assert await names(store) == ["Alpha"]


async def test_a_finished_write_is_seen_by_the_next_read(store: Store, desk: Desk) -> None:
    """Through every reader that was open before."""
    await asyncio.gather(*(names(store) for _ in range(5)))
    before = await store.get_revision()
    await desk.publish(draft("alpha-beta"), actor="test")
    for slugs in await asyncio.gather(*(stories(store) for _ in range(5))):
        assert slugs == ["alpha-beta"]
    assert await store.get_revision() == before + 1


class FailingClock(HandClock):
    """A clock that fails when it is asked for the so-and-so-many-th time."""

    def __init__(self, fails_at: int) -> None:
        super().__init__()
        self.asked = 0
        self._fails_at = fails_at

    def __call__(self) -> datetime:
        self.asked += 1
        if self.asked == self._fails_at:
            raise LookupError("no time")
        return self.now


async def test_a_publication_that_fails_at_any_step_changes_nothing(store: Store, database: StoreDatabase) -> None:
    """Before, between and after its company, story, search row, audit and posts were written: all of them go back."""
    await follow_everything(store)
    undisturbed = FailingClock(0)
    await Desk(store, undisturbed).publish(draft("undisturbed", parties=("Alpha", "Beta")), actor="test")
    for step in range(1, undisturbed.asked + 1):
        with pytest.raises(LookupError):
            await Desk(store, FailingClock(step)).publish(draft("failed", parties=("Gamma", "Delta")), actor="test")
        assert await stories(store) == ["undisturbed"]
        assert await names(store) == ["Alpha", "Beta"]
    assert undisturbed.asked > 3
    assert await store.get_revision() == 1
    assert await find_inconsistencies(database) == []


async def add_twice(store: Store, name: str) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company(name))
        await tx.connection.execute(insert(t.company).values(name=name))


async def test_a_bug_in_a_statement_surfaces(store: Store) -> None:
    """It is not reported as a problem with the file, and nothing of its transaction is kept."""
    await add(store, "Alpha")
    with pytest.raises(IntegrityError):
        await add_twice(store, "Beta")
    assert await names(store) == ["Alpha"]
