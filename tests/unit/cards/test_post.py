"""What a following channel gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.post import post_card, sample_card
from bot.model.story import Development
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards.examples import DENIAL, SIGNED, TALKS, deal, make_development, post
from tests.unit.cards.limits import accept, custom_ids, full_text, texts


def test_a_post_has_story_news_stage_change_and_sources() -> None:
    card = post_card(post(deal(TALKS, SIGNED), SIGNED))
    accept(card)
    assert texts(card) == [
        "-# **Alpha and Beta merge**",
        "### ● **What happened: signed**\nIn talks → **Signed**\nBoth have signed.\n-# Confirmed · September 2025 · Merger · [Reuters](https://reuters.example/talks)",
    ]
    assert custom_ids(card) == ["dw:post:abc123:a-b-merger", "dw:follow:a-b-merger", "dw:wrong:abc123"]


def test_roles_are_pinged_once_each_in_the_first_text() -> None:
    card = post_card(post(deal(TALKS), TALKS, roles=(11, 22, 11)))
    assert texts(card)[0] == "<@&11> <@&22>"


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (None, Stage.TALKS, "**In talks** (started)"),
        (Stage.SIGNED, Stage.TALKS, "Signed → **In talks** (moved back)"),
        (Stage.AGREED, Stage.TERMINATED, "Agreed (non-binding) → **Terminated** (broken off)"),
        (Stage.TERMINATED, Stage.TALKS, "Terminated → **In talks** (reopened)"),
        (Stage.REVIEW, Stage.COMPLETED, "In review → **Completed**"),
    ],
)
def test_the_move_is_named(before: Stage | None, after: Stage, move: str) -> None:
    earlier = [make_development("earlier", "2025-01", Claim.CONFIRMED, before)] if before else []
    news = make_development("news", "2025-02", Claim.CONFIRMED, after)
    later = make_development("later", "2025-03", Claim.CONFIRMED, Stage.LAPSED)
    assert move in full_text(post_card(post(deal(*earlier, news, later), news))).split("\n")


@pytest.mark.parametrize(
    "news", [DENIAL, make_development("same", "2025-09", stage=Stage.TALKS), make_development("none", "2025-09")]
)
def test_what_moves_nothing_shows_no_move(news: Development) -> None:
    assert "→" not in full_text(post_card(post(deal(TALKS, news), news)))
    assert "(started)" not in full_text(post_card(post(deal(TALKS, kind=Kind.PLANT), TALKS)))


def test_a_long_text_is_cut_and_says_so() -> None:
    news = replace(SIGNED, text="words and " * 300)
    text = full_text(post_card(post(deal(TALKS, news), news)))
    assert "and…" in text or "words…" in text
    assert len(text) < 1_000


def test_a_retracted_post_is_struck_through_with_the_reason() -> None:
    wrong = replace(SIGNED, retraction_reason="It was another company.")
    card = post_card(post(deal(TALKS, wrong), wrong))
    accept(card)
    assert "– ~~What happened: signed~~\n**Retracted:** It was another company.\n" in full_text(card)
    assert "Both have signed." not in full_text(card)
    assert "→" not in full_text(card)
    assert custom_ids(card) == ["dw:post:abc123:a-b-merger", "dw:follow:a-b-merger", "dw:wrong:abc123"]


def test_a_folded_post_lists_every_headline_under_its_story() -> None:
    many = tuple(make_development(f"d{n}", "2025-09", text="word " * 120) for n in range(12))
    card = post_card(post(deal(*many), *many))
    accept(card)
    assert "12 developments since the last post" in full_text(card)
    assert all(d.headline in full_text(card) for d in many)
    assert custom_ids(card)[0] == "dw:post:abc123:a-b-merger"


def test_a_sample_pings_nobody_and_is_not_taken_for_a_post() -> None:
    card = sample_card(deal(TALKS, SIGNED), [11])
    accept(card)
    assert texts(card)[0] == "-# **Preview** of a post · the first line pings the role"
    assert "What happened: signed" in full_text(card)
    assert "<@&" not in full_text(card)
    assert custom_ids(card) == ["dw:full:0:a-b-merger", "dw:follow:a-b-merger"]
