"""Whatever follows, digests and settings hold, their cards are such as Discord accepts."""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.delivery_settings import settings_card
from bot.cards.escaping import escape_line
from bot.cards.follow_list import follow_card, follow_list_card, remove_prompt_card
from bot.cards.follow_result import FollowChange, follow_result_card
from bot.cards.post import post_card, sample_card
from bot.cards.story import thread_card
from bot.languages import catalogues, use_language
from bot.model.delivery_report import DestinationHealth
from bot.model.delivery_settings import MINUTES_PER_DAY, DeliveryMode, DeliverySettings
from bot.model.follow import Destination, DestinationKind, Follow, FollowState, Target, TargetKind
from bot.model.follow_settings import MAX_KEYWORD_LENGTH, MAX_KEYWORDS, FollowFilter, FollowSettings, PingPolicy
from bot.model.post import Post, PostItem, PostType, fold_posts
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards import strategies as some
from tests.unit.cards.examples import deal, make_development
from tests.unit.cards.limits import accept, options, texts, width
from tests.unit.cards.strategies import HERE, hard

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LONGEST_ZONE = max(available_timezones(), key=len)

minutes = st.integers(0, MINUTES_PER_DAY - 1)
quiet = st.just((None, None)) | st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1])
tables = st.builds(
    lambda zone, hour, day, ends, cap: DeliverySettings(zone, hour, day, ends[0], ends[1], cap),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", LONGEST_ZONE]),
    st.integers(0, 23),
    st.integers(0, 6),
    quiet,
    st.integers(0, 10**6),
)
counts = st.just(0) | st.integers(1, 10**9)
moments = st.none() | st.just(NOW)
healths = st.builds(
    DestinationHealth,
    block_reason=st.just("") | some.texts(400),
    retry_at=moments,
    waiting_count=counts,
    oldest_waiting_at=moments,
    sent_count=counts,
    last_sent_at=moments,
    failed_count=counts,
    last_failure_reason=some.texts(400),
    doubtful_count=counts,
    digest_item_count=counts,
    digest_at=moments,
    blocked_thread_count=counts,
    thread_block_reason=some.texts(400),
    published_count=counts,
    unpublished_count=counts,
    publish_failure_reason=some.texts(400),
    blocked_thread_id=st.just(0) | st.just(10**18),
)


def worst_follow(number: int, mark: str) -> Follow:
    """Every text as long as the store lets it be, and the longest of all terms; each in a place of its own."""
    words = tuple(f"{n:02d}{mark * MAX_KEYWORD_LENGTH}"[:MAX_KEYWORD_LENGTH] for n in range(MAX_KEYWORDS))
    terms = FollowSettings(
        DeliveryMode.WEEKLY, frozenset(FollowFilter), words, words, 10**18, PingPolicy.STAGE_CHANGES, silent=True
    )
    target = Target(TargetKind.STORY, "s" * 70, (mark * 200)[:200])
    where = Destination(DestinationKind.CHANNEL, 10**18 + number, 10**18)
    return Follow(
        10**17 + number, where, target, 10**18, NOW, terms, FollowState.STOPPED, (mark * 400)[:400], changed_at=NOW
    )


def worst_health(mark: str) -> DestinationHealth:
    """Everything is wrong there, at length."""
    much, said = 10**9, (mark * 400)[:400]
    return DestinationHealth(
        said, NOW, much, NOW, much, NOW, much, said, much, much, NOW, much, said, much, much, said, 9 * 10**17
    )


@hard
@given(some.follows, healths, tables, st.just("") | st.just("Our own sentence about what was done. " * 5))
def test_the_card_of_one_follow_fits(
    follow: Follow, health: DestinationHealth, table: DeliverySettings, said: str
) -> None:
    accept(follow_card(follow, health, table, said))
    accept(remove_prompt_card(follow))


@hard
@given(st.sampled_from([*some.NASTY, "W", "*_"]), tables)
def test_the_longest_follows_fit_and_can_all_be_managed(mark: str, table: DeliverySettings) -> None:
    """On some page each; no place is left out for want of room."""
    follows = [worst_follow(number, mark) for number in range(25)]
    healths = {follow.destination.discord_id: worst_health(mark) for follow in follows}
    names = {follow.id: (mark * 100)[:100] for follow in follows}
    offered: list[str] = []
    for page in range(4):
        card = follow_list_card(follows, page, healths, delivery_settings=table, editable_destinations=names)
        accept(card)
        offered += [option["value"] for option in options(card, "dw:managepick")]
        assert "\n".join(texts(card)).count("<#1000000000") == len(options(card, "dw:managepick"))
    assert offered == [str(follow.id) for follow in follows]
    for follow in follows[:1]:
        accept(follow_card(follow, worst_health(mark), table, "Our own sentence about what was just done, at length."))


@hard
@given(
    st.lists(some.follows, max_size=8),
    st.integers(1, 3),
    healths,
    tables,
    st.dictionaries(st.integers(1, 10**6), some.texts(100), max_size=4),
)
def test_any_page_of_follows_fits(
    follows: list[Follow], page: int, health: DestinationHealth, table: DeliverySettings, names: dict[int, str]
) -> None:
    numbered = [replace(follow, id=place) for place, follow in enumerate(follows)]
    health_of = {follow.destination.discord_id: health for follow in numbered}
    manageable = dict(zip((follow.id for follow in numbered), names.values(), strict=False))
    accept(follow_list_card(numbered, page, health_of, delivery_settings=table, editable_destinations=manageable))


