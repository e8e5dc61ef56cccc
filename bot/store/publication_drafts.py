"""What editors have pasted and not published yet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.publication_draft import PublicationDraft
from bot.model.story import Source
from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import tables as t
from bot.store.reviews import recommendation_from_json, recommendation_to_json
from bot.store.subject import StoreSubject


class PublicationDrafts(StoreSubject):
    """The drafts in one transaction."""

    async def add(self, draft: PublicationDraft, now: datetime) -> PublicationDraft:
        """Store a new draft, and return it with its id."""
        statement = insert(t.publication_draft).values(created_at=now, content=_encode(draft), problem=draft.problem)
        draft_id = (await self._connection.execute(statement.returning(t.publication_draft.c.id))).scalar_one()
        return replace(draft, id=draft_id)

    async def find(self, draft_id: int) -> PublicationDraft | None:
        """Return the draft with this id; None if it was published, discarded or has expired."""
        query = select(t.publication_draft).where(t.publication_draft.c.id == draft_id)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else replace(_decode(row.content), id=row.id, problem=row.problem)

    async def save(self, draft: PublicationDraft) -> None:
        """Write a stored draft over what it was."""
        statement = update(t.publication_draft).where(t.publication_draft.c.id == draft.id)
        await self._connection.execute(statement.values(content=_encode(draft), problem=draft.problem))

    async def remove(self, draft_id: int) -> bool:
        """Remove a draft; return whether it was there."""
        statement = delete(t.publication_draft).where(t.publication_draft.c.id == draft_id)
        return (await self._connection.execute(statement)).rowcount > 0

    async def remove_older(self, limit: datetime) -> int:
        """Remove the drafts from before a time; return how many."""
        statement = delete(t.publication_draft).where(t.publication_draft.c.created_at < limit)
        return (await self._connection.execute(statement)).rowcount


def _encode(draft: PublicationDraft) -> str:
    return json.dumps(
        {
            "headline": draft.headline,
            "date": str(draft.date),
            "sources": [[s.publisher, s.title, s.url, str(s.date or "")] for s in draft.sources],
            "recommendation": json.loads(recommendation_to_json(draft.recommendation)),
            "slug": draft.slug,
            "kind": draft.kind.value,
            "parties": [[party.company, party.role] for party in draft.parties],
            "claim": draft.claim.value,
            "stage": draft.stage.value if draft.stage else None,
            "text": draft.text,
            "lead": draft.lead,
        },
        ensure_ascii=False,
    )


def _decode(content: str) -> PublicationDraft:
    data: dict[str, Any] = json.loads(content)
    return PublicationDraft(
        headline=data["headline"],
        date=PartialDate.parse(data["date"]),
        sources=tuple(
            Source(publisher, title, url, PartialDate.parse(date) if date else None)
            for publisher, title, url, date in data["sources"]
        ),
        recommendation=recommendation_from_json(json.dumps(data["recommendation"])),
        slug=data["slug"],
        kind=Kind(data["kind"]),
        parties=tuple(Party(company, role) for company, role in data["parties"]),
        claim=Claim(data["claim"]),
        stage=Stage(data["stage"]) if data["stage"] else None,
        text=data["text"],
        lead=data["lead"],
    )
