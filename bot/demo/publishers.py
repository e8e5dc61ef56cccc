"""Two publishers on this machine, whose feeds replay the headlines that the stories cite, one by one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from aiohttp import web

#: The feeds by their path, with their titles. The second brings each headline after the first, as re-reports do.
FEED_TITLES = {"/first.xml": "Replayed headlines, first feed", "/second.xml": "Replayed headlines, second feed"}
#: How long to wait, in seconds: before the first headline, from the first feed to the second, and before the next one.
_FIRST_PAUSE = 8.0
_REPEAT_PAUSE = 12.0
_NEXT_PAUSE = 30.0

_FEED = '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>\n'
_ITEM = "<item><title>{title}</title><link>{url}</link><guid>{url}</guid></item>"
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
    "<p>{publisher} published this headline. The demo only replays it: this page is on your own machine, and the article is not here.</p>\n"
)


@dataclass(frozen=True, slots=True)
class CitedHeadline:
    """The title of an article that a story cites, and who published it."""

    title: str
    publisher: str


class ReplayPublishers:
    """Serves both feeds on a loopback port; ``pause`` waits for a number of seconds."""

    def __init__(
        self, headlines: Sequence[CitedHeadline], pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._headlines = headlines
        self._pause = pause
        self._port = 0
        # The first headline is there before anybody follows, so a follow finds a feed with an article.
        self._counts = dict.fromkeys(FEED_TITLES, min(1, len(headlines)))

    @property
    def feed_urls(self) -> list[str]:
        """The addresses of the feeds."""
        return [self._build_url(path) for path in FEED_TITLES]

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[ReplayPublishers]:
        """Serve until the end of the block."""
        app = web.Application()
        for path in FEED_TITLES:
            app.router.add_get(path, self._get_feed)
            app.router.add_get(rf"{_get_folder(path)}{{number:\d{{1,4}}}}", self._get_article)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._port = int(runner.addresses[0][1])
            yield self
        finally:
            await runner.cleanup()

    async def replay(self, on_publish: Callable[[str], Awaitable[None]]) -> None:
        """Publish the headlines one by one, in the first feed and then in the second; call back with the feed's address."""
        for number in range(1, len(self._headlines)):
            for path, seconds in zip(
                FEED_TITLES, (_NEXT_PAUSE if number > 1 else _FIRST_PAUSE, _REPEAT_PAUSE), strict=True
            ):
                await self._pause(seconds)
                self._counts[path] = number + 1
                await on_publish(self._build_url(path))

    def _build_url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    async def _get_feed(self, request: web.Request) -> web.Response:
        # Each feed links to pages of its own, as publishers do.
        folder = self._build_url(_get_folder(request.path))
        items = [
            _ITEM.format(title=escape(headline.title), url=f"{folder}{number}")
            for number, headline in enumerate(self._headlines[: self._counts[request.path]])
        ]
        text = _FEED.format(title=escape(FEED_TITLES[request.path]), items="".join(reversed(items)))
        return web.Response(text=text, content_type="application/rss+xml")

    async def _get_article(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        if number >= len(self._headlines):
            raise web.HTTPNotFound
        headline = self._headlines[number]
        text = _PAGE.format(title=escape(headline.title), publisher=escape(headline.publisher))
        return web.Response(text=text, content_type="text/html")


def _get_folder(feed_path: str) -> str:
    """Return where the pages of a feed's articles are."""
    return feed_path.removesuffix(".xml") + "/"
