"""Cards about follows in another language: all that they say by themselves is said by the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import discord
import pytest

from bot.cards.fates import why_card
from bot.cards.follows import followed_card, following_list, unfollowed_card
from bot.cards.managing import managing_card, removing_card
from bot.model.dates import PartialDate
from bot.model.fate import Fate, Health, Rule
from bot.model.follow import EVERYTHING, Destination, Follow, FollowState, Place, Target, TargetKind
from bot.model.story import Development, Story
from bot.model.terms import Only, Ping, Terms
from bot.model.timetable import Mode, Timetable
from bot.model.vocabulary import Claim, Kind
from tests.languages.pseudo import bracketed
from tests.unit.cards.spoken import accept_said

NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: What others wrote has no letter of the alphabet that our own words are written in.
NISSAN = "日産"
DMS = Destination(Place.DM, 5)
HERE = Destination(Place.CHANNEL, 10**17, 1)
UTC_TABLE = Timetable("UTC")
NARROW = Terms(Mode.WEEKLY, frozenset(Only), ("一", "二"), ("三",), 77, Ping.STAGE_CHANGES, silent=True)
THREADS = Terms(words=("一",), role_id=77, threads=True)
WORST = Health(
    "the channel is gone", NOW, 2, NOW, 3, NOW, 4, "the post was refused", 5, 6, NOW, 7, "it is locked", 8, 9, "no"
)
#: Mentions, times, addresses, commands and zones.
_DISCORDS = re.compile(r"<[@t#][^>]*>|`[^`]*`|https?://[^\s)]*|UTC")


def follow(
    number: int = 1,
    target: Target = EVERYTHING,
    where: Destination = HERE,
    terms: Terms = Terms(),  # noqa: B008 - frozen
    state: FollowState = FollowState.ACTIVE,
    reason: str = "",
) -> Follow:
    return Follow(number, where, target, 5, NOW, terms, state, reason, NOW)


COMPANY = follow(2, Target(TargetKind.COMPANY, NISSAN, NISSAN), terms=NARROW)
KIND = follow(3, Target(TargetKind.KIND, "joint-venture", "joint-venture"), DMS)
STORY = follow(4, Target(TargetKind.STORY, "1-2", NISSAN), terms=THREADS)
FORUM = follow(5, where=Destination(Place.FORUM, 10**17 + 1, 1))
DAILY = follow(6, where=Destination(Place.THREAD, 10**17 + 2, 1), terms=Terms(Mode.DAILY, role_id=77))
PAUSED = replace(STORY, number=7, state=FollowState.PAUSED, reason="it was paused by <@5>")
STOPPED = replace(COMPANY, number=8, state=FollowState.STOPPED, reason="the channel is gone")
BARE = replace(COMPANY, number=9, state=FollowState.STOPPED)
FOLLOWS = (follow(), COMPANY, KIND, STORY, FORUM, DAILY, PAUSED, STOPPED, BARE)

TOLD = Development("1", PartialDate(2025), NISSAN, Claim.REPORTED, number=1)
TALE = Story("1-2", NISSAN, "要約", Kind.MERGER, (), (TOLD,))
FATES = [Fate(TOLD, rule, 9, NOW, "the channel is gone" if rule is Rule.STOPPED else "", 9) for rule in Rule]

HEALTHS = {
    "bad": WORST,
    "not known when": replace(WORST, retry_at=None, digest_at=None, shut_thread=6),
    "one thread": replace(WORST, blocked="", shut_threads=1, shut_thread=6),
    "one thread without a name": replace(WORST, blocked="", shut_threads=1, shut_thread=0),
    "new": Health(),
}

CARDS: dict[str, Callable[[], discord.ui.LayoutView]] = {
    **{f"followed {f.number}": partial(followed_card, f, True, None, table=UTC_TABLE) for f in FOLLOWS},
    **{f"followed already {f.number}": partial(followed_card, f, False, None, table=UTC_TABLE) for f in FOLLOWS},
    **{f"changed {f.number}": partial(followed_card, f, False, None, before=Terms(silent=True)) for f in FOLLOWS},
    **{f"unfollowed {f.number}": partial(unfollowed_card, f, way_back=True) for f in FOLLOWS},
    **{f"managed {f.number}": partial(managing_card, f, Health(), UTC_TABLE) for f in FOLLOWS},
    **{f"removed {f.number}": partial(removing_card, f) for f in FOLLOWS},
    **{f"faring {name}": partial(managing_card, STORY, health, UTC_TABLE) for name, health in HEALTHS.items()},
    "all": lambda: following_list(
        FOLLOWS[:8], 0, {HERE.discord_id: WORST}, table=UTC_TABLE, manageable=dict.fromkeys(range(10), "#一")
    ),
    "all by DM": lambda: following_list(FOLLOWS[1:], 0, by_dm=True, table=UTC_TABLE),
    "none": lambda: following_list((), 0),
    "why": lambda: why_card(TALE, HERE, FATES),
    "why in DMs": lambda: why_card(TALE, DMS, [*FATES, *FATES]),
    "why of nothing": lambda: why_card(TALE, HERE, []),
}


@pytest.mark.parametrize("name", CARDS)
def test_all_that_a_card_about_follows_says_by_itself_is_said_in_the_language(name: str) -> None:
    """No word of ours is left outside of what the catalogue says."""
    with bracketed():
        card = CARDS[name]()
    accept_said(card, _DISCORDS)
