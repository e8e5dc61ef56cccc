"""Where pictures come from: drawn once, in a process of their own, kept until what they show changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

from bot.errors import DealwireError, PictureError
from bot.languages import lazy, say
from bot.loops import ErrorLog
from bot.pictures.plan import Plan, encode_plan
from bot.pictures.worker import IDLE_SECONDS, LENGTH_PREFIX
from bot.subprocesses.start_failure import get_start_failure

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
#: Bytes of pictures that are kept; one has 30,000 to 250,000.
CACHE_BYTES = 8 * 1024 * 1024
#: How long a picture may take, and the first one, before which a process starts and looks for its fonts.
DRAW_SECONDS = 20.0
START_SECONDS = 60.0
#: The most who wait for pictures at the same time.
MAX_WAITING = 64
#: No picture of ours is near this.
_MAX_PICTURE_BYTES = 8 * 1024 * 1024
BUSY_MESSAGE = lazy("Many pictures are being drawn just now; try again in a moment.")
FAILURE_MESSAGE = lazy("This picture could not be drawn; the full story has all that it would show.")


class Studio:
    """Draws one picture at a time, in a process that is started when it is first needed. To be closed."""

    def __init__(self, module: str = "bot.pictures.worker", *, draw_seconds: float = DRAW_SECONDS) -> None:
        """``module`` is what the process runs: another one only in tests."""
        self._module = module
        self._draw_seconds = draw_seconds
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._cache: OrderedDict[bytes, bytes] = OrderedDict()
        self._cache_bytes = 0
        self._tasks: dict[bytes, asyncio.Task[bytes]] = {}
        self._start_errors = ErrorLog(log, "Starting the process that draws pictures")
        self.drawing_count = 0

    async def draw(self, plan: Plan) -> bytes:
        """The plan as PNG. Equal plans share one drawing, also while it is under way: a plan is all that a picture shows.

        Raises PictureError when it cannot be drawn in time, or too many wait already.
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
            # A task of its own: who asked first may go away while others still wait for it.
            task = self._tasks[key] = asyncio.create_task(self._draw_and_cache(key), name="picture")
            task.add_done_callback(lambda finished_task: self._forget_task(key, finished_task))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End the drawing process, and what waits for it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._end_process()

    async def _draw_and_cache(self, key: bytes) -> bytes:
        async with self._lock:
            picture = await self._draw_in_process(key)
        self._cache_picture(key, picture)
        return picture

    def _forget_task(self, key: bytes, task: asyncio.Task[bytes]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled():
            task.exception()  # told to those who wait; where nobody does any more, it is nobody's

    def _cache_picture(self, key: bytes, picture: bytes) -> None:
        self._cache[key] = picture
        self._cache_bytes += len(picture)
        while self._cache_bytes > CACHE_BYTES:
            _, evicted_picture = self._cache.popitem(last=False)
            self._cache_bytes -= len(evicted_picture)

    async def _draw_in_process(self, plan: bytes) -> bytes:
        is_starting = self._process is None or self._process.returncode is not None
        try:
            async with asyncio.timeout(START_SECONDS if is_starting else self._draw_seconds):
                picture = await self._exchange(plan)
        except TimeoutError as exc:
            await self._end_process()
            raise PictureError(say(FAILURE_MESSAGE)) from exc
        except (OSError, asyncio.IncompleteReadError) as exc:
            stderr_output = await self._end_process()
            if not is_starting:
                # It may have just ended, having had nothing to do for long.
                return await self._draw_in_process(plan)
            self._start_errors.record_failure(DealwireError(get_start_failure(stderr_output, None)))
            raise PictureError(say(FAILURE_MESSAGE)) from exc
        except BaseException:
            # A picture that nobody waits for would be taken for the answer to the next plan.
            await self._end_process()
            raise
        if not picture:
            raise PictureError(say(FAILURE_MESSAGE))
        self.drawing_count += 1
        self._start_errors.record_success()
        return picture

    async def _exchange(self, plan: bytes) -> bytes:
        process = await self._get_process()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process was started without its pipes")
        process.stdin.write(LENGTH_PREFIX.pack(len(plan)) + plan)
        await process.stdin.drain()
        (size,) = LENGTH_PREFIX.unpack(await process.stdout.readexactly(LENGTH_PREFIX.size))
        if size > _MAX_PICTURE_BYTES:
            raise OSError("an answer that is no picture")
        return await process.stdout.readexactly(size)

    async def _get_process(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is not None:
            await self._end_process()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", self._module, str(IDLE_SECONDS)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                # None of the bot's environment, so that it knows no token; a session of its own, so that Ctrl-C is the bot's alone.
                env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MPLBACKEND": "agg"},
                start_new_session=True,
            )
        return self._process

    async def _end_process(self) -> bytes:
        """End the process; what it printed before it was ready."""
        process, self._process = self._process, None
        if process is None:
            return b""
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        # Until what it still said is taken out of the pipe, asyncio does not see the end.
        with contextlib.suppress(OSError):
            while process.stdout is not None and await process.stdout.read(1 << 16):
                pass
        stderr_output = await process.stderr.read() if process.stderr is not None else b""
        await process.wait()
        return stderr_output


@contextlib.asynccontextmanager
async def open_studio() -> AsyncIterator[Studio]:
    """A studio, closed in the end."""
    studio = Studio()
    try:
        yield studio
    finally:
        await studio.close()
