"""Lists of stories and news, and the card of a company."""

from __future__ import annotations

from bot.cards.company import company_card
from bot.cards.lists import list_card
from bot.cards.no_answer import no_answer_card
from bot.library.answers import CompanyPage, ListPage, NoAnswer, QuerySuggestion, SuggestionKind
from bot.model.company import Company
from bot.model.list_query import ListQuery, ListSubject, SearchWord
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.cards.examples import SIGNED, line, news
from tests.unit.cards.limits import accept, custom_ids, full_text, labels, options

NEWS = ListQuery(ListSubject.DEVELOPMENTS)
STORIES = ListQuery(ListSubject.STORIES)
KEY = "0123456789abcdef"


def test_a_list_says_where_each_story_stands() -> None:
    query = ListQuery(companies=("Alpha",), stages=(Stage.TALKS,))
    card = list_card(ListPage(query, 1, 3, 25, (line("x", "Story X"), line("y")), key=KEY))
    accept(card)
    assert "### Deals\n-# Alpha · In talks · 25 deals · Page 2 of 3" in full_text(card)
    assert "**Story X**\n-# In talks · Supply · as of August 2025 · Alpha · Beta" in full_text(card)
    assert custom_ids(card) == [
        f"dw:unfilter:{KEY}:0",
        f"dw:unfilter:{KEY}:1",
        f"dw:list:{KEY}:0",
        f"dw:list:{KEY}:2",
        "dw:pick:0",
    ]
    assert labels(card)[:2] == ["Alpha ✖", "In talks ✖"]
    assert [option["value"] for option in options(card, "dw:pick:0")] == ["x", "y"]


def test_an_empty_list_says_what_to_do() -> None:
    narrowed = ListPage(ListQuery(companies=("Alpha",), stages=(Stage.SIGNED,), kinds=(Kind.MERGER,)))
    assert "No deal matches all of these. Remove a filter to see more." in full_text(list_card(narrowed))
    assert "Alpha · Merger · Signed" in full_text(list_card(narrowed))
    assert "No stories yet." in full_text(list_card(ListPage(STORIES)))
    assert "there are 12 deals on the pages before it" in full_text(list_card(ListPage(ListQuery(), 7, 2, 12)))


def test_a_list_says_what_it_cannot_be_filtered_by() -> None:
    page = ListPage(
        NEWS, 0, 1, 1, news=(news("x"),), ignored_parts=("over $10 billion",), corrections=(("nisan", "nissan"),)
    )
    assert "This list cannot be filtered by: over $10 billion." in full_text(list_card(page))
    assert "“nisan” was read as “nissan”." in full_text(list_card(page))


def test_the_largest_first_says_where_unknown_values_are() -> None:
    page = ListPage(ListQuery(largest_first=True), 0, 1, 1, (line("x"),))
    assert "largest first" in full_text(list_card(page))
    assert "Deals of unknown value are at the end." in full_text(list_card(page))


def test_more_filters_than_buttons_are_counted() -> None:
    words = tuple(SearchWord(f"w{number}", (f"w{number}",)) for number in range(13))
    card = list_card(ListPage(ListQuery(words=words), 0, 1, 1, (line("x"),), key=KEY))
    accept(card)
    assert len([custom_id for custom_id in custom_ids(card) if custom_id.startswith("dw:unfilter")]) == 10
    assert "+3 more filters" in full_text(card)


def test_news_name_their_story_and_publisher() -> None:
    card = list_card(ListPage(NEWS, 0, 2, 12, news=(news("x"), news("x", SIGNED), news("y")), key=KEY))
    accept(card)
    said = "-# Reported · August 2025 · Story x · [Reuters](https://reuters.example/talks)"
    assert f"○ **What happened: talks**\n{said}" in full_text(card)
    assert "● **What happened: signed**" in full_text(card)
    assert [option["value"] for option in options(card, "dw:pick:0")] == ["x", "y"]
    assert custom_ids(card)[:2] == ["dw:idle:0", f"dw:list:{KEY}:1"]


def test_no_news_says_what_to_do() -> None:
    of_company = ListQuery(ListSubject.DEVELOPMENTS, companies=("Alpha",))
    assert "`/latest` shows everything" in full_text(list_card(ListPage(of_company)))
    denied = ListQuery(ListSubject.DEVELOPMENTS, claims=(Claim.DENIED,))
    assert "Remove the filter to see everything" in full_text(list_card(ListPage(denied)))
    assert "`/desk publish`" in full_text(list_card(ListPage(NEWS)))
    assert "Start again with `/latest`" in full_text(list_card(ListPage(NEWS, 3, 1, 9)))


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
        "Stage unknown",
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
    assert "Follow it to hear about the first one." in full_text(card)


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
        "No story matches “@\u200beveryone \\*x\\*”.\nEnter a company or a story, or see all deals with `/deals`."
    )
