"""Draw pictures in a separate process, and cache each of them until what it shows changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator

from bot.errors import PictureError
from bot.extras import PICTURES
from bot.languages import lazy, say
from bot.pictures.plan import Plan, encode_plan
from bot.subprocesses.pool import JobError, JobLost, WorkerLimits, WorkerPool

#: Bytes of pictures in the cache; one has 30,000 to 250,000.
CACHE_BYTES = 8 * 1024 * 1024
#: Limits on the time of one picture, and of starting the process, in seconds.
DRAW_SECONDS = 20.0
START_SECONDS = 60.0
#: The process is ended if it has nothing to do for this long, in seconds.
IDLE_SECONDS = 900.0
#: Address space of the process, in bytes; most of it is reserved by libraries and never used.
_MEMORY = 2 * 1024 * 1024 * 1024
#: The most pictures that are being drawn or waiting.
MAX_WAITING = 64
#: The largest picture that is accepted, in bytes; ours are far smaller.
_MAX_PICTURE_BYTES = 8 * 1024 * 1024
BUSY_MESSAGE = lazy("Too many pictures are being drawn right now; try again in a moment.")
#: What users read if the extra ``pictures`` is not installed: above the list that they get, and on the page of a company.
LIST_MESSAGE = lazy("This bot runs without the extra “pictures”, so here is a list.")
NO_PICTURE_MESSAGE = lazy("This bot runs without the extra “pictures”, so there is no picture of the partners.")
FAILURE_MESSAGE = lazy("This picture couldn't be drawn; the full story has everything it would show.")


class PictureRenderer:
    """Draws one picture at a time, in a process that is started when it is first needed. Must be closed."""

    def __init__(
        self,
        module: str = "bot.pictures.drawing_worker",
        *,
        draw_seconds: float = DRAW_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Prepare the pool; ``module`` is what the process runs, another one only in tests."""
        limits = WorkerLimits(
            seconds=draw_seconds,
            memory=_MEMORY,
            max_workers=1,
            start_seconds=START_SECONDS,
            body=_MAX_PICTURE_BYTES,
            idle_seconds=idle_seconds,
        )
        self._pool = WorkerPool(module, limits, "Starting the process that draws pictures")
        self._cache: OrderedDict[bytes, bytes] = OrderedDict()
        self._cache_bytes = 0
        self._tasks: dict[bytes, asyncio.Task[bytes]] = {}
        self.drawing_count = 0

    @property
    def is_available(self) -> bool:
        """Return whether the extra ``pictures`` is installed. Without it, show a list instead of a picture."""
        return PICTURES.is_installed()

    async def draw(self, plan: Plan) -> bytes:
        """Return the picture of a plan, as PNG.

        A plan has everything that its picture shows, so equal plans share one drawing, even while it is in progress.

        Raise PictureError if it cannot be drawn in time, or if too many are waiting.
        """
        key = encode_plan(plan)
        cached_picture = self._cache.get(key)
        if cached_picture is not None:
            self._cache.move_to_end(key)
            return cached_picture
        task = self._tasks.get(key)
        if task is None:
            if len(self._tasks) >= MAX_WAITING:
                raise PictureError(say(BUSY_MESSAGE))
            # This is a task of its own, because the first caller may be cancelled while others still wait for it.
            task = self._tasks[key] = asyncio.create_task(self._draw_and_cache(key), name="picture")
            task.add_done_callback(lambda finished_task: self._forget_task(key, finished_task))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End the drawing process, and the calls that wait for it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._pool.close()

    async def _draw_and_cache(self, key: bytes) -> bytes:
        try:
            picture = await self._draw_in_process(key)
        except JobError as exc:
            raise PictureError(say(FAILURE_MESSAGE)) from exc
        self.drawing_count += 1
        self._cache_picture(key, picture)
        return picture

    async def _draw_in_process(self, plan: bytes) -> bytes:
        try:
            answer = await self._pool.run({"job": "draw"}, plan)
        except JobLost:
            # The process may have been killed while it had nothing to do.
            answer = await self._pool.run({"job": "draw"}, plan)
        if not answer.body:
            raise PictureError(say(FAILURE_MESSAGE))
        return answer.body

    def _forget_task(self, key: bytes, task: asyncio.Task[bytes]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled():
            task.exception()  # raised to those who wait; without them nobody needs it, nor asyncio's warning

    def _cache_picture(self, key: bytes, picture: bytes) -> None:
        self._cache[key] = picture
        self._cache_bytes += len(picture)
        while self._cache_bytes > CACHE_BYTES:
            _, evicted_picture = self._cache.popitem(last=False)
            self._cache_bytes -= len(evicted_picture)


@contextlib.asynccontextmanager
async def open_picture_renderer() -> AsyncIterator[PictureRenderer]:
    """Open a picture_renderer, and close it in the end."""
    picture_renderer = PictureRenderer()
    try:
        yield picture_renderer
    finally:
        await picture_renderer.close()
