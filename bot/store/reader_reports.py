"""Reports of readers about a post: to the desk, or to the managers of the server whose own feed brought it.

Where a method takes ``guild_id``, it is about the reports to that server's managers; without it, about those to the desk.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, insert, select, update

from bot.errors import NotFound
from bot.model.follow import Destination, DestinationKind
from bot.model.reader_report import ReaderReport, ReportAudience, ReportedDevelopment
from bot.store import tables as t
from bot.store.outbox.post_loader import load_feed_notices
from bot.store.subject import StoreSubject


class ReaderReports(StoreSubject):
    """The reports in one transaction."""

    async def add(self, post_key: str, user_id: int, text: str, now: datetime) -> ReaderReport | None:
        """Store a report. Return None if this person has reported the post before, or if there is no such post."""
        post_id = await self._find_post_id(post_key)
        if post_id is None or await self.has_report(post_key, user_id):
            return None
        values = {"post_id": post_id, "user_id": user_id, "text": text, "created_at": now}
        statement = insert(t.reader_report).values(**values).returning(t.reader_report.c.id)
        query = _select_reports().where(
            t.reader_report.c.id == (await self._connection.execute(statement)).scalar_one()
        )
        return await self._to_report((await self._connection.execute(query)).one())

    async def has_report(self, post_key: str, user_id: int) -> bool:
        """Return whether this person has reported the post already."""
        query = (
            select(t.reader_report.c.id)
            .join(t.post, t.post.c.id == t.reader_report.c.post_id)
            .where(t.post.c.key == post_key, t.reader_report.c.user_id == user_id)
        )
        return (await self._connection.execute(query)).first() is not None

    async def find_audience(self, post_key: str) -> ReportAudience:
        """Return who reads the reports about a post; the desk, if there is no such post."""
        query = (
            select(t.destination.c.guild_id)
            .join(t.post, t.post.c.destination_id == t.destination.c.id)
            .where(t.post.c.key == post_key, _carries_only_articles(t.post.c.id))
        )
        row = (await self._connection.execute(query)).first()
        if row is None:
            return ReportAudience.DESK
        return ReportAudience.SERVER if row.guild_id else ReportAudience.NOBODY

    async def get(self, report_id: int, guild_id: int | None = None) -> ReaderReport:
        """Return the report with this id. Raises NotFound if it is to somebody else."""
        report = await self.find(report_id, guild_id)
        if report is None:
            raise NotFound("note", str(report_id))
        return report

    async def find(self, report_id: int, guild_id: int | None = None) -> ReaderReport | None:
        """Return the report with this id; None if there is none, or if it is to somebody else."""
        query = _select_reports().where(t.reader_report.c.id == report_id, _is_to(guild_id))
        row = (await self._connection.execute(query)).first()
        return None if row is None else await self._to_report(row)

    async def list_open(
        self, offset: int = 0, limit: int = 10, guild_id: int | None = None
    ) -> tuple[ReaderReport, ...]:
        """Return unresolved reports, oldest first."""
        query = _select_reports().where(t.reader_report.c.settled_at.is_(None), _is_to(guild_id))
        rows = await self._connection.execute(query.order_by(t.reader_report.c.id).offset(offset).limit(limit))
        return tuple([await self._to_report(row) for row in rows.all()])

    async def count_open(self, guild_id: int | None = None) -> int:
        """Count the unresolved reports."""
        is_open = _select_reports().where(t.reader_report.c.settled_at.is_(None), _is_to(guild_id)).subquery()
        return (await self._connection.execute(select(func.count()).select_from(is_open))).scalar_one()

    async def count_by_user(self, user_id: int) -> int:
        """Count the stored reports of a person."""
        query = select(func.count()).select_from(t.reader_report).where(t.reader_report.c.user_id == user_id)
        return (await self._connection.execute(query)).scalar_one()

    async def resolve(self, report_id: int, resolved_by: str, now: datetime) -> bool:
        """Record that an editor has resolved a report. Return False if somebody else already has."""
        is_open = (t.reader_report.c.id == report_id) & t.reader_report.c.settled_at.is_(None)
        statement = update(t.reader_report).where(is_open).values(settled_at=now, settled_by=resolved_by)
        return (await self._connection.execute(statement)).rowcount == 1

    async def reopen(self, report_id: int) -> bool:
        """Undo :meth:`resolve`. Return False if there is no such report."""
        statement = (
            update(t.reader_report).where(t.reader_report.c.id == report_id).values(settled_at=None, settled_by="")
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def erase_resolved(self, before: datetime) -> int:
        """Erase the reports that were resolved before then, and return how many."""
        return (
            await self._connection.execute(delete(t.reader_report).where(t.reader_report.c.settled_at < before))
        ).rowcount

    async def _find_post_id(self, key: str) -> int | None:
        return (await self._connection.execute(select(t.post.c.id).where(t.post.c.key == key))).scalar_one_or_none()

    async def _to_report(self, row: Row[Any]) -> ReaderReport:
        developments: list[ReportedDevelopment] = []
        for table, column in (
            (t.development, t.delivery.c.development_id),
            (t.expected_event, t.delivery.c.expected_event_id),
        ):
            result = await self._connection.execute(
                select(t.story.c.slug, t.story.c.headline, table.c.key, table.c.headline.label("own_headline"))
                .join(table, table.c.story_id == t.story.c.id)
                .join(t.delivery, column == table.c.id)
                .where(t.delivery.c.post_id == row.post_id)
                .order_by(t.delivery.c.id)
            )
            developments += [
                ReportedDevelopment(each.slug, each.headline, each.key, each.own_headline) for each in result
            ]
        notices = await load_feed_notices(self._tx, t.delivery.c.post_id, [row.post_id])
        return ReaderReport(
            id=row.id,
            user_id=row.user_id,
            text=row.text,
            created_at=row.created_at,
            destination=Destination(DestinationKind(row.place), row.discord_id, row.guild_id),
            message_id=row.message_id,
            developments=tuple(developments),
            resolved_at=row.settled_at,
            resolved_by=row.settled_by,
            articles=tuple(notice.reports[0].article.title for notice in notices.get(row.post_id, ())),
        )


def _carries_only_articles(post_id: Any) -> ColumnElement[bool]:
    """Return the condition that a post has news of followed feeds, and nothing else."""
    is_delivery = t.delivery.c.post_id == post_id
    return exists().where(is_delivery, t.delivery.c.cluster_id.is_not(None)) & ~exists().where(
        is_delivery, t.delivery.c.cluster_id.is_(None)
    )


def _is_to(guild_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a report is to the managers of a server or, without one, to the desk."""
    is_to_server = _carries_only_articles(t.reader_report.c.post_id)
    return ~is_to_server if guild_id is None else is_to_server & (t.destination.c.guild_id == guild_id)


def _select_reports() -> Select[Any]:
    return (
        select(
            t.reader_report,
            t.post.c.message_id,
            t.destination.c.place,
            t.destination.c.discord_id,
            t.destination.c.guild_id,
        )
        .join(t.post, t.post.c.id == t.reader_report.c.post_id)
        .join(t.destination, t.destination.c.id == t.post.c.destination_id)
    )
