"""Reading beside the event loop: a whole transaction in a thread of its own, with one way there and one back.

An answer is a dozen statements. Asked from the event loop each costs it four hops to the driver's thread and back, which
take longer than the statements; and what is made of their rows, it makes itself. Here all of it is one hop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")

ReadFunction = Callable[[AsyncConnection], Coroutine[Any, Any, _T]]


class ReadPool:
    """Some threads that read, each work from its first statement to its last in one of them."""

    def __init__(self, engine: Engine, thread_count: int) -> None:
        self._engine = engine
        self._executor = ThreadPoolExecutor(thread_count, thread_name_prefix="store")

    async def run(self, function: ReadFunction[_T]) -> _T:
        """Do the work on a connection of its own, in one transaction, which is then given up.

        Who is cancelled meanwhile does not wait for it; it comes to its end and is forgotten.
        """
        # What is said there is said in the language that is spoken here.
        call = partial(copy_context().run, self._run_in_transaction, function)
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    async def close(self) -> None:
        """Wait until what is being read has been, and close the connections."""
        await asyncio.to_thread(self._executor.shutdown)
        self._engine.dispose()

    def _run_in_transaction(self, function: ReadFunction[_T]) -> _T:
        with self._engine.connect() as connection:
            return _run_to_completion(function(_SyncConnection(connection)))


class _SyncConnection(AsyncConnection):
    """A connection whose statements are done when they are asked for, so that nothing is waited for."""

    __slots__ = ()

    def __init__(self, connection: Connection) -> None:  # its base would want an engine that waits
        self.sync_connection = connection

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """As its base."""
        return self._proxied.execute(*arguments, **options)


def _run_to_completion(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """The outcome of a coroutine that waits for nothing; where it lets others have their turn there are none."""
    try:
        while coroutine.send(None) is None:
            pass
    except StopIteration as stop:
        result: _T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("what reads beside the event loop may wait for nothing but the store")
