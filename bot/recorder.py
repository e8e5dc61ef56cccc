"""The port through which the bot's parts report what they have done, to be counted."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from enum import StrEnum

from bot.model.tracking import Decision


class DeliveryOutcome(StrEnum):
    """What became of an attempt to deliver a post."""

    SENT = "sent"
    FOUND = "found"
    EDITED = "edited"
    PUBLISHED = "published"
    UNSEARCHABLE = "unsearchable"
    RETRIED = "retried"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"
    SET_ASIDE = "set_aside"


class AnswerWay(StrEnum):
    """How somebody asked the bot for something."""

    TYPED = "typed"
    MENTION = "mention"
    DM = "dm"
    SLASH = "slash"
    AUTOCOMPLETE = "autocomplete"
    BUTTON = "button"
    FORM = "form"


class Recorder:
    """Takes reports of what has happened. This one forgets them; the one of the HTTP port counts them."""

    def record_deliveries(self, outcome: DeliveryOutcome, count: int) -> None:
        """Record what became of an attempt at a post that carries this many deliveries."""

    def record_decision(self, decision: Decision) -> None:
        """Record what the tracker decided about an article that has been filed."""

    def record_request(self, method: str, path: str, status: int | None, rate_limit_scope: str = "") -> None:
        """Record a request to Discord with the status of its response; None if there was no response.

        ``rate_limit_scope`` is Discord's ``X-RateLimit-Scope`` of a 429.
        """

    def record_latency(self, shard_id: int, seconds: float) -> None:
        """Record how long Discord's gateway took to acknowledge a heartbeat."""

    def time_answer(self, way: AnswerWay) -> AbstractContextManager[None]:
        """Measure how long the work within this context takes."""
        return contextlib.nullcontext()
