"""The review queue: what waits for the desk's decision, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article
from bot.model.review import Record, Review, ReviewState, Suggestion
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Stage
from bot.store import tables as t
from bot.store.failures import Work, waits_for_retry


class Reviews:
    """The queue, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        article: int,
        event: str,
        suggestion: Suggestion,
        now: datetime,
        *,
        state: ReviewState = ReviewState.WAITING,
        by: str = "",
        slug: str = "",
        key: str = "",
    ) -> int:
        """Put an article, by the store's number of it, into the queue, or note what became of it; the review's number."""
        decided = {} if state is ReviewState.WAITING else {"decided_at": now, "decided_by": by}
        values = {"article_id": article, "event": event, "suggestion": _as_json(suggestion), "created_at": now}
        where = {"state": state.value, "slug": slug, "development_key": key}
        added = insert(t.review).values(**values, **where, **decided).returning(t.review.c.id)
        return int((await self._connection.execute(added)).scalar_one())

    async def fold(self, number: int, article: int) -> None:
        """Another article tells the same; the desk's message has to show it."""
        await self._connection.execute(insert(t.retelling).values(review_id=number, article_id=article))
        await self.change(number)

    async def get(self, number: int) -> Review | None:
        """The review of that number."""
        return await self._one(t.review.c.id == number)

    async def of_event(self, event: str, limit: int = 20) -> tuple[Review, ...]:
        """Return the reviews of an event, newest first."""
        listed = _reviews().where(t.review.c.event == event).order_by(t.review.c.id.desc()).limit(limit)
        return await self._values((await self._connection.execute(listed)).all())

    async def of_article(self, article_id: str) -> Review | None:
        """The review of the article with this id, or the one that it was folded into."""
        own = select(t.article.c.id).where(t.article.c.key == article_id).scalar_subquery()
        folded = select(t.retelling.c.review_id).where(t.retelling.c.article_id == own)
        return await self._one((t.review.c.article_id == own) | t.review.c.id.in_(folded))

    async def waiting(self, offset: int = 0, limit: int = 10) -> tuple[Review, ...]:
        """What waits, oldest first."""
        return await self._many(t.review.c.state == ReviewState.WAITING.value, offset, limit)

    async def count_waiting(self) -> int:
        """How many wait."""
        waiting = t.review.c.state == ReviewState.WAITING.value
        return (await self._connection.execute(select(func.count()).select_from(t.review).where(waiting))).scalar_one()

    async def decide(
        self, number: int, state: ReviewState, now: datetime, *, by: str, slug: str = "", key: str = "", taken: bool
    ) -> bool:
        """Note a decision; False when somebody else has decided, and then nothing is changed."""
        values = {"state": state.value, "slug": slug, "development_key": key, "taken": int(taken)}
        waits = (t.review.c.id == number) & (t.review.c.state == ReviewState.WAITING.value)
        noted = update(t.review).where(waits).values(**values, decided_at=now, decided_by=by)
        return (await self._connection.execute(noted.values(wanted=t.review.c.wanted + 1))).rowcount == 1

    async def reopen(self, number: int) -> bool:
        """Take a decision back; False when none stands."""
        decided = (t.review.c.id == number) & (t.review.c.state != ReviewState.WAITING.value)
        again = {"state": ReviewState.WAITING.value, "slug": "", "development_key": "", "taken": None}
        noted = update(t.review).where(decided).values(**again, decided_at=None, decided_by="")
        return (await self._connection.execute(noted.values(wanted=t.review.c.wanted + 1))).rowcount == 1

    async def records(self) -> dict[int, Record]:
        """How the desk decided about each feed's articles, by the feed's number."""
        asked = t.review.c.taken.is_not(None) & t.article.c.feed_id.is_not(None)
        counted = (
            select(t.article.c.feed_id, func.count(), func.sum(t.review.c.taken))
            .join(t.article, t.article.c.id == t.review.c.article_id)
            .where(asked)
            .group_by(t.article.c.feed_id)
        )
        return {row[0]: Record(row[1], row[2]) for row in await self._connection.execute(counted)}

    async def count_shown(self) -> int:
        """How many that wait have a message in the desk's channel."""
        shown = (t.review.c.state == ReviewState.WAITING.value) & (t.review.c.message_id != 0)
        return (await self._connection.execute(select(func.count()).select_from(t.review).where(shown))).scalar_one()

    async def to_show(self, limit: int, now: datetime, without: Collection[int] = ()) -> tuple[int, ...]:
        """Return the numbers of those that wait and have no message in the desk's channel yet, oldest first.

        None that failed and waits for its next attempt is among them, nor any of ``without``.
        """
        waits = (t.review.c.state == ReviewState.WAITING.value) & (t.review.c.message_id == 0)
        return await self._due(waits, limit, now, without)

    async def to_tell(self, limit: int, now: datetime, without: Collection[int] = ()) -> tuple[int, ...]:
        """Return the same of those that were published with nobody asked."""
        by_itself = (t.review.c.state == ReviewState.PUBLISHED.value) & t.review.c.taken.is_(None)
        return await self._due(by_itself & (t.review.c.message_id == 0), limit, now, without)

    async def to_update(self, limit: int, now: datetime, without: Collection[int] = ()) -> tuple[int, ...]:
        """Return the same of those that have changed since their messages were written."""
        changed = (t.review.c.message_id != 0) & (t.review.c.shown < t.review.c.wanted)
        return await self._due(changed, limit, now, without)

    async def begin_showing(self, number: int, newest: int) -> None:
        """Its message is sent now; until that is recorded it is in doubt, and searched for back to this id of Discord's."""
        is_first = (t.review.c.id == number) & (t.review.c.in_doubt == 0)
        await self._connection.execute(update(t.review).where(is_first).values(in_doubt=1, search_after=newest))

    async def mark_shown(self, review: Review, channel_id: int, message_id: int) -> None:
        """It is shown as it was read by this message; a message id of 0 says that it was deleted and is not wanted back."""
        values = {"channel_id": channel_id, "message_id": message_id, "shown": review.wanted, "in_doubt": 0}
        await self._connection.execute(update(t.review).where(t.review.c.id == review.number).values(**values))

    async def _due(
        self, where: ColumnElement[bool], limit: int, now: datetime, without: Collection[int]
    ) -> tuple[int, ...]:
        free = t.review.c.id.not_in(list(without)) & ~waits_for_retry(Work.REVIEW, t.review.c.id, now)
        listed = select(t.review.c.id).where(where, free).order_by(t.review.c.id).limit(limit)
        return tuple((await self._connection.execute(listed)).scalars())

    async def change(self, number: int) -> None:
        """Say that the message in the desk's channel has to be brought up to date."""
        changed = update(t.review).where(t.review.c.id == number).values(wanted=t.review.c.wanted + 1)
        await self._connection.execute(changed)

    async def _one(self, where: ColumnElement[bool]) -> Review | None:
        row = (await self._connection.execute(_reviews().where(where).order_by(t.review.c.id.desc()).limit(1))).first()
        return None if row is None else (await self._values([row]))[0]

    async def _many(self, where: ColumnElement[bool], offset: int, limit: int) -> tuple[Review, ...]:
        listed = _reviews().where(where).order_by(t.review.c.id).offset(offset).limit(limit)
        return await self._values((await self._connection.execute(listed)).all())

    async def _values(self, rows: Sequence[Row[Any]]) -> tuple[Review, ...]:
        also: dict[int, list[Article]] = {}
        if rows:
            retold = (
                select(t.retelling.c.review_id, t.article)
                .join(t.article, t.article.c.id == t.retelling.c.article_id)
                .where(t.retelling.c.review_id.in_([row.review_id for row in rows]))
                .order_by(t.retelling.c.id)
            )
            for row in await self._connection.execute(retold):
                also.setdefault(row.review_id, []).append(_article(row))
        return tuple(_value(row, tuple(also.get(row.review_id, ()))) for row in rows)


