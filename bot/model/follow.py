"""Who wants what: a destination follows a target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.languages import lazy, lazy_as, say_as
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.story import Story
from bot.model.vocabulary import Kind

#: Why a follow is paused, as the store keeps it; ``who`` is the mention of a user.
PAUSED_BY = lazy("it was paused by {who}")


class DestinationKind(StrEnum):
    """What kind of destination posts arrive in."""

    CHANNEL = "channel"
    THREAD = "thread"
    DM = "dm"
    FORUM = "forum"
    ANNOUNCEMENT = "announcement"


class TargetKind(StrEnum):
    """What can be followed."""

    EVERYTHING = "everything"
    COMPANY = "company"
    STORY = "story"
    KIND = "kind"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("followed", _TARGET_LABELS[self])


_TARGET_LABELS = {
    # Said: what can be followed: everything, a company, a story, or a kind of story such as mergers
    TargetKind.EVERYTHING: lazy_as("followed", "everything"),
    TargetKind.COMPANY: lazy_as("followed", "company"),
    TargetKind.STORY: lazy_as("followed", "story"),
    TargetKind.KIND: lazy_as("followed", "kind"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What is followed: everything, or a company's name, a story's slug, a kind's word."""

    kind: TargetKind
    value: str = ""
    label: str = ""

    @property
    def display(self) -> str:
        """As it is shown: the company's name, the story's headline, the kind in the language that is spoken."""
        if self.kind is TargetKind.EVERYTHING:
            return self.kind.label
        if self.kind is TargetKind.KIND and self.value in set(Kind):
            return Kind(self.value).label
        return self.label or self.value

    def matches(self, story: Story) -> bool:
        """Whether a development of this story is owed to whoever follows this."""
        match self.kind:
            case TargetKind.EVERYTHING:
                return True
            case TargetKind.COMPANY:
                return any(party.company == self.value for party in story.parties)
            case TargetKind.STORY:
                return story.slug == self.value
            case TargetKind.KIND:
                return story.kind.value == self.value


EVERYTHING = Target(TargetKind.EVERYTHING, label="everything")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where posts arrive: a channel or thread of a server, or the DMs of a user.

    ``discord_id`` is the channel's, the thread's, or for DMs the user's; ``guild_id`` is 0 for DMs.
    """

    kind: DestinationKind
    discord_id: int
    guild_id: int = 0

    @property
    def owner_id(self) -> int:
        """Whose timetable holds here: the server's, or for DMs the user's."""
        return self.guild_id or self.discord_id


class FollowState(StrEnum):
    """Whether a follow is served."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("state of a follow", _STATE_LABELS[self])


_STATE_LABELS = {
    FollowState.ACTIVE: lazy_as("state of a follow", "active"),
    # Said: somebody paused it, and can resume it
    FollowState.PAUSED: lazy_as("state of a follow", "paused"),
    # Said: it ended by itself, for the channel is gone or the bot was removed
    FollowState.STOPPED: lazy_as("state of a follow", "stopped"),
}


@dataclass(frozen=True, slots=True)
class Follow:
    """A destination that wants a target, since when, by whom, and on which terms.

    ``changed_at`` is when terms or state were last changed; ``reason`` says why a follow is not served.
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
