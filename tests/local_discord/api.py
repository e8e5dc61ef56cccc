"""The REST side: what happens to every request between its first byte and its answer."""

import asyncio
import json
import math
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any

from aiohttp import BodyPartReader, hdrs, web

from . import hidden_limits
from .failures import ApiError, bad_form, unauthorized
from .faults import Fault, Faults
from .foreign import Page
from .limits import Limits, RateLimiter
from .observation import Request, RequestLog, Violation
from .posting import Upload
from .routing import Answer, Call, Route, Router
from .validation.openapi import OpenApi
from .world import World

PREFIX = "/api/v10"
# discord.py takes a 429 without "Via" for a ban by Cloudflare, and JSON only under exactly this content type.
HEADERS = {"Content-Type": "application/json", "Via": "1.1 google"}
NOTHING: Mapping[str, str] = {}
CLOUDFLARE = frozenset({502, 504, 520, 521, 522, 524})


class Api:
    """Answers requests: misfortune, route, token, limits, body, OpenAPI, handler, misfortune again."""

    def __init__(
        self,
        world: World,
        router: Router,
        log: RequestLog,
        faults: Faults,
        openapi: OpenApi | None,
        token: str,
        clock: Callable[[], float],
    ) -> None:
        self.world = world
        self.token = token
        self._router = router
        self._log = log
        self._faults = faults
        self._openapi = openapi
        self._clock = clock
        self._limiter: RateLimiter | None = None
        self.crashes: list[Exception] = []

    def limit(self, limits: Limits | None) -> None:
        """Turn rate limits on or off; the counting starts anew."""
        self._limiter = RateLimiter(limits, self._clock) if limits else None

    @property
    def limits(self) -> Limits | None:
        return self._limiter.limits if self._limiter else None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request under the API's prefix."""
        path = request.path.removeprefix(PREFIX)
        query = request.query if request.query_string else NOTHING
        entry = Request(request.method, path, query, request.headers, time.monotonic())
        self._log.open(entry)
        fault = self._faults.strike("before", entry.method, path)
        response = await self._suffer(fault, request) if fault else None
        if response is None:
            response = await self._answer(request, entry)
            fault = self._faults.strike("after", entry.method, path)
            response = (await self._suffer(fault, request) if fault else None) or response
        if not (fault and fault.action == "drop"):
            self._log.close(entry, response.status, response.headers.get("X-RateLimit-Scope"))
        response.headers[hdrs.DATE] = formatdate(self.world.wall(), usegmt=True)
        self.world.changes.notify()
        return response

    async def _suffer(self, fault: Fault, request: web.BaseRequest) -> web.Response | None:
        """Return the answer that the fault puts in place of the real one; None when the request goes on after a pause."""
        await fault.pause()
        if fault.action == "drop":
            if request.transport is not None:
                request.transport.abort()
            # Nobody reads this: the connection is gone.
            return web.Response(status=500)
        if isinstance(fault.action, int) and fault.body is not None:
            return _foreign(fault.action, fault.body)
        if fault.action == 429:
            return _too_many(fault.retry_after, fault.scope, {"X-RateLimit-Scope": fault.scope})
        if isinstance(fault.action, int):
            return _broken(fault.action)
        return None

    async def _answer(self, request: web.BaseRequest, entry: Request) -> web.Response:
        headers: Mapping[str, str] = NOTHING
        try:
            route, params = self._route(entry)
            if not route.public and request.headers.get(hdrs.AUTHORIZATION) != f"Bot {self.token}":
                raise unauthorized()
            if self._limiter is not None:
                verdict = self._limiter.judge(route.method, route.template, _major(params))
                headers = verdict.headers
                if verdict.retry_after is not None:
                    return _too_many(verdict.retry_after, verdict.scope, headers)
                hidden_limits.check(self._limiter, self.world, route, params)
            call = Call(self.world, params, entry.query)
            await _read_body(request, call)
            entry.json, entry.files = call.body, [upload.filename for upload in call.uploads]
            self._check_openapi(route, params, entry)
            result = route.handler(call)
        except hidden_limits.HiddenLimitReached as error:
            entry.error_code = error.code
            more = {"X-RateLimit-Scope": error.scope, "Retry-After": str(math.ceil(error.body["retry_after"]))}
            return _json(error.status, error.body, {**headers, **more})
        except ApiError as error:
            entry.error_code = error.code
            return _json(error.status, error.body, headers)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 -- a fault of this server, shown when the test ends
            self.crashes.append(error)
            return _broken(500)
        if isinstance(result, Answer):
            return _json(result.status, result.body, headers)
        return _json(204 if result is None else 200, result, headers)

    def _route(self, entry: Request) -> tuple[Route, dict[str, str]]:
        match = self._router.find(entry.method, entry.path)
        if match is None:
            self._log.unknown.append(entry)
            raise ApiError(404, 0, "404: Not Found")
        entry.route = match[0].template
        return match

    def _check_openapi(self, route: Route, params: Mapping[str, str], entry: Request) -> None:
        if self._openapi is None or entry.json is None:
            return
        place = params.get("channel_id", "")
        channel = self.world.channels.get(int(place)) if place.isdigit() else None
        complaint = self._openapi.complaint(route.method, route.template, entry.json, channel)
        if complaint is not None:
            where, message = complaint
            self._log.violations.append(Violation(entry.method, entry.path, where, message, entry.json))
            raise bad_form(where, "OPENAPI", message)


