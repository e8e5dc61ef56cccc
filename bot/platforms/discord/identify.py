"""Let shards identify as fast as Discord allows, in all processes of the bot.

Within five seconds Discord accepts one IDENTIFY of all shards whose ids are equal modulo ``max_concurrency``
(https://discord.com/developers/docs/events/gateway#sharding-max-concurrency), and refuses further ones, which count towards the
limit of a day all the same. discord.py waits five seconds between the shards of one process, whatever ``max_concurrency`` is.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

from bot.store import Membership

#: The seconds between Discord's answer to an IDENTIFY and the next IDENTIFY of the group; a tenth more than Discord asks for.
IDENTIFY_INTERVAL = 5.1
#: How long Discord's answer to an IDENTIFY is waited for, in seconds.
MAX_ANSWER_SECONDS = 10.0
#: How long a turn is kept for a shard that is still connecting, in seconds.
MAX_UNUSED_SECONDS = 30.0


@dataclass(eq=False, slots=True)
class _Turn:
    """A shard's turn to identify."""

    granted: asyncio.Event = field(default_factory=asyncio.Event)
    used: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class IdentifyGate:
    """Grants turns to identify, one at a time in each group of shards.

    A group's lock is held from the turn until ``interval`` seconds after Discord's answer. Discord received the IDENTIFY before it
    answered, so the next one cannot arrive too early, however long either was on its way.
    """

    def __init__(
        self, membership: Membership, max_concurrency: int = 1, *, interval: float = IDENTIFY_INTERVAL
    ) -> None:
        self.max_concurrency = max_concurrency
        self._membership = membership
        self._interval = interval
        self._next_turns: dict[int, _Turn] = {}
        self._used_turns: dict[int, _Turn] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_waiting(self) -> bool:
        """Whether a shard waits for its turn."""
        return any(not turn.granted.is_set() for turn in self._next_turns.values())

    async def reserve(self, shard_id: int) -> None:
        """Return when it is the shard's turn, which is kept for it while it connects.

        discord.py closes a connection that waits for longer than a minute, so a shard should have its turn before it connects. If
        the caller is cancelled, the shard keeps its place.
        """
        await self._get_next_turn(shard_id).granted.wait()

    async def enter(self, shard_id: int) -> None:
        """Return when the shard may identify, which it must do at once. This uses its turn up."""
        self.record_answer(shard_id)
        turn = self._get_next_turn(shard_id)
        await turn.granted.wait()
        self._next_turns.pop(shard_id, None)
        self._used_turns[shard_id] = turn
        turn.used.set()

    def record_answer(self, shard_id: int) -> None:
        """Record that Discord has answered the shard's IDENTIFY, or has closed the connection."""
        turn = self._used_turns.pop(shard_id, None)
        if turn is not None:
            turn.answered.set()

    async def close(self) -> None:
        """Release all locks, and cancel what waits for one."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _get_next_turn(self, shard_id: int) -> _Turn:
        turn = self._next_turns.get(shard_id)
        if turn is None:
            turn = self._next_turns[shard_id] = _Turn()
            task = asyncio.create_task(self._run_turn(shard_id, turn), name=f"turn of shard {shard_id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return turn

    async def _run_turn(self, shard_id: int, turn: _Turn) -> None:
        async with self._membership.hold(f"identify {shard_id % self.max_concurrency}"):
            turn.granted.set()
            try:
                async with asyncio.timeout(MAX_UNUSED_SECONDS):
                    await turn.used.wait()
            except TimeoutError:
                if not turn.used.is_set():
                    self._next_turns.pop(shard_id, None)
                    return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MAX_ANSWER_SECONDS):
                    await turn.answered.wait()
            await asyncio.sleep(self._interval)
