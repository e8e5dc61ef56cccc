"""Articles of feeds: which are known, and which wait for the tracker."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, select, update

from bot.model.article import Article, find_former_ids
from bot.model.feed import ArticleState, FeedState, StoredArticle
from bot.model.review import ReviewState
from bot.store.engines.sql_batches import iter_batches
from bot.store.failures import WorkKind, is_postponed
from bot.store.subject import StoreSubject
from bot.store.tables import article, failure, feed, review

#: An article is erased when its feed has not listed it for this long. Its age does not matter: a slow feed lists items of
#: years ago, and an erased one would come in again as news.
RETENTION = timedelta(days=90)
#: ``last_seen`` has this precision, so that a poll that brings nothing new writes nothing here.
_LAST_SEEN_PRECISION = timedelta(days=1)
#: The version of the rule that gives articles their ids now.
_KEY_RULE = 2


class Articles(StoreSubject):
    """The articles in one transaction."""

    async def ingest(
        self,
        feed_id: int,
        entries: Sequence[Article],
        now: datetime,
        *,
        fresh_since: datetime | None,
        known_ids: Collection[str] = (),
    ) -> int:
        """Store what a feed lists and return how many articles are new. Known articles stay as they are.

        An unknown article becomes ``new`` if it was published since ``fresh_since``, else ``old``; without
        ``fresh_since`` every article is old, and so are those of ``known_ids``. If two entries have the same id, the
        first one counts.
        """
        by_key = {entry.id: entry for entry in entries}
        by_key.update((entry.id, entry) for entry in reversed(entries))
        known_rows = await self._get_rows(list(by_key))
        unknown_entries = [entry for key, entry in by_key.items() if key not in known_rows]
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
            (entry for entry in unknown_entries if entry.id not in renamed_ids), key=lambda entry: entry.published_at
        )
        rows = [
            _to_row(
                entry,
                feed_id,
                now,
                ArticleState.BACKLOG
                if entry.id in former_keys or entry.id in known_ids
                else _get_initial_state(entry, fresh_since),
            )
            for entry in new_entries
        ]
        if rows:
            await self._connection.execute(insert(article), rows)
        return sum(row["state"] == ArticleState.NEW.value for row in rows)

    async def find_known_ids(self, entries: Sequence[Article], feed_id: int | None = None) -> frozenset[str]:
        """Return the ids of those of these articles that are known.

        Pass the id of the feed that lists them if it is in the store.
        """
        known_rows = await self._get_rows([entry.id for entry in entries])
        former_keys = await self._find_former_keys(
            feed_id, [entry for entry in entries if entry.id not in known_rows], known_rows
        )
        return frozenset(known_rows) | frozenset(former_keys)

    async def list_pending(self, limit: int) -> tuple[StoredArticle, ...]:
        """Return articles that wait for the tracker, in the order in which they came in."""
        query = select(article).where(article.c.state == ArticleState.NEW.value).order_by(article.c.id).limit(limit)
        return tuple(_to_arrival(row) for row in await self._connection.execute(query))

    async def list_due(self, now: datetime, limit: int, include_ids: Collection[int] = ()) -> tuple[StoredArticle, ...]:
        """Return pending articles that may be attempted now, so none that is set aside or waits for its next attempt.

        Articles with an id in ``include_ids`` are returned in any case.
        """
        is_waiting = is_postponed(WorkKind.ARTICLE, article.c.id, now) & article.c.id.not_in(list(include_ids))
        query = select(article).where(article.c.state == ArticleState.NEW.value, ~is_waiting)
        rows = await self._connection.execute(query.order_by(article.c.id).limit(limit))
        return tuple(_to_arrival(row) for row in rows)

    async def drop_pending(self) -> int:
        """Take everything out of the tracker's queue that no person has to decide about; return how many articles."""
        is_set_aside = exists().where(failure.c.article_id == article.c.id, failure.c.set_aside_at.is_not(None))
        is_pending = (article.c.state == ArticleState.NEW.value) & ~is_set_aside
        article_ids = select(article.c.id).where(is_pending)
        await self._connection.execute(delete(failure).where(failure.c.article_id.in_(article_ids)))
        statement = update(article).where(is_pending).values(state=ArticleState.BACKLOG.value)
        return (await self._connection.execute(statement)).rowcount

    async def mark_done(self, article_ids: Collection[int]) -> None:
        """Take these articles out of the tracker's queue, and forget their failures."""
        await self._connection.execute(delete(failure).where(failure.c.article_id.in_(list(article_ids))))
        statement = update(article).where(article.c.id.in_(list(article_ids)))
        await self._connection.execute(statement.values(state=ArticleState.DONE.value))

    async def get_id(self, key: str) -> int:
        """Return the row id of the article with this key, which must be in the store."""
        article_id: int = (
            await self._connection.execute(select(article.c.id).where(article.c.key == key))
        ).scalar_one()
        return article_id

    async def set_text(self, article_id: int, text: str) -> None:
        """Store the lead of an article whose feed did not have it."""
        await self._connection.execute(update(article).where(article.c.id == article_id).values(text=text))

    async def count_by_feed(self) -> dict[int, int]:
        """Return how many articles each feed had first, by feed id. Feeds without articles are absent."""
        query = select(article.c.feed_id, func.count()).where(article.c.feed_id.is_not(None))
        rows = await self._connection.execute(query.group_by(article.c.feed_id))
        return {row[0]: row[1] for row in rows}

    async def erase_unlisted(self, feed_id: int, now: datetime) -> int:
        """Erase the articles that a feed, which was just read, has not listed for :data:`RETENTION`.

        Return how many.
        """
        statement = delete(article).where(article.c.feed_id == feed_id, *_erasable_conditions(now))
        return (await self._connection.execute(statement)).rowcount

    async def erase_orphans(self, now: datetime) -> int:
        """Erase old articles of feeds that were removed or are gone for good. Return how many."""
        is_feed_gone = exists().where(feed.c.id == article.c.feed_id, feed.c.state == FeedState.GONE.value)
        statement = delete(article).where(article.c.feed_id.is_(None) | is_feed_gone, *_erasable_conditions(now))
        return (await self._connection.execute(statement)).rowcount

    async def _get_rows(self, keys: Sequence[str]) -> dict[str, Any]:
        """Return by key when each of these was last seen, and the rule that made its key. Unknown keys are absent."""
        rows_by_key: dict[str, Any] = {}
        for batch in iter_batches(keys):
            rows = await self._connection.execute(
                select(article.c.key, article.c.last_seen, article.c.key_rule).where(article.c.key.in_(batch))
            )
            rows_by_key.update((row.key, row) for row in rows)
        return rows_by_key

    async def _find_former_keys(
        self, feed_id: int | None, entries: Sequence[Article], known_keys: Collection[str]
    ) -> dict[str, str]:
        """Return, by id, the key that an earlier version stored for each of these articles.

        Unknown articles are absent.
        """
        rows = await self._get_rows([former_id for entry in entries for former_id in entry.former_ids])
        old_keys = {key for key, row in rows.items() if row.key_rule != _KEY_RULE}
        former_keys = {entry.id: key for entry in entries for key in reversed(entry.former_ids) if key in old_keys}
        unmatched = [entry for entry in entries if entry.id not in former_keys]
        if feed_id is None or not unmatched:
            return former_keys
        unlisted = await self._find_unlisted(feed_id, {*known_keys, *former_keys.values()})
        return former_keys | find_former_ids(unmatched, unlisted)

    async def _find_unlisted(self, feed_id: int, current_keys: Collection[str]) -> list[Article]:
        """Return what the feed listed when an earlier version last read it, except these keys.

        The feed may now list such an article under an id that could not be predicted.
        """
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
        """Give rows of earlier versions the ids that their articles have now, and return these ids.

        If several articles shared a row, the first of them gets it.
        """
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
        for batch in iter_batches(keys):
            await self._connection.execute(
                update(article).where(article.c.key.in_(batch)).values(last_seen=now, key_rule=_KEY_RULE)
            )


def _erasable_conditions(now: datetime) -> tuple[Any, ...]:
    """Return the conditions of articles that are no longer listed and wait neither for the tracker nor for the desk."""
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
    return StoredArticle(row.id, row.feed_id, value, row.first_seen, ArticleState(row.state))
