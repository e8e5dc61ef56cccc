"""A few small stories to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.follow import EVERYTHING, Destination, DestinationKind, Follow, Target
from bot.model.follow_settings import FollowSettings
from bot.model.post import Post, PostItem
from bot.model.story import Development, DevelopmentListItem, Source, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage

REUTERS = Source("Reuters", "Talks under way", "https://reuters.example/talks")
NIKKEI = Source("Nikkei", "No talks, says maker", date=PartialDate(2025, 8, 20))
HERE = Destination(DestinationKind.CHANNEL, 123456789012345678, 1)


def make_development(
    key: str,
    date: str,
    claim: Claim = Claim.REPORTED,
    stage: Stage | None = None,
    *,
    text: str = "",
    retracted: str = "",
) -> Development:
    """Return a development whose headline is ``What happened: KEY``."""
    return Development(key, PartialDate.parse(date), f"What happened: {key}", claim, text, stage, (REUTERS,), retracted)


def deal(*developments: Development, kind: Kind = Kind.MERGER, slug: str = "a-b-merger") -> Story:
    """Return a story of two parties."""
    parties = (Party("Alpha", "buyer"), Party("Beta", "target"))
    return Story(slug, "Alpha and Beta merge", "They said so.", kind, parties, developments, ("other-story",))


TALKS = make_development("talks", "2025-08", Claim.REPORTED, Stage.TALKS, text="They talk.")
DENIAL = replace(make_development("denial", "2025-08-20", Claim.DENIED), sources=(NIKKEI,))
SIGNED = make_development("signed", "2025-09", Claim.CONFIRMED, Stage.SIGNED, text="Both have signed.")
DISPUTED = deal(TALKS, DENIAL)


def line(
    slug: str, headline: str = "A story", stage: Stage | None = Stage.TALKS, kind: Kind = Kind.SUPPLY
) -> StoryListItem:
    """Return a story in a list."""
    is_open = stage is None or stage.is_open
    return StoryListItem(slug, headline, kind, stage, is_open, False, PartialDate(2025, 8), ("Alpha", "Beta"))


def news(slug: str, development: Development = TALKS) -> DevelopmentListItem:
    """Return a development in a list."""
    return DevelopmentListItem(line(slug, f"Story {slug}"), development)


def post(story: Story, *carried: Development, roles: tuple[int, ...] = ()) -> Post:
    """Return a post at its first attempt."""
    entries = tuple(PostItem(story, development) for development in carried)
    return Post(1, "abc123", HERE, entries, roles, 0, False, datetime(2026, 11, 1, tzinfo=UTC))


def follow(number: int = 1, target: Target = EVERYTHING, *, role: int = 0, destination: Destination = HERE) -> Follow:
    """Return an active follow."""
    return Follow(number, destination, target, 5, datetime(2026, 11, 1, tzinfo=UTC), FollowSettings(role_id=role))
