"""Readers' reports: what somebody says is wrong with a post, and whether an editor or a server's manager has seen to it."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.errors import NotAllowed
from bot.languages import lazy, say
from bot.model.reader_report import ReaderReport, ReportAudience
from bot.newsroom.field_validation import check_text
from bot.newsroom.review_queue import QueueItem, find_item_at
from bot.store import Store, Transaction

REPORT_LIMIT = 1_000
#: How long a report is kept after an editor has resolved it.
RETENTION = timedelta(days=90)
ALREADY_REPORTED = lazy("You've already reported this post; one report is enough.")
_ALREADY_REPORTED_TO_SERVER = lazy("You've already reported this post; one report is enough.")


class ReaderReportQueue:
    """The queues of readers' reports: the desk's, and that of each server about posts of its own feeds (``guild_id``)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def check_reportable(self, post_key: str, user_id: int) -> ReportAudience:
        """Return who would read a report. Raise NotAllowed if nobody would, or if this person has reported the post before."""
        async with self._store.read() as tx:
            return await _check_reportable(tx, post_key, user_id)

    async def submit(self, post_key: str, user_id: int, text: str) -> ReportAudience:
        """Put a report into the queue of those who read it, one for each person and post; return who they are.

        Raises InputError for a bad text, and NotAllowed for a second report or a post that is no longer stored.
        """
        checked_text = check_text("note", text, REPORT_LIMIT, multiline=True)
        async with self._store.write() as tx:
            audience = await _check_reportable(tx, post_key, user_id)
            report = await tx.reader_reports.add(post_key, user_id, checked_text, self._clock())
        if report is None:
            raise NotAllowed(say("The bot no longer knows this post."))
        return audience

    async def get_at(self, position: int = 0, guild_id: int | None = None) -> QueueItem[ReaderReport] | None:
        """Return the open report at a position, oldest first, or the last one; None if none is open."""
        async with self._store.read() as tx:
            count = await tx.reader_reports.count_open(guild_id)
            return await find_item_at(
                position, count, lambda offset, limit: tx.reader_reports.list_open(offset, limit, guild_id)
            )

    async def count_waiting(self, guild_id: int | None = None) -> int:
        """Return how many reports are open."""
        async with self._store.read() as tx:
            return await tx.reader_reports.count_open(guild_id)

    async def count_by_user(self, user_id: int) -> int:
        """Return how many reports of a user are stored."""
        async with self._store.read() as tx:
            return await tx.reader_reports.count_by_user(user_id)

    async def resolve(self, report_id: int, *, actor: str, guild_id: int | None = None) -> ReaderReport:
        """Mark a report as seen to. Raises NotAllowed if a colleague has done so, and NotFound if it was erased.

        The audit has only what the desk does.
        """
        async with self._store.write() as tx:
            now = self._clock()
            await tx.reader_reports.get(report_id, guild_id)
            if not await tx.reader_reports.resolve(report_id, actor, now):
                raise NotAllowed(say("This report has already been handled."))
            if guild_id is None:
                await tx.audit.write(now, actor, "note settled", str(report_id), None, None)
            return await tx.reader_reports.get(report_id, guild_id)

    async def reopen(self, report_id: int, *, actor: str, guild_id: int | None = None) -> ReaderReport:
        """Undo :meth:`resolve`. Raises NotFound if the report was erased."""
        async with self._store.write() as tx:
            report = await tx.reader_reports.get(report_id, guild_id)
            await tx.reader_reports.reopen(report_id)
            if guild_id is None:
                await tx.audit.write(self._clock(), actor, "note reopened", str(report_id), None, None)
        return report

    async def erase_old(self) -> int:
        """Erase the reports that were resolved longer ago than ``RETENTION``; return how many."""
        async with self._store.write() as tx:
            return await tx.reader_reports.erase_resolved(self._clock() - RETENTION)


async def _check_reportable(tx: Transaction, post_key: str, user_id: int) -> ReportAudience:
    audience = await tx.reader_reports.find_audience(post_key)
    if audience is ReportAudience.NOBODY:
        raise NotAllowed(
            say("You follow this feed yourself, and nobody else sees what it posts here. Use `/unfollow` to stop it.")
        )
    if await tx.reader_reports.has_report(post_key, user_id):
        raise NotAllowed(say(ALREADY_REPORTED if audience is ReportAudience.DESK else _ALREADY_REPORTED_TO_SERVER))
    return audience
