"""The store as the other rooms see it: transactions that give and take the model's values."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreBusy, StoreUnavailable
from bot.store.articles import Articles
from bot.store.aside import Aside
from bot.store.audit import Audit
from bot.store.bookkeeping import Bookkeeping
from bot.store.companies import Companies
from bot.store.database import Database
from bot.store.destinations import Destinations
from bot.store.failures import Failures
from bot.store.feeds import Feeds
from bot.store.files import sqlite_path
from bot.store.folding import Folding
from bot.store.follows import Follows
from bot.store.gathering import Gathering
from bot.store.joining import Joining
from bot.store.lists import Lists
from bot.store.looking import Looking
from bot.store.migrate import pending, upgrade_one
from bot.store.notes import Notes
from bot.store.outbox import Outbox
from bot.store.owing import Owing
from bot.store.reviews import Reviews
from bot.store.search import Search
from bot.store.seeking import Seeking
from bot.store.stories import Stories
from bot.store.threads import Threads
from bot.store.timetables import Timetables
from bot.store.tracked import TrackedTexts
from bot.store.waits import Waits
from bot.store.wanting import Wants

_T = TypeVar("_T")
_LOOK_SECONDS = 0.2


class Session:
    """One transaction, with a shelf for each noun. Of use only inside its ``async with``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.companies = Companies(connection)
        self.stories = Stories(connection)
        self.joining = Joining(connection)
        self.lists = Lists(connection)
        self.looking = Looking(connection)
        self.search = Search(connection)
        self.seeking = Seeking(connection)
        self.follows = Follows(connection)
        self.wants = Wants(connection)
        self.owing = Owing(connection)
        self.outbox = Outbox(connection)
        self.aside = Aside(connection)
        self.gathering = Gathering(connection)
        self.threads = Threads(connection)
        self.timetables = Timetables(connection)
        self.waits = Waits(connection)
        self.notes = Notes(connection)
        self.tracked = TrackedTexts(connection)
        self.folding = Folding(connection)
        self.destinations = Destinations(connection)
        self.feeds = Feeds(connection)
        self.articles = Articles(connection)
        self.reviews = Reviews(connection)
        self.failures = Failures(connection)
        self.audit = Audit(connection)
        self.bookkeeping = Bookkeeping(connection)


class Store:
    """A store that is open: :meth:`read` and :meth:`write` begin transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._database.path

    @contextlib.contextmanager
    def only_bot(self) -> Iterator[None]:
        """Be the only bot on this store: two would post twice. The lock goes with the process, however it ends.

        Raises StoreBusy if there is another one.
        """
        lock = FileLock(self._database.files.bot_lock, mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreBusy(f"Another bot is running on {self.path}; stop it first.") from None
        try:
            self._database.files.remember_bot_lock()
            yield
        finally:
            lock.release()

    async def watch(self) -> NoReturn:
        """Raise StoreReplaced soon after the database was deleted, moved or replaced, also while nobody uses it."""
        while True:
            self._database.check_files()
            # Whoever holds the lock for long is waited for.
            with contextlib.suppress(StoreBusy):
                await self._database.check_content()
            await asyncio.sleep(_LOOK_SECONDS)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A transaction that sees one state of the store; writing in it fails."""
        async with self._database.read() as connection:
            yield Session(connection)

    async def read_beside(self, work: Callable[[Session], Coroutine[Any, Any, _T]]) -> _T:
        """What ``work`` makes of a session that sees one state of the store: read, and made, beside the event loop.

        The work may wait for nothing but the session, and whatever else it touches must bear to be used from a thread. It
        keeps nothing waiting, however long it takes, and its statements cost a tenth of what they do in :meth:`read`.
        """
        return await self._database.read_beside(lambda connection: work(Session(connection)))

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """A transaction that is written whole at its end, or, on any error or cancellation, not at all."""
        async with self._database.write() as connection:
            yield Session(connection)

    async def revision(self) -> int:
        """A number that grows with every change of stories or companies, whichever process makes it."""
        return await self._database.glance("SELECT value FROM revision WHERE noun = 'stories'") or 0

    async def check(self) -> None:
        """Raise StoreUnavailable when the file is damaged or its references do not hold."""
        async with self._database.read() as connection:
            damage = (await connection.execute(text("PRAGMA integrity_check(1)"))).scalar_one()
            orphans = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
        if damage != "ok" or orphans is not None:
            raise StoreUnavailable(f"The database {self.path} is damaged; restore it from a backup.")


@contextlib.asynccontextmanager
async def open_store(url: str, *, busy_seconds: float = 5.0, create: bool = True) -> AsyncIterator[Store]:
    """Open the store at a URL, bring its tables up to date, and close it in the end.

    Raises SettingsError for a URL that is none of ours, StoreUnavailable, StoreBusy or StoreTooNew; without ``create``
    StoreMissing if there is no store yet.
    """
    async with Database(sqlite_path(url), busy_seconds=busy_seconds, create=create) as database:
        while await _is_behind(database, create=create):
            # Asked again under the writer's lock: two programs may start at once.
            async with database.rebuild() as connection:
                if await connection.run_sync(pending, database.path):
                    await connection.run_sync(upgrade_one)
        yield Store(database)


async def _is_behind(database: Database, *, create: bool) -> bool:
    async with database.read() as connection:
        return await connection.run_sync(pending, database.path, create=create)
