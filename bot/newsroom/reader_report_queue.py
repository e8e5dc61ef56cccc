"""Readers' notes: what somebody says is wrong with a post, and what the desk did about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.languages import lazy, say
from bot.model.reader_report import ReaderReport
from bot.newsroom.field_validation import check_text
from bot.store import Store

REPORT_LIMIT = 1_000
#: How long a note is kept after the desk has settled it.
RETENTION = timedelta(days=90)
ALREADY_REPORTED = lazy("You have told the desk about this post already; once a post is enough for it to look.")


@dataclass(frozen=True, slots=True)
class QueuedReaderReport:
    """One of the notes that wait: which it is of how many, counted from 0."""

    report: ReaderReport
    position: int
    count: int


class ReaderReportQueue:
    """The desk's queue of what readers say."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def check_not_reported(self, post_key: str, user_id: int) -> None:
        """Raise Refused when this person has said something of this post before."""
        async with self._store.read() as tx:
            if await tx.reader_reports.has_report(post_key, user_id):
                raise NotAllowed(say(ALREADY_REPORTED))

    async def submit(self, post_key: str, user_id: int, text: str) -> ReaderReport:
        """Put a reader's word into the queue, once a person and post. InputError for no text, Refused for a second word."""
        checked_text = check_text("note", text, REPORT_LIMIT, multiline=True)
        async with self._store.write() as tx:
            if await tx.reader_reports.has_report(post_key, user_id):
                raise NotAllowed(say(ALREADY_REPORTED))
            report = await tx.reader_reports.add(post_key, user_id, checked_text, self._clock())
        if report is None:
            raise NotAllowed(say("This post is not one that the bot still knows."))
        return report

    async def get_at(self, position: int = 0) -> QueuedReaderReport | None:
        """A note that nobody has settled, the oldest first; the last one where ``at`` is beyond it; None where none waits."""
        async with self._store.read() as tx:
            count = await tx.reader_reports.count_open()
            index = max(0, min(position, count - 1))
            reports = await tx.reader_reports.list_open(index, 1)
        return QueuedReaderReport(reports[0], index, count) if reports else None

    async def count_waiting(self) -> int:
        """How many wait."""
        async with self._store.read() as tx:
            return await tx.reader_reports.count_open()

    async def count_by_user(self, user_id: int) -> int:
        """How many notes of a user are kept."""
        async with self._store.read() as tx:
            return await tx.reader_reports.count_by_user(user_id)

    async def resolve(self, report_id: int, *, actor: str) -> ReaderReport:
        """An editor has seen to it. Refused when a colleague has, NotFound when it was erased."""
        async with self._store.write() as tx:
            now = self._clock()
            is_resolved = await tx.reader_reports.resolve(report_id, actor, now)
            report = await tx.reader_reports.get(report_id)
            if report is None:
                raise NotFound("note", str(report_id))
            if not is_resolved:
                raise NotAllowed(say("Somebody has seen to this note already."))
            await tx.audit.write(now, actor, "note settled", str(report_id), None, None)
        return report

    async def reopen(self, report_id: int, *, actor: str) -> ReaderReport:
        """Take :meth:`settle` back. NotFound when it was erased."""
        async with self._store.write() as tx:
            await tx.reader_reports.reopen(report_id)
            report = await tx.reader_reports.get(report_id)
            if report is None:
                raise NotFound("note", str(report_id))
            await tx.audit.write(self._clock(), actor, "note reopened", str(report_id), None, None)
        return report

    async def erase_old(self) -> int:
        """Erase what was settled longer ago than ``RETENTION``; how many."""
        async with self._store.write() as tx:
            return await tx.reader_reports.erase_resolved(self._clock() - RETENTION)
