"""The articles that came in: which are known, and which wait to be tracked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, select, update

from bot.model.article import Article, find_former_ids
from bot.model.feed import ArticleState, FeedState, StoredArticle
from bot.model.review import ReviewState
from bot.store.failures import WorkKind, is_postponed
from bot.store.subject import StoreSubject
from bot.store.tables import article, failure, feed, review

#: An article is forgotten when its feed has not listed it for so long. Not by its age: a slow feed lists items of years
#: ago, and one that was forgotten would come in again as news.
RETENTION = timedelta(days=90)
#: ``last_seen`` is kept to this precision, so that a poll that brings nothing new writes nothing here.
_LAST_SEEN_PRECISION = timedelta(days=1)
#: The version of the rule by which articles have their ids now.
_KEY_RULE = 2
#: So many keys are asked for in one statement.
_BATCH_SIZE = 500


class Articles(StoreSubject):
    """The articles, seen through one connection."""

    async def ingest(
        self, feed_id: int, entries: Sequence[Article], now: datetime, *, fresh_since: datetime | None
    ) -> int:
        """Take in what a feed lists; how many of them are new. What is known stays as it is.

        An article that is not known is ``new`` when it was published since ``get_new_article_cutoff``, else ``old``; with None, all
        are old. Of two articles of one id the first counts.
        """
        by_key = {one.id: one for one in entries}
        by_key.update((one.id, one) for one in reversed(entries))
        known_rows = await self._get_rows(list(by_key))
        unknown_entries = [one for key, one in by_key.items() if key not in known_rows]
        former_keys = await self._find_former_keys(feed_id, unknown_entries, known_rows)
        await self._touch(
            [
                key
                for key, row in known_rows.items()
                if now - row.last_seen >= _LAST_SEEN_PRECISION or row.key_rule != _KEY_RULE
            ],
            now,
        )
        renamed_ids = await self._replace_keys(unknown_entries, former_keys, used_keys=set(known_rows), now=now)
        new_entries = sorted(
            (one for one in unknown_entries if one.id not in renamed_ids), key=lambda one: one.published_at
        )
        rows = [
            _to_row(
                one,
                feed_id,
                now,
                ArticleState.BACKLOG if one.id in former_keys else _get_initial_state(one, fresh_since),
            )
            for one in new_entries
        ]
        if rows:
            await self._connection.execute(insert(article), rows)
        return sum(row["state"] == ArticleState.NEW.value for row in rows)

    async def find_known_ids(self, entries: Sequence[Article], feed_id: int = 0) -> frozenset[str]:
        """Return the ids of those of these articles that are known; with the number of the feed that lists them, if it is in the store."""
        known_rows = await self._get_rows([one.id for one in entries])
        former_keys = await self._find_former_keys(
            feed_id, [one for one in entries if one.id not in known_rows], known_rows
        )
        return frozenset(known_rows) | frozenset(former_keys)

    async def list_pending(self, limit: int) -> tuple[StoredArticle, ...]:
        """Articles that wait to be tracked, in the order they came in."""
        query = select(article).where(article.c.state == ArticleState.NEW.value).order_by(article.c.id).limit(limit)
        return tuple(_to_arrival(row) for row in await self._connection.execute(query))

    async def list_due(self, now: datetime, limit: int, include_ids: Collection[int] = ()) -> tuple[StoredArticle, ...]:
        """Return the pending articles that may be attempted now: none that is set aside or waits for its next attempt.

        Those of the numbers in ``despite`` are given all the same.
        """
        is_waiting = is_postponed(WorkKind.ARTICLE, article.c.id, now) & article.c.id.not_in(list(include_ids))
        query = select(article).where(article.c.state == ArticleState.NEW.value, ~is_waiting)
        rows = await self._connection.execute(query.order_by(article.c.id).limit(limit))
        return tuple(_to_arrival(row) for row in rows)

    async def mark_done(self, article_ids: Collection[int]) -> None:
        """Note that these need not be tracked again, whatever has failed before."""
        await self._connection.execute(delete(failure).where(failure.c.article_id.in_(list(article_ids))))
        statement = update(article).where(article.c.id.in_(list(article_ids)))
        await self._connection.execute(statement.values(state=ArticleState.DONE.value))

    async def get_id(self, key: str) -> int:
        """Return the store's number of the article with this id, which must be there."""
        article_id: int = (
            await self._connection.execute(select(article.c.id).where(article.c.key == key))
        ).scalar_one()
        return article_id

    async def set_text(self, article_id: int, text: str) -> None:
        """Keep a lead that the feed did not have."""
        await self._connection.execute(update(article).where(article.c.id == article_id).values(text=text))

    async def count_by_feed(self) -> dict[int, int]:
        """How many articles each feed had first, by its number; feeds without any are absent."""
        query = select(article.c.feed_id, func.count()).where(article.c.feed_id.is_not(None))
        rows = await self._connection.execute(query.group_by(article.c.feed_id))
        return {row[0]: row[1] for row in rows}

    async def erase_unlisted(self, feed_id: int, now: datetime) -> int:
        """Erase what a feed that was just read has not listed for :data:`RETENTION`; how many."""
        statement = delete(article).where(article.c.feed_id == feed_id, *_erasable_conditions(now))
        return (await self._connection.execute(statement)).rowcount

    async def erase_orphans(self, now: datetime) -> int:
        """The same for the articles of feeds that were removed or are gone for good; how many."""
        is_feed_gone = exists().where(feed.c.id == article.c.feed_id, feed.c.state == FeedState.GONE.value)
        statement = delete(article).where(article.c.feed_id.is_(None) | is_feed_gone, *_erasable_conditions(now))
        return (await self._connection.execute(statement)).rowcount

    async def _get_rows(self, keys: Sequence[str]) -> dict[str, Any]:
        """When each of these was last seen, and by which rule its key was made; those not known are absent."""
        rows_by_key: dict[str, Any] = {}
        for start in range(0, len(keys), _BATCH_SIZE):
            batch = keys[start : start + _BATCH_SIZE]
            rows = await self._connection.execute(
                select(article.c.key, article.c.last_seen, article.c.key_rule).where(article.c.key.in_(batch))
            )
            rows_by_key.update((row.key, row) for row in rows)
        return rows_by_key

    async def _find_former_keys(
        self, feed_id: int, entries: Sequence[Article], known_keys: Collection[str]
    ) -> dict[str, str]:
        """Return, by id, the key under which a store of an earlier version knows each of these; those it does not know are absent."""
        rows = await self._get_rows([former_id for one in entries for former_id in one.former_ids])
        old_keys = {key for key, row in rows.items() if row.key_rule != _KEY_RULE}
        former_id = {one.id: key for one in entries for key in reversed(one.former_ids) if key in old_keys}
        unmatched = [one for one in entries if one.id not in former_id]
        unlisted = await self._find_unlisted(feed_id, {*known_keys, *former_id.values()}) if unmatched else []
        return former_id | find_former_ids(unmatched, unlisted)

    async def _find_unlisted(self, feed_id: int, current_keys: Collection[str]) -> list[Article]:
        """Return what a feed listed when an earlier version read it last, without these ids: it may be listed now by an id that nobody could foresee."""
        read_at = await self._connection.scalar(select(feed.c.read_at).where(feed.c.id == feed_id))
        if read_at is None:
            return []
        conditions = (
            article.c.feed_id == feed_id,
            article.c.key_rule != _KEY_RULE,
            article.c.last_seen >= read_at - _LAST_SEEN_PRECISION,
        )
        rows = await self._connection.execute(select(article).where(*conditions))
        return [_to_arrival(row).article for row in rows if row.key not in current_keys]

    async def _replace_keys(
        self, entries: Sequence[Article], former_keys: Mapping[str, str], *, used_keys: set[str], now: datetime
    ) -> set[str]:
        """Give the rows of earlier versions the ids that their articles have now; return these. Of articles that shared a row the first gets it."""
        renamed_ids = set()
        for entry in entries:
            key = former_keys.get(entry.id)
            if key is not None and key not in used_keys:
                used_keys.add(key)
                renamed_ids.add(entry.id)
                values = {"key": entry.id, "key_rule": _KEY_RULE, "last_seen": now}
                await self._connection.execute(update(article).where(article.c.key == key).values(values))
        return renamed_ids

    async def _touch(self, keys: Sequence[str], now: datetime) -> None:
        for start in range(0, len(keys), _BATCH_SIZE):
            batch = keys[start : start + _BATCH_SIZE]
            await self._connection.execute(
                update(article).where(article.c.key.in_(batch)).values(last_seen=now, key_rule=_KEY_RULE)
            )


