"""The attempts in flight: slow ones leave room for others."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass

from bot.model.post import Post
from bot.store import LeaseQuota

#: How many attempts may be fast at once: about as many as the rate limiter releases before the first of them is slow.
MAX_FAST = 128
#: After this many seconds an attempt is slow, and another one may start in its place.
SLOW_AFTER = 3.0
#: How many attempts may be in flight in total. Each takes memory and a connection, and many systems allow a process 1,024 files.
MAX_TOTAL = 600
#: How many of these may be retries. Posts to channels that never answer are retried again and again, and new posts must not wait
#: for them.
MAX_RETRIES = 300


@dataclass(frozen=True, slots=True)
class _Attempt:
    post_id: int
    is_retry: bool
    started_at: float


class TaskPool:
    """Runs attempts as tasks, and counts them. At most ``max_fast`` of them are younger than ``SLOW_AFTER``."""

    def __init__(self, max_fast: int = MAX_FAST) -> None:
        self._max_fast = max_fast
        self._attempts: dict[asyncio.Task[None], _Attempt] = {}

    @property
    def tasks(self) -> Collection[asyncio.Task[None]]:
        """The tasks of the attempts in flight."""
        return self._attempts.keys()

    def get_post_ids(self) -> list[int]:
        """Return the ids of the posts that are being attempted."""
        return [attempt.post_id for attempt in self._attempts.values()]

    def get_quota(self, limit: int = MAX_TOTAL) -> LeaseQuota:
        """Return how many more attempts may start now, at most ``limit``."""
        slow_since = asyncio.get_running_loop().time() - SLOW_AFTER
        fast_count = sum(attempt.started_at > slow_since for attempt in self._attempts.values())
        retry_count = sum(attempt.is_retry for attempt in self._attempts.values())
        total = min(limit, self._max_fast - fast_count, MAX_TOTAL - len(self._attempts))
        return LeaseQuota(total, min(total, MAX_RETRIES - retry_count))

    def start(self, post: Post, work: Coroutine[None, None, None]) -> None:
        """Run an attempt in a task of its own."""
        task = asyncio.create_task(work, name=f"post {post.id}")
        # The lease has counted this attempt already.
        self._attempts[task] = _Attempt(post.id, post.attempts > 1, asyncio.get_running_loop().time())
        task.add_done_callback(self._attempts.pop)
