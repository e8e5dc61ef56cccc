"""Reads beside the event loop: a whole transaction in one thread, with one hop there and one back.

An answer takes a dozen statements. From the event loop, each of them costs four hops to the driver's thread and back,
which take longer than the statement, and the event loop also builds the values from the rows. In a thread of the pool
all of this takes one hop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Engine

from bot.store.engines.hot_statements import DirectReader, OpenPipeline

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")

ReadFunction = Callable[["AsyncConnection"], Coroutine[Any, Any, _T]]


class ReadPool:
    """Threads that read. Each runs a function from its first statement to its last."""

    def __init__(self, engine: Engine, thread_count: int, open_pipeline: OpenPipeline | None = None) -> None:
        self._engine = engine
        self._open_pipeline = open_pipeline
        self._executor = ThreadPoolExecutor(thread_count, thread_name_prefix="store")

    async def run(self, function: ReadFunction[_T]) -> _T:
        """Run a function on a connection of its own, in one transaction: it sees one state of the store.

        If the caller is cancelled, it does not wait; the function still runs to its end, and its result is discarded.
        """
        outcome: Future[_T] = Future()
        # The thread uses the caller's context, and so its language.
        self._executor.submit(copy_context().run, self._run_in_transaction, function, outcome)
        return await asyncio.wrap_future(outcome)

    async def close(self) -> None:
        """Wait until all reads have ended, and close the connections."""
        await asyncio.to_thread(self._executor.shutdown)
        self._engine.dispose()

    def _run_in_transaction(self, function: ReadFunction[_T], outcome: Future[_T]) -> None:
        if not outcome.set_running_or_notify_cancel():
            return
        try:
            # It is committed, though nothing was written: a rollback makes psycopg forget the statements that it has prepared.
            with self._engine.begin() as connection:
                reader = SyncConnection(connection, self._open_pipeline)
                result = reader.run(function(cast("AsyncConnection", reader)))
                # The caller has it before the transaction ends, which can take a round trip to a server.
                outcome.set_result(result)
        except BaseException as error:  # noqa: BLE001 - the caller's
            if not outcome.done():
                outcome.set_exception(error)


class SyncConnection(DirectReader):
    """What readers use of an ``AsyncConnection``: each call is done at once, so that a coroutine that awaits it never waits."""

    __slots__ = ()

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """Execute a statement in the calling thread."""
        return self._connection.execute(*arguments, **options)

    async def run_sync(self, function: Callable[..., _T], *arguments: Any, **options: Any) -> _T:
        """Call a function with the connection in the calling thread."""
        return function(self._connection, *arguments, **options)
