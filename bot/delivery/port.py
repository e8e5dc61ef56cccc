"""What delivery asks of whatever it delivers to."""

from __future__ import annotations

from typing import Protocol

from bot.model.post import Post


class Publisher(Protocol):
    """Sends posts. Raises Undeliverable or TryAgain, and nothing else for what Discord does."""

    async def find(self, post: Post) -> int | None:
        """The id of the message that already carries this post's key, looked for in the destination's history."""
        ...

    async def send(self, post: Post) -> int:
        """Send the post with its nonce, and give the message's id."""
        ...


class Undeliverable(Exception):
    """The post can never arrive as things are: ``reason`` says why, in words for whoever made the follow.

    ``here`` says that nothing can arrive in this destination, not only this post.
    """

    def __init__(self, reason: str, *, here: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.here = here


class TryAgain(Exception):
    """Not this time. ``in_doubt`` says that Discord may have taken it; ``after`` is a wait in seconds it asked for."""

    def __init__(self, reason: str, *, in_doubt: bool, after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.in_doubt = in_doubt
        self.after = after
