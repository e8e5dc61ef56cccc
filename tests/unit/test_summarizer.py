"""A story's summary, proposed from its sources' own sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import use_language
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import DescribedState, Development, Source, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.quotations import has_unpaired_mark
from bot.newsroom.summarizer import SENTENCE_LIMIT, WORD_LIMIT, propose_description, propose_summary
from bot.newsroom.summary_lines import MIN_WORDS, count_words

PARTIES = (Party("Orbex Motors"), Party("Zubrin"))


def development(
    number: int,
    headline: str,
    text: str = "",
    publisher: str = "Herald",
    retracted: str = "",
    stage: Stage | None = None,
    date: str = "",
) -> Development:
    day = PartialDate.parse(date) if date else PartialDate(2026, 3, number)
    return Development(f"d{number}", day, headline, Claim.REPORTED, text, stage, (Source(publisher),), retracted)


def story(*developments: Development, parties: tuple[Party, ...] = PARTIES) -> Story:
    return Story("orbex-zubrin", "Orbex Motors and Zubrin on battery supply", "", Kind.SUPPLY, parties, developments)


def texts_of(*developments: Development) -> list[str]:
    return [each.text for each in propose_summary(story(*developments)).sentences]


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
    assert f"{second} (Tribune, 5 Mar 2026)" in proposal.text


def test_what_is_said_twice_is_taken_once() -> None:
    again = TALKS.replace("are in talks", "were in talks")
    texts = texts_of(development(1, "Talks", TALKS), development(2, "Talks", again))
    assert sum("in talks on battery" in text for text in texts) == 1


def test_a_retracted_development_is_not_quoted() -> None:
    proposal = propose_summary(story(development(1, "Talks", TALKS, retracted="wrong")))
    assert proposal.sentences == ()


def test_a_development_without_text_is_told_by_its_headline() -> None:
    proposal = propose_summary(story(development(1, "Orbex and Zubrin begin talks")))
    assert proposal.text == "Orbex and Zubrin begin talks. (Herald, 1 Mar 2026)"


def test_a_line_of_three_words_is_not_proposed() -> None:
    assert propose_summary(story(development(1, "Talks begin today", "Nobody would comment."))).sentences == ()


def test_a_headline_does_not_repeat_the_text_below_it() -> None:
    texts = texts_of(development(1, "Orbex and Zubrin: talks about batteries", TALKS), development(5, "Signed", SIGNED))
    assert not any("talks about batteries" in text for text in texts)


def test_the_first_sentence_names_the_parties() -> None:
    """The headline takes its place if the text does not."""
    texts = texts_of(
        development(1, "Orbex Motors and Zubrin agree on batteries", "The memorandum covers eight years of supply."),
        development(5, "Plant opens", "The first plant in Turin opened its gates."),
    )
    assert texts[0] == "Orbex Motors and Zubrin agree on batteries."
    assert texts[-1] == "The first plant in Turin opened its gates."


def test_the_newest_state_begins_if_nothing_else_names_a_party() -> None:
    newest = "Orbex Motors opened the plant in Turin."
    texts = texts_of(
        development(1, "Rumours in Turin", "A plant may be built near Turin."), development(5, "Open", newest)
    )
    assert texts == [newest]


def test_a_story_without_parties_begins_with_what_happened() -> None:
    collapse = Story(
        "collapse",
        "Factory building collapses near Dhaka",
        "",
        Kind.OTHER,
        (),
        (
            development(1, "Collapse", "Shops closed early. An eight-storey factory building collapsed near Dhaka."),
            development(2, "Toll at 823", "The death toll in the Dhaka factory collapse rises to 823."),
            development(4, "Toll at 1,042", "The number of dead in the Dhaka factory collapse reaches 1,042."),
            development(6, "Toll at 1,126", "The Dhaka factory collapse has killed 1,126 people, the army said."),
        ),
    )
    assert [each.text for each in propose_summary(collapse).sentences] == [
        "An eight-storey factory building collapsed near Dhaka.",
        "The Dhaka factory collapse has killed 1,126 people, the army said.",
    ]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (
            "Orbex Motors will invest $4bn in the Zubrin battery plant.",
            "Orbex Motors raises its investment in the Zubrin battery plant to $5bn.",
        ),
        (
            "Orbex Motors investiert 4,5 Mrd. Euro in das Batteriewerk von Zubrin.",
            "Das Batteriewerk von Zubrin kostet Orbex Motors nun 5,2 Mrd. Euro.",
        ),
        (
            "Orbex Motors invertirá 3.000 millones de euros en la planta de Zubrin.",
            "Orbex Motors eleva a 4.500 millones de euros la inversión en la planta de Zubrin.",
        ),
        (
            "オーベックスはズブリンの電池新工場に2000億円を投じる。",
            "オーベックスはズブリンの電池新工場への投資を2600億円に増やす。",
        ),
    ],
)
def test_only_the_newest_figure_of_a_thing_is_proposed(older: str, newer: str) -> None:
    """It is kept even if a third development is newer."""
    opened = "The plant of Orbex Motors and Zubrin opened its gates in Turin."
    if "Orbex" not in newer:
        opened = "オーベックスとズブリンの電池工場が操業を始めた。"
    texts = texts_of(development(1, "Plan", older), development(3, "More", newer), development(5, "Open", opened))
    assert older not in texts
    assert newer in texts
    assert texts[-1] == opened


def test_begin_and_end_of_talks_are_not_the_same() -> None:
    """Whatever words they share: they are two stages of the deal."""
    begin, end = "Orbex Motors and Zubrin begin their merger talks.", "Orbex Motors and Zubrin end their merger talks."
    developments = development(1, "Talks", begin, stage=Stage.TALKS), development(5, "End", end, stage=Stage.TERMINATED)
    assert texts_of(*developments) == [begin, end]


def test_a_sentence_longer_than_a_summary_is_not_proposed() -> None:
    """The headline takes its place, and the form's field has room for words without an end."""
    long = f"Orbex Motors and Zubrin {'really ' * 60}agree."
    assert texts_of(development(1, "Orbex Motors and Zubrin agree", long)) == ["Orbex Motors and Zubrin agree."]
    assert texts_of(development(1, "Agreed", f"Orbex Motors and Zubrin: {'x' * 1_000}.")) == []


