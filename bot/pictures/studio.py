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
from bot.languages import noted, say
from bot.loops import ErrorLog
from bot.pictures.plan import Plan, packed
from bot.pictures.worker import IDLE_SECONDS, LENGTH
from bot.subprocesses import start_failure

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
#: Bytes of pictures that are kept; one has 30,000 to 250,000.
KEPT_BYTES = 8 * 1024 * 1024
#: How long a picture may take, and the first one, before which a process starts and looks for its fonts.
DRAW_SECONDS = 20.0
START_SECONDS = 60.0
#: The most who wait for pictures at the same time.
WAITING = 64
#: No picture of ours is near this.
_LARGEST = 8 * 1024 * 1024
BUSY = noted("Many pictures are being drawn just now; try again in a moment.")
FAILED = noted("This picture could not be drawn; the full story has all that it would show.")


class Studio:
    """Draws one picture at a time, in a process that is started when it is first needed. To be closed."""

    def __init__(self, module: str = "bot.pictures.worker", *, draw_seconds: float = DRAW_SECONDS) -> None:
        """``module`` is what the process runs: another one only in tests."""
        self._module = module
        self._draw_seconds = draw_seconds
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._under_way: dict[bytes, asyncio.Task[bytes]] = {}
        self._starts = ErrorLog(log, "Starting the process that draws pictures")
        self.drawn = 0

    async def picture(self, plan: Plan) -> bytes:
        """The plan as PNG. Equal plans share one drawing, also while it is under way: a plan is all that a picture shows.

        Raises PictureError when it cannot be drawn in time, or too many wait already.
        """
        key = packed(plan)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= WAITING:
                raise PictureError(say(BUSY))
            # A task of its own: who asked first may go away while others still wait for it.
            task = self._under_way[key] = asyncio.create_task(self._made(key), name="picture")
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End the drawing process, and what waits for it."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._end()

    async def _made(self, key: bytes) -> bytes:
        async with self._turn:
            picture = await self._drawn(key)
        self._keep(key, picture)
        return picture

    def _finished(self, key: bytes, task: asyncio.Task[bytes]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # told to those who wait; where nobody does any more, it is nobody's

    def _keep(self, key: bytes, picture: bytes) -> None:
        self._kept[key] = picture
        self._kept_bytes += len(picture)
        while self._kept_bytes > KEPT_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= len(gone)

    async def _drawn(self, plan: bytes) -> bytes:
        starting = self._process is None or self._process.returncode is not None
        try:
            async with asyncio.timeout(START_SECONDS if starting else self._draw_seconds):
                picture = await self._asked(plan)
        except TimeoutError as exc:
            await self._end()
            raise PictureError(say(FAILED)) from exc
        except (OSError, asyncio.IncompleteReadError) as exc:
            printed = await self._end()
            if not starting:
                # It may have just ended, having had nothing to do for long.
                return await self._drawn(plan)
            self._starts.failed(DealwireError(start_failure(printed, None)))
            raise PictureError(say(FAILED)) from exc
        except BaseException:
            # A picture that nobody waits for would be taken for the answer to the next plan.
            await self._end()
            raise
        if not picture:
            raise PictureError(say(FAILED))
        self.drawn += 1
        self._starts.succeeded()
        return picture

    async def _asked(self, plan: bytes) -> bytes:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process was started without its pipes")
        process.stdin.write(LENGTH.pack(len(plan)) + plan)
        await process.stdin.drain()
        (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        if size > _LARGEST:
            raise OSError("an answer that is no picture")
        return await process.stdout.readexactly(size)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is not None:
            await self._end()
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

    async def _end(self) -> bytes:
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
        printed = await process.stderr.read() if process.stderr is not None else b""
        await process.wait()
        return printed


@contextlib.asynccontextmanager
async def open_studio() -> AsyncIterator[Studio]:
    """A studio, closed in the end."""
    studio = Studio()
    try:
        yield studio
    finally:
        await studio.close()
