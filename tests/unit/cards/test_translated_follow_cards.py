"""Cards about follows in another language: all that they say by themselves is said by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import discord
import pytest

from bot.cards.delivery_report import delivery_report_card
from bot.cards.follow_list import follow_card, follow_list_card, remove_prompt_card
from bot.cards.follow_result import FollowChange, follow_result_card, follows_result_card, unfollow_result_card
from bot.languages import lazy
from bot.model.dates import PartialDate
from bot.model.delivery_report import DeliveryReason, DeliveryReport, DestinationHealth
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import (
    EVERYTHING,
    PAUSED_BY,
    Destination,
    DestinationKind,
    Follow,
    FollowState,
    Target,
    TargetKind,
)
from bot.model.follow_settings import FollowFilter, FollowSettings, PingPolicy
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind
from tests.languages.pseudo import bracketed
from tests.unit.cards.pseudo_language import accept_translated

NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: What others wrote has no letter of the alphabet that our own words are written in.
NISSAN = "日産"
DMS = Destination(DestinationKind.DM, 5)
HERE = Destination(DestinationKind.CHANNEL, 10**17, 1)
UTC_TABLE = DeliverySettings("UTC")
NARROW = FollowSettings(
    DeliveryMode.WEEKLY, frozenset(FollowFilter), ("一", "二"), ("三",), 77, PingPolicy.STAGE_CHANGES, silent=True
)
THREADS = FollowSettings(keywords=("一",), role_id=77, threads=True)
WORST = DestinationHealth(
    "the channel no longer exists",
    NOW,
    2,
    NOW,
    3,
    NOW,
    4,
    "the post was refused",
    5,
    6,
    NOW,
    7,
    "it is locked",
    8,
    9,
    "no",
)
#: Mentions, times, addresses, commands and zones.
_DISCORDS = re.compile(r"<[@t#][^>]*>|`[^`]*`|https?://[^\s)]*|UTC")


def follow(
    number: int = 1,
    target: Target = EVERYTHING,
    where: Destination = HERE,
    terms: FollowSettings = FollowSettings(),  # noqa: B008 - frozen
    state: FollowState = FollowState.ACTIVE,
    reason: str = "",
) -> Follow:
    return Follow(number, where, target, 5, NOW, terms, state, reason, NOW)


COMPANY = follow(2, Target(TargetKind.COMPANY, NISSAN, NISSAN), terms=NARROW)
KIND = follow(3, Target(TargetKind.KIND, "joint-venture", "joint-venture"), DMS)
STORY = follow(4, Target(TargetKind.STORY, "1-2", NISSAN), terms=THREADS)
FORUM = follow(5, where=Destination(DestinationKind.FORUM, 10**17 + 1, 1))
DAILY = follow(
    6, where=Destination(DestinationKind.THREAD, 10**17 + 2, 1), terms=FollowSettings(DeliveryMode.DAILY, role_id=77)
)
PAUSED = replace(STORY, id=7, state=FollowState.PAUSED, reason=PAUSED_BY.fill(who="<@5>"))
STOPPED = replace(COMPANY, id=8, state=FollowState.STOPPED, reason="the channel no longer exists")
BARE = replace(COMPANY, id=9, state=FollowState.STOPPED)
FOLLOWS = (follow(), COMPANY, KIND, STORY, FORUM, DAILY, PAUSED, STOPPED, BARE)

TOLD = Development("1", PartialDate(2025), NISSAN, Claim.REPORTED, id=1)
TALE = Story("1-2", NISSAN, "要約", Kind.MERGER, (), (TOLD,))
FATES = [
    DeliveryReport(
        TOLD, rule, 9, NOW, lazy("the channel no longer exists") if rule is DeliveryReason.FOLLOW_INACTIVE else "", 9
    )
    for rule in DeliveryReason
]

HEALTHS = {
    "bad": WORST,
    "not known when": replace(WORST, retry_at=None, digest_at=None, blocked_thread_id=6),
    "one thread": replace(WORST, block_reason="", blocked_thread_count=1, blocked_thread_id=6),
    "one thread without a name": replace(WORST, block_reason="", blocked_thread_count=1, blocked_thread_id=None),
    "new": DestinationHealth(),
}

CARDS: dict[str, Callable[[], discord.ui.LayoutView]] = {
    **{
        f"followed {f.id}": partial(follow_result_card, FollowChange(f, True), None, delivery_settings=UTC_TABLE)
        for f in FOLLOWS
    },
    **{
        f"followed already {f.id}": partial(
            follow_result_card, FollowChange(f, False), None, delivery_settings=UTC_TABLE
        )
        for f in FOLLOWS
    },
    **{
        f"changed {f.id}": partial(follow_result_card, FollowChange(f, False, FollowSettings(silent=True)), None)
        for f in FOLLOWS
    },
    "several": partial(follows_result_card, [FollowChange(f, number > 0) for number, f in enumerate(FOLLOWS)]),
    **{f"unfollowed {f.id}": partial(unfollow_result_card, f, has_back_button=True) for f in FOLLOWS},
    **{f"managed {f.id}": partial(follow_card, f, DestinationHealth(), UTC_TABLE) for f in FOLLOWS},
    **{f"removed {f.id}": partial(remove_prompt_card, f) for f in FOLLOWS},
    **{f"faring {name}": partial(follow_card, STORY, health, UTC_TABLE) for name, health in HEALTHS.items()},
    "all": lambda: follow_list_card(
        FOLLOWS[:8],
        0,
        {HERE.discord_id: WORST},
        delivery_settings=UTC_TABLE,
        editable_destinations=dict.fromkeys(range(10), "#一"),
    ),
    "all by DM": lambda: follow_list_card(FOLLOWS[1:], 0, by_dm=True, delivery_settings=UTC_TABLE),
    "none": lambda: follow_list_card((), 0),
    "why": lambda: delivery_report_card(TALE, HERE, FATES),
    "why in DMs": lambda: delivery_report_card(TALE, DMS, [*FATES, *FATES]),
    "why of nothing": lambda: delivery_report_card(TALE, HERE, []),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_follow_card_is_translated_whole(name: str) -> None:
    """No word of ours is left outside of what the catalogue says."""
    with bracketed():
        card = CARDS[name]()
    accept_translated(card, _DISCORDS)
