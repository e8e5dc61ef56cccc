"""What is owed to a destination, and the message that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.follow import Destination
from bot.model.story import Development, Story


class PostState(StrEnum):
    """Where a post is on its way."""

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Post:
    """One message on its way: what it carries and how often it was tried.

    Attributes:
        key: random, made with the post and never changed; the message carries it in a button, and the
            nonce is made of it, so a message that may have been sent can be found again.
        in_doubt: an earlier try may have reached Discord.
        role_ids: the roles that its follows ping.
    """

    number: int
    key: str
    destination: Destination
    story: Story
    developments: tuple[Development, ...]
    role_ids: tuple[int, ...]
    attempts: int
    in_doubt: bool
    created_at: datetime

    @property
    def nonce(self) -> str:
        """What Discord tells repetitions by: at most 25 characters, the same for every try."""
        return f"dw-{self.key}"