def _reviews() -> Select[Any]:
    named = [column.label(f"review_{column.name}") for column in t.review.c]
    return (
        select(*named, t.article, t.feed.c.title.label("feed_title"), t.feed.c.url.label("feed_url"))
        .join(t.article, t.article.c.id == t.review.c.article_id)
        .outerjoin(t.feed, t.feed.c.id == t.article.c.feed_id)
    )


def _article(row: Row[Any]) -> Article:
    return Article(row.key, row.title, row.published, row.text, row.url, row.publisher)


def _value(row: Row[Any], also: tuple[Article, ...]) -> Review:
    return Review(
        number=row.review_id,
        event=row.review_event,
        article=_article(row),
        suggestion=_suggestion(row.review_suggestion),
        state=ReviewState(row.review_state),
        created_at=row.review_created_at,
        feed=row.feed_id or 0,
        feed_label=row.feed_title or row.feed_url or "",
        also=also,
        decided_at=row.review_decided_at,
        decided_by=row.review_decided_by,
        slug=row.review_slug,
        key=row.review_development_key,
        taken=None if row.review_taken is None else bool(row.review_taken),
        channel_id=row.review_channel_id,
        message_id=row.review_message_id,
        in_doubt=bool(row.review_in_doubt),
        search_after=row.review_search_after,
        wanted=row.review_wanted,
    )


def _as_json(suggestion: Suggestion) -> str:
    return json.dumps(
        {
            "verdict": suggestion.verdict.value,
            "stories": suggestion.stories,
            "story": suggestion.story,
            "key": suggestion.key,
            "claim": suggestion.claim.value,
            "stage": suggestion.stage.value if suggestion.stage else None,
            "words": suggestion.words,
            "companies": suggestion.companies,
            "names": suggestion.names,
        },
        ensure_ascii=False,
    )


def _suggestion(text: str) -> Suggestion:
    said = json.loads(text)
    return Suggestion(
        verdict=Decision(said["verdict"]),
        stories=tuple(said["stories"]),
        story=said["story"],
        key=said["key"],
        claim=Claim(said["claim"]),
        stage=Stage(said["stage"]) if said["stage"] else None,
        words=tuple(said["words"]),
        companies=tuple(said["companies"]),
        names=tuple(said["names"]),
    )
