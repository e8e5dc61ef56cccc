"""Whatever follows, digests and settings hold, their cards are such as Discord accepts."""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.follows import followed_card, following_list
from bot.cards.managing import managing_card, removing_card
from bot.cards.post import post_card, sample_card
from bot.cards.safe import line
from bot.cards.story import thread_card
from bot.cards.timetables import timetable_card
from bot.languages import catalogues, speaking
from bot.model.fate import Health
from bot.model.follow import Destination, Follow, FollowState, Place, Target, TargetKind
from bot.model.post import Carried, Form, Post, folded
from bot.model.story import Development, Story
from bot.model.terms import MOST_WORDS, WORD_LIMIT, Only, Ping, Terms
from bot.model.timetable import DAY, Mode, Timetable
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards import strategies as some
from tests.unit.cards.examples import deal, told
from tests.unit.cards.limits import accept, options, texts, width
from tests.unit.cards.test_limits import HERE, hard

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LONGEST_ZONE = max(available_timezones(), key=len)

minutes = st.integers(0, DAY - 1)
quiet = st.just((None, None)) | st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1])
tables = st.builds(
    lambda zone, hour, day, ends, cap: Timetable(zone, hour, day, ends[0], ends[1], cap),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", LONGEST_ZONE]),
    st.integers(0, 23),
    st.integers(0, 6),
    quiet,
    st.integers(0, 10**6),
)
counts = st.just(0) | st.integers(1, 10**9)
moments = st.none() | st.just(NOW)
healths = st.builds(
    Health,
    blocked=st.just("") | some.texts(400),
    retry_at=moments,
    waiting=counts,
    oldest=moments,
    sent=counts,
    last_sent=moments,
    failed=counts,
    last_failure=some.texts(400),
    unsettled=counts,
    gathered=counts,
    digest_at=moments,
    shut_threads=counts,
    shut=some.texts(400),
    published=counts,
    unpublished=counts,
    not_published=some.texts(400),
    shut_thread=st.just(0) | st.just(10**18),
)


def worst_follow(number: int, mark: str) -> Follow:
    """Every text as long as the store lets it be, and the longest of all terms; each in a place of its own."""
    words = tuple(f"{n:02d}{mark * WORD_LIMIT}"[:WORD_LIMIT] for n in range(MOST_WORDS))
    terms = Terms(Mode.WEEKLY, frozenset(Only), words, words, 10**18, Ping.STAGE_CHANGES, silent=True)
    target = Target(TargetKind.STORY, "s" * 70, (mark * 200)[:200])
    where = Destination(Place.CHANNEL, 10**18 + number, 10**18)
    return Follow(
        10**17 + number, where, target, 10**18, NOW, terms, FollowState.STOPPED, (mark * 400)[:400], changed_at=NOW
    )


def worst_health(mark: str) -> Health:
    """Everything is wrong there, at length."""
    much, said = 10**9, (mark * 400)[:400]
    return Health(
        said, NOW, much, NOW, much, NOW, much, said, much, much, NOW, much, said, much, much, said, 9 * 10**17
    )


@hard
@given(some.follows, healths, tables, st.just("") | st.just("Our own sentence about what was done. " * 5))
def test_the_card_of_one_follow_fits(follow: Follow, health: Health, table: Timetable, said: str) -> None:
    accept(managing_card(follow, health, table, said))
    accept(removing_card(follow))


@hard
@given(st.sampled_from([*some.NASTY, "W", "*_"]), tables)
def test_twenty_five_of_the_longest_follows_that_fare_worst_fit_and_can_all_be_managed(
    mark: str, table: Timetable
) -> None:
    """On some page each; no place is left out for want of room."""
    follows = [worst_follow(number, mark) for number in range(25)]
    healths = {follow.destination.discord_id: worst_health(mark) for follow in follows}
    names = {follow.number: (mark * 100)[:100] for follow in follows}
    offered: list[str] = []
    for page in range(4):
        card = following_list(follows, page, healths, table=table, manageable=names)
        accept(card)
        offered += [option["value"] for option in options(card, "dw:managepick")]
        assert "\n".join(texts(card)).count("<#1000000000") == len(options(card, "dw:managepick"))
    assert offered == [str(follow.number) for follow in follows]
    for follow in follows[:1]:
        accept(
            managing_card(follow, worst_health(mark), table, "Our own sentence about what was just done, at length.")
        )


@hard
@given(
    st.lists(some.follows, max_size=8),
    st.integers(1, 3),
    healths,
    tables,
    st.dictionaries(st.integers(1, 10**6), some.texts(100), max_size=4),
)
def test_any_page_of_follows_fits(
    follows: list[Follow], page: int, health: Health, table: Timetable, names: dict[int, str]
) -> None:
    numbered = [replace(follow, number=place) for place, follow in enumerate(follows)]
    health_of = {follow.destination.discord_id: health for follow in numbered}
    manageable = dict(zip((follow.number for follow in numbered), names.values(), strict=False))
    accept(following_list(numbered, page, health_of, table=table, manageable=manageable))


