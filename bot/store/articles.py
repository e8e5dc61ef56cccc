"""The articles that came in: which are known, and which wait to be tracked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article, same_articles
from bot.model.feed import Arrival, ArticleState, FeedState
from bot.model.review import ReviewState
from bot.store.failures import Work, is_held
from bot.store.tables import article, failure, feed, review

#: An article is forgotten when its feed has not listed it for so long. Not by its age: a slow feed lists items of years
#: ago, and one that was forgotten would come in again as news.
RETENTION = timedelta(days=90)
#: ``last_seen`` is kept to this precision, so that a poll that brings nothing new writes nothing here.
_SEEN_EVERY = timedelta(days=1)
#: The version of the rule by which articles have their ids now.
_KEY_RULE = 2
#: So many keys are asked for in one statement.
_CHUNK = 500


class Articles:
    """The articles, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_in(
        self, feed_number: int, listed: Sequence[Article], now: datetime, *, fresh_since: datetime | None
    ) -> int:
        """Take in what a feed lists; how many of them are new. What is known stays as it is.

        An article that is not known is ``new`` when it was published since ``fresh_since``, else ``old``; with None, all
        are old. Of two articles of one id the first counts.
        """
        by_key = {one.id: one for one in listed}
        by_key.update((one.id, one) for one in reversed(listed))
        known = await self._seen(list(by_key))
        unknown = [one for key, one in by_key.items() if key not in known]
        former = await self._former(feed_number, unknown, known)
        await self._touch(
            [key for key, row in known.items() if now - row.last_seen >= _SEEN_EVERY or row.key_rule != _KEY_RULE], now
        )
        renamed = await self._rename(unknown, former, taken=set(known), now=now)
        added = sorted((one for one in unknown if one.id not in renamed), key=lambda one: one.published)
        rows = [
            _row(one, feed_number, now, ArticleState.OLD if one.id in former else _state(one, fresh_since))
            for one in added
        ]
        if rows:
            await self._connection.execute(insert(article), rows)
        return sum(row["state"] == ArticleState.NEW.value for row in rows)

    async def known(self, listed: Sequence[Article], feed_number: int = 0) -> frozenset[str]:
        """Return the ids of those of these articles that are known; with the number of the feed that lists them, if it is in the store."""
        seen = await self._seen([one.id for one in listed])
        former = await self._former(feed_number, [one for one in listed if one.id not in seen], seen)
        return frozenset(seen) | frozenset(former)

    async def pending(self, limit: int) -> tuple[Arrival, ...]:
        """Articles that wait to be tracked, in the order they came in."""
        waiting = select(article).where(article.c.state == ArticleState.NEW.value).order_by(article.c.id).limit(limit)
        return tuple(_value(row) for row in await self._connection.execute(waiting))

    async def due(self, now: datetime, limit: int, despite: Collection[int] = ()) -> tuple[Arrival, ...]:
        """Return the pending articles that may be attempted now: none that is set aside or waits for its next attempt.

        Those of the numbers in ``despite`` are given all the same.
        """
        held = is_held(Work.ARTICLE, article.c.id, now) & article.c.id.not_in(list(despite))
        waiting = select(article).where(article.c.state == ArticleState.NEW.value, ~held)
        rows = await self._connection.execute(waiting.order_by(article.c.id).limit(limit))
        return tuple(_value(row) for row in rows)

    async def mark_done(self, numbers: Collection[int]) -> None:
        """Note that these need not be tracked again, whatever has failed before."""
        await self._connection.execute(delete(failure).where(failure.c.article_id.in_(list(numbers))))
        done = update(article).where(article.c.id.in_(list(numbers)))
        await self._connection.execute(done.values(state=ArticleState.DONE.value))

    async def number(self, key: str) -> int:
        """Return the store's number of the article with this id, which must be there."""
        found: int = (await self._connection.execute(select(article.c.id).where(article.c.key == key))).scalar_one()
        return found

    async def set_text(self, number: int, text: str) -> None:
        """Keep a lead that the feed did not have."""
        await self._connection.execute(update(article).where(article.c.id == number).values(text=text))

    async def counts(self) -> dict[int, int]:
        """How many articles each feed had first, by its number; feeds without any are absent."""
        counted = select(article.c.feed_id, func.count()).where(article.c.feed_id.is_not(None))
        rows = await self._connection.execute(counted.group_by(article.c.feed_id))
        return {row[0]: row[1] for row in rows}

    async def forget(self, feed_number: int, now: datetime) -> int:
        """Erase what a feed that was just read has not listed for :data:`RETENTION`; how many."""
        stale = delete(article).where(article.c.feed_id == feed_number, *_forgettable(now))
        return (await self._connection.execute(stale)).rowcount

    async def forget_orphans(self, now: datetime) -> int:
        """The same for the articles of feeds that were removed or are gone for good; how many."""
        gone = exists().where(feed.c.id == article.c.feed_id, feed.c.state == FeedState.GONE.value)
        stale = delete(article).where(article.c.feed_id.is_(None) | gone, *_forgettable(now))
        return (await self._connection.execute(stale)).rowcount

    async def _seen(self, keys: Sequence[str]) -> dict[str, Any]:
        """When each of these was last seen, and by which rule its key was made; those not known are absent."""
        seen: dict[str, Any] = {}
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            rows = await self._connection.execute(
                select(article.c.key, article.c.last_seen, article.c.key_rule).where(article.c.key.in_(some))
            )
            seen.update((row.key, row) for row in rows)
        return seen

    async def _former(self, feed_number: int, unknown: Sequence[Article], seen: Collection[str]) -> dict[str, str]:
        """Return, by id, the key under which a store of an earlier version knows each of these; those it does not know are absent."""
        rows = await self._seen([former for one in unknown for former in one.former_ids])
        earlier = {key for key, row in rows.items() if row.key_rule != _KEY_RULE}
        former = {one.id: key for one in unknown for key in reversed(one.former_ids) if key in earlier}
        rest = [one for one in unknown if one.id not in former]
        missing = await self._missing(feed_number, {*seen, *former.values()}) if rest else []
        return former | same_articles(rest, missing)

    async def _missing(self, feed_number: int, listed: Collection[str]) -> list[Article]:
        """Return what a feed listed when an earlier version read it last, without these ids: it may be listed now by an id that nobody could foresee."""
        read_at = await self._connection.scalar(select(feed.c.read_at).where(feed.c.id == feed_number))
        if read_at is None:
            return []
        before = (
            article.c.feed_id == feed_number,
            article.c.key_rule != _KEY_RULE,
            article.c.last_seen >= read_at - _SEEN_EVERY,
        )
        rows = await self._connection.execute(select(article).where(*before))
        return [_value(row).article for row in rows if row.key not in listed]

    async def _rename(
        self, unknown: Sequence[Article], former: Mapping[str, str], *, taken: set[str], now: datetime
    ) -> set[str]:
        """Give the rows of earlier versions the ids that their articles have now; return these. Of articles that shared a row the first gets it."""
        renamed = set()
        for one in unknown:
            key = former.get(one.id)
            if key is not None and key not in taken:
                taken.add(key)
                renamed.add(one.id)
                values = {"key": one.id, "key_rule": _KEY_RULE, "last_seen": now}
                await self._connection.execute(update(article).where(article.c.key == key).values(values))
        return renamed

    async def _touch(self, keys: Sequence[str], now: datetime) -> None:
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            await self._connection.execute(
                update(article).where(article.c.key.in_(some)).values(last_seen=now, key_rule=_KEY_RULE)
            )


def _forgettable(now: datetime) -> tuple[Any, ...]:
    """What is neither listed any more nor waits, for the tracker or for the desk."""
    waits = exists().where(review.c.article_id == article.c.id, review.c.state == ReviewState.WAITING.value)
    return article.c.last_seen < now - RETENTION, article.c.state != ArticleState.NEW.value, ~waits


def _state(one: Article, fresh_since: datetime | None) -> ArticleState:
    is_new = fresh_since is not None and one.published >= fresh_since
    return ArticleState.NEW if is_new else ArticleState.OLD


def _row(one: Article, feed_number: int, now: datetime, state: ArticleState) -> dict[str, Any]:
    return {
        "key": one.id,
        "key_rule": _KEY_RULE,
        "feed_id": feed_number,
        "title": one.title,
        "url": one.url,
        "publisher": one.publisher,
        "text": one.text,
        "published": one.published,
        "first_seen": now,
        "last_seen": now,
        "state": state.value,
    }


def _value(row: Row[Any]) -> Arrival:
    known = Article(row.key, row.title, row.published, row.text, row.url, row.publisher)
    return Arrival(row.id, row.feed_id or 0, known, row.first_seen, ArticleState(row.state))
