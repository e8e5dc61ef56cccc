"""The local Discord itself: runs its server, and offers tests all that they do with it."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from aiohttp import web

from .administration import Administration
from .api import PREFIX, Api
from .channel_queries import ChannelQueries
from .faults import Faults
from .gateway import Gateway
from .interactions import Interaction
from .limits import Limits
from .model import Guild, Json
from .observation import Request, RequestLog, Violation
from .routes import TABLES
from .routing import Call, Router, Routes
from .user_actions import UserActions
from .validation import openapi as descriptions
from .world import World

REPOSITORY = Path(__file__).resolve().parents[2]
DESCRIPTION = REPOSITORY.parent / "shared" / "discord" / "openapi.json"


class LocalDiscord(Administration, UserActions, ChannelQueries):
    """A Discord of one's own on a random port of this machine, in the running event loop.

    Its methods come from three classes that do not depend on each other: `Administration`, `UserActions` and
    `ChannelQueries`. What is here starts and stops the server, and says what the bot requested.

    `host` is the address that it listens on, and `name` the one that it gives as its own, by default the same.
    `message_content`, `members` and `presences` are the application's privileged intents. `openapi` is Discord's own
    description to check bodies against ("auto": the one beside the repository, if it is there; None: no checks).
    `nonce_memory` and all limits are in seconds of `clock`; `answer_within` (for interactions) also in real ones. `wall` is
    the time of day in seconds since 1970: what messages are dated by. Discord itself waits three seconds for an answer, which a bot
    on a busy machine of tests may miss.
    `shards` is how many it advises, and `max_concurrency` how many may identify within `identify_interval` seconds: five with the
    real Discord, here as many as are asked for, since a bot that is killed and started again would have to wait.
    `session_starts` is how many sessions a day may start, and `reset_after` in how many seconds they are counted anew; a test says
    how many are left by `gateway.starts_left`.
    `archived_threads`: whether a post into an archived thread is refused or opens it. `record=False` keeps no requests,
    only their counts. Leaving the context raises what went wrong inside the server, if anything did.
    """

    def __init__(
        self,
        token: str = "local.discord.token",  # noqa: S107 -- of no Discord but this one
        *,
        host: str = "127.0.0.1",
        name: str = "",
        message_content: bool = True,
        members: bool = False,
        presences: bool = False,
        openapi: Path | Literal["auto"] | None = "auto",
        limits: Limits | None = None,
        nonce_memory: float = 300.0,
        answer_within: float = 20.0,
        archived_threads: Literal["refuse", "reopen"] = "refuse",
        shards: int = 1,
        max_concurrency: int = 1,
        heartbeat: float = 41.25,
        session_starts: int = 1_000,
        identify_interval: float = 0.0,
        reset_after: float = 86_400.0,
        record: bool = True,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        switches = {"message_content": message_content, "members": members, "presences": presences}
        self.world = World(
            privileged=frozenset(name for name, on in switches.items() if on),
            nonce_memory=nonce_memory,
            answer_within=answer_within,
            archived_threads=archived_threads,
            clock=clock,
            wall=wall,
        )
        self.shards = shards
        self.max_concurrency = max_concurrency
        self.faults = Faults()
        self.log = RequestLog(keep=record)
        self.world.changes.story = self.log.story
        self._api = Api(
            self.world, Router(*TABLES, self._own_routes()), self.log, self.faults, _load(openapi), token, clock
        )
        self._api.limit(limits)
        self.gateway = Gateway(
            self.world,
            lambda: self._api.token,
            # Discord takes the token away from a bot that starts too many sessions.
            lambda: self.reset_token(secrets.token_hex()),
            heartbeat=heartbeat,
            session_starts=session_starts,
            concurrency=lambda: self.max_concurrency,
            identify_interval=identify_interval,
            clock=clock,
        )
        self.reset_after = reset_after
        self.world.events.sink = self.gateway
        self._runner: web.ServerRunner | None = None
        self.host = host
        self.name = name or (f"[{host}]" if ":" in host else host)
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.go_down()
        if error is None and self._api.crashes:
            raise ExceptionGroup("the local Discord itself failed", self._api.crashes)

    async def come_back(self) -> None:
        """Listen again, on the same port as before."""
        if self._runner is not None:
            return
        server = web.Server(self._handle, access_log=None)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = int(self._runner.addresses[0][1])
        self.gateway.url = f"ws://{self.name}:{self.port}/gateway"
        self.world.events.files_url = f"http://{self.name}:{self.port}/files"

    async def go_down(self) -> None:
        """All of Discord is away: connections are cut and none is taken; what exists and the sessions are kept."""
        if self._runner is None:
            return
        self.faults.clear()
        runner, self._runner = self._runner, None
        for site in list(runner.sites):
            await site.stop()
        for connection in list(self.gateway.connections):
            connection.abort()
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(PREFIX):
            return await self._api.handle(request)
        if path.rstrip("/") == "/gateway":
            return await self.gateway.serve(request)
        if path.startswith("/files/"):
            return self._file(path)
        return web.Response(status=404, text="404: Not Found")

    def _file(self, path: str) -> web.Response:
        key = path.split("/")[2]
        data, content_type = self.world.files.get(int(key) if key.isdigit() else 0, (b"", ""))
        if not content_type:
            return web.Response(status=404)
        return web.Response(body=data, headers={"Content-Type": content_type})

    def _own_routes(self) -> Routes:
        routes = Routes()
        routes("GET", "/gateway", public=True)(lambda _: {"url": self.gateway.url})
        routes("GET", "/gateway/bot")(self._gateway_bot)
        return routes

    def _gateway_bot(self, _: Call) -> Json:
        start = {
            "total": self.gateway.session_starts,
            "remaining": self.gateway.starts_left,
            "reset_after": int(self.reset_after * 1000),
            "max_concurrency": self.max_concurrency,
        }
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": start}

    # Where it is, and what can be turned.

    @property
    def api_url(self) -> str:
        """The REST base, for DISCORD_API_URL."""
        return f"http://{self.name}:{self.port}{PREFIX}"

    @property
    def token(self) -> str:
        return self._api.token

    def reset_token(self, token: str) -> None:
        """Make another token the right one: requests with the old are answered 401, IDENTIFY and RESUME 4004."""
        self._api.token = token

    @property
    def limits(self) -> Limits | None:
        """The rate limits, None for none; setting them starts the counting anew."""
        return self._api.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self._api.limit(limits)

    # What was seen.

    @property
    def requests(self) -> list[Request]:
        """Every request under the API's prefix, in order of arrival."""
        return self.log.entries

    def requests_to(self, method: str, path_glob: str) -> list[Request]:
        """Return the requests of a method ("*": any) to paths like "/channels/*/messages"."""
        return self.log.matching(method, path_glob)

    @property
    def request_counts(self) -> Counter[tuple[str, str, int]]:
        """How many requests were answered, by (method, path template, status)."""
        return self.log.counts

    @property
    def unknown_routes(self) -> list[Request]:
        """Requests for which this server has no route."""
        return self.log.unknown

    @property
    def violations(self) -> list[Violation]:
        """Bodies that Discord's OpenAPI description forbids."""
        return self.log.violations

    @property
    def invalid_requests(self) -> int:
        """How many answers count against Discord's limit of 10,000 in ten minutes: 401, 403, 429."""
        return self.log.invalid_requests

    @property
    def identifies(self) -> int:
        return self.gateway.identifies

    @property
    def wasted_identifies(self) -> int:
        """How many of them were refused because they came too early."""
        return self.gateway.wasted_identifies

    @property
    def resumes(self) -> int:
        return self.gateway.resumes

    @property
    def interactions(self) -> list[Interaction]:
        """Every interaction so far, answered or not."""
        return self.world.interactions.opened

    async def wait_until_ready(self, timeout: float = 60.0) -> None:
        """Return when every shard has identified and been told of its servers."""

        def probe() -> bool:
            there = {each.shard for each in self.gateway.sessions.values() if each.greeted and each.connection}
            return bool(there) and len({number for number, _ in there}) == next(iter(there))[1]

        await self.until(probe, timeout, "the bot to identify")

    async def wait_until_disconnected(self, timeout: float = 60.0) -> None:
        """Return when the bot has no gateway connection: after its end, and before the `wait_until_ready` of the next."""
        await self.until(lambda: not self.gateway.connections, timeout, "the bot to be gone")

    async def wait_for_commands(self, *names: str, guild: Guild | None = None, timeout: float = 60.0) -> None:
        """Return when the top-level commands of these names can be reached in the server (or anywhere)."""
        scope = guild.id if guild else None
        await self.until(
            lambda: set(names) <= set(self.world.commands.names(scope)), timeout, f"commands {', '.join(names)}"
        )

    async def wait_for_requests(
        self, method: str, path_glob: str, *, count: int = 1, timeout: float = 60.0
    ) -> Sequence[Request]:
        """Return the requests of this kind when at least `count` of them have been answered."""

        def answered() -> list[Request]:
            return [each for each in self.requests_to(method, path_glob) if each.status is not None]

        await self.until(lambda: len(answered()) >= count, timeout, f"{count} times {method} {path_glob}")
        return answered()

    async def drop_gateway(self, code: int = 1006) -> None:
        """Close the bot's gateway connections: 1006 cuts them, other codes are sent. Returns when they are gone."""
        await self.gateway.drop(code)

    def invalidate_sessions(self) -> None:
        """Let every RESUME fail with INVALID_SESSION."""
        self.gateway.invalidate()


def _load(openapi: Path | Literal["auto"] | None) -> descriptions.OpenApi | None:
    if openapi == "auto":
        return descriptions.load(DESCRIPTION) if DESCRIPTION.exists() else None
    return descriptions.load(openapi) if openapi is not None else None