@hard
@given(tables, st.booleans(), st.booleans(), st.booleans())
def test_the_settings_card_fits(table: Timetable, by_dm: bool, saved: bool, may_change: bool) -> None:
    accept(timetable_card(table, NOW, by_dm=by_dm, saved=saved, may_change=may_change))


@hard
@given(some.stories(), some.follows, tables, st.lists(st.just("A note of ours, " * 10), max_size=3))
def test_what_a_follow_answers_fits_on_any_terms(
    story: Story, follow: Follow, table: Timetable, notes: list[str]
) -> None:
    for mode in Mode:
        on_these = replace(follow, terms=replace(follow.terms, mode=mode))
        accept(followed_card(on_these, True, story, notes, table=table))
        accept(followed_card(on_these, False, story, notes, table=table, before=Terms()))
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
    st.sampled_from([Form.DAILY, Form.WEEKLY]),
    st.integers(0, 5),
)
def test_a_digest_of_fifty_and_more_long_headlines_shows_every_one_of_them_whole(
    mark: str, count: int, stories: int, form: Form, roles: int
) -> None:
    """Cut into messages as it is when it is made, whatever is in the headlines."""
    waiting = digest_of(mark, count, stories)
    messages = folded((place, entry.development.headline) for place, entry in enumerate(waiting))
    assert [place for message in messages for place in message] == list(range(count))
    for message in messages:
        card = post_card(_digest([waiting[place] for place in message], form, roles))
        accept(card)
        shown = "\n".join(texts(card))
        assert all(line(waiting[place].development.headline, 420) in shown for place in message)
        assert "more stor" not in shown


def test_a_digest_whose_headlines_were_all_made_longer_by_corrections_still_fits() -> None:
    """They were short when the digest was frozen; its message must hold them at their longest."""
    short = digest_of("w", 25, 25, length=10)
    assert len(folded((place, entry.development.headline) for place, entry in enumerate(short))) == 1
    grown = digest_of("*_", 25, 25)
    card = post_card(_digest(grown, Form.DAILY, 3))
    accept(card)
    assert sum(map(width, texts(card))) > 2_000


def digest_of(mark: str, count: int, stories: int, *, length: int = 200) -> list[Carried]:
    """So many developments of so many stories, grouped by story, each with a headline of this length."""
    told_of: list[Carried] = []
    for number in range(count):
        place = number * min(stories, count) // count
        headline = f"{number:02d} {mark * length}"[:length]
        development = Development(f"d{number}", told("x", "2025-08-20").date, headline, Claim.REPORTED)
        story = replace(deal(development, kind=Kind.SUPPLY, slug=f"story-{place}"), headline=(mark * 200)[:200])
        told_of.append(Carried(story, development))
    return told_of


def _digest(carried: list[Carried], form: Form, roles: int) -> Post:
    pinged = tuple(range(10**18, 10**18 + roles))
    return Post(1, "k" * 20, HERE, tuple(carried), pinged, 0, False, NOW, form=form)


def test_a_stage_that_has_moved_is_still_a_digest() -> None:
    """One development makes a digest too, with its story's name over it."""
    signed = told("signed", "2025-09", Claim.CONFIRMED, Stage.SIGNED)
    shown = "\n".join(texts(post_card(_digest([Carried(deal(signed), signed)], Form.DAILY, 0))))
    assert "### The day's digest: 1 development" in shown
    assert "**Alpha and Beta merge**" in shown
    assert "● What happened: signed ·\u00a0September\u00a02025" in shown


class Lengthy(gettext.NullTranslations):
    """A language that needs half as much again to say anything."""

    def gettext(self, message: str) -> str:
        """The message, and more."""
        return message + "ü" * (len(message) // 2)

    def pgettext(self, _context: str, message: str) -> str:
        """The message, and more."""
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form of English, and more."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.mark.parametrize("mark", ["W", "*_", "鴻"])
def test_the_fullest_cards_fit_in_a_language_that_says_everything_at_length(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, lengthy = catalogues._translations, Lengthy()
    monkeypatch.setattr(catalogues, "_translations", lambda code: lengthy if code == "de" else made(code))
    follows, table = [worst_follow(number, mark) for number in range(8)], Timetable(LONGEST_ZONE, 8, 2, 10, 20, 10**6)
    with speaking("de"):
        health = {follow.destination.discord_id: worst_health(mark) for follow in follows}
        names = {follow.number: (mark * 100)[:100] for follow in follows}
        accept(following_list(follows, 0, health, table=table, manageable=names))
        accept(managing_card(follows[0], worst_health(mark), table, "Our own sentence about what was done. " * 5))
        accept(timetable_card(table, NOW, by_dm=False, saved=True))
