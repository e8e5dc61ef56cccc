"""Who wants what: a destination follows a target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.story import Story
from bot.model.terms import DEFAULT_TERMS, Terms


class Place(StrEnum):
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

    @property
    def owner_id(self) -> int:
        """Whose timetable holds here: the server's, or for DMs the user's."""
        return self.guild_id or self.discord_id


class FollowState(StrEnum):
    """Whether a follow is served."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Follow:
    """A destination that wants a target, since when, by whom, and on which terms.

    ``changed_at`` is when terms or state were last changed; ``reason`` says why a follow is not served.
    """

    number: int
    destination: Destination
    target: Target
    created_by: int
    created_at: datetime
    terms: Terms = DEFAULT_TERMS
    state: FollowState = FollowState.ACTIVE
    reason: str = ""
    changed_at: datetime | None = None
