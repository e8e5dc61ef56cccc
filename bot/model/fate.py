"""Why a development was posted to a channel, or was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.story import Development


class Rule(StrEnum):
    """What decided."""

    POSTED = "posted"
    WAITING = "waiting"
    FAILED = "failed"
    SET_ASIDE = "set aside"
    NO_FOLLOW = "no follow"
    BEFORE_FOLLOW = "before the follow"
    SILENT = "silent"
    STOPPED = "stopped"
    DIGEST = "digest"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one development in one destination, and the rule that decided.

    ``message_id`` is 0 unless it was posted; then ``channel_id`` is the channel or thread that has the message.
    ``reason`` adds what is known beyond the rule: as the store keeps it, or, for what was left out, as the terms say it now.
    """

    development: Development
    rule: Rule
    message_id: int = 0
    at: datetime | None = None
    reason: str = ""
    channel_id: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """How a destination fares: why nothing can arrive (empty while it can), and its posts in figures.

    ``unsettled`` counts posts that were sent again although the channel's history could not be read. The threads that
    stories have in a channel are counted in; ``shut_threads`` says how many of them take no posts, ``shut`` why, ``shut_thread`` is one
    of them.
    ``gathered`` developments wait for the digest that is made at ``digest_at``. ``published`` posts of an announcement
    channel were published; ``set_aside`` ones wait for the desk's decision; of ``unpublished`` that was refused, for the reason given.
    """

    blocked: str = ""
    retry_at: datetime | None = None
    waiting: int = 0
    oldest: datetime | None = None
    sent: int = 0
    last_sent: datetime | None = None
    failed: int = 0
    last_failure: str = ""
    unsettled: int = 0
    gathered: int = 0
    digest_at: datetime | None = None
    shut_threads: int = 0
    shut: str = ""
    published: int = 0
    unpublished: int = 0
    not_published: str = ""
    shut_thread: int = 0
    set_aside: int = 0
