"""Discord's rate limits, off unless a test turns them on."""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Bucket = tuple[int, float]

POST_MESSAGE = ("POST", "/channels/{channel_id}/messages")
EDIT_MESSAGE = ("PATCH", "/channels/{channel_id}/messages/{message_id}")
PUBLISH = ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost")
UNCOUNTED = ("/interactions/", "/webhooks/")


@dataclass(frozen=True, slots=True)
class Limits:
    """So many requests a second in all (answers to interactions do not count), and buckets: (requests, seconds).

    A bucket is per route and channel, and told of in headers. Of the others a bot learns by a 429 alone, whose body says
    how long to wait: `old_edits` is how often messages older than an hour may be edited in a channel, `published_edits`
    how often published ones, and `publishes` how often any may be published there.
    """

    per_second: int = 50
    buckets: Mapping[tuple[str, str], Bucket] = field(
        default_factory=lambda: {POST_MESSAGE: (5, 5.0), EDIT_MESSAGE: (5, 5.0), PUBLISH: (5, 5.0)}
    )
    old_edits: Bucket = (3, 3600.0)
    published_edits: Bucket = (3, 3600.0)
    publishes: Bucket = (10, 3600.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass; if not, for how long to wait, and whose limit it was."""

    headers: Mapping[str, str]
    retry_after: float | None = None
    scope: str = "user"


class RateLimiter:
    """Counts requests in sliding windows of the given clock."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._all = _Window(limits.per_second, 1.0)
        self._windows: dict[tuple[str, str, str], _Window] = {}

    def judge(self, method: str, template: str, major: str) -> Verdict:
        """Count the request, or refuse it without counting it."""
        now = self._clock()
        if not template.startswith(UNCOUNTED):
            wait = self._all.take(now)
            if wait:
                return Verdict({"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, wait, "global")
        size = self.limits.buckets.get((method, template))
        if size is None:
            return Verdict({})
        window = self._windows.setdefault((method, template, major), _Window(*size))
        wait = window.take(now)
        headers = window.headers(now, method, template)
        return Verdict(headers | {"X-RateLimit-Scope": "user"}, wait) if wait else Verdict(headers)

    def take_hidden(self, name: str, size: Bucket, channel: str) -> float:
        """Count a request against a limit of the channel that no header tells of: 0, or how long to wait."""
        window = self._windows.setdefault((name, "", channel), _Window(*size))
        return window.take(self._clock())


class _Window:
    __slots__ = ("seconds", "size", "times")

    def __init__(self, size: int, seconds: float) -> None:
        self.size = size
        self.seconds = seconds
        self.times: deque[float] = deque()

    def take(self, now: float) -> float:
        """0 and one place less, or how long until a place is free."""
        self._forget(now)
        if len(self.times) >= self.size:
            return max(self.times[0] + self.seconds - now, 0.001)
        self.times.append(now)
        return 0.0

    def headers(self, now: float, method: str, template: str) -> dict[str, str]:
        """Return the headers of a bucket. Its whole size is free again when the oldest request is forgotten."""
        reset_after = self.times[0] + self.seconds - now if self.times else self.seconds
        return {
            "X-RateLimit-Limit": str(self.size),
            "X-RateLimit-Remaining": str(self.size - len(self.times)),
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(f"{method} {template}".encode(), usedforsecurity=False).hexdigest(),
        }

    def _forget(self, now: float) -> None:
        while self.times and now - self.times[0] >= self.seconds:
            self.times.popleft()
