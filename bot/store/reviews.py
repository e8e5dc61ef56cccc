"""The review queue: what waits for the desk's decision, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, insert, select, update

from bot.errors import NotFound
from bot.model.article import Article
from bot.model.expected_event import ExpectedDate
from bot.model.figures import format_amount
from bot.model.proposals import ExpectedKind, ExpectedProposal, TermProposal
from bot.model.review import FeedReviewStats, Fit, Recommendation, Review, ReviewState
from bot.model.terms import TermName
from bot.model.tracking import Decision, TextSpan
from bot.model.vocabulary import Bound, Claim, Stage
from bot.store import tables as t
from bot.store.engines.json_values import get_json_field, get_json_length, is_json_field_missing
from bot.store.failures import WorkKind, waits_for_retry
from bot.store.subject import StoreSubject

#: Among how many reviews, the newest, those are found that are related to the newsroom.
_CONSIDERED_LIMIT = 500


class Reviews(StoreSubject):
    """The review queue in one transaction."""

    async def add(
        self,
        article_id: int,
        event: str,
        recommendation: Recommendation,
        now: datetime,
        *,
        state: ReviewState = ReviewState.WAITING,
        decided_by: str = "",
        slug: str = "",
        key: str = "",
    ) -> int:
        """Put an article into the queue by its row id, or record what became of it without a review.

        Return the review's id.
        """
        decision = {} if state is ReviewState.WAITING else {"decided_at": now, "decided_by": decided_by}
        values = {
            "article_id": article_id,
            "event": event,
            "suggestion": recommendation_to_json(recommendation),
            "created_at": now,
        }
        outcome = {"state": state.value, "slug": slug, "development_key": key}
        statement = insert(t.review).values(**values, **outcome, **decision).returning(t.review.c.id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def attach_article(self, review_id: int, article_id: int) -> None:
        """Attach another article with the same news to a review, and request an update of the desk's message."""
        await self._connection.execute(insert(t.retelling).values(review_id=review_id, article_id=article_id))
        await self.request_update(review_id)

    async def get(self, review_id: int) -> Review:
        """Return the review with this id. Raises NotFound."""
        review = await self.find(review_id)
        if review is None:
            raise NotFound("article in the queue", str(review_id))
        return review

    async def find(self, review_id: int) -> Review | None:
        """Return the review with this id, or None."""
        return await self._find_one(t.review.c.id == review_id)

    async def list_by_event(self, event: str, limit: int = 20) -> tuple[Review, ...]:
        """Return the reviews of an event, newest first."""
        query = _select_reviews().where(t.review.c.event == event).order_by(t.review.c.id.desc()).limit(limit)
        return await self._to_reviews((await self._connection.execute(query)).all())

    async def find_by_article(self, article_id: str) -> Review | None:
        """Return the review of the article with this id, or the review that it was attached to."""
        article_row_id = select(t.article.c.id).where(t.article.c.key == article_id).scalar_subquery()
        review_ids = select(t.retelling.c.review_id).where(t.retelling.c.article_id == article_row_id)
        return await self._find_one((t.review.c.article_id == article_row_id) | t.review.c.id.in_(review_ids))

    async def list_waiting(self, offset: int = 0, limit: int = 10) -> tuple[Review, ...]:
        """Return the reviews that wait for a decision, oldest first."""
        return await self._find_many(t.review.c.state == ReviewState.WAITING.value, offset, limit)

    async def count_waiting(self) -> int:
        """Count the reviews that wait for a decision."""
        is_waiting = t.review.c.state == ReviewState.WAITING.value
        return (
            await self._connection.execute(select(func.count()).select_from(t.review).where(is_waiting))
        ).scalar_one()

    async def decide(
        self,
        review_id: int,
        state: ReviewState,
        now: datetime,
        *,
        decided_by: str,
        slug: str = "",
        key: str = "",
        is_accepted: bool,
    ) -> bool:
        """Record a decision. Return False, and change nothing, if somebody else has decided."""
        values = {"state": state.value, "slug": slug, "development_key": key, "taken": int(is_accepted)}
        is_waiting = (t.review.c.id == review_id) & (t.review.c.state == ReviewState.WAITING.value)
        statement = update(t.review).where(is_waiting).values(**values, decided_at=now, decided_by=decided_by)
        return (await self._connection.execute(statement.values(wanted=t.review.c.wanted + 1))).rowcount == 1

    async def reopen(self, review_id: int) -> bool:
        """Undo a decision. Return False if there is none.

        If nobody was asked, undoing it is the desk's first decision: that it did not accept the recommendation.
        """
        is_decided = (t.review.c.id == review_id) & (t.review.c.state != ReviewState.WAITING.value)
        taken = case((t.review.c.taken.is_(None), 0))
        values = {"state": ReviewState.WAITING.value, "slug": "", "development_key": "", "taken": taken}
        statement = update(t.review).where(is_decided).values(**values, decided_at=None, decided_by="")
        return (await self._connection.execute(statement.values(wanted=t.review.c.wanted + 1))).rowcount == 1

    async def get_feed_records(self) -> dict[int, FeedReviewStats]:
        """Return by feed id how the desk has decided about the feed's articles."""
        is_decided = t.review.c.taken.is_not(None) & t.article.c.feed_id.is_not(None)
        query = (
            select(t.article.c.feed_id, func.count(), func.sum(t.review.c.taken))
            .join(t.article, t.article.c.id == t.review.c.article_id)
            .where(is_decided)
            .group_by(t.article.c.feed_id)
        )
        return {row[0]: FeedReviewStats(row[1], row[2]) for row in await self._connection.execute(query)}

    async def count_shown(self, *, only_unrelated: bool = False) -> int:
        """Count the waiting reviews that have a message in the desk's channel, or those of them that are not related to it."""
        is_shown = (t.review.c.state == ReviewState.WAITING.value) & (t.review.c.message_id != 0)
        condition = is_shown & ~_is_related() if only_unrelated else is_shown
        return (
            await self._connection.execute(select(func.count()).select_from(t.review).where(condition))
        ).scalar_one()

    async def list_to_show(self, limit: int, now: datetime, excluded_ids: Collection[int] = ()) -> tuple[int, ...]:
        """Return the ids of waiting reviews without a message in the desk's channel, oldest first.

        Reviews in ``excluded_ids`` are left out, and so are those that failed and wait for their next attempt.
        """
        return await self._list_due_ids(_is_unshown(), limit, now, excluded_ids)

    async def list_related_to_show(
        self, limit: int, now: datetime, excluded_ids: Collection[int] = ()
    ) -> tuple[int, ...]:
        """Return, like :meth:`list_to_show`, the ids of reviews that are related to the newsroom.

        They name a known company, repeat a development or fit a story. Only the newest reviews are considered, so that this
        is fast however many wait.
        """
        newest_ids = select(t.review.c.id).where(_is_unshown()).order_by(t.review.c.id.desc()).limit(_CONSIDERED_LIMIT)
        return await self._list_due_ids(t.review.c.id.in_(newest_ids) & _is_related(), limit, now, excluded_ids)

    async def list_to_announce(self, limit: int, now: datetime, excluded_ids: Collection[int] = ()) -> tuple[int, ...]:
        """Return, like :meth:`list_to_show`, the ids of reviews that were published automatically."""
        is_automatic = (t.review.c.state == ReviewState.PUBLISHED.value) & t.review.c.taken.is_(None)
        return await self._list_due_ids(is_automatic & (t.review.c.message_id == 0), limit, now, excluded_ids)

    async def list_to_update(self, limit: int, now: datetime, excluded_ids: Collection[int] = ()) -> tuple[int, ...]:
        """Return, like :meth:`list_to_show`, the ids of reviews that have changed since their messages were written."""
        condition = (t.review.c.message_id != 0) & (t.review.c.shown < t.review.c.wanted)
        return await self._list_due_ids(condition, limit, now, excluded_ids)

    async def begin_showing(self, review_id: int, newest_discord_id: int | None) -> None:
        """Record that a message is being sent.

        Until :meth:`mark_shown` it is in doubt, and searched for back to this Discord id.
        """
        is_first = (t.review.c.id == review_id) & (t.review.c.in_doubt == 0)
        await self._connection.execute(
            update(t.review).where(is_first).values(in_doubt=1, search_after=newest_discord_id)
        )

    async def mark_shown(self, review: Review, channel_id: int | None, message_id: int | None) -> None:
        """Record that this message shows the review as it was read.

        A message id of 0 says that the message was deleted on purpose.
        """
        values = {"channel_id": channel_id, "message_id": message_id, "shown": review.content_version, "in_doubt": 0}
        await self._connection.execute(update(t.review).where(t.review.c.id == review.id).values(**values))

    async def _list_due_ids(
        self, condition: ColumnElement[bool], limit: int, now: datetime, excluded_ids: Collection[int]
    ) -> tuple[int, ...]:
        is_available = t.review.c.id.not_in(list(excluded_ids)) & ~waits_for_retry(WorkKind.REVIEW, t.review.c.id, now)
        query = select(t.review.c.id).where(condition, is_available).order_by(t.review.c.id).limit(limit)
        return tuple((await self._connection.execute(query)).scalars())

    async def request_update(self, review_id: int) -> None:
        """Request an update of the message in the desk's channel."""
        statement = update(t.review).where(t.review.c.id == review_id).values(wanted=t.review.c.wanted + 1)
        await self._connection.execute(statement)

    async def _find_one(self, condition: ColumnElement[bool]) -> Review | None:
        row = (
            await self._connection.execute(_select_reviews().where(condition).order_by(t.review.c.id.desc()).limit(1))
        ).first()
        return None if row is None else (await self._to_reviews([row]))[0]

    async def _find_many(self, condition: ColumnElement[bool], offset: int, limit: int) -> tuple[Review, ...]:
        query = _select_reviews().where(condition).order_by(t.review.c.id).offset(offset).limit(limit)
        return await self._to_reviews((await self._connection.execute(query)).all())

    async def _to_reviews(self, rows: Sequence[Row[Any]]) -> tuple[Review, ...]:
        attached_articles: dict[int, list[Article]] = {}
        if rows:
            query = (
                select(t.retelling.c.review_id, t.article)
                .join(t.article, t.article.c.id == t.retelling.c.article_id)
                .where(t.retelling.c.review_id.in_([row.review_id for row in rows]))
                .order_by(t.retelling.c.id)
            )
            for row in await self._connection.execute(query):
                attached_articles.setdefault(row.review_id, []).append(_to_article(row))
        return tuple(_to_review(row, tuple(attached_articles.get(row.review_id, ()))) for row in rows)