def test_a_teaser_that_breaks_off_is_not_proposed() -> None:
    assert (
        texts_of(development(1, "Orbex Motors and Zubrin are said to be …", "Orbex Motors wants to buy the whole ..."))
        == []
    )


def test_figures_of_different_things_are_kept() -> None:
    price = "Orbex Motors will pay $4bn for the battery supply by Zubrin."
    jobs = "Zubrin hires 900 people in Turin for the batteries of Orbex Motors."
    assert texts_of(development(1, "Price", price), development(3, "Jobs", jobs)) == [price, jobs]


@pytest.mark.parametrize(
    "text",
    [
        '"We supply batteries. Orbex Motors will love them," Zubrin said in Turin.',
        "“We supply batteries. Orbex Motors will love them,” Zubrin said in Turin.",
        "„Wir liefern Batterien. Orbex Motors wird sie lieben“, sagte Zubrin.",
        "«Tenemos baterías. Orbex Motors las espera», dijo Zubrin en Turín.",
        "「電池を供給する。オーベックスのためだ。」とズブリンは述べた。",
    ],
)
def test_a_quotation_of_several_sentences_stays_whole(text: str) -> None:
    assert texts_of(development(1, "Talks", text)) == [text]


def test_a_quotation_without_its_end_is_not_proposed() -> None:
    text = 'Orbex Motors and Zubrin met in Turin. "We supply batteries. Orbex Motors will love them.'
    assert texts_of(development(1, "Talks", text)) == ["Orbex Motors and Zubrin met in Turin."]


