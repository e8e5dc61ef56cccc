"""Explain what became of each development of a story, or article of a feed, in one destination, and which rule decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from bot.model.delivery_report import ArticleDeliveryReport, DeliveryReason, DeliveryReport
from bot.model.post import DELIVERED_STATES, PostState
from bot.model.story import Development, Story
from bot.store import tables as t
from bot.store.followed_articles import FollowedArticle
from bot.store.follows import find_target_keys, get_mention_key, settings_from_row
from bot.store.subject import StoreSubject


class DeliveryReports(StoreSubject):
    """Reports about the deliveries of a story or of a followed feed."""

    async def build(self, story: Story, discord_id: int) -> tuple[DeliveryReport, ...]:
        """Return what became of each development of a story in one destination, oldest first, and which rule decided."""
        posts = await self._find_posts(story, discord_id)
        mentions = {get_mention_key(each): each for each in await self._tx.mentions.list_of_story(story.slug)}
        follows = await self._find_follows(story, discord_id, mentions)
        reports: list[DeliveryReport] = []
        for development in story.developments:
            row = posts.get(development.id)
            matching_follows = [
                follow
                for follow in follows
                if follow.target_key not in mentions or mentions[follow.target_key].covers(development.id)
            ]
            stored_names = row.mentions if row is not None and row.mentions else ""
            report = _build_report(story, development, row, matching_follows)
            companies = await self._tx.mentions.get_current(story.slug, development.id, stored_names)
            reports.append(replace(report, mentioned_companies=companies))
        return tuple(reports)

    async def build_for_feed(self, follow_id: int, limit: int) -> tuple[ArticleDeliveryReport, ...]:
        """Return what became of the newest articles of a followed feed in its destination, newest first."""
        is_follow = t.follow.c.id == follow_id
        follow = (await self._connection.execute(select(t.follow).where(is_follow))).one()
        articles = await self._tx.followed_articles.list_newest(follow.feed_id, limit)
        rows = await self._find_article_posts(follow.destination_id, [each.report.article.id for each in articles])
        return tuple(_build_article_report(each, rows.get(each.report.article.id), follow) for each in articles)

    async def _find_article_posts(self, destination_id: int, keys: Sequence[str]) -> dict[str, Any]:
        """Return by article what is known of it in the destination."""
        posted_in, first = t.destination.alias("posted_in"), t.cluster_article.alias("first")
        is_first = first.c.cluster_id == t.cluster_article.c.cluster_id
        first_key = select(first.c.key).where(is_first).order_by(first.c.id).limit(1).scalar_subquery()
        rows = await self._connection.execute(
            select(
                t.cluster_article.c.key,
                first_key.label("first_key"),
                t.delivery.c.gather_at,
                t.delivery.c.reason.label("digest_reason"),
                posted_in.c.discord_id.label("channel_id"),
                *(t.post.c[column] for column in ("state", "message_id", "sent_at", "due_at", "reason")),
            )
            .join(t.cluster, t.cluster.c.id == t.cluster_article.c.cluster_id)
            .join(t.delivery, t.delivery.c.cluster_id == t.cluster.c.id)
            .outerjoin(t.post, t.post.c.id == t.delivery.c.post_id)
            .outerjoin(posted_in, posted_in.c.id == t.post.c.destination_id)
            .where(t.cluster.c.destination_id == destination_id, t.cluster_article.c.key.in_(keys))
        )
        return {row.key: row for row in rows}

    async def _find_posts(self, story: Story, discord_id: int) -> dict[int, Any]:
        """Return by development id what is known of it in the destination: a channel, or a story's own thread."""
        destination_ids = select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)
        posted_in = t.destination.alias("posted_in")
        rows = await self._connection.execute(
            select(
                t.development.c.id.label("development_id"),
                t.development.c.created_at.label("arrived_at"),
                t.development.c.announced,
                t.delivery.c.gather_at,
                t.delivery.c.mentions,
                t.delivery.c.reason.label("digest_reason"),
                posted_in.c.discord_id.label("channel_id"),
                *(t.post.c[column] for column in ("state", "message_id", "sent_at", "due_at", "reason")),
            )
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .outerjoin(t.delivery, (t.delivery.c.development_id == t.development.c.id) & _arrives_in(destination_ids))
            .outerjoin(t.post, t.post.c.id == t.delivery.c.post_id)
            .outerjoin(posted_in, posted_in.c.id == t.post.c.destination_id)
            .where(t.story.c.slug == story.slug)
        )
        return {row.development_id: row for row in rows}

    async def _find_follows(self, story: Story, discord_id: int, mention_keys: Collection[str]) -> list[Any]:
        keys = [*await find_target_keys(self._connection, story), *mention_keys]
        rows = await self._connection.execute(
            select(t.follow)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            .where(t.destination.c.discord_id == discord_id, t.follow.c.target_key.in_(keys))
            .order_by(t.follow.c.created_at)
        )
        return list(rows)


