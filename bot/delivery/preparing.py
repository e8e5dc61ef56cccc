"""What comes before posts are sent: digests are made, waiting posts are folded, and what is due is leased.

Each is one transaction for all destinations. If that fails because of one of them, it is done for each destination apart.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.delivery.settle import OWN_ERROR
from bot.errors import StoreError
from bot.loops import ErrorLog
from bot.model.post import Post
from bot.store import Store
from bot.store.outbox import UnreadablePost

log = logging.getLogger(__name__)

#: A digest that cannot be made is tried again after this.
DIGEST_RETRY = timedelta(hours=1)
#: A post that cannot be read is set aside after so many tries.
READING_TRIES = 8
#: So many of them are put off in a row, before anything else is done.
_AT_ONCE = 20
_LONGEST_WAIT = timedelta(hours=1)


class Preparing:
    """Prepares posts. One destination whose posts cannot be prepared keeps no other from getting its posts.

    ``on_aside`` is called with the reason and the time when a post is set aside.
    """

    def __init__(self, store: Store, on_aside: Callable[[str, datetime], None]) -> None:
        self._store = store
        self._on_aside = on_aside
        self._unmade = ErrorLog(log, "Making digests")
        self._unfolded = ErrorLog(log, "Folding waiting posts")
        self._unread = ErrorLog(log, "Reading a post that is due")

    async def make_digests(self, now: datetime) -> None:
        """Make the digests that are due. One that cannot be made is tried again every hour, and closed after a day."""
        try:
            async with self._store.write() as session:
                await session.gathering.gather(now)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - the others are made apart
            self._unmade.failed(exc)
            async with self._store.read() as session:
                destinations = await session.gathering.due(now)
            for destination in destinations:
                await self._make_digest(destination, now)
        else:
            self._unmade.succeeded()

    async def _make_digest(self, destination: int, now: datetime) -> None:
        try:
            async with self._store.write() as session:
                await session.gathering.gather(now, destination)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - one digest must not stop the next
            self._unmade.failed(exc)
            async with self._store.write() as session:
                await session.gathering.put_off(destination, now, now + DIGEST_RETRY, OWN_ERROR)

    async def fold(self, now: datetime) -> None:
        """Fold waiting posts. Where that fails they are sent one by one."""
        try:
            async with self._store.write() as session:
                await session.folding.fold_waiting(now)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - the others are folded apart
            self._unfolded.failed(exc)
            async with self._store.read() as session:
                crowded = await session.folding.crowded(now)
            for destination in crowded:
                await self._fold_at(destination)
        else:
            self._unfolded.succeeded()

    async def _fold_at(self, destination: int) -> None:
        try:
            async with self._store.write() as session:
                await session.folding.fold_at(destination)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - one destination must not stop the next
            self._unfolded.failed(exc)

    async def lease(self, lease: Callable[[], Awaitable[tuple[Post, ...]]], now: datetime) -> tuple[Post, ...]:
        """Lease posts by this call. A post that cannot be read is put off, and set aside after several tries."""
        for _ in range(_AT_ONCE):
            try:
                posts = await lease()
            except UnreadablePost as exc:
                self._unread.failed(exc.__cause__ or exc)
                await self._put_off(exc, now)
            else:
                self._unread.succeeded()
                return posts
        return ()

    async def _put_off(self, unreadable: UnreadablePost, now: datetime) -> None:
        attempts = unreadable.attempts
        is_last = unreadable.is_open and attempts >= READING_TRIES
        async with self._store.write() as session:
            if is_last:
                await session.aside.set_aside(unreadable.number, OWN_ERROR, now)
            else:
                wait = min(_LONGEST_WAIT, timedelta(minutes=2 ** min(attempts, 30)))
                await session.outbox.put_off(unreadable.number, now + wait, OWN_ERROR)
        if is_last:
            self._on_aside(OWN_ERROR, now)
