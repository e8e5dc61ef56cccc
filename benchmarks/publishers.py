"""Ten thousand publishers in a process of their own: each a host with one feed, most of them unchanged.

Run by `benchmarks.feeds`: prints its port, and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web

#: One feed of so many has something new each time that it is asked.
CHANGED = 50
_HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title><link>http://{host}/</link>'
_ITEM = (
    "<item><title>Part {part} of news {number} of {host}</title><link>http://{host}/{number}/{part}</link>"
    "<guid>{number}-{part}</guid><description>A plant of {host} builds more, number {number}, part {part}.</description></item>"
)


def etag_of(number: int) -> str:
    """Return what the feed of that number sends while it is unchanged."""
    return f'"{number:x}-unchanged"'


def host_of(number: int) -> str:
    """Return the host of the feed of that number."""
    return f"publisher-{number}.example"


class Publishers:
    """Answers for every host."""

    def __init__(self) -> None:
        self._asked = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        host = (request.host or "").partition(":")[0]
        number = int(host.removeprefix("publisher-").partition(".")[0])
        if number % CHANGED and request.headers.get("If-None-Match") == etag_of(number):
            return web.Response(status=304, headers={"ETag": etag_of(number)})
        self._asked += 1
        items = "".join(_ITEM.format(host=host, number=self._asked, part=part) for part in range(20))
        body = _HEAD.format(host=host) + items + "</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": f'"{self._asked}"'})


async def serve() -> None:
    runner = web.ServerRunner(web.Server(Publishers().answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4096)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