def _arrives_in(destination_ids: Select[Any]) -> Any:
    post_ids = select(t.post.c.id).where(t.post.c.destination_id.in_(destination_ids))
    return or_(t.delivery.c.destination_id.in_(destination_ids), t.delivery.c.post_id.in_(post_ids))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a delivery."""

    code: DeliveryReason
    message_id: int | None = None
    at: datetime | None = None
    detail: str = ""
    channel_id: int | None = None


def _find_outcome(row: Any) -> _Outcome | None:
    """Return what became of the delivery in a row with its post; None if there is no delivery."""
    if row is None:
        return None
    if row.state in DELIVERED_STATES:
        return _Outcome(DeliveryReason.POSTED, row.message_id, row.sent_at, channel_id=row.channel_id)
    if row.state == PostState.FAILED.value:
        return _Outcome(DeliveryReason.FAILED, at=row.sent_at, detail=row.reason)
    if row.state == PostState.SET_ASIDE.value:
        return _Outcome(DeliveryReason.SET_ASIDE, at=row.sent_at, detail=row.reason)
    if row.state is not None:
        return _Outcome(DeliveryReason.WAITING, at=row.due_at, detail=row.reason)
    if row.gather_at is not None:
        return _Outcome(DeliveryReason.WAITING_FOR_DIGEST, at=row.gather_at)
    return _Outcome(DeliveryReason.FAILED, detail=row.digest_reason) if row.digest_reason else None


def _build_article_report(article: FollowedArticle, row: Any, follow: Any) -> ArticleDeliveryReport:
    outcome = _find_outcome(row) or _explain_unposted_article(article, follow)
    return ArticleDeliveryReport(
        article.report,
        outcome.code,
        outcome.message_id,
        outcome.at,
        outcome.detail,
        outcome.channel_id,
        is_re_report=row is not None and row.key != row.first_key,
    )


def _explain_unposted_article(article: FollowedArticle, follow: Any) -> _Outcome:
    if article.id <= follow.known_article:
        return _Outcome(DeliveryReason.BEFORE_FOLLOW)
    if article.is_pending:
        return _Outcome(DeliveryReason.WAITING)
    if not article.attempts:
        return _Outcome(DeliveryReason.NO_NEWS)
    exclusion = settings_from_row(follow).explain_article_exclusion(article.report.article)
    if exclusion:
        return _Outcome(DeliveryReason.FILTERED_OUT, detail=exclusion)
    return _Outcome(DeliveryReason.FOLLOW_INACTIVE, detail=follow.reason)


def _build_report(story: Story, development: Development, row: Any, follows: Sequence[Any]) -> DeliveryReport:
    outcome = _find_outcome(row)
    if outcome is not None:
        return DeliveryReport(
            development, outcome.code, outcome.message_id, outcome.at, outcome.detail, outcome.channel_id
        )
    return DeliveryReport(development, *_explain_undelivered(story, development, row, follows))


def _explain_undelivered(
    story: Story, development: Development, row: Any, follows: Sequence[Any]
) -> tuple[DeliveryReason, int, datetime | None, str]:
    created_at = row.arrived_at if row is not None else None
    if not follows:
        return DeliveryReason.NO_FOLLOW, 0, created_at, ""
    if created_at is not None and created_at < follows[0].created_at:
        return DeliveryReason.BEFORE_FOLLOW, 0, created_at, ""
    if row is not None and not row.announced:
        return DeliveryReason.NOT_ANNOUNCED, 0, created_at, ""
    refusals = [settings_from_row(follow).explain_exclusion(story, development) for follow in follows]
    if all(refusals):
        return DeliveryReason.FILTERED_OUT, 0, created_at, refusals[0]
    return (
        DeliveryReason.FOLLOW_INACTIVE,
        0,
        created_at,
        next((follow.reason for follow in follows if follow.reason), ""),
    )
