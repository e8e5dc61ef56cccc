"""What a test sees: every request in order, and a way to wait for something to come true."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Request:
    """One request of the bot. `status` is None while it is under way and when the connection was cut.

    `path` is without the API's prefix, `route` the template that it matched ("" for none), `at` monotonic seconds.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    at: float
    route: str = ""
    json: Any = field(default=None, repr=False)
    files: list[str] = field(default_factory=list)
    status: int | None = None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that Discord's OpenAPI description forbids: where in it, and what is wrong."""

    method: str
    path: str
    where: str
    message: str
    body: Any = field(repr=False)


class Changes:
    """Wakes those who wait whenever anything happened; nobody polls. `story` tells a failed wait what happened last."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []
        self.story: Callable[[], str] = str

    def notify(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def until(self, probe: Callable[[], T | None], timeout: float, what: str) -> T:
        """Return the first value of `probe` that is neither None nor False; TimeoutError after `timeout` real seconds."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    value = probe()
                    if value is not None and value is not False:
                        return value
                    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    self._waiting.append(future)
                    await future
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s for {what}{self.story()}") from None


class RequestLog:
    """The requests so far. Without `keep`, only the counts by (method, route, status) stay: for benchmarks."""

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self.entries: list[Request] = []
        self.unknown: list[Request] = []
        self.violations: list[Violation] = []
        self.counts: Counter[tuple[str, str, int]] = Counter()
        self.invalid_requests = 0

    def open(self, request: Request) -> None:
        if self._keep:
            self.entries.append(request)

    def close(self, request: Request, status: int, scope: str | None) -> None:
        """Note the answer. A 429 of the shared scope is nobody's fault, and does not count against the ban limit."""
        request.status = status
        self.invalid_requests += status in (401, 403) or (status == 429 and scope != "shared")
        self.counts[request.method, request.route, status] += 1

    def story(self) -> str:
        """Return the last requests, for the message of a test that waited in vain."""
        last = (f"\n  {each.method} {each.path} {each.status} {each.error_code or ''}" for each in self.entries[-8:])
        return "; the last requests:" + "".join(last) if self.entries else "; there was no request"

    def matching(self, method: str, path_glob: str) -> list[Request]:
        """Return the requests of a method ("*" for any) whose path fits the glob, in order."""
        return [each for each in self.entries if (method in ("*", each.method)) and fnmatchcase(each.path, path_glob)]