def _erasable_conditions(now: datetime) -> tuple[Any, ...]:
    """What is neither listed any more nor waits, for the tracker or for the desk."""
    is_in_review = exists().where(review.c.article_id == article.c.id, review.c.state == ReviewState.WAITING.value)
    return article.c.last_seen < now - RETENTION, article.c.state != ArticleState.NEW.value, ~is_in_review


def _get_initial_state(entry: Article, fresh_since: datetime | None) -> ArticleState:
    is_new = fresh_since is not None and entry.published_at >= fresh_since
    return ArticleState.NEW if is_new else ArticleState.BACKLOG


def _to_row(entry: Article, feed_id: int, now: datetime, state: ArticleState) -> dict[str, Any]:
    return {
        "key": entry.id,
        "key_rule": _KEY_RULE,
        "feed_id": feed_id,
        "title": entry.title,
        "url": entry.url,
        "publisher": entry.publisher,
        "text": entry.text,
        "published": entry.published_at,
        "first_seen": now,
        "last_seen": now,
        "state": state.value,
    }


def _to_arrival(row: Row[Any]) -> StoredArticle:
    value = Article(row.key, row.title, row.published, row.text, row.url, row.publisher)
    return StoredArticle(row.id, row.feed_id or 0, value, row.first_seen, ArticleState(row.state))
