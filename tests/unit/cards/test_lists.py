"""Lists of stories and news, and the card of a company."""

from __future__ import annotations

from bot.cards.company import company_card
from bot.cards.lists import latest_list_card, story_list_card
from bot.cards.no_answer import no_answer_card
from bot.library.answers import (
    CompanyPage,
    NewsFilter,
    NewsPage,
    NoAnswer,
    QuerySuggestion,
    StoryFilter,
    StoryPage,
    SuggestionKind,
)
from bot.model.company import Company
from bot.model.vocabulary import Kind, Stage
from tests.unit.cards.examples import SIGNED, line, news
from tests.unit.cards.limits import accept, custom_ids, full_text, labels, options


def test_a_list_says_where_each_story_stands() -> None:
    card = story_list_card(StoryPage(StoryFilter("Alpha", Stage.TALKS), (line("x", "Story X"), line("y")), 1, 3, 25))
    accept(card)
    assert "### Deals\n-# Alpha · In talks · 25 deals · Page 2 of 3" in full_text(card)
    assert "**Story X**\n-# In talks · Supply · as of August 2025 · Alpha · Beta" in full_text(card)
    assert custom_ids(card) == ["dw:deals:0:1:talks::Alpha", "dw:deals:2:1:talks::Alpha", "dw:pick:0"]
    assert [option["value"] for option in options(card, "dw:pick:0")] == ["x", "y"]


def test_an_empty_list_says_what_to_do() -> None:
    narrowed = StoryPage(StoryFilter("Alpha", Stage.SIGNED, Kind.MERGER), (), 0, 1, 0)
    assert "No deal matches. Leave out a condition, or see all of them with `/deals`." in full_text(
        story_list_card(narrowed)
    )
    assert "Alpha · Signed · Merger" in full_text(story_list_card(narrowed))
    nothing = StoryPage(StoryFilter(deals_only=False), (), 0, 1, 0)
    assert "There are no stories yet." in full_text(story_list_card(nothing))
    beyond = StoryPage(StoryFilter(), (), 7, 2, 12)
    assert "there are 12 deals on the pages before it" in full_text(story_list_card(beyond))


def test_news_name_their_story_and_publisher() -> None:
    card = latest_list_card(NewsPage(NewsFilter(), (news("x"), news("x", SIGNED), news("y")), 0, 2, 12))
    accept(card)
    said = "-# Reported · August 2025 · Story x · [Reuters](https://reuters.example/talks)"
    assert f"○ **What happened: talks**\n{said}" in full_text(card)
    assert "● **What happened: signed**" in full_text(card)
    assert [option["value"] for option in options(card, "dw:pick:0")] == ["x", "y"]
    assert custom_ids(card)[:2] == ["dw:idle:0", "dw:latest:1:"]


def test_no_news_says_what_to_do() -> None:
    assert "`/latest` shows everything" in full_text(latest_list_card(NewsPage(NewsFilter("Alpha"), (), 0, 1, 0)))
    assert "`/desk publish`" in full_text(latest_list_card(NewsPage(NewsFilter(), (), 0, 1, 0)))
    assert "Start again with `/latest`" in full_text(latest_list_card(NewsPage(NewsFilter(), (), 3, 1, 9)))


def test_a_company_shows_its_names_and_its_stories_by_stage() -> None:
    stories = (
        line("done", "The done one", Stage.COMPLETED),
        line("signed", "The signed one", Stage.SIGNED),
        line("plant", "The plant", None, Kind.PLANT),
        line("talks", "The talks", Stage.TALKS),
        line("vague", "The vague one", None),
    )
    company = Company("Alpha", ("Alpha Motor", "アルファ"), "JP", "7201.T")
    card = company_card(CompanyPage(company, stories, 9, (news("talks"),)))
    accept(card)
    text = full_text(card)
    assert "-# Also Alpha Motor · アルファ\n-# Country JP · Ticker 7201.T" in text
    order = [
        "In talks",
        "The talks",
        "The signed one",
        "Stage not known",
        "The vague",
        "Ended",
        "The done",
        "Other",
        "The plant",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "-# Completed · Supply" in text
    assert "+4 older stories" in text
    assert "What happened: talks" in text
    assert len(options(card, "dw:pick:0")) == 5


def test_a_company_without_stories_can_be_followed() -> None:
    card = company_card(CompanyPage(Company("Alpha"), (), 0, ()))
    accept(card)
    assert "Follow it with `/follow`" in full_text(card)


def test_no_answer_offers_what_may_have_been_meant() -> None:
    suggestions = [QuerySuggestion(SuggestionKind.COMPANY, f"Company {n}", f"Company {n}") for n in range(7)]
    card = no_answer_card(
        NoAnswer("alfa", (*suggestions[:2], QuerySuggestion(SuggestionKind.STORY, "a-b", "A and B"), *suggestions))
    )
    accept(card)
    assert "No story matches “alfa”.\nDid you mean:" in full_text(card)
    assert labels(card) == ["Company 0", "Company 1", "A and B", "Company 2", "Company 3"]
    assert custom_ids(card)[2] == "dw:meant:story:a-b"


def test_no_answer_without_suggestions_points_to_the_deals() -> None:
    card = no_answer_card(NoAnswer("@everyone *x*"))
    accept(card)
    assert full_text(card) == (
        "No story matches “@\u200beveryone \\*x\\*”.\nName a company or a story, or see all deals with `/deals`."
    )