async def _read_body(request: web.BaseRequest, call: Call) -> None:
    if not request.body_exists:
        return
    if request.content_type.startswith("multipart/"):
        await _read_multipart(request, call)
        return
    raw = await request.read()
    if raw:
        call.body = _parse(raw)


async def _read_multipart(request: web.BaseRequest, call: Call) -> None:
    call.body = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        name = part.name or ""
        data = bytes(await part.read(decode=True))
        if name == "payload_json":
            call.body = _parse(data)
        elif name.startswith("files["):
            key = name.removeprefix("files[").removesuffix("]")
            call.uploads.append(Upload(key, part.filename or key, data, part.headers.get(hdrs.CONTENT_TYPE)))


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None


def _major(params: Mapping[str, str]) -> str:
    """Return the parameter that a bucket is kept for, beside its route."""
    return params.get("channel_id") or params.get("guild_id") or params.get("webhook_token") or ""


def _json(status: int, body: Any, headers: Mapping[str, str] = NOTHING) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers={"Via": HEADERS["Via"], **headers})
    return web.Response(status=status, body=json.dumps(body).encode(), headers={**HEADERS, **headers})


def _too_many(retry_after: float, scope: str, headers: Mapping[str, str]) -> web.Response:
    everywhere = scope == "global"
    body = {"message": "You are being rate limited.", "retry_after": round(retry_after, 3), "global": everywhere}
    more = {"Retry-After": str(max(1, round(retry_after)))}
    if everywhere:
        more["X-RateLimit-Global"] = "true"
    return _json(429, body, {**headers, **more})


def _foreign(status: int, body: str | Mapping[str, Any]) -> web.Response:
    """Return what something in front of Discord answers: a page as Cloudflare's, or JSON."""
    if isinstance(body, Page):
        headers = {"Content-Type": body.content_type, **body.headers}
        return web.Response(status=status, body=body.encode(), headers=headers)
    if isinstance(body, str):
        return web.Response(status=status, text=body, content_type="text/html")
    return _json(status, dict(body))


def _broken(status: int) -> web.Response:
    """Return an error of Discord's own; those of the proxy before it are pages."""
    if status in CLOUDFLARE:
        page = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
        return web.Response(status=status, text=page, content_type="text/html", headers={"Via": HEADERS["Via"]})
    return _json(status, {"message": f"{status}: Internal Server Error", "code": 0})