def test_who_said_something_is_not_proposed_without_it() -> None:
    text = "Orbex Motors and Zubrin met in Turin. Zubrin's chairman tweeted early Tuesday. Das sagte ein Sprecher."
    assert texts_of(development(1, "Talks", text)) == ["Orbex Motors and Zubrin met in Turin."]


def test_a_note_on_the_source_is_not_proposed() -> None:
    text = "Orbex Motors and Zubrin met in Turin. The source does not say what Orbex Motors and Zubrin discussed."
    assert texts_of(development(1, "Talks", text)) == ["Orbex Motors and Zubrin met in Turin."]


@pytest.mark.parametrize(
    ("date", "text", "dated"),
    [
        ("2026-03", "Zubrin will supply batteries to Orbex Motors.", "(Herald, March 2026)"),
        ("by 2026-03", "Zubrin will supply batteries to Orbex Motors.", "(Herald, by Mar 2026)"),
        ("2026", "Zubrin will supply batteries to Orbex Motors.", "(Herald, 2026)"),
        ("2026-03-05", "Zubrin liefert die Batterien für Orbex Motors.", "(Herald, 5. März 2026)"),
        ("2026-03-05", "Zubrin suministra las baterías de Orbex Motors.", "(Herald, 5 mar 2026)"),
        ("2026-03-05", "ズブリンはオーベックスに電池を供給する。", "(Herald、2026年3月5日)"),
    ],
)
def test_the_last_sentence_is_dated_in_its_own_language(date: str, text: str, dated: str) -> None:
    """A summary is stored once for all readers: whose editor asked for it makes no difference."""
    proposal = propose_summary(story(development(1, "Signed", text, date=date)))
    assert proposal.text == f"{text} {dated}"
    for code in ("de", "ja"):
        with use_language(code):
            assert proposal.text == f"{text} {dated}"


def test_only_the_last_sentence_is_dated() -> None:
    proposal = propose_summary(story(development(1, "Talks", TALKS), development(5, "Signed", SIGNED)))
    assert [bool(each.date) for each in proposal.sentences] == [*[False] * (len(proposal.sentences) - 1), True]


def test_a_description_follows_the_same_rules() -> None:
    """It begins with the development that brought the stage, and ends with the newest state and its date."""
    signed = "Zubrin will supply batteries for $4bn to Orbex Motors. Agreed. \"We are proud. It's big."
    raised = "Zubrin will now supply batteries for $5bn to Orbex Motors."
    changed = Story(
        "orbex-zubrin",
        "Orbex Motors and Zubrin talk",
        "They talk.",
        Kind.SUPPLY,
        PARTIES,
        (
            development(1, "Talks", TALKS, stage=Stage.TALKS),
            development(3, "Zubrin and Orbex Motors sign a contract", signed, stage=Stage.SIGNED),
            development(5, "Raised", raised),
        ),
        described_state=DescribedState(Stage.TALKS),
    )
    proposal = propose_description(changed)
    assert proposal.headline == "Zubrin and Orbex Motors sign a contract"
    assert proposal.summary == f"Zubrin and Orbex Motors sign a contract. {raised} (5 Mar 2026)"


_PIECES = st.sampled_from(
    ('"', "“", "”", "„", "«", "»", "「", "」", "'", "’", ". ", "。", "! ", "\n", "No. 5 ", "Orbex Motors ", "電池")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=400) | st.lists(_PIECES, max_size=40).map("".join), max_size=6))
def test_every_proposal_is_short_and_whole(texts: list[str]) -> None:
    """All words are the sources' own."""
    proposal = propose_summary(story(*(development(n, f"Headline {n}", text) for n, text in enumerate(texts, start=1))))
    assert proposal.word_count <= WORD_LIMIT
    assert len(proposal.sentences) <= SENTENCE_LIMIT
    own = {" ".join(text.split()) for text in texts}
    for each in proposal.sentences:
        assert count_words(each.text) >= MIN_WORDS
        assert not has_unpaired_mark(each.text)
        assert any(each.text in text for text in own)
