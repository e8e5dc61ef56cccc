"""What delivery asks of whatever it delivers to, and how that says no."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Protocol

from bot.model.follow import Destination
from bot.model.post import Post, SentMessage

#: True while a post is delivered. The rate limiter lets the requests of answers go before those of posts.
IN_DELIVERY: ContextVar[bool] = ContextVar("dealwire_in_delivery", default=False)


class Publisher(Protocol):
    """Sends and edits posts. Raises the errors below, and nothing else for what Discord does."""

    def newest_id(self, destination: Destination) -> int:
        """Return the newest id of Discord's that is known, in this destination or anywhere; 0 if none is."""
        ...

    async def find(self, post: Post) -> SentMessage | None:
        """The message that already carries this post's key, looked for in the destination's history back to ``record_search_start``.

        In a forum, where a post makes a thread, its threads are looked through. Raises CannotLook when that is not allowed,
        or when too much has been posted since.
        """
        ...

    async def send(self, post: Post) -> SentMessage:
        """Send the post with its nonce. In a forum a card opens its thread with it, and there is no nonce.

        Raises MessageGone when it arrived by an earlier try, and was deleted since.
        """
        ...

    async def open_thread(self, post: Post, message_id: int) -> int:
        """The id of the thread that this card's message opens; repeated, it is the same thread.

        Raises MessageGone when the message was deleted.
        """
        ...

    async def edit(self, post: Post) -> None:
        """Bring the post's message up to date. Raises MessageGone when there is none any more, also when it was a forum's card
        and its thread is gone; a thread that a card in a channel has lost is no error.
        """
        ...

    async def publish(self, post: Post) -> None:
        """Have Discord copy the message to all that follow the announcement channel; repeated, it changes nothing."""
        ...

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Tell those who made the follows, and the server's owner, that nothing can arrive; where that is possible."""
        ...


class DeliveryError(Exception):
    """The root; ``reason`` is in words for whoever made the follow, in English, for it is kept: one of our messages, so that it
    can be said in theirs. ``in_doubt`` says that a message may stand.
    """

    def __init__(self, reason: str, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.in_doubt = in_doubt


class Undeliverable(DeliveryError):
    """One post can never arrive; others can."""


class DestinationBlocked(DeliveryError):
    """Nothing can arrive in this destination until somebody mends it; the reason says how."""


class ThreadLocked(DestinationBlocked):
    """A thread is locked. A card whose thread it is keeps nothing else of its channel or forum from arriving."""


class DestinationGone(DeliveryError):
    """The destination does not exist any more."""


class MessageGone(DeliveryError):
    """The message was deleted."""


class CannotSearch(DeliveryError):
    """The destination's history may not be read, or not far enough back."""


class TryAgain(DeliveryError):
    """Not this time. ``after`` is a wait in seconds that Discord asked for."""

    def __init__(self, reason: str, *, in_doubt: bool, retry_after: float = 0.0) -> None:
        super().__init__(reason, in_doubt=in_doubt)
        self.retry_after = retry_after


class UnexplainedRefusal(TryAgain):
    """Discord gave no reason that the bot knows: the answer was not Discord's own, had an unlisted code, or did not come.

    A post that is answered so for hours, while others arrive, is set aside.
    """
