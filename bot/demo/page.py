"""The demo's page: the simulated Discord's own page under our name, and with what it lacks for somebody who just tries the bot.

The simulated Discord shows one channel, has a developer's tools around it, sends what is typed only while nothing is in
progress, and knows no mentions. This server stands in front of it: it changes the document, adds ``page.js`` and ``page.css``,
turns a typed ``@Dealwire`` into a mention, and replaces the inner page when another channel is chosen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from bot.errors import DealwireError

if TYPE_CHECKING:
    from simcord.builders import ChannelHandle
    from simcord.env import Env
    from simcord.preview import Preview

_STATIC = {"/dealwire.js": ("page.js", "text/javascript"), "/dealwire.css": ("page.css", "text/css")}
#: How often an action is tried again while the page is busy or changes, and after how many seconds if it is busy.
_MAX_ATTEMPTS = 40
_BUSY_SECONDS = 0.25
_MAX_BODY_BYTES = 30 * 1024 * 1024
#: Headers of a request, and of an answer, that concern the page; the others concern the connection.
_KEY_HEADER = "X-Simcord-Capability"
_REQUEST_HEADERS = ("Content-Type", _KEY_HEADER, "X-Simcord-Context")
_DROPPED_ANSWER_HEADERS = {"connection", "content-encoding", "content-length", "date", "server", "transfer-encoding"}
#: What the inner page's document has, and what stands there instead.
_DOCUMENT_CHANGES = (
    ("<title>SimCord Preview</title>", "<title>Dealwire · demo</title>"),
    (
        "</head>",
        '<link rel="stylesheet" href="/dealwire.css">\n  <script src="/dealwire.js" defer></script>\n  </head>',
    ),
    ('aria-hidden="true">S</span>', 'aria-hidden="true">D</span>'),
    (
        "<strong>SimCord</strong><small>Preview</small>",
        "<strong>Dealwire</strong><small>demo on a simulated Discord</small>",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """A channel that the page can show: its name, and the handle of the simulated Discord."""

    name: str
    handle: ChannelHandle


class DemoPage:
    """Serves the page on a loopback port. One channel is shown at a time, to one person."""

    def __init__(self, env: Env, channels: Sequence[DemoChannel], viewers: Sequence[Any], bot_user_id: int) -> None:
        self._env = env
        self._channels = {channel.name: channel.handle for channel in channels}
        self._channel_name = channels[0].name
        self._viewers = list(viewers)
        self._mention = f"<@{bot_user_id}>"
        self._inner: Preview | None = None
        self._stack = contextlib.AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None
        self._port = 0
        #: The page's key. Each inner page has its own, so an address that was printed once stays good.
        self._key = secrets.token_urlsafe(32)

    @property
    def url(self) -> str:
        """The address to open. It carries the key of the page, so it is for the person at this machine."""
        return f"http://127.0.0.1:{self._port}/#{self._key}"

    @contextlib.asynccontextmanager
    async def open(self, port: int) -> AsyncIterator[DemoPage]:
        """Serve on this port, 0 for any. Raises DealwireError if the port is taken."""
        async with self._stack:
            self._session = await self._stack.enter_async_context(aiohttp.ClientSession(auto_decompress=True))
            await self._show(self._channel_name)
            self._stack.push_async_callback(self._close_inner)
            self._port = await self._listen(port)
            yield self

    async def refresh(self) -> None:
        """Show the newest state. Raises the simulated Discord's SetupError while it is busy with a click."""
        await self._require_inner().refresh()

    def _require_inner(self) -> Preview:
        if self._inner is None:
            raise DealwireError("The demo's page is not open.")
        return self._inner

    def _has_key(self, request: web.Request) -> bool:
        # Only bytes can be compared whatever is in them.
        sent_key = request.headers.get(_KEY_HEADER, "").encode(errors="surrogateescape")
        return secrets.compare_digest(sent_key, self._key.encode())

    async def _listen(self, port: int) -> int:
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_get("/", self._get_document)
        for path in _STATIC:
            app.router.add_get(path, _get_static)
        app.router.add_get("/favicon.ico", _get_no_icon)
        app.router.add_get("/dealwire/channels", self._get_channels)
        app.router.add_post("/dealwire/channels/{name}", self._choose_channel)
        app.router.add_route("*", "/{path:.*}", self._forward)
        app.middlewares.append(self._check_host)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError as exc:
            raise DealwireError(f"The demo's page cannot use port {port}: {exc.strerror or exc}.") from exc
        return int(runner.addresses[0][1])

    async def _show(self, name: str) -> None:
        """Replace the inner page by one of this channel."""
        await self._close_inner()
        preview = self._env.preview(self._channels[name], viewers=self._viewers, layout="channel", port=0)
        await preview.__aenter__()
        self._inner, self._channel_name = preview, name

    async def _close_inner(self) -> None:
        if self._inner is not None:
            inner, self._inner = self._inner, None
            await inner.__aexit__(None, None, None)

    @web.middleware
    async def _check_host(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Refuse other names for this address: a page elsewhere could resolve to it (DNS rebinding)."""
        own_hosts = {f"127.0.0.1:{self._port}", f"localhost:{self._port}"}
        origin = request.headers.get("Origin")
        if request.host not in own_hosts or (origin and origin.removeprefix("http://") not in own_hosts):
            raise web.HTTPForbidden
        response: web.StreamResponse = await handler(request)
        return response

    async def _get_document(self, request: web.Request) -> web.Response:
        response = await self._ask_inner(request, b"")
        text = (response.body or b"").decode() if isinstance(response.body, bytes) else ""
        for before, after in _DOCUMENT_CHANGES:
            text = text.replace(before, after)
        return web.Response(text=text, headers=response.headers)

    async def _get_channels(self, request: web.Request) -> web.Response:
        return web.json_response({"names": list(self._channels), "current": self._channel_name})

    async def _choose_channel(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not self._has_key(request):
            raise web.HTTPUnauthorized
        if name not in self._channels:
            raise web.HTTPNotFound
        await self._show(name)
        return web.json_response({"url": self.url})

    async def _forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.path == "/api/action" and request.content_type == "application/json":
            return await self._act(request, self._add_mention(body))
        return await self._ask_inner(request, body)

    async def _act(self, request: web.Request, body: bytes) -> web.Response:
        """Forward what somebody does, again if a post that arrives at this moment is why it was refused."""
        response = await self._ask_inner(request, body)
        for _ in range(_MAX_ATTEMPTS):
            receipt = _parse_object(response.body if isinstance(response.body, bytes) else b"")
            codes = {diagnostic.get("code") for diagnostic in receipt.get("diagnostics") or ()}
            action = _parse_object(body)
            if not receipt.get("rejected") or not codes & {"busy", "stale-revision"} or not action:
                break
            if "busy" in codes:
                await asyncio.sleep(_BUSY_SECONDS)
            body = json.dumps({**action, "published_revision": receipt.get("revision")}).encode()
            response = await self._ask_inner(request, body)
        return response

    def _add_mention(self, body: bytes) -> bytes:
        """Write a typed ``@Dealwire`` as a mention, as Discord's own client does when the name is picked."""
        action = _parse_object(body)
        if action.get("kind") not in ("send_message", "edit_message"):
            return body
        action["content"] = re.sub(r"@dealwire\b", self._mention, str(action.get("content", "")), flags=re.IGNORECASE)
        return json.dumps(action).encode()

    async def _ask_inner(self, request: web.Request, body: bytes) -> web.Response:
        if self._session is None:
            raise web.HTTPServiceUnavailable
        origin = self._require_inner().url.split("/#")[0]
        headers = {name: request.headers[name] for name in _REQUEST_HEADERS if name in request.headers}
        if self._has_key(request):
            headers[_KEY_HEADER] = self._require_inner().capability
        try:
            async with self._session.request(
                request.method, f"{origin}{request.path_qs}", headers=headers, data=body or None
            ) as answer:
                content = await answer.read()
                return web.Response(body=content, status=answer.status, headers=_keep_headers(answer.headers))
        except aiohttp.ClientError as exc:
            # Another channel was chosen meanwhile.
            raise web.HTTPServiceUnavailable from exc


def _parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; an empty one if it is none."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _keep_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _DROPPED_ANSWER_HEADERS}


async def _get_static(request: web.Request) -> web.Response:
    name, content_type = _STATIC[request.path]
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=content_type, headers={"Cache-Control": "no-store"})


async def _get_no_icon(_: web.Request) -> web.Response:
    return web.Response(status=204)
