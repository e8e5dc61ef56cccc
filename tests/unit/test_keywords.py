"""Keywords: whole words, in any case and spelling, and in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.text_folding import contains_keyword


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("battery", "A Battery plant", True),
        ("battery", "Batteryless cars", False),
        ("citroën", "CITROËN builds", True),
        ("citroen", "Citroën builds", True),
        ("Citroën", "Citroen builds", True),
        ("Citroe\u0308n", "Citroën builds", True),
        ("strasse", "In der Straße 5", True),
        ("ＥＶ", "an EV plant", True),
        ("電池", "日産が電池を作る", True),
        ("日産", "鴻海と組む", False),
        ("EV", "日産EV電池工場", True),
        ("EV", "Seven sevens", False),
        ("EV", "EV2 and 2EV", False),
        ("завод", "Новый ЗАВОД", True),
        ("завод", "Заводской", False),
        ("배터리", "배터리를 만든다", True),
        ("ガス", "カス", False),
        ("โรงงาน", "เปิดโรงงานใหม่", True),
        ("C++", "It runs C++ now", True),
        ("C", "It runs C, now", True),
        ("joint venture", "A joint \n venture begins", True),
        ("a.b", "a-b", False),
        ("\u0301", "Anything", False),
    ],
)
def test_a_word_is_found_as_people_mean_it(word: str, text: str, found: bool) -> None:
    assert contains_keyword(word, text) is found


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_any_word_can_be_looked_for_and_a_text_has_itself(text: str, word: str) -> None:
    """Whatever is typed is looked for as it stands, never taken for a pattern."""
    assert contains_keyword(word, text) in (True, False)
    if any(letter.isalnum() for letter in word):
        assert contains_keyword(word, f"before {word} behind")