@hard
@given(tables, st.booleans(), st.booleans(), st.booleans())
def test_the_settings_card_fits(table: DeliverySettings, by_dm: bool, saved: bool, may_change: bool) -> None:
    accept(settings_card(table, NOW, by_dm=by_dm, is_saved=saved, may_change=may_change))


@hard
@given(some.stories(), some.follows, tables, st.lists(st.just("A note of ours, " * 10), max_size=3))
def test_what_a_follow_answers_fits_on_any_terms(
    story: Story, follow: Follow, table: DeliverySettings, notes: list[str]
) -> None:
    for mode in DeliveryMode:
        on_these = replace(follow, settings=replace(follow.settings, mode=mode))
        accept(follow_result_card(FollowChange(on_these, True), story, notes, delivery_settings=table))
        accept(
            follow_result_card(FollowChange(on_these, False, FollowSettings()), story, notes, delivery_settings=table)
        )
        if story.developments:
            accept(sample_card(story, [], mode))


@hard
@given(some.stories())
def test_the_card_over_a_thread_fits(story: Story) -> None:
    accept(thread_card(story, f"dw:post:{'k' * 20}:{story.slug}"))


@hard
@given(
    st.sampled_from([*some.NASTY, "W"]),
    st.integers(1, 60),
    st.integers(1, 25),
    st.sampled_from([PostType.DAILY, PostType.WEEKLY]),
    st.integers(0, 5),
)
def test_a_long_digest_shows_every_headline_whole(
    mark: str, count: int, stories: int, form: PostType, roles: int
) -> None:
    """Cut into messages as it is when it is made, whatever is in the headlines."""
    waiting = digest_of(mark, count, stories)
    messages = fold_posts((place, entry.development.headline) for place, entry in enumerate(waiting))
    assert [place for message in messages for place in message] == list(range(count))
    for message in messages:
        card = post_card(_digest([waiting[place] for place in message], form, roles))
        accept(card)
        shown = "\n".join(texts(card))
        assert all(escape_line(waiting[place].development.headline, 420) in shown for place in message)
        assert "more stor" not in shown


def test_a_digest_fits_after_corrections_of_all_headlines() -> None:
    """They were short when the digest was frozen; its message must hold them at their longest."""
    short = digest_of("w", 25, 25, length=10)
    assert len(fold_posts((place, entry.development.headline) for place, entry in enumerate(short))) == 1
    grown = digest_of("*_", 25, 25)
    card = post_card(_digest(grown, PostType.DAILY, 3))
    accept(card)
    assert sum(map(width, texts(card))) > 2_000


def digest_of(mark: str, count: int, stories: int, *, length: int = 200) -> list[PostItem]:
    """So many developments of so many stories, grouped by story, each with a headline of this length."""
    told_of: list[PostItem] = []
    for number in range(count):
        place = number * min(stories, count) // count
        headline = f"{number:02d} {mark * length}"[:length]
        development = Development(f"d{number}", make_development("x", "2025-08-20").date, headline, Claim.REPORTED)
        story = replace(deal(development, kind=Kind.SUPPLY, slug=f"story-{place}"), headline=(mark * 200)[:200])
        told_of.append(PostItem(story, development))
    return told_of


def _digest(carried: list[PostItem], form: PostType, roles: int) -> Post:
    pinged = tuple(range(10**18, 10**18 + roles))
    return Post(1, "k" * 20, HERE, tuple(carried), pinged, 0, False, NOW, post_type=form)


def test_a_stage_that_has_moved_is_still_a_digest() -> None:
    """One development makes a digest too, with its story's name over it."""
    signed = make_development("signed", "2025-09", Claim.CONFIRMED, Stage.SIGNED)
    shown = "\n".join(texts(post_card(_digest([PostItem(deal(signed), signed)], PostType.DAILY, 0))))
    assert "### The day's digest: 1 development" in shown
    assert "**Alpha and Beta merge**" in shown
    assert "● What happened: signed ·\u00a0September\u00a02025" in shown


class Lengthy(gettext.NullTranslations):
    """A language that needs half as much again to say anything."""

    def gettext(self, message: str) -> str:
        """Return the message, and more."""
        return message + "ü" * (len(message) // 2)

    def pgettext(self, _context: str, message: str) -> str:
        """Return the message, and more."""
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of English, and more."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.mark.parametrize("mark", ["W", "*_", "鴻"])
def test_the_fullest_cards_fit_in_a_wordy_language(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message is longer in it than in any real one."""
    made, lengthy = catalogues._load_translations, Lengthy()
    monkeypatch.setattr(catalogues, "_load_translations", lambda code: lengthy if code == "de" else made(code))
    follows, table = (
        [worst_follow(number, mark) for number in range(8)],
        DeliverySettings(LONGEST_ZONE, 8, 2, 10, 20, 10**6),
    )
    with use_language("de"):
        health = {follow.destination.discord_id: worst_health(mark) for follow in follows}
        names = {follow.id: (mark * 100)[:100] for follow in follows}
        accept(follow_list_card(follows, 0, health, delivery_settings=table, editable_destinations=names))
        accept(follow_card(follows[0], worst_health(mark), table, "Our own sentence about what was done. " * 5))
        accept(settings_card(table, NOW, by_dm=False, is_saved=True))
