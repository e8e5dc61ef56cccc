"""What the tracker remembers: the texts that it compares with, and the mean of their vectors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.model.tracking import (
    Decision,
    Duplicate,
    Extraction,
    Judgement,
    MeanVectorState,
    StoryMatch,
    TextSpan,
    TrackedText,
    TrackedTextKind,
)
from bot.model.vocabulary import Claim, Stage
from bot.store import tables as t
from bot.store.engines.sql_batches import iter_batches
from bot.store.subject import StoreSubject


class TrackerState(StoreSubject):
    """The tracker's texts in one transaction."""

    async def list_all(self) -> tuple[TrackedText, ...]:
        """Return every text in the order in which they were added."""
        rows = await self._connection.execute(select(t.tracked_text).order_by(t.tracked_text.c.id))
        return tuple(_to_tracked_text(row) for row in rows)

    async def add(self, texts: Iterable[TrackedText]) -> None:
        """Add texts at the end. A text whose key is stored already is replaced, and moves to the end."""
        values = [_to_row(text) for text in texts]
        await self.remove([value["key"] for value in values])
        if values:
            await self._connection.execute(insert(t.tracked_text), values)

    async def remove(self, keys: Sequence[str]) -> None:
        """Delete texts."""
        for batch in iter_batches(keys):
            await self._connection.execute(delete(t.tracked_text).where(t.tracked_text.c.key.in_(batch)))

    async def set_story(self, key: str, story: str) -> None:
        """Record the story that an article belongs to."""
        await self._connection.execute(update(t.tracked_text).where(t.tracked_text.c.key == key).values(story=story))

    async def list_stories(self) -> tuple[tuple[str, str], ...]:
        """Return each article with the story that it belongs to, empty for none."""
        table = t.tracked_text.c
        query = select(table.key, table.story).where(table.part == TrackedTextKind.ARTICLE.value).order_by(table.key)
        return tuple((row.key, row.story) for row in await self._connection.execute(query))

    async def merge_events(self, event: str, into: str) -> None:
        """Move the texts of one event into another."""
        await self._connection.execute(update(t.tracked_text).where(t.tracked_text.c.event == event).values(event=into))

    async def merge_stories(self, story: str, into: str) -> None:
        """Move the articles of one story into another, and delete the texts of its headline and developments."""
        is_in_story = t.tracked_text.c.story == story
        await self._connection.execute(
            delete(t.tracked_text).where(is_in_story, t.tracked_text.c.part != TrackedTextKind.ARTICLE.value)
        )
        await self._connection.execute(update(t.tracked_text).where(is_in_story).values(story=into))

    async def end_events(self, keys: Sequence[str]) -> None:
        """End the events of these articles."""
        for batch in iter_batches(keys):
            await self._connection.execute(
                update(t.tracked_text).where(t.tracked_text.c.key.in_(batch)).values(event="")
            )

    async def strip_vectors(self, keys: Sequence[str]) -> None:
        """Delete vectors, words and events of texts that are no longer compared. Their judgements stay."""
        empty_values = {"vector": b"", "weights": "{}", "embedder": "", "lead": "", "event": ""}
        for batch in iter_batches(keys):
            await self._connection.execute(
                update(t.tracked_text).where(t.tracked_text.c.key.in_(batch)).values(**empty_values)
            )

    async def replace_vectors(self, texts: Iterable[TrackedText]) -> None:
        """Store the vectors of texts that another embedder has embedded anew. They keep their places."""
        statement = (
            update(t.tracked_text)
            .where(t.tracked_text.c.key == bindparam("stored_key"))
            .values(embedder=bindparam("new_embedder"), vector=bindparam("new_vector"))
        )
        values = [{"stored_key": text.key, "new_embedder": text.embedder, "new_vector": text.vector} for text in texts]
        if values:
            await self._connection.execute(statement, values)

    async def get_mean_vector(self, embedder: str) -> MeanVectorState | None:
        """Return the running mean of an embedder's vectors, or None if none is stored."""
        table = t.tracked_centre
        # Row has a method named count.
        query = select(table.c.embedder, table.c.count.label("counted"), table.c.total).where(
            table.c.embedder == embedder
        )
        row = (await self._connection.execute(query)).first()
        return None if row is None else MeanVectorState(row.embedder, row.counted, row.total)

    async def save_mean_vector(self, mean_vector: MeanVectorState) -> None:
        """Store the running mean in place of the embedder's last one."""
        table = t.tracked_centre
        await self._connection.execute(delete(table).where(table.c.embedder == mean_vector.embedder))
        await self._connection.execute(insert(table).values(**asdict(mean_vector)))


def _to_row(text: TrackedText) -> dict[str, Any]:
    return {
        "key": text.key,
        "part": text.kind.value,
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


def _to_tracked_text(row: Row[Any]) -> TrackedText:
    return TrackedText(
        key=row.key,
        kind=TrackedTextKind(row.part),
        title=row.title,
        at=row.at,
        lead=row.lead,
        event=row.event,
        story=row.story,
        embedder=row.embedder,
        vector=row.vector,
        weights=json.loads(row.weights),
        judgement=_to_judgement(json.loads(row.judgement)) if row.judgement else None,
    )


def _to_judgement(data: dict[str, Any]) -> Judgement:
    extraction = data["suggestion"]
    return Judgement(
        article=data["article"],
        event=data["event"],
        decision=Decision(data["decision"]),
        story=data["story"],
        candidates=tuple(StoryMatch(**match) for match in data["candidates"]),
        score=data["score"],
        sure=data["sure"],
        twin=Duplicate(**data["twin"]),
        suggestion=Extraction(
            Stage(extraction["stage"]) if extraction["stage"] else None,
            Claim(extraction["claim"]),
            TextSpan(**extraction["stage_words"]) if extraction["stage_words"] else None,
            TextSpan(**extraction["claim_words"]) if extraction["claim_words"] else None,
        ),
        # Judgements of earlier versions do not have these.
        brings_new=data.get("brings_new", False),
        confidence=data.get("confidence", 0.0),
    )
