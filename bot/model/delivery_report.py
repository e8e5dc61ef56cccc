"""Why a development was or was not posted to a destination, and how deliveries to a destination do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.post import FeedReport
from bot.model.story import Development


class DeliveryReason(StrEnum):
    """Why a development was or was not posted."""

    POSTED = "posted"
    WAITING = "waiting"
    FAILED = "failed"
    SET_ASIDE = "set aside"
    NO_FOLLOW = "no follow"
    BEFORE_FOLLOW = "before the follow"
    NOT_ANNOUNCED = "silent"
    FOLLOW_INACTIVE = "stopped"
    WAITING_FOR_DIGEST = "digest"
    FILTERED_OUT = "left out"
    #: An article of a feed that is dated long ago, or one of too many that came at once.
    NO_NEWS = "no news"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """The delivery of one development to one destination, and the reason for its state.

    Attributes:
        message_id: the message that has the development; None unless it was posted.
        at: when it was posted, failed or became known, or when it is due, as ``reason_code`` says.
        detail: what is known beyond the reason; empty for nothing.
        channel_id: the channel or thread of the message; None unless it was posted.
        mentioned_companies: the followed companies, if it was posted only because the story mentions them.
    """

    development: Development
    reason_code: DeliveryReason
    message_id: int | None = None
    at: datetime | None = None
    detail: str = ""
    channel_id: int | None = None
    mentioned_companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleDeliveryReport:
    """The delivery of one article of a followed feed to one destination, and the reason for its state.

    The attributes are those of :class:`DeliveryReport`. ``is_re_report`` says that the article is in the post of another one.
    """

    report: FeedReport
    reason_code: DeliveryReason
    message_id: int | None = None
    at: datetime | None = None
    detail: str = ""
    channel_id: int | None = None
    is_re_report: bool = False


@dataclass(frozen=True, slots=True)
class DestinationHealth:
    """The state of a destination. Counts include the posts in the threads that stories have in a channel.

    Attributes:
        block_reason: why nothing can arrive; empty while posts can arrive.
        retry_at: when a blocked destination is tried again.
        waiting_count: posts that are still to be sent; ``oldest_waiting_at`` is the time of the oldest.
        doubtful_count: posts that were sent again although the channel's history could not be searched.
        digest_item_count: developments that wait for the digest of ``digest_at``.
        blocked_thread_count: threads that take no posts, for ``thread_block_reason``; ``blocked_thread_id`` is one of them.
        published_count: posts of an announcement channel that were published.
        unpublished_count: posts whose publishing was refused, the last one for ``publish_failure_reason``.
        set_aside_count: posts that wait for the operator's decision.
    """

    block_reason: str = ""
    retry_at: datetime | None = None
    waiting_count: int = 0
    oldest_waiting_at: datetime | None = None
    sent_count: int = 0
    last_sent_at: datetime | None = None
    failed_count: int = 0
    last_failure_reason: str = ""
    doubtful_count: int = 0
    digest_item_count: int = 0
    digest_at: datetime | None = None
    blocked_thread_count: int = 0
    thread_block_reason: str = ""
    published_count: int = 0
    unpublished_count: int = 0
    publish_failure_reason: str = ""
    blocked_thread_id: int | None = None
    set_aside_count: int = 0
