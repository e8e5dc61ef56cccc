"""Readers' reports: what somebody says is wrong with a post, and whether an editor has seen to it."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.errors import NotAllowed
from bot.languages import lazy, say
from bot.model.reader_report import ReaderReport
from bot.newsroom.field_validation import check_text
from bot.newsroom.queue_item import QueueItem, find_item_at
from bot.store import Store

REPORT_LIMIT = 1_000
#: How long a report is kept after an editor has resolved it.
RETENTION = timedelta(days=90)
ALREADY_REPORTED = lazy("You have already told the desk about this post; once is enough for it to take a look.")


class ReaderReportQueue:
    """The desk's queue of readers' reports."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def check_not_reported(self, post_key: str, user_id: int) -> None:
        """Raise NotAllowed if this person has reported this post before."""
        async with self._store.read() as tx:
            if await tx.reader_reports.has_report(post_key, user_id):
                raise NotAllowed(say(ALREADY_REPORTED))

    async def submit(self, post_key: str, user_id: int, text: str) -> ReaderReport:
        """Put a report into the queue, one for each person and post.

        Raises InputError for a bad text, and NotAllowed for a second report or a post that is no longer stored.
        """
        checked_text = check_text("note", text, REPORT_LIMIT, multiline=True)
        async with self._store.write() as tx:
            if await tx.reader_reports.has_report(post_key, user_id):
                raise NotAllowed(say(ALREADY_REPORTED))
            report = await tx.reader_reports.add(post_key, user_id, checked_text, self._clock())
        if report is None:
            raise NotAllowed(say("The bot no longer knows this post."))
        return report

    async def get_at(self, position: int = 0) -> QueueItem[ReaderReport] | None:
        """Return the open report at a position, oldest first, or the last one; None if none is open."""
        async with self._store.read() as tx:
            return await find_item_at(position, await tx.reader_reports.count_open(), tx.reader_reports.list_open)

    async def count_waiting(self) -> int:
        """Return how many reports are open."""
        async with self._store.read() as tx:
            return await tx.reader_reports.count_open()

    async def count_by_user(self, user_id: int) -> int:
        """Return how many reports of a user are stored."""
        async with self._store.read() as tx:
            return await tx.reader_reports.count_by_user(user_id)

    async def resolve(self, report_id: int, *, actor: str) -> ReaderReport:
        """Mark a report as seen to. Raises NotAllowed if a colleague has done so, and NotFound if it was erased."""
        async with self._store.write() as tx:
            now = self._clock()
            is_resolved = await tx.reader_reports.resolve(report_id, actor, now)
            report = await tx.reader_reports.get(report_id)
            if not is_resolved:
                raise NotAllowed(say("Somebody has already dealt with this note."))
            await tx.audit.write(now, actor, "note settled", str(report_id), None, None)
        return report

    async def reopen(self, report_id: int, *, actor: str) -> ReaderReport:
        """Undo :meth:`resolve`. Raises NotFound if the report was erased."""
        async with self._store.write() as tx:
            await tx.reader_reports.reopen(report_id)
            report = await tx.reader_reports.get(report_id)
            await tx.audit.write(self._clock(), actor, "note reopened", str(report_id), None, None)
        return report

    async def erase_old(self) -> int:
        """Erase the reports that were resolved longer ago than ``RETENTION``; return how many."""
        async with self._store.write() as tx:
            return await tx.reader_reports.erase_resolved(self._clock() - RETENTION)
