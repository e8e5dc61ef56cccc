"""The whole of a story: nothing is left out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.cards.full_story import full_story_card, full_story_card_in_thread, page_count
from bot.model.company import Party
from bot.model.story import Source, Story
from bot.model.vocabulary import Claim
from tests.unit.cards.examples import DISPUTED, SIGNED, TALKS, deal, make_development
from tests.unit.cards.limits import accept, custom_ids, full_text, labels, options


def everything(story: Story) -> str:
    cards = [full_story_card(story, page) for page in range(page_count(story))]
    for card in cards:
        accept(card)
    return "\n".join(map(full_text, cards))


def test_a_short_story_is_one_page_without_buttons() -> None:
    card = full_story_card(DISPUTED, 0)
    assert page_count(DISPUTED) == 1
    assert custom_ids(card) == ["dw:pick:0"]
    assert options(card, "dw:pick:0")[0]["value"] == "other-story"
    assert "⚠ Disputed" in full_text(card)


def test_a_retraction_is_struck_through_with_its_reason() -> None:
    text = everything(deal(TALKS, make_development("wrong", "2025-09", retracted="It was another company.")))
    assert "– ~~What happened: wrong~~" in text
    assert "**Retracted:** It was another company." in text
    assert "Retracted · was reported · September 2025" in text


def test_every_word_of_a_long_story_is_on_some_page() -> None:
    words = [f"word{n}" for n in range(400)]
    sources = tuple(Source(f"Paper {n}", f"Title {n}", f"https://p{n}.example/{'x' * 1_900}") for n in range(40))
    long = make_development("long", "2025-08", text=" ".join(words))
    story = replace(
        deal(*(replace(long, key=f"k{n}", sources=sources if n == 1 else ()) for n in range(4))),
        summary="* # " * 400 + "the end",
        parties=tuple(Party(f"Company {n}", "r" * 100) for n in range(60)),
    )
    text = everything(story)
    assert all(len(re.findall(rf"\b{word}\b", text)) == 4 for word in words)
    assert all(f"Title {n}](https://p{n}.example/{'x' * 1_900})" in text for n in range(40))
    assert all(f"**Company {n}**" in text for n in range(60))
    assert "the end" in text


def test_a_link_that_no_message_holds_is_named_as_such() -> None:
    source = Source("Paper", "Title", "https://p.example/" + "(" * 1_900)
    text = everything(deal(replace(TALKS, sources=(source,))))
    assert "Paper: Title · its link is too long for Discord" in text


def test_the_buttons_turn_the_pages() -> None:
    story = deal(*(make_development(f"k{n}", "2025-08", Claim.CONFIRMED, text="text " * 300) for n in range(9)))
    assert page_count(story) > 2
    first, second, last = full_story_card(story, 0), full_story_card(story, 1), full_story_card(story, 9_999)
    assert labels(first) == ["Previous", "Next"]
    assert custom_ids(first)[:2] == ["dw:idle:0", "dw:full:1:a-b-merger"]
    assert custom_ids(second)[:2] == ["dw:full:0:a-b-merger", "dw:full:2:a-b-merger"]
    assert custom_ids(last)[:2] == [f"dw:full:{page_count(story) - 2}:a-b-merger", "dw:idle:1"]
    assert f"Page {page_count(story)} of {page_count(story)}" in full_text(last)


def test_a_source_tells_its_title_and_date() -> None:
    text = everything(DISPUTED)
    assert "-# Nikkei: No talks, says maker · 20 Aug 2025" in text
    assert "-# [Reuters: Talks under way](https://reuters.example/talks)" in text


def test_the_newest_development_comes_first_with_what_it_moved() -> None:
    text = everything(deal(TALKS, SIGNED))
    assert text.index("signed") < text.index("talks")
    assert "Confirmed · September 2025 · In talks → **Signed**" in text


def test_what_is_new_to_the_only_reader_is_marked() -> None:
    story = deal(replace(TALKS, id=1), replace(SIGNED, id=2))
    text = full_text(full_story_card(story, 0, frozenset({2})))
    assert "-# **New for you** · Confirmed · September 2025" in text
    assert text.count("New for you") == 1


@pytest.mark.parametrize("count", [3, 240])
async def test_a_page_that_is_made_beside_the_event_loop_is_the_same(count: int) -> None:
    story = deal(*(replace(TALKS, key=f"k{n}", id=n, headline=f"Talks, round {n}") for n in range(count)))
    new = frozenset({1, 2})
    for page in (0, 1, 9_999):
        card = await full_story_card_in_thread(story, page, new)
        assert card.to_components() == full_story_card(story, page, new).to_components()  # type: ignore[no-untyped-call]