def _is_unshown() -> ColumnElement[bool]:
    return (t.review.c.state == ReviewState.WAITING.value) & (t.review.c.message_id == 0)


def _is_related() -> ColumnElement[bool]:
    """Return the condition that an article names a known company, repeats a development or fits a story.

    It also holds for a review of an earlier version, which does not say how well the article fits.
    """
    suggestion = t.review.c.suggestion
    return (
        is_json_field_missing(suggestion, "fit")
        | func.coalesce(get_json_field(suggestion, "fit"), "").in_((Fit.CLEAR.value, Fit.LIKELY.value))
        | (get_json_length(suggestion, "companies") > 0)
        | (get_json_field(suggestion, "story") != "")
    )


def _select_reviews() -> Select[Any]:
    review_columns = [column.label(f"review_{column.name}") for column in t.review.c]
    return (
        select(*review_columns, t.article, t.feed.c.title.label("feed_title"), t.feed.c.url.label("feed_url"))
        .join(t.article, t.article.c.id == t.review.c.article_id)
        .outerjoin(t.feed, t.feed.c.id == t.article.c.feed_id)
    )


def _to_article(row: Row[Any]) -> Article:
    return Article(row.key, row.title, row.published, row.text, row.url, row.publisher)


def _to_review(row: Row[Any], attached_articles: tuple[Article, ...]) -> Review:
    return Review(
        id=row.review_id,
        event=row.review_event,
        article=_to_article(row),
        recommendation=recommendation_from_json(row.review_suggestion),
        state=ReviewState(row.review_state),
        created_at=row.review_created_at,
        feed_id=row.feed_id,
        feed_label=row.feed_title or row.feed_url or "",
        same_news=attached_articles,
        decided_at=row.review_decided_at,
        decided_by=row.review_decided_by,
        slug=row.review_slug,
        development_key=row.review_development_key,
        is_accepted=None if row.review_taken is None else bool(row.review_taken),
        channel_id=row.review_channel_id,
        message_id=row.review_message_id,
        in_doubt=bool(row.review_in_doubt),
        search_after=row.review_search_after,
        content_version=row.review_wanted,
    )


