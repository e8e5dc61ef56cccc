"""Discord as the delivery sees it, in memory."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path

from bot.model.post import Post


class RecordingPublisher:
    """Remembers what was sent where. It fails as it is told, and a closed gate lets nothing of a channel through.

    ``stands`` holds what arrived, by the post's key; what it refuses while ``takes_all_the_same`` has arrived too,
    as when Discord's answer is lost on the way back.
    """

    def __init__(self) -> None:
        self.tried: list[Post] = []
        self.looked_for: list[Post] = []
        self.sent: list[Post] = []
        self.stands: dict[str, int] = {}
        self.takes_all_the_same = False
        self.before_it_answers: Callable[[], None] = lambda: None
        self.arrived = asyncio.Event()
        self.trying = asyncio.Event()
        self._refusals: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self._gates: dict[int, asyncio.Event] = {}

    def refuse(self, channel: int, *refusals: Exception) -> None:
        """The next tries in this channel end so, one after the other."""
        self._refusals[channel].extend(refusals)

    def close(self, channel: int) -> asyncio.Event:
        """Hold up every try in this channel until the event that is given back is set."""
        return self._gates.setdefault(channel, asyncio.Event())

    def headlines(self, channel: int) -> list[str]:
        """What arrived in a channel, in its order."""
        return [d.headline for post in self.sent if post.destination.discord_id == channel for d in post.developments]

    async def find(self, post: Post) -> int | None:
        """As the channel's history would tell."""
        self.looked_for.append(post)
        return self.stands.get(post.key)

    async def send(self, post: Post) -> int:
        """As Discord would take it."""
        where = post.destination.discord_id
        self.tried.append(post)
        self.trying.set()
        if where in self._gates:
            await self._gates[where].wait()
        refusal = self._refusals[where].popleft() if self._refusals[where] else None
        if refusal is None or self.takes_all_the_same:
            self.sent.append(post)
            self.stands[post.key] = 1_000 + len(self.sent)
        self.before_it_answers()
        if refusal is not None:
            raise refusal
        self.arrived.set()
        return self.stands[post.key]


class FilePublisher:
    """Discord as a file that outlives the bot's process: one line a message, whatever happens to its sender."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.touch()

    async def find(self, post: Post) -> int | None:
        """The line that carries the key."""
        keys = [line.split()[0] for line in self._file.read_text().splitlines()]
        return keys.index(post.key) + 1 if post.key in keys else None

    async def send(self, post: Post) -> int:
        """Append a line, and let the loop turn before the answer is in: the moment in which a kill leaves doubt."""
        with self._file.open("a") as lines:
            lines.write(f"{post.key} {post.nonce} {post.destination.discord_id} {post.number}\n")
        await asyncio.sleep(0)
        return post.number
