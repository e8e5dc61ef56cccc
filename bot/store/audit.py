"""Who changed what, when, and what it was before."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, insert, select

from bot.model.audit import AuditEntry
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate
from bot.model.story import Development
from bot.model.terms import Term
from bot.store import tables as t
from bot.store.engines.sql_batches import iter_batches
from bot.store.subject import StoreSubject

_INSERT = insert(t.audit)


class Audit(StoreSubject):
    """The audit trail in one transaction. Entries are only ever added."""

    async def write(self, now: datetime, actor: str, action: str, subject: str, before: Any, after: Any) -> None:
        """Record a change. Dataclasses among the values are stored as JSON objects."""
        await self.write_all([AuditEntry(now, actor, action, subject, before, after)])

    async def write_all(self, entries: Iterable[AuditEntry]) -> None:
        """Record changes in this order."""
        rows = [
            {
                "at": entry.at,
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "before": to_audit_json(entry.before),
                "after": to_audit_json(entry.after),
            }
            for entry in entries
        ]
        if rows:
            await self._connection.execute(_INSERT, rows)

    async def list_entries(self, subject: str) -> tuple[AuditEntry, ...]:
        """Return the changes of a subject (a story's slug, a company's name), oldest first."""
        rows = await self._connection.execute(
            select(t.audit).where(t.audit.c.subject == subject).order_by(t.audit.c.id)
        )
        return tuple(_to_entry(row) for row in rows)

    async def count(self, subjects: Sequence[str]) -> int:
        """Count the changes of these subjects."""
        query = select(func.count()).select_from(t.audit).where(t.audit.c.subject.in_(subjects))
        return (await self._connection.execute(query)).scalar_one()

    async def list_newest(self, subjects: Sequence[str], offset: int, limit: int) -> tuple[AuditEntry, ...]:
        """Return changes of these subjects, newest first."""
        query = select(t.audit).where(t.audit.c.subject.in_(subjects)).order_by(t.audit.c.id.desc())
        rows = await self._connection.execute(query.offset(offset).limit(limit))
        return tuple(_to_entry(row) for row in rows)

    async def find_untouched(self, subjects: Sequence[str], actor: str) -> set[str]:
        """Return those of these subjects that this actor has changed, and nobody else."""
        untouched: set[str] = set()
        for batch in iter_batches(subjects):
            query = select(t.audit.c.subject).where(t.audit.c.subject.in_(batch)).group_by(t.audit.c.subject)
            query = query.having(func.min(t.audit.c.actor) == actor, func.max(t.audit.c.actor) == actor)
            untouched.update((await self._connection.execute(query)).scalars())
        return untouched

    async def list_companies_added_by(self, actor: str) -> tuple[str, ...]:
        """Return the names of the companies that this actor has added, in the order in which they were added."""
        is_addition = (t.audit.c.action == "company added") & (t.audit.c.actor == actor)
        return tuple((await self._connection.execute(select(t.audit.c.subject).where(is_addition))).scalars())

    async def get_newest_id(self) -> int:
        """Return the id of the newest entry, or 0 if there is none."""
        return (await self._connection.execute(select(func.max(t.audit.c.id)))).scalar_one() or 0

    async def find_changed_companies(self, entry_id: int) -> tuple[str, ...]:
        """Return the names of the companies that entries after this id have added, changed or removed."""
        is_company_change = t.audit.c.action.in_(("company added", "company changed", "company removed"))
        # Without DISTINCT, for which SQLite would read the index of all subjects: a few names are made unique faster here.
        rows = await self._connection.execute(
            select(t.audit.c.subject).where(t.audit.c.id > entry_id, is_company_change).order_by(t.audit.c.id)
        )
        return tuple(dict.fromkeys(rows.scalars()))


def to_audit_json(value: Any) -> str:
    """Encode a value for the audit trail; None becomes an empty text."""
    if value is None:
        return ""
    return json.dumps(value, default=_encode, ensure_ascii=False)


def _to_entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.at, row.actor, row.action, row.subject, _from_json(row.before), _from_json(row.after))


def _from_json(text: str) -> Any:
    return json.loads(text) if text else None


#: Fields that entries name as they were called when the first entries were written.
_STORED_NAMES: dict[type, dict[str, str]] = {
    kind: {"id": "number", "retraction_reason": "retracted"} for kind in (Development, Term)
}


def _encode(value: Any) -> Any:
    if isinstance(value, PartialDate | ExpectedDate):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        stored_names = _STORED_NAMES.get(type(value), {})
        names = [field.name for field in dataclasses.fields(value) if field.init]
        return {stored_names.get(name, name): getattr(value, name) for name in names}
    raise TypeError(f"{type(value).__name__} has no place in the audit")
