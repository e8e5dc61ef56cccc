"""Planned misfortune: requests that get lost, answers that get lost, and errors of Discord's own."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

When = Literal["before", "after"]
Action = Literal["drop", "delay", "hold"] | int


@dataclass(slots=True, eq=False)
class Fault:
    """One misfortune. `hits` counts how often it struck; a `hold` waits until `release`."""

    method: str
    path_glob: str
    when: When
    action: Action
    times: int | None
    probability: float
    delay: float
    retry_after: float
    scope: str
    body: str | Mapping[str, object] | None
    chance: random.Random = field(repr=False)
    hits: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def strikes(self, when: When, method: str, path: str) -> bool:
        """Return whether it applies to this request now, and count it if so."""
        if when != self.when or self.method not in ("*", method) or not fnmatchcase(path, self.path_glob):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        if self.probability < 1 and self.chance.random() >= self.probability:
            return False
        self.hits += 1
        self._reached.set()
        return True

    async def wait_until_reached(self, timeout: float = 60.0) -> None:
        """Return when it has struck at least once; TimeoutError if it does not."""
        async with asyncio.timeout(timeout):
            await self._reached.wait()

    def release(self) -> None:
        """Let the requests that are held go on."""
        self._released.set()

    async def pause(self) -> None:
        """Wait if the fault delays or holds the request."""
        if self.action == "delay":
            await asyncio.sleep(self.delay)
        elif self.action == "hold":
            await self._released.wait()


class Faults:
    """The plan: the first fault that fits a request strikes."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def add(
        self,
        method: str,
        path_glob: str,
        *,
        when: When = "before",
        action: Action = "drop",
        times: int | None = 1,
        probability: float = 1.0,
        seed: int = 0,
        delay: float = 0.0,
        retry_after: float = 0.5,
        scope: Literal["user", "global", "shared"] = "user",
        body: str | Mapping[str, object] | None = None,
    ) -> Fault:
        """Plan a fault for requests of a method ("*": any) whose path (without the API's prefix) fits the glob.

        `when`: `before` Discord has done anything, or `after` it did it all and the bot only does not hear of it.
        `action`: `drop` cuts the connection without an answer; a number is the status that is answered (429 with
        `retry_after` and `scope`); `delay` answers so many seconds late; `hold` waits for `Fault.release`.
        `body`: what a proxy, or Cloudflare, answers with the status in Discord's place: a page (or nothing), or JSON. A
        `foreign.Page` has headers of its own.
        `times`: how often, None without end; `probability` of each, drawn from a generator with the `seed`.
        """
        chance = random.Random(seed)  # noqa: S311 -- repeatable misfortune, not secrets
        fault = Fault(method, path_glob, when, action, times, probability, delay, retry_after, scope, body, chance)
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """End all misfortune, and let held requests go."""
        for fault in self.planned:
            fault.release()
        self.planned.clear()

    def strike(self, when: When, method: str, path: str) -> Fault | None:
        for fault in self.planned:
            if fault.strikes(when, method, path):
                return fault
        return None
