"""Failed work of the newsroom: when it is tried again, and when it is set aside for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.article import Article

#: The waits between the attempts. If the attempt after the last wait fails too, the work is set aside.
RETRY_DELAYS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
#: How many attempts are made before work is set aside.
MAX_ATTEMPTS = len(RETRY_DELAYS) + 1


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that cannot be processed or, with a ``review_id``, a review that cannot be shown in the desk's channel.

    Attributes:
        review_id: the id of the review; None if the article itself fails.
        attempts: how many attempts have begun, including one that ended the process.
        reason: why the last attempt failed; empty if no attempt has ended with an error.
        set_aside_at: None while it is still tried without the desk.
        message_id: the message in the desk's channel that shows it; None while there is none.
    """

    id: int
    article: Article
    review_id: int | None
    attempts: int
    reason: str = ""
    set_aside_at: datetime | None = None
    channel_id: int | None = None
    message_id: int | None = None


def get_retry_delay(attempts: int) -> timedelta | None:
    """Return how long to wait after a number of attempts; None if the work is to be set aside."""
    return RETRY_DELAYS[attempts - 1] if attempts < MAX_ATTEMPTS else None
