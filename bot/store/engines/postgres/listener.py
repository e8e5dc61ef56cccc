"""What other processes do, as PostgreSQL tells it to whoever listens: stories changed, posts were added.

https://www.postgresql.org/docs/current/sql-notify.html
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

import psycopg

from bot.store.engines.database import SELECT_STORIES_REVISION
from bot.store.engines.postgres.baseline import POSTS_CHANNEL, STORIES_CHANNEL

log = logging.getLogger(__name__)

#: How often the revision is asked for all the same, in seconds: a notification can be lost with its connection.
ASK_SECONDS = 1.0
_RETRY_SECONDS = 1.0


class Listener:
    """A connection that listens, and what it has heard.

    Attributes:
        revision: the newest revision of the stories that is known; None if it must be asked for.
    """

    def __init__(self, connection_info: str, on_posts: Callable[[], None]) -> None:
        self._connection_info = connection_info
        self._on_posts = on_posts
        self.revision: int | None = None
        self._forget_count = 0

    def forget_revision(self) -> None:
        """Let the revision be asked for, such as after a write of this process: its notification is still on its way."""
        self.revision = None
        self._forget_count += 1

    def record_revision(self, revision: int) -> None:
        """Record a revision. They only grow, so an older one that arrives late changes nothing."""
        self.revision = max(revision, self.revision or 0)

    async def run(self) -> None:
        """Listen until it is cancelled. While there is no connection, nothing is known."""
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("The database's notifications are not heard; trying again: %s", type(error).__name__)
            finally:
                self.revision = None
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._connection_info, autocommit=True) as connection:
            for channel in (STORIES_CHANNEL, POSTS_CHANNEL):
                await connection.execute(f"LISTEN {channel}")
            # What was added before this moment was told to nobody.
            self._on_posts()
            while True:
                forget_count = self._forget_count
                row = await (await connection.execute(SELECT_STORIES_REVISION)).fetchone()
                # What this process wrote while it asked is not in the answer.
                if forget_count == self._forget_count:
                    self.record_revision(int(row[0]) if row else 0)
                await self._hear(connection)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        notifications = connection.notifies(timeout=ASK_SECONDS)
        async with contextlib.aclosing(notifications):
            async for notification in notifications:
                if notification.channel == POSTS_CHANNEL:
                    self._on_posts()
                elif notification.payload.isdecimal():
                    self.record_revision(int(notification.payload))
