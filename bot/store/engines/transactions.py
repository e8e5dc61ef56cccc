"""Run a transaction from the event loop so that a cancellation leaves nothing open.

Importing :mod:`sqlalchemy.ext.asyncio` takes as long as a whole answer, so a command that only reads in threads does without.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.store.engines.cancellation import await_uninterrupted

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@contextlib.asynccontextmanager
async def run_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Begin a transaction; commit it at the end, or roll it back on any error or cancellation."""
    begin_task = asyncio.ensure_future(_begin(engine))
    try:
        connection = await await_uninterrupted(begin_task)
    except asyncio.CancelledError:
        if not begin_task.cancelled() and begin_task.exception() is None:
            await await_uninterrupted(_finish(begin_task.result(), commit=False))
        raise
    try:
        yield connection
    except BaseException:
        await await_uninterrupted(_finish(connection, commit=False))
        raise
    await await_uninterrupted(_finish(connection, commit=True))


async def _begin(engine: AsyncEngine) -> AsyncConnection:
    from bot.store.engines.cancel_safe_connection import CancelSafeConnection

    connection = await CancelSafeConnection(engine).start()
    try:
        await connection.begin()
    except BaseException:
        await connection.close()
        raise
    return connection


async def _finish(connection: AsyncConnection, *, commit: bool) -> None:
    try:
        if commit:
            await connection.commit()
        else:
            await connection.rollback()
    except BaseException:
        # Otherwise the next writer would find the transaction still open.
        await connection.rollback()
        raise
    finally:
        await connection.close()
