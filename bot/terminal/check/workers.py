"""The processes that read feeds and pages and draw pictures: whether they start, work, and keep to their limits."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.errors import DealwireError
from bot.extras import PICTURES
from bot.model.findings import Finding
from bot.model.vocabulary import Claim
from bot.newsroom.parsing import Parser
from bot.pictures.plan import Lane, Timeline, TimelineMark
from bot.pictures.renderer import PictureRenderer

_SAMPLE_FEED = b"""<rss version="2.0"><channel><title>A</title><item><title>B</title><link>https://feeds.example/b</link></item>
</channel></rss>"""
_SAMPLE_PAGE = b"<!doctype html><html><head><title>A</title></head><body><p>B</p></body></html>"
#: A line in Latin, Arabic, Chinese, Japanese and Korean letters.
_SAMPLE_LABEL = "Nissan · نيسان · 鴻海 · トヨタ · 현대"
#: A day in 2025, as an ordinal.
_SAMPLE_DAY = 739_300
_ROOT = Path(__file__).parents[3]
_PROBE_SECONDS = 30.0


async def check_workers() -> list[Finding]:
    """Return what the worker processes can do."""
    return list(await asyncio.gather(check_parser(), check_pictures(), check_memory_limit()))


async def check_parser(parser: Parser | None = None) -> Finding:
    """Start a process that reads feeds and one that reads pages, and let each read one."""
    try:
        async with parser or Parser() as opened:
            await opened.read_feed(_SAMPLE_FEED, url="https://feeds.example/")
            await opened.read_page(_SAMPLE_PAGE, url="https://feeds.example/")
    except DealwireError as exc:
        return Finding.problem(f"Feeds and web pages can't be read. {exc} {_REINSTALL}")
    return Finding.ok("Feeds and web pages can be read.")


async def check_pictures(renderer: PictureRenderer | None = None) -> Finding:
    """Start the process that draws, and let it draw letters of every font."""
    if renderer is None and not PICTURES.is_installed():
        return Finding.note(PICTURES.missing_sentence)
    renderer = renderer or PictureRenderer()
    lane = Lane((_SAMPLE_LABEL,), (), (TimelineMark(_SAMPLE_DAY, _SAMPLE_DAY, Claim.REPORTED.value),), is_open=True)
    try:
        await renderer.draw(Timeline((lane,), _SAMPLE_DAY - 50, _SAMPLE_DAY + 50))
    except DealwireError as exc:
        cause = f" ({exc.__cause__})" if exc.__cause__ else ""
        return Finding.problem(f"Pictures can't be drawn{cause}, so `/timeline` does not work. {_REINSTALL}")
    finally:
        await renderer.close()
    return Finding.ok("Pictures can be drawn, and their fonts are there.")


async def check_memory_limit(module: str = "bot.subprocesses.limit_probe") -> Finding:
    """Let a process set the limit of its memory, and try to exceed it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", module),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
        )
    except OSError as exc:
        return Finding.problem(f"Processes can't be started: {exc.strerror or exc}. {_REINSTALL}")
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            status = await process.wait()
    except TimeoutError:
        process.kill()
        status = await process.wait()
    if status == 0:
        return Finding.ok("The memory of the processes that read feeds is limited.")
    return Finding.note(
        "The memory of the processes that read feeds can't be limited here, so a hostile feed could use up the machine's."
        " Run the bot on Linux, or limit the memory of its container or service."
    )


_REINSTALL = (
    "Install Dealwire again (`pip install --force-reinstall`), and look whether a limit on processes or memory applies."
)
