"""Load posts from their rows, with the stories that they carry."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.exc import DBAPIError

from bot.model.article import Article
from bot.model.follow import Destination, DestinationKind
from bot.model.post import (
    DELIVERED_STATES,
    OPEN_STATES,
    FeedNotice,
    FeedReport,
    Post,
    PostAction,
    PostItem,
    PostType,
    Reminder,
)
from bot.model.story import Story
from bot.store import tables as t
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from bot.store.transaction import Transaction

#: How many of a story's developments are loaded with a post, besides those that the post carries.
_RECENT_DEVELOPMENTS = 10


class UnreadablePost(Exception):
    """A due post that cannot be read.

    Attributes:
        attempts: how many attempts have begun, including this one.
        is_open: whether it is still to be sent; otherwise its message is to be edited or published.
    """

    def __init__(self, post_id: int, attempts: int, *, is_open: bool) -> None:
        super().__init__(f"post {post_id} cannot be read")
        self.post_id = post_id
        self.attempts = attempts
        self.is_open = is_open


class PostLoader(StoreSubject):
    """Loads posts."""

    async def load(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Return these posts, by id. Raises UnreadablePost for the first one that cannot be read."""
        query = _post_query().where(t.post.c.id.in_(post_ids)).order_by(t.post.c.id)
        rows = (await self._connection.execute(query)).all()
        try:
            return await self._load_posts(rows)
        except DBAPIError:
            raise
        except Exception:
            for row in rows:
                await self._check_readable(row)
            raise

    async def _load_posts(self, rows: Sequence[Row[Any]]) -> tuple[Post, ...]:
        items_by_post = await self._load_items([row.id for row in rows])
        notices_by_post = await load_feed_notices(self._tx, t.delivery.c.post_id, [row.id for row in rows])
        reminders_by_post = await self._load_reminders([row.id for row in rows if row.expires_at is not None])
        card_stories = {row.slug: await self._load_story(row.slug) for row in rows if row.slug is not None}
        return tuple(
            _to_post(
                row,
                items_by_post.get(row.id, []),
                notices_by_post.get(row.id, []),
                reminders_by_post.get(row.id, []),
                card_stories.get(row.slug),
            )
            for row in rows
        )

    async def _check_readable(self, row: Row[Any]) -> None:
        """Raise UnreadablePost if this post cannot be read."""
        try:
            await self._load_posts([row])
        except DBAPIError:
            raise
        except Exception as exc:
            raise UnreadablePost(row.id, row.attempts, is_open=row.state in OPEN_STATES) from exc

    async def _load_items(self, post_ids: Sequence[int]) -> dict[int, list[PostItem]]:
        """Return what each post carries, in the order of its deliveries. Each story is read once, a long one in part."""
        result = await self._connection.execute(
            select(t.delivery.c.post_id, t.story.c.slug, t.development.c.id, t.delivery.c.mentions)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.delivery.c.post_id.in_(post_ids))
            .order_by(t.delivery.c.id)
        )
        rows = result.all()
        development_ids: dict[str, list[int]] = {}
        for row in rows:
            development_ids.setdefault(row.slug, []).append(row.id)
        stories = {slug: await self._load_story(slug, ids) for slug, ids in development_ids.items()}
        items: dict[int, list[PostItem]] = {}
        for row in rows:
            story = stories[row.slug]
            development = next(candidate for candidate in story.developments if candidate.id == row.id)
            mentioned_companies = await self._tx.mentions.get_current(row.slug, row.id, row.mentions)
            items.setdefault(row.post_id, []).append(PostItem(story, development, mentioned_companies))
        return items

    async def _load_reminders(self, post_ids: Sequence[int]) -> dict[int, list[Reminder]]:
        """Return the reminders that each post carries, in their order."""
        if not post_ids:
            return {}
        result = await self._connection.execute(
            select(t.delivery.c.post_id, t.delivery.c.expected_on, t.expected_event.c.id, t.story.c.slug)
            .join(t.expected_event, t.expected_event.c.id == t.delivery.c.expected_event_id)
            .join(t.story, t.story.c.id == t.expected_event.c.story_id)
            .where(t.delivery.c.post_id.in_(post_ids))
            .order_by(t.delivery.c.id)
        )
        rows = result.all()
        stories = {slug: await self._load_story(slug) for slug in {row.slug for row in rows}}
        reminders: dict[int, list[Reminder]] = {}
        for row in rows:
            story = stories[row.slug]
            event = next(candidate for candidate in story.expected_events if candidate.id == row.id)
            reminders.setdefault(row.post_id, []).append(Reminder(story, event, date.fromisoformat(row.expected_on)))
        return reminders

    async def _load_story(self, slug: str, development_ids: Collection[int] = ()) -> Story:
        return await self._tx.stories.get(slug, newest_count=_RECENT_DEVELOPMENTS, extra_ids=development_ids)


