"""A story at a glance."""

from __future__ import annotations

import pytest

from bot.cards.story import story_card
from bot.library.answers import Answer
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards.examples import DISPUTED, SIGNED, TALKS, deal, line, told
from tests.unit.cards.limits import accept, custom_ids, options, payload, shown


def card_text(story: Story) -> str:
    card = story_card(Answer("q", story))
    accept(card)
    return shown(card)


def test_both_sides_of_a_dispute_are_shown_with_claim_date_and_source() -> None:
    text = card_text(DISPUTED)
    assert "**⚠ Disputed**" in text
    assert "> ✕ **Denied** · 20 Aug 2025 · Nikkei: No talks, says maker\n> What happened: denial" in text
    assert "> ○ **Reported** · August 2025 · [Reuters](https://reuters.example/talks)\n> What happened: talks" in text
    assert text.count("What happened: denial") == 1


def test_a_settled_story_is_not_called_disputed() -> None:
    assert "Disputed" not in card_text(deal(*DISPUTED.developments, SIGNED))


@pytest.mark.parametrize(
    ("stages", "way"),
    [
        ([Stage.RUMOURED], "Merger · **Rumoured** → In talks → …"),
        ([Stage.TALKS], "Merger · Rumoured → **In talks** → Agreed → …"),
        ([Stage.TALKS, Stage.SIGNED], "Merger · … → Agreed → **Signed** → In review → …"),
        ([Stage.REVIEW], "Merger · … → Signed → **In review** → Completed"),
        ([Stage.COMPLETED], "Merger · … → In review → **Completed**"),
        ([Stage.AGREED, Stage.TERMINATED], "Merger · … → Agreed → **✕ Terminated**"),
        ([Stage.LAPSED], "Merger · **✕ Lapsed**"),
        ([], "Merger · Stage not known"),
    ],
)
def test_the_way_of_a_deal_shows_where_it_stands(stages: list[Stage], way: str) -> None:
    steps = [told(f"s{n}", f"2025-0{n + 1}", Claim.CONFIRMED, stage) for n, stage in enumerate(stages)]
    assert way in card_text(deal(*steps)).split("\n")


def test_a_story_that_is_no_deal_shows_its_kind_alone() -> None:
    assert "\nPlant\n" in card_text(deal(TALKS, kind=Kind.PLANT))


def test_the_newest_come_first_and_the_rest_is_counted() -> None:
    text = card_text(deal(*(told(f"d{n}", f"2025-0{n}") for n in range(1, 8))))
    assert [n for n in range(1, 8) if f"What happened: d{n}" in text] == [4, 5, 6, 7]
    assert text.index("d7") < text.index("d4")
    assert "+3 earlier developments in the full story" in text


def test_a_retracted_development_is_not_among_the_newest() -> None:
    text = card_text(deal(TALKS, told("wrong", "2025-09", retracted="It was another company.")))
    assert "wrong" not in text
    assert "As of August 2025" in text


def test_a_story_without_developments_says_so() -> None:
    assert "No development stands yet." in card_text(deal())


def test_it_names_the_parties_and_what_was_taken_for_what() -> None:
    text = shown(story_card(Answer("alfa", deal(TALKS), corrected=(("alfa", "Alpha"),))))
    assert "**Alpha** buyer · **Beta** target" in text
    assert "-# As of August 2025 · “alfa” taken as Alpha" in text


def test_the_menus_hold_the_other_matches_and_the_related_stories_once() -> None:
    answer = Answer("q", deal(TALKS), (line("x", "Story X"), line("y")), (), (), (line("y"), line("z")))
    card = story_card(answer)
    assert custom_ids(card) == ["dw:follow:a-b-merger", "dw:full:0:a-b-merger", "dw:pick:0", "dw:pick:1"]
    assert [option["value"] for option in options(card, "dw:pick:0")] == ["x", "y"]
    assert [option["value"] for option in options(card, "dw:pick:1")] == ["z"]
    first = options(card, "dw:pick:0")[0]
    assert (first["label"], first["description"]) == ("Story X", "In talks · Supply · as of August 2025")
    assert "Other matches (2)" in str(payload(card))


def test_more_matches_than_a_menu_holds_are_counted() -> None:
    card = story_card(Answer("q", deal(TALKS), tuple(line(f"s{n}") for n in range(30))))
    assert len(options(card, "dw:pick:0")) == 25
    assert "Other matches (25 of 30)" in str(payload(card))


def test_who_may_not_follow_gets_no_button() -> None:
    assert custom_ids(story_card(Answer("q", deal(TALKS)), can_follow=False)) == ["dw:full:0:a-b-merger"]