def recommendation_to_json(recommendation: Recommendation) -> str:
    """Encode a recommendation for a column."""
    return json.dumps(
        {
            "verdict": recommendation.decision.value,
            "stories": recommendation.stories,
            "story": recommendation.story,
            "key": recommendation.development_key,
            "claim": recommendation.claim.value,
            "stage": recommendation.stage.value if recommendation.stage else None,
            "words": recommendation.evidence,
            "companies": recommendation.companies,
            "names": recommendation.unknown_names,
            "fit": recommendation.fit.value if recommendation.fit else None,
            "terms": [
                {
                    "name": term.name.value,
                    "amount": format_amount(term.amount),
                    "unit": term.unit,
                    "bound": term.bound.value if term.bound else None,
                    "words": asdict(term.words),
                }
                for term in recommendation.terms
            ],
            "expected": [
                {"kind": event.kind.value, "date": str(event.date), "words": asdict(event.words)}
                for event in recommendation.expected_events
            ],
            "confidence": recommendation.confidence,
            "likelihood": recommendation.repeat_likelihood,
        },
        ensure_ascii=False,
    )


def recommendation_from_json(text: str) -> Recommendation:
    """Decode a recommendation, also one that an earlier version has written."""
    data = json.loads(text)
    return Recommendation(
        decision=Decision(data["verdict"]),
        stories=tuple(data["stories"]),
        story=data["story"],
        development_key=data["key"],
        claim=Claim(data["claim"]),
        stage=Stage(data["stage"]) if data["stage"] else None,
        evidence=tuple(data["words"]),
        companies=tuple(data["companies"]),
        unknown_names=tuple(data["names"]),
        # Those of earlier versions do not say.
        fit=Fit(data["fit"]) if data.get("fit") else None,
        terms=tuple(map(_to_term_proposal, data.get("terms", ()))),
        expected_events=tuple(map(_to_expected_proposal, data.get("expected", ()))),
        confidence=data.get("confidence"),
        repeat_likelihood=data.get("likelihood"),
    )


def _to_term_proposal(data: dict[str, Any]) -> TermProposal:
    bound = Bound(data["bound"]) if data["bound"] else None
    return TermProposal(TermName(data["name"]), Decimal(data["amount"]), data["unit"], bound, TextSpan(**data["words"]))


def _to_expected_proposal(data: dict[str, Any]) -> ExpectedProposal:
    return ExpectedProposal(ExpectedKind(data["kind"]), ExpectedDate.parse(data["date"]), TextSpan(**data["words"]))
