"""A connection of the event loop that is never left in the middle of a statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engines.cancellation import await_uninterrupted


class CancelSafeConnection(AsyncConnection):
    """A connection that finishes a statement before it raises a cancellation.

    SQLAlchemy discards a connection that is cancelled in a statement, and its driver closes it with the transaction
    still open: the lock then stays until the garbage collector has run.
    """

    __slots__ = ()

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """Execute a statement, and finish it even if cancelled."""
        return await await_uninterrupted(super().execute(*arguments, **options))

    async def run_sync(self, *arguments: Any, **options: Any) -> Any:
        """Run a function on the synchronous connection, and finish it even if cancelled."""
        return await await_uninterrupted(super().run_sync(*arguments, **options))
