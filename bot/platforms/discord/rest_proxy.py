"""What a proxy for Discord's API answers for itself, and how requests outside of delivery are repeated then.

A proxy such as nirn-proxy keeps all processes of a bot, or several programs with one token, below Discord's limits. When it gives up
on a request, it answers 408 or 429 itself, and Discord may have received the request all the same. Delivery searches for a post
before it sends it again; other requests are repeated at once, if that cannot do anything twice.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.delivery.port import IN_DELIVERY

#: How often a request is repeated.
MAX_REPEATS = 2
#: The wait before a repetition if the proxy asks for none, and the longest one, in seconds. Users wait for the answer.
DEFAULT_WAIT = 1.0
MAX_WAIT = 5.0
#: Discord's code for a reply to an interaction that has one already.
ALREADY_ACKNOWLEDGED = 40060
_REQUEST_TIMEOUT = 408
#: Opening the DMs with a user returns those that are open.
_OPEN_DM = "/users/@me/channels"

_T = TypeVar("_T")


class ProxyRateLimit(discord.HTTPException):
    """A 429 that is not Discord's own. Discord may have received the request.

    ``retry_after`` is the wait that it asks for, in seconds; 0 if it does not say.
    """

    def __init__(self, response: aiohttp.ClientResponse, retry_after: float) -> None:
        super().__init__(response, None)
        self.retry_after = retry_after


def has_discord_headers(headers: Mapping[str, str]) -> bool:
    """Return whether a 429 may be Discord's own: its answers name Google's proxy, and are JSON."""
    return (
        headers.get("Content-Type") == "application/json" and "Via" in headers and "generated-by-proxy" not in headers
    )


async def is_discord_rate_limit(response: aiohttp.ClientResponse) -> bool:
    """Return whether a 429 is Discord's own, with the wait in its body. discord.py relies on that."""
    if not has_discord_headers(response.headers):
        return False
    try:
        body: object = json.loads(await response.read())
    except (ValueError, RecursionError):
        return False
    wait = body.get("retry_after") if isinstance(body, dict) else None
    return isinstance(wait, int | float) and math.isfinite(wait)


def parse_retry_after(headers: Mapping[str, str], maximum: float) -> float:
    """Return the ``Retry-After`` of an answer in seconds, at most ``maximum``; 0 if it has none."""
    try:
        wait = float(headers.get("Retry-After", ""))
    except ValueError:
        return 0.0
    # NaN is not greater than 0 either.
    return min(wait, maximum) if wait > 0 else 0.0


def repeat_for_proxy(client: discord.Client) -> None:
    """Let a client, in its present context, repeat requests outside of delivery that the proxy has given up on."""
    http: Any = client.http
    request = http.request

    async def request_again(route: Route, *, files: Sequence[discord.File] | None = None, **options: Any) -> Any:
        is_repeatable = route.method != "POST" or route.path == _OPEN_DM or _has_nonce(options)
        return await _repeat(lambda: request(route, files=files, **options), files or (), is_repeatable=is_repeatable)

    http.request = request_again
    async_context.set(RepeatingWebhookAdapter())  # type: ignore[no-untyped-call]  # discord.py's has no types


class RepeatingWebhookAdapter(AsyncWebhookAdapter):
    """Sends replies to interactions; discord.py has no other place for that."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        files: Sequence[discord.File] | None = None,
        **options: Any,
    ) -> Any:
        """Send a request, and repeat it if the proxy gave up on it and that cannot reply twice.

        Discord takes one reply to an interaction. If it says that there is one, the reply arrived by an earlier attempt.
        """
        is_callback = route.path.endswith("/callback")
        send = super().request
        try:
            return await _repeat(
                lambda: send(route, session, files=files, **options),
                files or (),
                is_repeatable=route.method != "POST" or is_callback,
            )
        except discord.HTTPException as exc:
            if not is_callback or exc.code != ALREADY_ACKNOWLEDGED:
                raise
            return {"interaction": {"id": str(route.webhook_id)}}


async def _repeat(send: Callable[[], Awaitable[_T]], files: Sequence[discord.File], *, is_repeatable: bool) -> _T:
    for remaining in reversed(range(MAX_REPEATS + 1)):
        try:
            return await send()
        except discord.HTTPException as exc:
            wait = _find_wait(exc)
            if wait is None or not remaining or not is_repeatable or IN_DELIVERY.get():
                raise
        await asyncio.sleep(wait)
        for file in files:
            file.reset(seek=True)
    raise AssertionError("the last attempt returns or raises")


def _find_wait(exc: discord.HTTPException) -> float | None:
    """Return how long to wait before the request is repeated; None if another answer would be the same."""
    if isinstance(exc, ProxyRateLimit):
        return (exc.retry_after or DEFAULT_WAIT) if exc.retry_after <= MAX_WAIT else None
    return DEFAULT_WAIT if exc.status == _REQUEST_TIMEOUT else None


def _has_nonce(options: Mapping[str, Any]) -> bool:
    """Return whether a message is sent with a nonce that Discord compares with those of the last minutes."""
    body: object = options.get("json")
    for part in options.get("form") or ():
        if part.get("name") == "payload_json":
            body = json.loads(part["value"])
    return isinstance(body, dict) and bool(body.get("enforce_nonce"))
