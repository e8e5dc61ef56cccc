"""A story at a glance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.story import story_card
from bot.library.answers import Answer
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards.examples import DISPUTED, SIGNED, TALKS, deal, line, make_development
from tests.unit.cards.limits import accept, custom_ids, full_text, labels, options, payload


def card_text(story: Story) -> str:
    card = story_card(Answer("q", story))
    accept(card)
    return full_text(card)


def test_a_dispute_shows_both_sides_with_their_sources() -> None:
    """Each side has its claim, its date and its sources."""
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
        ([Stage.RUMOURED], "**Rumoured** · Merger\n-# ◉─○─○─○─○─○ next stage: In talks"),
        ([Stage.TALKS], "**In talks** · Merger\n-# ●━◉─○─○─○─○ next stage: Agreed"),
        ([Stage.TALKS, Stage.SIGNED], "**Signed** · Merger\n-# ●━●━●━◉─○─○ next stage: In review"),
        ([Stage.REVIEW], "**In review** · Merger\n-# ●━●━●━●━◉─○ next stage: Completed"),
        ([Stage.COMPLETED], "**Completed** · Merger\n-# ●━●━●━●━●━◉\n"),
        ([Stage.AGREED, Stage.TERMINATED], "**✕ Terminated** · Merger\n-# ●━●━●━✕ previously: Agreed"),
        ([Stage.LAPSED], "**✕ Lapsed** · Merger\n-# ✕\n"),
        ([], "\nMerger · Stage unknown\n"),
    ],
)
def test_the_way_of_a_deal_shows_where_it_stands(stages: list[Stage], way: str) -> None:
    steps = [make_development(f"s{n}", f"2025-0{n + 1}", Claim.CONFIRMED, stage) for n, stage in enumerate(stages)]
    assert way in card_text(deal(*steps))


def test_a_story_that_is_no_deal_shows_its_kind_alone() -> None:
    assert "\nPlant\n" in card_text(deal(TALKS, kind=Kind.PLANT))


def test_the_newest_come_first_and_the_rest_is_counted() -> None:
    text = card_text(deal(*(make_development(f"d{n}", f"2025-0{n}") for n in range(1, 8))))
    assert [n for n in range(1, 8) if f"What happened: d{n}" in text] == [4, 5, 6, 7]
    assert text.index("d7") < text.index("d4")
    assert "+3 earlier developments in the full story" in text


def test_a_retracted_development_is_not_among_the_newest() -> None:
    text = card_text(deal(TALKS, make_development("wrong", "2025-09", retracted="It was another company.")))
    assert "wrong" not in text
    assert "As of August 2025" in text


def test_a_story_without_developments_says_so() -> None:
    assert "No valid developments." in card_text(deal())


def test_it_names_the_parties_and_what_was_taken_for_what() -> None:
    text = full_text(story_card(Answer("alfa", deal(TALKS), corrections=(("alfa", "Alpha"),))))
    assert "**Alpha** (buyer) · **Beta** (target)" in text
    assert "-# As of August 2025 · “alfa” read as Alpha" in text


def test_other_matches_and_related_stories_are_shown_once() -> None:
    """The other matches are in a menu, the related stories are buttons."""
    answer = Answer("q", deal(TALKS), (line("x", "Story X"), line("y")), (), (), (line("y"), line("z", "Story Z")))
    card = story_card(answer)
    assert custom_ids(card) == [
        *("dw:follow:a-b-merger", "dw:full:0:a-b-merger", "dw:timeline:a-b-merger"),
        *("dw:pick:0", "dw:show:z"),
    ]
    assert labels(card)[-1] == "→ Story Z"
    assert [option["value"] for option in options(card, "dw:pick:0")] == ["x", "y"]
    first = options(card, "dw:pick:0")[0]
    assert (first["label"], first["description"]) == ("Story X", "In talks · Supply · as of August 2025")
    assert "Other matches (2)" in str(payload(card))


def test_further_related_stories_are_in_a_menu() -> None:
    """Those for which a row of buttons has no room."""
    card = story_card(Answer("q", deal(TALKS), related_stories=tuple(line(f"s{n}") for n in range(5))))
    assert [one for one in custom_ids(card) if "show" in one] == ["dw:show:s0", "dw:show:s1", "dw:show:s2"]
    assert [option["value"] for option in options(card, "dw:pick:1")] == ["s3", "s4"]
    assert "More related stories (2)" in str(payload(card))


def test_what_is_new_to_the_only_reader_is_marked_and_counted() -> None:
    story = deal(replace(TALKS, id=1), replace(SIGNED, id=2))
    text = full_text(story_card(Answer("q", story), new_ids={2}))
    assert "-# 1 new development since you last caught up here" in text
    assert "What happened: signed\n-# **New for you** · Confirmed" in text
    assert text.count("New for you") == 1
    assert "New for you" not in full_text(story_card(Answer("q", story)))


def test_more_matches_than_a_menu_holds_are_counted() -> None:
    card = story_card(Answer("q", deal(TALKS), tuple(line(f"s{n}") for n in range(30))))
    assert len(options(card, "dw:pick:0")) == 25
    assert "Other matches (25 of 30)" in str(payload(card))


def test_who_may_not_follow_gets_no_button() -> None:
    assert custom_ids(story_card(Answer("q", deal(TALKS)), can_follow=False)) == [
        "dw:full:0:a-b-merger",
        "dw:timeline:a-b-merger",
    ]
