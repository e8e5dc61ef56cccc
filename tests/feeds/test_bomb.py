"""A gzip bomb of a gigabyte costs a few megabytes: measured in a process of its own, by its peak."""

from __future__ import annotations

import asyncio
import sys
import zlib
from pathlib import Path

from aiohttp import web

from tests.feeds.local import Publishers

ROOT = Path(__file__).parents[2]
GIGABYTE = 1_000 * 2**20
CHILD = """
import asyncio, pathlib, resource, sys
from bot.clock import utc_now
from bot.errors import FetchError
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher, FetchLimits

def peak():
    # The other peak, of getrusage, is on Linux that of the process that started this one, if that was larger.
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

async def fetch(port):
    async with Fetcher(AddressGuard(["127.0.0.1"]), utc_now, limits=FetchLimits(seconds=600)) as fetcher:
        await fetcher.fetch(f"http://127.0.0.1:{port}/feed")
        before = peak()
        try:
            await fetcher.fetch(f"http://127.0.0.1:{port}/bomb")
        except FetchError as exc:
            print(peak() - before, exc)

asyncio.run(fetch(int(sys.argv[1])))
"""


async def test_a_bomb_of_a_gigabyte_adds_less_than_64_megabytes(publishers: Publishers) -> None:
    """It is packed while it is sent: a thousandth of its size, so all of it may well be on its way at once."""

    async def bomb(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"})
        await answer.prepare(request)
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        for _ in range(GIGABYTE // 2**20):
            await answer.write(packer.compress(bytes(2**20)))
        await answer.write(packer.flush())
        return answer

    publishers.answers["/bomb"] = bomb
    publishers.says("/feed", "news")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(publishers.port), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    error, _ = await child.communicate()
    kilobytes, _, sentence = error.decode().strip().partition(" ")
    assert "has more than 5,000,000 bytes" in sentence
    assert 0 < int(kilobytes) < 64 * 1024
