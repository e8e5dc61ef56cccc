"""Why a development was posted to a channel, or was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.story import Development


class Rule(StrEnum):
    """What decided, in the words that are shown."""

    POSTED = "posted"
    WAITING = "on its way"
    FAILED = "could not be delivered"
    NO_FOLLOW = "nothing here follows the story"
    BEFORE_FOLLOW = "it was known before the follow was made"
    SILENT = "it came in silently, by an import that announced nothing"
    STOPPED = "the follow had stopped"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one development in one destination, and the rule that decided.

    ``message_id`` is 0 unless it was posted; ``reason`` adds what is known beyond the rule.
    """

    development: Development
    rule: Rule
    message_id: int = 0
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How a destination fares: why nothing can arrive (empty while it can), and its posts in figures.

    ``unsettled`` counts posts that were sent again although the channel's history could not be read.
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
