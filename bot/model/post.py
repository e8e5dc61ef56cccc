"""What is owed to a destination, and the message that carries it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
class Carried:
    """A development that a post carries, with its story as it stands now."""

    story: Story
    development: Development


@dataclass(frozen=True, slots=True)
class Post:
    """One message on its way, or one to be brought up to date: what it carries and how often it was tried.

    Attributes:
        key: random, made with the post and never changed; the message carries it in a button, and the
            nonce is made of it, so a message that may have been sent can be found again.
        carried: at least one development; more than one only where waiting posts were folded.
        in_doubt: an earlier try may have reached Discord.
        role_ids: the roles that its follows ping.
        message_id: the message to bring up to date; 0 for a post that is still to be sent.
        wanted: how often what it carries has been corrected, as of this reading.
    """

    number: int
    key: str
    destination: Destination
    carried: tuple[Carried, ...]
    role_ids: tuple[int, ...]
    attempts: int
    in_doubt: bool
    created_at: datetime
    message_id: int = 0
    wanted: int = 0

    @property
    def nonce(self) -> str:
        """What Discord tells repetitions by: at most 25 characters, the same for every try."""
        return f"dw-{self.key}"

    @property
    def is_correction(self) -> bool:
        """Whether the message stands, and is only to be brought up to date."""
        return bool(self.message_id)


#: A destination with more waiting posts than this, the oldest for longer than that, gets them folded.
FOLD_ABOVE = 5
FOLD_AFTER = timedelta(minutes=1)
#: Characters of headlines that fit one folded message, with room for marks, dates and escapes.
FOLD_CHARACTERS = 1_400
FOLD_MOST = 25


def folded(headlines: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Put waiting posts, each with the headlines it must show, into as few messages as list every headline.

    Given and returned are the numbers of the posts, in order; each inner list becomes one message.
    """
    messages: list[list[int]] = []
    room = 0
    for number, headline in headlines:
        need = len(headline) + 20
        if not messages or need > room or len(messages[-1]) >= FOLD_MOST:
            messages.append([])
            room = FOLD_CHARACTERS
        messages[-1].append(number)
        room -= need
    return messages
