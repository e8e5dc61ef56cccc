"""Why a development was posted to a channel, or was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.story import Development


class DeliveryReason(StrEnum):
    """What decided."""

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


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of one development in one destination, and the rule that decided.

    ``message_id`` is 0 unless it was posted; then ``channel_id`` is the channel or thread that has the message.
    ``reason`` adds what is known beyond the rule: as the store keeps it, or, for what was left out, as the terms say it now.
    """

    development: Development
    reason_code: DeliveryReason
    message_id: int = 0
    at: datetime | None = None
    detail: str = ""
    channel_id: int = 0


@dataclass(frozen=True, slots=True)
class DestinationHealth:
    """How a destination fares: why nothing can arrive (empty while it can), and its posts in figures.

    ``unsettled`` counts posts that were sent again although the channel's history could not be read. The threads that
    stories have in a channel are counted in; ``blocked_thread_count`` says how many of them take no posts, ``shut`` why, ``blocked_thread_id`` is one
    of them.
    ``gathered`` developments wait for the digest that is made at ``digest_at``. ``published`` posts of an announcement
    channel were published; ``set_aside`` ones wait for the desk's decision; of ``unpublished`` that was refused, for the reason given.
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
    blocked_thread_id: int = 0
    set_aside_count: int = 0
