"""A post: the message that carries notices to a destination: developments, and articles of followed feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model.article import Article
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import Destination
from bot.model.story import Development, Story


class PostState(StrEnum):
    """The progress of a post."""

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    PUBLISHED = "published"
    FAILED = "failed"
    #: Refused for hours without a documented reason, while others arrived: the operator decides.
    SET_ASIDE = "set aside"


class PostType(StrEnum):
    """What kind of message a post is."""

    POST = "post"
    DAILY = "daily"
    WEEKLY = "weekly"
    #: A message with a thread under it: a story's card, or an article of a followed feed.
    CARD = "card"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in Discord; of a card, also the thread under it."""

    message_id: int
    thread_id: int | None = None


class PostAction(StrEnum):
    """What is to be done about a post."""

    SEND = "send"
    EDIT = "edit"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class PostItem:
    """A development that a post carries, with its story as it is now.

    ``mentioned_companies`` are the followed companies, if it is here only because the story mentions them.
    """

    story: Story
    development: Development
    mentioned_companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedReport:
    """An article of a feed that the destination follows. Without a date of its publisher's, ``is_dated`` is False."""

    article: Article
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class FeedNotice:
    """News of the feeds that a destination follows.

    Attributes:
        reports: the article that was first, and then those that report the same.
        story_slug: the story that the news belongs to; empty if it is in none that is known.
    """

    reports: tuple[FeedReport, ...]
    story_slug: str = ""
    story_headline: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of an expected event that a post carries, with the event and its story as they are now.

    Attributes:
        day: the day on which the event was expected when the reminder was made.
    """

    story: Story
    event: ExpectedEvent
    day: date

    @property
    def is_due(self) -> bool:
        """Whether the event is still expected on that day."""
        return self.event.date.day == self.day and self.event in self.story.open_events


@dataclass(frozen=True, slots=True)
class Post:
    """A message to be sent, or one that must be edited or published.

    Attributes:
        key: random, made with the post and never changed. The message carries it in a button, and the nonce is made of it,
            so a message that may have been sent can be found again.
        items: the developments; none for a story's card, several in digests and folded posts.
        feed_notices: the news of followed feeds, likewise.
        reminders: the expected events of the day on which the post expires; none of them if all were removed since.
        expires_at: when a post of reminders is no longer news, and is not sent any more; None for all other posts.
        in_doubt: whether an earlier attempt may have reached Discord.
        search_after: the newest id in Discord that was known before the first such attempt; None if none was known.
        role_ids: the roles that its follows mention.
        message_id: the message; None if it is still to be sent.
        content_version: how often its content had been corrected when it was read.
        silent: whether it notifies nobody.
        story: the story of a story's card.
        thread_id: the thread under a card; None if there is none.
        refused_at: since when it has been refused without a documented reason.
        leased_by: the number of the bot that has leased it (:attr:`bot.store.Membership.worker_id`).
    """

    id: int
    key: str
    destination: Destination
    items: tuple[PostItem, ...]
    role_ids: tuple[int, ...]
    attempts: int
    in_doubt: bool
    created_at: datetime
    message_id: int | None = None
    content_version: int = 0
    post_type: PostType = PostType.POST
    action: PostAction = PostAction.SEND
    silent: bool = False
    story: Story | None = None
    thread_id: int | None = None
    search_after: int | None = None
    refused_at: datetime | None = None
    feed_notices: tuple[FeedNotice, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    expires_at: datetime | None = None
    leased_by: int = 0

    def is_obsolete(self, now: datetime) -> bool:
        """Return whether the post, if it has not been sent, should not be sent any more: reminders after their day, or of nothing."""
        if self.expires_at is None:
            return False
        return self.expires_at <= now or not any(reminder.is_due for reminder in self.reminders)

    @property
    def nonce(self) -> str:
        """What Discord recognises repeated attempts by: at most 25 characters, the same for every attempt.

        https://discord.com/developers/docs/resources/message#create-message
        """
        return f"dw-{self.key}"

    @property
    def is_correction(self) -> bool:
        """Whether the message exists and only has to be updated."""
        return self.action is PostAction.EDIT


#: The posts of a destination are folded if more than this many wait, the oldest for longer than ``FOLD_AFTER``:
#: a burst of news is posted one by one, only what has piled up is folded.
FOLD_THRESHOLD = 5
FOLD_AFTER = timedelta(minutes=1)
#: How many characters of headlines fit one folded message; the rest is for symbols, dates and escapes.
FOLD_MAX_CHARACTERS = 1_400
FOLD_MAX_POSTS = 25


#: A post that is refused without a documented reason for this long, and this often, may be set aside: it no longer delays
#: the posts behind it.
SET_ASIDE_AFTER = timedelta(hours=6)
SET_ASIDE_ATTEMPTS = 20

#: The states of a post that is on its way, and of one that has arrived.
OPEN_STATES = (PostState.PENDING, PostState.LEASED)
DELIVERED_STATES = (PostState.SENT, PostState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class SetAsidePost:
    """A post that was set aside: its destination, its headlines, the reason and the time."""

    id: int
    destination: Destination
    headlines: tuple[str, ...]
    reason: str
    set_aside_at: datetime


def fold_posts(headlines: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Put waiting posts into as few messages as can list all of their headlines.

    Takes the id of each post with the headlines that it must show, in order. Each list in the result becomes one message.
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
