"""The tracker: the same news, told again, told further; its memory; its judgement after a restart."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.company import Company
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.tracking import Decision, Judgement, TrackedText
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.tracker import Embedder, PendingJudgement, Tracker
from bot.newsroom.tracker.story_profiles import build_story_records
from tests.unit.news import START, WordHashes, article, contract, stream

EMBEDDERS = [None, WordHashes()]
PARTIES = (Company("Orbex Motors"), Company("Zubrin"))
each_way = pytest.mark.parametrize("embedder", EMBEDDERS, ids=["words alone", "with vectors"])


def recall() -> Story:
    development = Development(
        "recalled", PartialDate(2026, 3, 1), "Quellan recalls 40,000 vans over faulty brakes", Claim.REPORTED
    )
    return Story("quellan-recall", "Quellan recalls vans over brakes", "", Kind.PRODUCT, (), (development,))


@each_way
def test_a_re_report_is_of_the_same_event(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    first = tracker.judge(article(1, "Orbex Motors and Zubrin sign battery supply contract"))
    again = tracker.judge(article(2, "Zubrin and Orbex Motors sign contract on battery supply", hours=3))
    assert (first.decision, first.event, first.story) == (Decision.NEW_STORY, "a1", "")
    assert (again.decision, again.event, again.twin.key) == (Decision.RE_REPORT, "a1", "a1")
    assert again.sure


@each_way
def test_a_storys_headline_is_no_report(embedder: Embedder | None) -> None:
    """It sums up many: the first article of the same words is news."""
    tracker = Tracker(embedder, companies=PARTIES)
    meeting = Development("meeting", PartialDate(2026, 3, 1), "Lawyers meet in Turin", Claim.REPORTED)
    tracker.learn(replace(contract(), developments=(meeting,)))
    judgement = tracker.judge(article(1, contract().headline))
    assert (judgement.decision, judgement.story) == (Decision.DEVELOPMENT, "orbex-zubrin")


def test_an_article_whose_id_ends_like_that_of_a_headline_is_a_report() -> None:
    tracker = Tracker()
    first = replace(article(1, "Storm floods the harbour of Lisbon"), id="https://example.com/#")
    tracker.judge(first)
    assert tracker.judge(article(2, "Storm floods harbour of Lisbon", hours=1)).twin.key == first.id


def test_a_re_report_adds_no_text_to_its_story() -> None:
    """Once its event is over, only what was news is still compared."""
    tracker = Tracker()
    tracker.judge(article(1, "Orbex Motors and Zubrin sign battery supply contract"))
    tracker.judge(article(2, "Zubrin and Orbex Motors sign contract on battery supply", hours=3))
    tracker.assign("a1", "orbex-zubrin")
    tracker.assign("a2", "orbex-zubrin")
    tracker.judge(article(3, "Storm floods the harbour of Lisbon", hours=100))
    assert (tracker.is_compared("a1"), tracker.is_compared("a2")) == (True, False)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (PartialDate(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)),
        (PartialDate(2026, 2), datetime(2026, 2, 28, tzinfo=UTC)),
        (PartialDate(2026), datetime(2026, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_development_is_as_new_as_its_date_allows(date: PartialDate, expected: datetime) -> None:
    story = replace(recall(), developments=(replace(recall().developments[0], date=date),))
    assert [record.at for record in build_story_records(story)] == [expected, expected]


@each_way
def test_other_news_is_another_event(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    tracker.judge(article(1, "Orbex Motors and Zubrin sign battery supply contract"))
    other = tracker.judge(article(2, "Storm floods the harbour of Lisbon"))
    assert (other.decision, other.event) == (Decision.NEW_STORY, "a2")


@each_way
@pytest.mark.parametrize(
    "title",
    [
        "Quellan recalls 90,000 vans over faulty brakes",
        "Quellan stops recall of vans over faulty brakes, 3 dead",
    ],
)
def test_a_re_report_that_brings_a_number_is_a_development(embedder: Embedder | None, title: str) -> None:
    tracker = Tracker(embedder)
    tracker.judge(article(1, "Quellan recalls 40,000 vans over faulty brakes"))
    assert tracker.judge(article(2, title, hours=1)).decision is Decision.DEVELOPMENT


@each_way
def test_a_re_report_that_brings_a_company_is_a_development(embedder: Embedder | None) -> None:
    """Told again with another name in it, it is news to those who follow that name."""
    companies = [Company("Orbex Motors"), Company("Zubrin")]
    titles = (
        "Orbex Motors signs battery supply contract in Turin",
        "Orbex Motors signs Zubrin battery supply contract in Turin",
    )
    knowing, unaware = Tracker(embedder, companies=companies), Tracker(embedder)
    for tracker in (knowing, unaware):
        tracker.judge(article(1, titles[0]))
    assert knowing.judge(article(2, titles[1], hours=1)).decision is Decision.DEVELOPMENT
    assert unaware.judge(article(2, titles[1], hours=1)).decision is Decision.RE_REPORT


@each_way
def test_an_event_that_has_rested_for_three_days_is_over(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    tracker.judge(article(1, "Storm floods the harbour of Lisbon"))
    assert tracker.judge(article(2, "Storm floods the harbour of Lisbon", hours=80)).event == "a2"


@each_way
def test_an_article_finds_the_story_that_is_known(embedder: Embedder | None) -> None:
    """And the desk is offered the best of the others."""
    tracker = Tracker(embedder, companies=PARTIES)
    tracker.learn(contract())
    tracker.learn(recall())
    judgement = tracker.judge(article(1, "Orbex Motors and Zubrin terminate battery supply contract", hours=3))
    assert (judgement.decision, judgement.story, judgement.sure) == (Decision.DEVELOPMENT, "orbex-zubrin", True)
    assert [each.story for each in judgement.candidates] == ["orbex-zubrin", "quellan-recall"]
    assert judgement.suggestion.stage is Stage.TERMINATED


@each_way
def test_a_story_that_was_quiet_for_weeks_is_still_the_same_story(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder, companies=PARTIES)
    tracker.learn(contract())
    tracker.learn(recall())
    judgement = tracker.judge(article(1, "Orbex Motors and Zubrin end battery supply contract", hours=24 * 40))
    assert (judgement.story, judgement.sure) == ("orbex-zubrin", True)


@each_way
@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Orbex Motors signs battery supply contract with Vantor", id="one of two parties"),
        pytest.param("Stocks to watch: Orbex Motors and Zubrin sign battery supply contract", id="a round-up"),
        pytest.param("Opinion: Orbex Motors and Zubrin sign a battery supply contract", id="opinion"),
        pytest.param("Vantor and Keld sign battery supply contract", id="the same kind of news of others"),
    ],
)
def test_an_editor_decides_what_only_looks_like_a_story(title: str, embedder: Embedder | None) -> None:
    """The story may be suggested first: which one ranks first, and whether the bot acts alone, are two questions."""
    tracker = Tracker(embedder, companies=PARTIES)
    tracker.learn(contract())
    judgement = tracker.judge(article(1, title, hours=3))
    assert not judgement.sure
    assert judgement.confidence == 0.0
    assert judgement.candidates[0].story == "orbex-zubrin"


def test_one_party_is_not_enough_in_an_event_of_the_story() -> None:
    """On the day of a deal its parties have other news, with their names in common."""
    tracker = Tracker(companies=PARTIES)
    tracker.judge(article(1, "Orbex Motors and Zubrin end their battery supply contract"))
    tracker.learn(contract())
    tracker.assign("a1", "orbex-zubrin")
    judgement = tracker.judge(article(2, "Orbex Motors posts a loss", hours=1))
    assert judgement.candidates[0].story == "orbex-zubrin"
    assert not judgement.sure


@each_way
def test_a_known_development_is_re_reported(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    tracker.learn(contract())
    judgement = tracker.judge(article(1, "Zubrin and Orbex Motors sign contract on battery supply"))
    assert (judgement.decision, judgement.story) == (Decision.RE_REPORT, "orbex-zubrin")
    assert (judgement.twin.story, judgement.twin.key) == ("orbex-zubrin", "signed")


@each_way
def test_an_article_of_no_story_is_a_new_one(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    tracker.learn(contract())
    judgement = tracker.judge(article(1, "Storm floods the harbour of Lisbon"))
    assert (judgement.decision, judgement.story, judgement.sure) == (Decision.NEW_STORY, "", False)


@each_way
def test_the_desks_decision_counts_for_what_follows(embedder: Embedder | None) -> None:
    """What tells the news of an article that the desk has put into a story goes there, surely; taken out, it does not."""
    tracker = Tracker(embedder)
    tracker.judge(article(1, "Storm floods the harbour of Lisbon"))
    tracker.assign("a1", "lisbon-floods")
    judgement = tracker.judge(article(2, "Lisbon harbour is flooded by a storm", hours=1))
    assert (judgement.story, judgement.sure) == ("lisbon-floods", True)
    tracker.assign("a1", "")
    assert tracker.judge(article(3, "Harbour of Lisbon flooded by storm", hours=2)).story == ""


def test_a_merged_storys_news_goes_to_its_target() -> None:
    tracker = Tracker()
    tracker.judge(article(1, "Storm floods the harbour of Lisbon"))
    tracker.assign("a1", "lisbon-floods")
    tracker.merge_stories("lisbon-floods", "storms")
    assert tracker.judge(article(2, "Lisbon harbour is flooded by a storm", hours=1)).story == "storms"
    tracker.forget("storms")
    assert tracker.judge(article(3, "Harbour of Lisbon flooded by storm", hours=2)).story == ""


def test_a_corrected_headline_replaces_the_old_one() -> None:
    tracker = Tracker()
    assert {text.key for text in tracker.learn(contract())} == {"orbex-zubrin#", "orbex-zubrin#signed"}
    assert tracker.learn(contract()) == ()
    other = Development("signed", PartialDate(2026, 3, 1), "Museum returns a painting", Claim.REPORTED)
    corrected = Story("orbex-zubrin", "Museum and painting", "", Kind.OTHER, (), (other,))
    assert {text.title for text in tracker.learn(corrected)} == {"Museum and painting", "Museum returns a painting"}
    assert tracker.judge(article(1, "Orbex Motors and Zubrin sign battery supply contract")).candidates[0].score < 0.2


@each_way
def test_two_events_that_an_article_shows_to_be_one_are_one(embedder: Embedder | None) -> None:
    tracker = Tracker(embedder)
    tracker.judge(article(1, "Orbex Motors terminates contract"))
    tracker.judge(article(2, "Zubrin loses battery supply orders", hours=1))
    assert tracker.find_event("a2") == "a2"
    for number in range(3, 8):
        tracker.judge(
            article(number, "Orbex Motors terminates contract, Zubrin loses battery supply orders", hours=number)
        )
    assert len({tracker.find_event(f"a{number}") for number in range(1, 8)}) == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=20), st.sampled_from(EMBEDDERS))
def test_judged_again_an_article_gets_the_same_judgement(order: list[int], embedder: Embedder | None) -> None:
    """However often, whatever came in between, and though its title has changed."""
    tracker, given_first = Tracker(embedder), dict[str, Judgement]()
    for number in order:
        each = stream()[number]
        judgements = tracker.judge(each if each.id not in given_first else article(number, "Changed"))
        assert given_first.setdefault(each.id, judgements) == judgements


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(EMBEDDERS))
def test_the_order_of_articles_of_one_hour_changes_no_event(chance: random.Random, embedder: Embedder | None) -> None:
    """Ten outlets report at once, in whatever order the feeds are read."""
    tracker = Tracker(embedder)
    titles = [
        "Quellan recalls 40,000 vans over faulty brakes", "Quellan vans recalled over faulty brakes", "Quellan recalls vans over brakes",
        "Storm floods the harbour of Lisbon", "Lisbon harbour flooded by storm",
    ]  # fmt: skip
    numbers = list(range(5))
    chance.shuffle(numbers)
    for number in numbers:
        tracker.judge(article(number, titles[number]))
    events = [tracker.find_event(f"a{number}") for number in range(5)]
    assert events[0] == events[1] == events[2] != events[3] == events[4]


class Keeper:
    """What the store would have: texts in the order in which they came."""

    def __init__(self) -> None:
        self.kept: dict[str, TrackedText] = {}

    def keep(self, considered: PendingJudgement) -> None:
        self.kept[considered.record.key] = considered.record


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 8), st.sampled_from(EMBEDDERS))
def test_a_restart_in_the_middle_changes_no_judgement(cut: int, embedder: Embedder | None) -> None:
    whole = Tracker(embedder)
    through = [whole.judge(each) for each in stream()]
    keeper, tracker = Keeper(), Tracker(embedder)
    for number, each in enumerate(stream()):
        if number == cut:
            centre = tracker.mean_state
            tracker = Tracker(embedder)
            tracker.restore(list(keeper.kept.values()), centre)
        considered = tracker.evaluate(each, tracker.embed([each])[0])
        tracker.commit(considered)
        keeper.keep(considered)
        assert considered.judgement == through[number]


def test_vectors_of_another_embedder_are_recomputed() -> None:
    """Installing the embeddings later loses no event."""
    keeper, before = Keeper(), Tracker()
    considered = before.evaluate(article(1, "Storm floods the harbour of Lisbon"), before.embed([article(1, "x")])[0])
    before.commit(considered)
    keeper.keep(considered)
    after = Tracker(WordHashes())
    after.restore(list(keeper.kept.values()), before.mean_state)
    assert after.judge(article(2, "Lisbon harbour flooded by storm", hours=1)).event == "a1"


def test_memory_is_bounded() -> None:
    """The oldest are let go beyond the capacity, and all that is over is."""
    tracker = Tracker(capacity=20)
    for number in range(60):
        considered = tracker.evaluate(
            article(number, f"Quellan{number} opens plant{number}", hours=number / 10),
            tracker.embed([article(1, "x")])[0],
        )
        tracker.commit(considered)
    assert sum(tracker.is_compared(f"a{number}") for number in range(60)) <= 20
    assert tracker.is_compared("a59")
    later = article(99, "Storm floods the harbour of Lisbon", hours=200)
    tracker.judge(later)
    assert [number for number in range(100) if tracker.is_compared(f"a{number}")] == [99]


@settings(max_examples=60, deadline=timedelta(seconds=2))
@given(st.text(max_size=500), st.text(max_size=600))
def test_no_text_is_too_strange_to_be_judged(title: str, text: str) -> None:
    tracker = Tracker(WordHashes())
    tracker.learn(contract())
    judgement = tracker.judge(article(1, title, text=text))
    assert 0.0 <= judgement.score <= 1.0
    assert tracker.judge(article(2, title, hours=1, text=text)).event in ("a1", "a2")


def test_an_article_in_a_script_without_blanks_finds_its_event() -> None:
    tracker = Tracker()
    tracker.judge(article(1, "日産と鴻海、追浜工場でのEV生産を協議"))
    assert tracker.judge(article(2, "鴻海と日産が追浜工場のEV生産で協議", hours=1)).event == "a1"
    assert tracker.judge(article(3, "東京株式市場は続落", hours=1)).event == "a3"
    assert START.tzinfo is not None
