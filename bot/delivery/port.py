"""What delivery asks of whatever it delivers to, and how that says no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bot.model.follow import Destination
from bot.model.post import Post


class Publisher(Protocol):
    """Sends and edits posts. Raises the errors below, and nothing else for what Discord does."""

    async def find(self, post: Post) -> int | None:
        """The id of the message that already carries this post's key, looked for in the destination's history.

        Raises CannotLook when the history may not be read.
        """
        ...

    async def send(self, post: Post) -> int:
        """Send the post with its nonce, and give the message's id."""
        ...

    async def edit(self, post: Post) -> None:
        """Bring the post's message up to date. Raises MessageGone when there is none any more."""
        ...

    async def warn(self, destination: Destination, makers: Iterable[int], reason: str) -> None:
        """Tell those who made the follows, and the server's owner, that nothing can arrive; where that is possible."""
        ...


class DeliveryError(Exception):
    """The root; ``reason`` is in words for whoever made the follow."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(DeliveryError):
    """One post can never arrive; others can."""


class Blocked(DeliveryError):
    """Nothing can arrive in this destination until somebody mends it; the reason says how."""


class Gone(DeliveryError):
    """The destination does not exist any more."""


class MessageGone(DeliveryError):
    """The message was deleted."""


class CannotLook(DeliveryError):
    """The destination's history may not be read."""


class TryAgain(DeliveryError):
    """Not this time. ``in_doubt`` says that Discord may have taken it; ``after`` is a wait in seconds it asked for."""

    def __init__(self, reason: str, *, in_doubt: bool, after: float = 0.0) -> None:
        super().__init__(reason)
        self.in_doubt = in_doubt
        self.after = after
