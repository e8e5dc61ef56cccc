"""What the store asks of a database, whichever engine serves it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, ClassVar, TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.store.engines.membership import Membership
from bot.store.engines.read_pool import ReadFunction
from bot.store.fulltext.fulltext import FullText

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")

#: Selects the number that grows with every change of stories or companies.
SELECT_STORIES_REVISION = "SELECT value FROM revision WHERE noun = 'stories'"


class Database(ABC):
    """The connections to one database. Use it with ``async with``: what was written is safe once it is closed.

    All methods raise StoreUnavailable if it cannot be used, StoreBusy if another program keeps it locked, and
    StoreReplaced if it is no longer the database that was opened.

    Attributes:
        name: what messages call it, without a password.
        fulltext_type: the full-text index of this engine.
    """

    fulltext_type: ClassVar[type[FullText]]

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    async def open(self) -> None:
        """Connect. Raises StoreMissing if there is no database and none may be created."""

    @abstractmethod
    async def close(self) -> None:
        """Close all connections; what was committed is then safe."""

    async def __aenter__(self) -> Database:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        from bot.store.engines.cancellation import await_uninterrupted

        await await_uninterrupted(self.close())

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction that sees one state of the store and cannot write."""

    @abstractmethod
    async def read_in_thread(self, function: ReadFunction[_T]) -> _T:
        """Return what a function makes of one state of the store, in a thread of its own (:class:`ReadPool`)."""

    @abstractmethod
    def write(self, *, is_serialized: bool = True) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction that is committed at the end, and rolled back on any error.

        Serialized ones follow each other, also in other processes: what they read stays true until their end. Others may
        run at the same time, and must name in each statement what it depends on.
        """

    @abstractmethod
    def write_schema(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction in which tables can be changed. It waits for longer than :meth:`write`."""

    @abstractmethod
    def create_tables(self, connection: Connection, revision: str) -> bool:
        """Make the tables of the newest revision in an empty database; return whether it was empty.

        Call it within :meth:`write_schema`.
        """

    @abstractmethod
    async def get_stories_revision(self) -> int:
        """Return a number that grows with every change of stories or companies in any process, at next to no cost."""

    @abstractmethod
    def join(self, shards: Collection[int], on_posts: Callable[[], None]) -> AbstractAsyncContextManager[Membership]:
        """Be one of the bots on this database, so that no two post the same. It ends with the process, however that ends.

        ``shards`` are those of this process; empty if it runs all of them. ``on_posts`` is called when another process has
        added posts, if the engine tells. Raises StoreBusy if there is another bot that may not run beside this one.
        """

    @abstractmethod
    async def check_identity(self) -> None:
        """Raise StoreReplaced if it is no longer the database that was opened."""

    @abstractmethod
    async def check_integrity(self) -> None:
        """Raise StoreUnavailable if it is damaged, or if a row refers to a row that is not there."""

    @abstractmethod
    async def measure(self) -> tuple[int, int]:
        """Return the sizes of the database and, if that is apart from it, of its log in bytes."""

    @abstractmethod
    async def back_up_before_upgrade(self, revision: str, clock: Clock) -> str:
        """Copy the database beside itself before its tables are upgraded; return the copy's name, or empty if none is made.

        Call it within :meth:`write_schema`.
        """