async def load_feed_notices(
    tx: Transaction, column: ColumnElement[int], values: Collection[int]
) -> dict[int, list[FeedNotice]]:
    """Return the news of followed feeds whose delivery has one of these values in a column, by that value."""
    reports: dict[int, list[FeedReport]] = {}
    rows_by_cluster: dict[int, Row[Any]] = {}
    result = await tx.connection.execute(
        select(t.cluster_article, t.story.c.slug, t.story_title.label("headline"), column.label("value"))
        .join(t.cluster, t.cluster.c.id == t.cluster_article.c.cluster_id)
        .join(t.delivery, t.delivery.c.cluster_id == t.cluster.c.id)
        .outerjoin(t.story, t.story.c.id == t.cluster.c.story_id)
        .where(column.in_(values))
        .order_by(t.delivery.c.id, t.cluster_article.c.id)
    )
    for row in result:
        article = Article(row.key, row.title, row.published, url=row.url, publisher=row.publisher)
        reports.setdefault(row.cluster_id, []).append(FeedReport(article, bool(row.dated)))
        rows_by_cluster.setdefault(row.cluster_id, row)
    notices: dict[int, list[FeedNotice]] = {}
    for cluster_id, row in rows_by_cluster.items():
        notice = FeedNotice(tuple(reports[cluster_id]), row.slug or "", row.headline or "")
        notices.setdefault(row.value, []).append(notice)
    return notices


def _to_post(
    row: Row[Any],
    items: list[PostItem],
    feed_notices: list[FeedNotice],
    reminders: list[Reminder],
    story: Story | None,
) -> Post:
    is_sent = row.state in DELIVERED_STATES
    return Post(
        id=row.id,
        key=row.key,
        destination=Destination(DestinationKind(row.place), row.discord_id, row.guild_id),
        items=tuple(items),
        role_ids=tuple(int(role) for role in row.roles.split()),
        attempts=row.attempts,
        in_doubt=bool(row.in_doubt),
        created_at=row.created_at,
        message_id=row.message_id if is_sent else None,
        content_version=row.wanted,
        post_type=PostType(row.form),
        action=_find_action(row, is_sent=is_sent),
        silent=bool(row.silent),
        story=story,
        # A thread that is not open yet has a negative id in the store.
        thread_id=row.thread_id if (row.thread_id or 0) > 0 else row.opened_thread if story is None else None,
        search_after=row.search_after,
        refused_at=row.refused_at,
        feed_notices=tuple(feed_notices),
        reminders=tuple(reminders),
        expires_at=row.expires_at,
        leased_by=row.leased_by or 0,
    )


def _find_action(row: Row[Any], *, is_sent: bool) -> PostAction:
    if not is_sent:
        return PostAction.SEND
    return PostAction.EDIT if row.shown < row.wanted else PostAction.PUBLISH


def _post_query() -> Select[Any]:
    thread = t.destination.alias("thread")
    columns = (t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id, t.story.c.slug)
    return (
        select(t.post, *columns, thread.c.discord_id.label("thread_id"))
        .join(t.destination, t.destination.c.id == t.post.c.destination_id)
        .outerjoin(t.story, t.story.c.id == t.post.c.story_id)
        .outerjoin(thread, thread.c.card_id == t.post.c.id)
    )
