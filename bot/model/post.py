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
    PUBLISHED = "published"
    FAILED = "failed"
    #: Refused for hours without a documented reason while others arrived: the operator decides.
    SET_ASIDE = "set aside"


class PostType(StrEnum):
    """What sort of message a post is."""

    POST = "post"
    DAILY = "daily"
    WEEKLY = "weekly"
    #: A story's card, with the story's thread under it.
    CARD = "card"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that stands in Discord; of a story's card, also the thread that it opens."""

    message_id: int
    thread_id: int = 0


class PostAction(StrEnum):
    """What is to be done about a post."""

    SEND = "send"
    EDIT = "edit"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class PostItem:
    """A development that a post carries, with its story as it stands now."""

    story: Story
    development: Development


@dataclass(frozen=True, slots=True)
class Post:
    """One message on its way, or one that stands and has to be edited or published: what it carries, how often it was tried.

    Attributes:
        key: random, made with the post and never changed; the message carries it in a button, and the
            nonce is made of it, so a message that may have been sent can be found again.
        carried: the developments; none for a story's card, several where posts were folded, and in digests.
        in_doubt: an earlier try may have reached Discord.
        search_after: the newest id of Discord's that was known before the first such try; 0 if none was.
        role_ids: the roles that its follows ping.
        message_id: the message that stands; 0 for a post that is still to be sent.
        wanted: how often what it carries has been corrected, as of this reading.
        silent: it notifies nobody.
        story: of a card, the story.
        thread_id: of a card that stands, the thread that it opens.
        refused_at: since when it is refused without a documented reason.
    """

    id: int
    key: str
    destination: Destination
    items: tuple[PostItem, ...]
    role_ids: tuple[int, ...]
    attempts: int
    in_doubt: bool
    created_at: datetime
    message_id: int = 0
    content_version: int = 0
    post_type: PostType = PostType.POST
    action: PostAction = PostAction.SEND
    silent: bool = False
    story: Story | None = None
    thread_id: int = 0
    search_after: int = 0
    refused_at: datetime | None = None

    @property
    def nonce(self) -> str:
        """What Discord tells repetitions by: at most 25 characters, the same for every try."""
        return f"dw-{self.key}"

    @property
    def is_correction(self) -> bool:
        """Whether the message stands, and is only to be brought up to date."""
        return self.action is PostAction.EDIT


#: A destination with more waiting posts than this, the oldest for longer than that, gets them folded.
FOLD_THRESHOLD = 5
FOLD_AFTER = timedelta(minutes=1)
#: Characters of headlines that fit one folded message, with room for marks, dates and escapes.
FOLD_MAX_CHARACTERS = 1_400
FOLD_MAX_POSTS = 25


#: A post that is refused without a documented reason for so long, and so often, may be set aside, and no longer holds back
#: what waits behind it.
SET_ASIDE_AFTER = timedelta(hours=6)
SET_ASIDE_ATTEMPTS = 20

#: The states of a post that is on its way, and of one whose message stands.
OPEN_STATES = (PostState.PENDING, PostState.LEASED)
DELIVERED_STATES = (PostState.SENT, PostState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class SetAsidePost:
    """A post that is set aside: where it was to go, what it says, why it was set aside and when."""

    id: int
    destination: Destination
    headlines: tuple[str, ...]
    reason: str
    set_aside_at: datetime


def fold_posts(headlines: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Put waiting posts, each with the headlines it must show, into as few messages as list every headline.

    Given and returned are the numbers of the posts, in order; each inner list becomes one message.
    """
    messages: list[list[int]] = []
    remaining = 0
    for post_id, headline in headlines:
        length = len(headline) + 20
        if not messages or length > remaining or len(messages[-1]) >= FOLD_MAX_POSTS:
            messages.append([])
            remaining = FOLD_MAX_CHARACTERS
        messages[-1].append(post_id)
        remaining -= length
    return messages
