"""Who wants what: a destination follows a target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.story import Story


class Place(StrEnum):
    """What kind of destination posts arrive in."""

    CHANNEL = "channel"
    THREAD = "thread"
    DM = "dm"


class TargetKind(StrEnum):
    """What can be followed."""

    EVERYTHING = "everything"
    COMPANY = "company"
    STORY = "story"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Target:
    """What is followed: everything, or a company's name, a story's slug, a kind's word."""

    kind: TargetKind
    value: str = ""
    label: str = ""

    @property
    def display(self) -> str:
        """As it is shown: the company's name, the story's headline, the kind's word."""
        return self.label or self.value or "everything"

    def wants(self, story: Story) -> bool:
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

    place: Place
    discord_id: int
    guild_id: int = 0


class FollowState(StrEnum):
    """Whether a follow is served."""

    ACTIVE = "active"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Follow:
    """A destination that wants a target, since when, by whom, and the one role that its posts ping.

    ``role_id`` 0 pings nobody. ``reason`` says why a stopped follow stopped.
    """

    number: int
    destination: Destination
    target: Target
    created_by: int
    created_at: datetime
    role_id: int = 0
    state: FollowState = FollowState.ACTIVE
    reason: str = ""
