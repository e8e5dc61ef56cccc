"""A follow: a destination's subscription to a target, and what a reader has seen of a destination's follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.languages import lazy, lazy_as
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.story import Story
from bot.model.vocabulary import Kind, LabelledEnum

#: Why a follow is paused, as it is stored; ``who`` is the mention of a user.
PAUSED_BY = lazy("paused by {who}")


class DestinationKind(StrEnum):
    """What a destination is in Discord."""

    CHANNEL = "channel"
    THREAD = "thread"
    DM = "dm"
    FORUM = "forum"
    ANNOUNCEMENT = "announcement"


class TargetKind(LabelledEnum, label_context="followed"):
    """What can be followed."""

    # Translators: what can be followed: everything, a company, a story, a kind of story such as mergers, or a publisher's feed
    EVERYTHING = "everything", lazy_as("followed", "everything")
    COMPANY = "company", lazy_as("followed", "company")
    STORY = "story", lazy_as("followed", "story")
    KIND = "kind", lazy_as("followed", "kind")
    FEED = "feed", lazy_as("followed", "feed")


@dataclass(frozen=True, slots=True)
class Target:
    """What is followed.

    Attributes:
        value: the company's name, the story's slug, the kind's value, or the feed's id; empty for everything.
        label: the company's name, the story's headline, or the feed's title and host, if it is known.
    """

    kind: TargetKind
    value: str = ""
    label: str = ""

    @property
    def display(self) -> str:
        """The company's name, the story's headline, the feed's title, or the kind in the current language."""
        if self.kind is TargetKind.EVERYTHING:
            return self.kind.label
        if self.kind is TargetKind.KIND and self.value in set(Kind):
            return Kind(self.value).label
        return self.label or self.value

    def matches(self, story: Story) -> bool:
        """Return whether the developments of a story belong to this target."""
        match self.kind:
            case TargetKind.EVERYTHING:
                return True
            case TargetKind.COMPANY:
                return any(party.company == self.value for party in story.parties)
            case TargetKind.STORY:
                return story.slug == self.value
            case TargetKind.KIND:
                return story.kind.value == self.value
            case TargetKind.FEED:
                return False

    def get_mentioned_companies(self, story: Story) -> tuple[str, ...]:
        """Return the company that is followed if a story that this target has brought only mentions it; else nothing."""
        return (self.value,) if self.kind is TargetKind.COMPANY and not self.matches(story) else ()


EVERYTHING = Target(TargetKind.EVERYTHING, label="everything")


@dataclass(frozen=True, slots=True)
class Destination:
    """A channel or thread of a server, or the DMs of a user.

    Attributes:
        discord_id: the id of the channel or thread; of DMs, that of the user.
        guild_id: the id of the server; None for DMs.
    """

    kind: DestinationKind
    discord_id: int
    guild_id: int | None = None

    @property
    def owner_id(self) -> int:
        """The id of the server, or of the user for DMs, whose delivery settings apply here."""
        return self.guild_id or self.discord_id


class FollowState(LabelledEnum, label_context="state of a follow"):
    """Whether a follow gets posts."""

    ACTIVE = "active", lazy_as("state of a follow", "active")
    # Translators: somebody paused it, and can resume it
    PAUSED = "paused", lazy_as("state of a follow", "paused")
    # Translators: it ended by itself, for the channel is gone or the bot was removed
    STOPPED = "stopped", lazy_as("state of a follow", "stopped")


@dataclass(frozen=True, slots=True)
class FeedProblem:
    """Why nothing comes from a followed feed, and when it last answered."""

    reason: str
    succeeded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Follow:
    """The subscription of a destination to a target.

    Attributes:
        created_by: the id of the user who made it.
        reason: why it is paused or stopped; empty while it is active.
        changed_at: when its settings or its state last changed; None if they never did.
        feed_problem: of a feed that has not answered for many polls.
    """

    id: int
    destination: Destination
    target: Target
    created_by: int
    created_at: datetime
    settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS
    state: FollowState = FollowState.ACTIVE
    reason: str = ""
    changed_at: datetime | None = None
    feed_problem: FeedProblem | None = None


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The time of a reader's last look, and the newest delivery and development of that time; an id is 0 if it is unknown."""

    at: datetime
    delivery_id: int = 0
    development_id: int = 0
