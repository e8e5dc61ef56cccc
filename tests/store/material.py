"""What the tests of the store put into it: small drafts, a clock that is set by hand, destinations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.follow import Destination, DestinationKind, Target, TargetKind
from bot.model.story import Source
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
REPO = Path(__file__).parents[2]


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Move forward; the arguments are those of a timedelta."""
        self.now += timedelta(**span)


def url_of(path: Path) -> str:
    """Return the database URL of this file."""
    return f"sqlite:///{path}"


def news(
    headline: str,
    *,
    date: str = "2025-08",
    claim: Claim = Claim.REPORTED,
    stage: Stage | None = None,
    key: str = "",
    retracted: str = "",
) -> DevelopmentDraft:
    """Return a development with one source."""
    source = Source("The Paper", headline, "https://paper.example/1", PartialDate(2025, 8))
    return DevelopmentDraft(
        date=PartialDate.parse(date),
        headline=headline,
        claim=claim,
        key=key,
        text=f"What happened: {headline}",
        stage=stage,
        sources=(source,),
        retraction_reason=retracted,
    )


def draft(
    slug: str = "alpha-beta",
    *developments: DevelopmentDraft,
    kind: Kind = Kind.MERGER,
    parties: tuple[str, ...] = ("Alpha", "Beta"),
) -> StoryDraft:
    """Return a whole story; by default it has one development."""
    face = StoryHeader(
        f"The story {slug}", f"What {slug} is about.", kind, tuple(Party(name, "party") for name in parties)
    )
    return StoryDraft(slug, face, developments or (news(f"First news of {slug}", stage=_first_stage(kind)),))


def more(slug: str, *developments: DevelopmentDraft) -> StoryDraft:
    """Return further developments of a known story."""
    return StoryDraft(slug, None, developments)


def event(key: str, date: str, headline: str = "", outcome: str = "", development: str = "") -> ExpectedEvent:
    """Return an expected event with one source."""
    return ExpectedEvent(
        key=key,
        headline=headline or f"The {key}",
        date=ExpectedDate.parse(date),
        outcome=ExpectedOutcome(outcome) if outcome else None,
        development_key=development,
        sources=(Source("The Paper", url="https://paper.example/soon"),),
    )


def expecting(story: StoryDraft, *events: ExpectedEvent) -> StoryDraft:
    """Return a draft with these expected events."""
    return replace(story, expected_events=events)


def _first_stage(kind: Kind) -> Stage | None:
    return Stage.TALKS if kind.is_deal else None


def channel(number: int, guild: int = 1) -> Destination:
    """Return a channel of a server."""
    return Destination(DestinationKind.CHANNEL, number, guild)


def direct(user: int) -> Destination:
    """Return the DMs of a user."""
    return Destination(DestinationKind.DM, user)


def company(name: str) -> Target:
    """Return a company to follow."""
    return Target(TargetKind.COMPANY, name)


def story(slug: str) -> Target:
    """Return a story to follow."""
    return Target(TargetKind.STORY, slug)


def kind(word: Kind) -> Target:
    """Return a kind to follow."""
    return Target(TargetKind.KIND, word.value)
