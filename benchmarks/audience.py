"""Who follows the invented industry: servers with channels, what they follow, and what they were posted so far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from benchmarks.invented import Industry
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind, TargetKind
from bot.model.follow_settings import FollowFilter, FollowSettings, PingPolicy
from bot.model.post import PostState, PostType
from bot.model.vocabulary import Kind
from bot.store.follows import settings_to_columns

#: How many follows a server has, and how many a channel, on the average.
A_SERVER = 50
A_CHANNEL = 2
_TARGETS = (TargetKind.EVERYTHING, TargetKind.KIND, TargetKind.COMPANY, TargetKind.STORY)
_TARGET_WEIGHTS = (10, 10, 60, 20)
_PLACES = (DestinationKind.CHANNEL, DestinationKind.ANNOUNCEMENT, DestinationKind.THREAD, DestinationKind.DM)
_PLACE_WEIGHTS = (88, 4, 3, 5)

Row = dict[str, Any]


def _snowflake(number: int) -> int:
    """Return an id like those of Discord's, one for each number."""
    return (number + 40_000_000_000) << 22


class Audience:
    """Servers and destinations, numbered from 1, and their follows."""

    def __init__(self, industry: Industry) -> None:
        self._industry = industry
        self._chance = industry.chance
        self._count = industry.size.follows
        self.guilds = [_snowflake(number) for number in range(max(1, self._count // A_SERVER))]
        self.destinations = [self._destination(number) for number in range(1, max(2, self._count // A_CHANNEL) + 1)]

    def _destination(self, number: int) -> Row:
        place = self._chance.choices(_PLACES, _PLACE_WEIGHTS)[0]
        guild = 0 if place is DestinationKind.DM else self._chance.choice(self.guilds)
        return {"id": number, "place": place.value, "discord_id": _snowflake(10_000_000 + number), "guild_id": guild}

    def follows(self, made_at: datetime) -> list[Row]:
        """Return the follows, no two of one destination and target."""
        rows: dict[tuple[int, str], Row] = {}
        while len(rows) < self._count:
            destination = self._chance.randint(1, len(self.destinations))
            row = self._target()
            key = destination, row["target_key"]
            common = {"destination_id": destination, "created_by": _snowflake(99), "created_at": made_at}
            rows[key] = {**common, **row, **settings_to_columns(self._terms())}
        return list(rows.values())

    def _target(self) -> Row:
        chance, kind = self._chance, self._chance.choices(_TARGETS, _TARGET_WEIGHTS)[0]
        company = self._industry.some_company() + 1 if kind is TargetKind.COMPANY else None
        story = chance.randint(1, self._industry.size.stories) if kind is TargetKind.STORY else None
        keys = {
            TargetKind.EVERYTHING: kind.value,
            TargetKind.KIND: f"kind:{chance.choice(list(Kind)).value}",
            TargetKind.COMPANY: f"company:{company}",
            TargetKind.STORY: f"story:{story}",
        }
        return {"target_kind": kind.value, "target_key": keys[kind], "company_id": company, "story_id": story}

    def _terms(self) -> FollowSettings:
        chance = self._chance
        return FollowSettings(
            mode=chance.choices(list(DeliveryMode), (85, 11, 4))[0],
            filters=frozenset(chance.choices(list(FollowFilter), k=1)) if chance.random() < 0.1 else frozenset(),
            keywords=("battery",) if chance.random() < 0.03 else (),
            role_id=_snowflake(77) if chance.random() < 0.1 else 0,
            ping=chance.choice(list(PingPolicy)),
            silent=chance.random() < 0.05,
        )


def posts_of(audience: Audience, developments: int, count: int, now: datetime) -> Iterator[tuple[Row, Row]]:
    """Return posts of the newest developments that were sent long ago, each with its one delivery, oldest first."""
    places = len(audience.destinations)
    count = min(count, places * developments)
    for number in range(1, count + 1):
        development, destination = divmod(number - 1, places)
        sent = now - timedelta(seconds=count - number + 60)
        yield (
            {
                "id": number,
                "key": f"{number:016x}",
                "destination_id": destination + 1,
                "state": PostState.SENT.value,
                "form": PostType.POST.value,
                "created_at": sent,
                "due_at": sent,
                "sent_at": sent,
                "message_id": _snowflake(20_000_000 + number),
            },
            {
                "development_id": developments - development,
                "destination_id": destination + 1,
                "post_id": number,
                "created_at": sent,
            },
        )
