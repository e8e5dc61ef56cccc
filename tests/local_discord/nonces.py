"""Which nonces were used of late: what makes a repeated post safe for a few minutes."""

from collections import deque
from collections.abc import Callable

from .model import Message

Key = tuple[int, int, str]


class Nonces:
    """Remembers the message of each (channel, author, nonce) for `memory` seconds of the given clock."""

    def __init__(self, memory: float, clock: Callable[[], float]) -> None:
        self.memory = memory
        self._clock = clock
        self._messages: dict[Key, tuple[float, Message]] = {}
        self._ages: deque[tuple[float, Key]] = deque()

    def recall(self, channel_id: int, author_id: int, nonce: str | int) -> Message | None:
        """Return the message that this nonce made, deleted or not, unless that was too long ago."""
        entry = self._messages.get((channel_id, author_id, str(nonce)))
        if entry is None or self._clock() - entry[0] >= self.memory:
            return None
        return entry[1]

    def remember(self, message: Message) -> None:
        if message.nonce is None:
            return
        now = self._clock()
        key = (message.channel.id, message.author.id, str(message.nonce))
        self._messages[key] = (now, message)
        self._ages.append((now, key))
        self._forget(now)

    def _forget(self, now: float) -> None:
        while self._ages and now - self._ages[0][0] >= self.memory:
            made, key = self._ages.popleft()
            # A nonce that was used again since is remembered from its last use.
            if self._messages.get(key, (now,))[0] == made:
                self._messages.pop(key, None)
