"""The port through which posts are delivered, and the errors by which it refuses them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Protocol

from bot.model.follow import Destination
from bot.model.post import Post, SentMessage

#: True while a post is delivered. The rate limiter lets the requests of answers go before those of posts.
IN_DELIVERY: ContextVar[bool] = ContextVar("dealwire_in_delivery", default=False)


async def _pass() -> None:
    """Check nothing."""


#: Is called right before each request of a delivery leaves, after all waits. It raises LeaseLost if another bot has the post now.
CHECK_LEASE: ContextVar[Callable[[], Awaitable[None]]] = ContextVar("dealwire_check_lease", default=_pass)


class Publisher(Protocol):
    """Sends and edits posts on a platform. Raises the errors below for whatever goes wrong on the platform, and no others."""

    def newest_id(self, destination: Destination) -> int | None:
        """Return the newest message id that is known in this destination or anywhere; None if none is known."""
        ...

    async def find(self, post: Post) -> SentMessage | None:
        """Return the message that carries this post's key, searched from ``post.search_after`` on; None if there is none.

        In a forum, where a post opens a thread, search its threads. Raises CannotSearch if the history may not be read, or if
        too much has been posted since.
        """
        ...

    async def send(self, post: Post) -> SentMessage:
        """Send the post with its nonce, and return the message. In a forum a card opens its thread, and there is no nonce.

        Raises MessageGone if the post arrived by an earlier attempt, and was deleted since.
        """
        ...

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Open the thread under a card's message, and return its id. Repeated, it returns the same thread.

        Raises MessageGone if the message was deleted.
        """
        ...

    async def edit(self, post: Post) -> None:
        """Bring the post's message up to date.

        Raises MessageGone if it was deleted, or if it was a forum's card and its thread is gone. A card in a channel that has
        lost its thread is no error.
        """
        ...

    async def publish(self, post: Post) -> None:
        """Publish the message to all channels that follow the announcement channel. Repeated, it changes nothing."""
        ...

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Tell the makers of the follows, and the server's owner, that nothing can arrive. Skip those who cannot be told."""
        ...


class DeliveryError(Exception):
    """The root of delivery's errors.

    ``reason`` tells those who made the follow what is wrong. It is one of our messages in English, and is translated when
    it is shown. ``in_doubt`` means that the message may have arrived anyway.
    """

    def __init__(self, reason: str, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.in_doubt = in_doubt


class Undeliverable(DeliveryError):
    """One post can never arrive; other posts to the same destination can."""


class DestinationBlocked(DeliveryError):
    """Nothing can arrive in this destination until somebody changes something there; the reason says what."""


class ThreadLocked(DestinationBlocked):
    """A thread is locked. If it is the thread of a card, other posts of its channel or forum can still arrive."""


class DestinationGone(DeliveryError):
    """The destination does not exist any more."""


class MessageGone(DeliveryError):
    """The message was deleted."""


class CannotSearch(DeliveryError):
    """The destination's history may not be read, or not far enough back."""


class TryAgain(DeliveryError):
    """The post may arrive later. ``retry_after`` is the wait that Discord asked for, in seconds."""

    def __init__(self, reason: str, *, in_doubt: bool, retry_after: float = 0.0) -> None:
        super().__init__(reason, in_doubt=in_doubt)
        self.retry_after = retry_after


class UnexplainedRefusal(TryAgain):
    """Discord gave no known reason: the answer was not Discord's own, had an unlisted code, or did not come.

    A post that is refused like this for hours, while others arrive, is set aside.
    """
