"""Readers' notes: what somebody says is wrong with a post, and what the desk did about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.languages import noted, say
from bot.model.note import ReaderNote
from bot.newsroom.limits import check_text
from bot.store import Store

NOTE_LIMIT = 1_000
#: How long a note is kept after the desk has settled it.
KEPT_AFTER_SETTLING = timedelta(days=90)
SAID_BEFORE = noted("You have told the desk about this post already; once a post is enough for it to look.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of the notes that wait: which it is of how many, counted from 0."""

    note: ReaderNote
    at: int
    count: int


class Notes:
    """The desk's queue of what readers say."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def check_new(self, post_key: str, user_id: int) -> None:
        """Raise Refused when this person has said something of this post before."""
        async with self._store.read() as session:
            if await session.notes.has(post_key, user_id):
                raise Refused(say(SAID_BEFORE))

    async def say(self, post_key: str, user_id: int, text: str) -> ReaderNote:
        """Put a reader's word into the queue, once a person and post. InputError for no text, Refused for a second word."""
        said = check_text("note", text, NOTE_LIMIT, lines=True)
        async with self._store.write() as session:
            if await session.notes.has(post_key, user_id):
                raise Refused(say(SAID_BEFORE))
            kept = await session.notes.add(post_key, user_id, said, self._clock())
        if kept is None:
            raise Refused(say("This post is not one that the bot still knows."))
        return kept

    async def waiting(self, at: int = 0) -> Waiting | None:
        """A note that nobody has settled, the oldest first; the last one where ``at`` is beyond it; None where none waits."""
        async with self._store.read() as session:
            count = await session.notes.count_open()
            place = max(0, min(at, count - 1))
            found = await session.notes.open(place, 1)
        return Waiting(found[0], place, count) if found else None

    async def count_waiting(self) -> int:
        """How many wait."""
        async with self._store.read() as session:
            return await session.notes.count_open()

    async def count_of(self, user_id: int) -> int:
        """How many notes of a user are kept."""
        async with self._store.read() as session:
            return await session.notes.count_of(user_id)

    async def settle(self, number: int, *, actor: str) -> ReaderNote:
        """An editor has seen to it. Refused when a colleague has, NotFound when it was erased."""
        async with self._store.write() as session:
            now = self._clock()
            settled = await session.notes.settle(number, actor, now)
            note = await session.notes.get(number)
            if note is None:
                raise NotFound("note", str(number))
            if not settled:
                raise Refused(say("Somebody has seen to this note already."))
            await session.audit.write(now, actor, "note settled", str(number), None, None)
        return note

    async def reopen(self, number: int, *, actor: str) -> ReaderNote:
        """Take :meth:`settle` back. NotFound when it was erased."""
        async with self._store.write() as session:
            await session.notes.reopen(number)
            note = await session.notes.get(number)
            if note is None:
                raise NotFound("note", str(number))
            await session.audit.write(self._clock(), actor, "note reopened", str(number), None, None)
        return note

    async def erase_old(self) -> int:
        """Erase what was settled longer ago than ``KEPT_AFTER_SETTLING``; how many."""
        async with self._store.write() as session:
            return await session.notes.erase_settled(self._clock() - KEPT_AFTER_SETTLING)
