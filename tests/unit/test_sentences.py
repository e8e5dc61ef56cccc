"""Where sentences end, which of their quotations are whole, and what takes no longer for a hostile text."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.sentences import find_sentences
from bot.newsroom.quotations import find_open_quotations, has_unpaired_mark, remove_quotations
from bot.newsroom.summary_lines import count_words, is_attribution, split_lines


@pytest.mark.parametrize(
    "text",
    [
        "Texas Rep. Orb met GOP Rep. Zubrin.|He left.",
        "Stellantis said on Dec. 3 that it resigned.|Talks ended in Dec.|The board met.",
        "Warner Bros. Discovery agreed.|So did Orbex Inc. of the U.S.|The deal is big.",
        "Mr. Orb of Orbex Inc. left the U.S. plant.|He is gone!|Half a",
        "They met at 3 p.m. Wednesday.|They left at 5 p.m.|Nobody spoke.|Orb left at 6 p.m.|Zubrin stayed.",
        "The No. 2 maker said no.|The No. 1 did not.",
        "Yahoo! buys it.|Why?|iPhone sales rose.",
        "It owns 3.5 % of Booking.com.|Then it sold.",
        "Die Nr. 1 zahlt 4 Mrd. Euro bzw. 5 Mio. Dollar.|Das ist viel.",
        "Am 3. Dezember, z. B. Die Post, d. h. Briefe.|Am 5. Dez. um 12 Uhr, im 2. Quartal.|Der 3. Senat tagt.",
        "Es kostet 2,4 Mrd.|Die Firma zahlt.|Sie baute 3.|Dann 4.",
        "El Sr. García de Zubrin, S.A. va a EE. UU. con la Cía. Orbex.|Gana, p. ej. Madrid.|El núm. 1 pierde.",
        "¿Por qué?|¡Ya!|Fue el 3 dic. 2026.",
        "日産は協議する。|ホンダも！|「本当か？」と社長は述べた。|「そうだ。」|日産は答えた。|終わり。",
        "One line\n|another line.|Third.",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str) -> None:
    assert [sentence.strip() for _, sentence in find_sentences(text.replace("|", " "))] == [
        part.strip() for part in text.split("|")
    ]


@given(st.text() | st.text(alphabet='ab.!?…。" \n3Mr「」'))
def test_sentences_together_are_the_text(text: str) -> None:
    sentences = list(find_sentences(text))
    assert "".join(sentence for _, sentence in sentences) == text
    assert all(text.startswith(sentence, start) for start, sentence in sentences)


@pytest.mark.parametrize(
    "text",
    [
        'He said "a" and “b”.', "„a“ und »b« und „c ‚d‘“", "«a» y “b”", "「a『b』」と", "‘we won’t’ he said", "'We go on' he said",
        "don't, workers’ strike, rock 'n' roll, the '90s", 'a 15" screen', "It's \"Yahoo's 'best'\"",
    ],
)  # fmt: skip
def test_whole_quotations_are_paired(text: str) -> None:
    assert not has_unpaired_mark(text)


@pytest.mark.parametrize(
    "text",
    ['"a', 'the end," he said', "“a", "a” b", "„a", "a“ x „b", "«a", "a» b", "「a", "a」", "‘a b", "「a『b」c』"],
)
def test_half_a_quotation_is_unpaired(text: str) -> None:
    assert has_unpaired_mark(text)


def test_what_is_outside_quotations_is_found() -> None:
    assert remove_quotations('"A b," he said. “C.”').split() == ["he", "said."]
    assert find_open_quotations('"A “b', ()) == ('"', "”")


@pytest.mark.parametrize(
    "line",
    [
        "Orb tweeted early Tuesday.", "The company said on Friday in a statement.", "He wrote.", "Said a spokesman.",
        "Das sagte ein Sprecher.", "So der Betriebsrat am Mittwoch.", "Dijo el consejo el martes.", "と同社は述べた。", "と述べた。",
    ],
)  # fmt: skip
def test_a_bare_attribution_is_recognised(line: str) -> None:
    assert is_attribution(line)


@pytest.mark.parametrize(
    "line",
    [
        "Talks go on, Orbex said.", "Orbex said it will sell its plant.", "Orbex added three plants in Italy.",
        "So viele Autos wie heute wurden noch nie in einem Jahr gebaut.", "オーベックスは電池工場を建てると発表した。",
    ],
)  # fmt: skip
def test_news_that_names_its_source_is_no_bare_attribution(line: str) -> None:
    assert not is_attribution(line)


def test_an_attribution_stays_with_its_quotation() -> None:
    assert split_lines('"What a start! We are proud." Orbex said on Friday. Shares of Orbex rose.') == (
        '"What a start! We are proud." Orbex said on Friday.', "Shares of Orbex rose.",
    )  # fmt: skip


def test_words_are_counted_in_scripts_without_blanks() -> None:
    assert count_words("Talks – at last – begin") == 4
    assert count_words("協議が始まる。") == 3
    assert count_words("日産のEV工場") == 4


def _count_calls(work: Callable[[], object]) -> int:
    """Count the Python functions that are called: the work, whatever the machine is doing."""
    count = 0

    def trace(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(trace)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece", ['"', '" ', "'a ", "“. ", ". ", "a. ", "3. A", "Mr. ", "。", "「。", "!?", "\n", " ", "A.B."]
)
def test_the_work_grows_with_the_text(piece: str) -> None:
    """Twice the text is at most twice the work, for every mark that somebody can repeat."""

    def read(count: int) -> int:
        text = piece * count
        return _count_calls(lambda: (list(find_sentences(text)), has_unpaired_mark(text), remove_quotations(text)))

    read(10)
    assert read(4_000) <= 2.2 * read(2_000) + 100
