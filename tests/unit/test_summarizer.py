"""A story's summary, proposed from its sources' own sentences."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim, Kind
from bot.newsroom.summarizer import WORD_LIMIT, count_words, propose_summary, split_sentences


def development(
    number: int, headline: str, text: str = "", publisher: str = "Herald", retracted: str = ""
) -> Development:
    date = PartialDate(2026, 3, number)
    return Development(f"d{number}", date, headline, Claim.REPORTED, text, None, (Source(publisher),), retracted)


def story(*developments: Development) -> Story:
    return Story("orbex-zubrin", "Orbex Motors and Zubrin on battery supply", "", Kind.SUPPLY, (), developments)


TALKS = (
    "Orbex Motors and Zubrin are in talks on battery supply. The weather in Turin was fine. Nobody else would comment."
)
SIGNED = "Zubrin will supply batteries to Orbex Motors for eight years. Its chairman likes sailing."


def test_it_quotes_the_most_central_sentences_in_order() -> None:
    proposal = propose_summary(story(development(5, "Signed", SIGNED, "Tribune"), development(1, "Talks", TALKS)))
    quotes = [(each.text, each.publisher, each.development) for each in proposal.sentences]
    first, second = TALKS.split(". ")[0] + ".", SIGNED.split(". ")[0] + "."
    assert (first, "Herald", "d1") in quotes
    assert (second, "Tribune", "d5") in quotes
    assert [key for _, _, key in quotes] == sorted(key for _, _, key in quotes)
    assert f"{second} (Tribune)" in proposal.text


def test_what_is_said_twice_is_taken_once() -> None:
    again = TALKS.replace("are in talks", "were in talks")
    proposal = propose_summary(story(development(1, "Talks", TALKS), development(2, "Talks", again)))
    assert sum("in talks on battery" in each.text for each in proposal.sentences) == 1


def test_a_retracted_development_is_not_quoted() -> None:
    proposal = propose_summary(story(development(1, "Talks", TALKS, retracted="wrong")))
    assert proposal.sentences == ()


def test_a_development_without_text_is_told_by_its_headline() -> None:
    assert propose_summary(story(development(1, "Talks begin"))).text == "Talks begin. (Herald)"


def test_a_sentence_does_not_end_behind_an_abbreviation() -> None:
    assert split_sentences("Mr. Orb of Orbex Inc. left the U.S. plant. He is gone! Half a") == (
        "Mr. Orb of Orbex Inc. left the U.S. plant.", "He is gone!",
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=6))
def test_it_has_at_most_sixty_words_all_of_them_the_sources_own(texts: list[str]) -> None:
    proposal = propose_summary(story(*(development(n, f"Headline {n}", text) for n, text in enumerate(texts, start=1))))
    assert proposal.word_count <= WORD_LIMIT
    own = {" ".join(text.split()) for text in texts} | {f"Headline {n}." for n in range(1, 7)}
    for each in proposal.sentences:
        assert count_words(each.text) > 0
        assert any(each.text in text for text in own)
