"""What the tracker has taken in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.tracked import CentreState, Part, Tracked
from bot.model.tracking import Candidate, Decision, Judgement, Marked, Suggestion, Twin
from bot.model.vocabulary import Claim, Stage
from bot.store import tables as t

#: SQLite takes no more names in one statement.
_AT_ONCE = 500


class TrackedTexts:
    """The tracker's texts, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> tuple[Tracked, ...]:
        """Every text, in the order in which it was taken in."""
        rows = await self._connection.execute(select(t.tracked).order_by(t.tracked.c.id))
        return tuple(_tracked(row) for row in rows)

    async def add(self, texts: Iterable[Tracked]) -> None:
        """Keep texts behind those that are kept; one of a key that is kept already takes its place, at the end."""
        values = [_values(each) for each in texts]
        await self.remove([value["key"] for value in values])
        if values:
            await self._connection.execute(insert(t.tracked), values)

    async def remove(self, keys: Sequence[str]) -> None:
        """Forget texts."""
        for some in _chunks(keys):
            await self._connection.execute(delete(t.tracked).where(t.tracked.c.key.in_(some)))

    async def settle(self, key: str, story: str) -> None:
        """Note the story that an article is in."""
        await self._connection.execute(update(t.tracked).where(t.tracked.c.key == key).values(story=story))

    async def merge(self, event: str, into: str) -> None:
        """Two events are one."""
        await self._connection.execute(update(t.tracked).where(t.tracked.c.event == event).values(event=into))

    async def join(self, story: str, into: str) -> None:
        """Two stories are one: the articles go along, headline and developments are forgotten."""
        here = t.tracked.c.story == story
        await self._connection.execute(delete(t.tracked).where(here, t.tracked.c.part != Part.ARTICLE.value))
        await self._connection.execute(update(t.tracked).where(here).values(story=into))

    async def end_events(self, keys: Sequence[str]) -> None:
        """The events of these articles are over."""
        for some in _chunks(keys):
            await self._connection.execute(update(t.tracked).where(t.tracked.c.key.in_(some)).values(event=""))

    async def bare(self, keys: Sequence[str]) -> None:
        """These are no longer compared: what was said of them stays, their vectors and words go."""
        spent = {"vector": b"", "weights": "{}", "embedder": "", "lead": "", "event": ""}
        for some in _chunks(keys):
            await self._connection.execute(update(t.tracked).where(t.tracked.c.key.in_(some)).values(**spent))

    async def centre(self, embedder: str) -> CentreState | None:
        """The running mean of an embedder's vectors; None when none was kept."""
        table = t.tracked_centre
        # A row has a method of its own that is called count.
        asked = select(table.c.embedder, table.c.count.label("counted"), table.c.total).where(
            table.c.embedder == embedder
        )
        row = (await self._connection.execute(asked)).first()
        return None if row is None else CentreState(row.embedder, row.counted, row.total)

    async def save_centre(self, centre: CentreState) -> None:
        """Keep the running mean."""
        table = t.tracked_centre
        await self._connection.execute(delete(table).where(table.c.embedder == centre.embedder))
        await self._connection.execute(insert(table).values(**asdict(centre)))


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _values(text: Tracked) -> dict[str, Any]:
    return {
        "key": text.key,
        "part": text.part.value,
        "event": text.event,
        "story": text.story,
        "title": text.title,
        "lead": text.lead,
        "at": text.at,
        "embedder": text.embedder,
        "vector": text.vector,
        "weights": json.dumps(dict(text.weights), ensure_ascii=False),
        "judgement": json.dumps(asdict(text.judgement), ensure_ascii=False) if text.judgement else "",
    }


def _tracked(row: Row[Any]) -> Tracked:
    return Tracked(
        key=row.key,
        part=Part(row.part),
        title=row.title,
        at=row.at,
        lead=row.lead,
        event=row.event,
        story=row.story,
        embedder=row.embedder,
        vector=row.vector,
        weights=json.loads(row.weights),
        judgement=_judgement(json.loads(row.judgement)) if row.judgement else None,
    )


def _judgement(data: dict[str, Any]) -> Judgement:
    said = data["suggestion"]
    return Judgement(
        article=data["article"],
        event=data["event"],
        decision=Decision(data["decision"]),
        story=data["story"],
        candidates=tuple(Candidate(**each) for each in data["candidates"]),
        score=data["score"],
        sure=data["sure"],
        twin=Twin(**data["twin"]),
        suggestion=Suggestion(
            Stage(said["stage"]) if said["stage"] else None,
            Claim(said["claim"]),
            Marked(**said["stage_words"]) if said["stage_words"] else None,
            Marked(**said["claim_words"]) if said["claim_words"] else None,
        ),
        # Judgements of earlier versions do not say.
        brings_new=data.get("brings_new", False),
    )
