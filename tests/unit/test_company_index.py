"""Who is meant: one company, in whatever script, width, case or spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities.company_index import CompanyIndex
from bot.model.company import Company
from bot.model.text_folding import fold, fold_words
from tests.unit.newsdesk import read_seed_companies

quick = settings(max_examples=60, deadline=None)
NAMES = CompanyIndex(read_seed_companies())
texts = st.text(max_size=40)


def named(text: str) -> tuple[str, ...]:
    """Return the companies that a text names."""
    return NAMES.find(fold_words(text)).companies


@quick
@given(texts)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@quick
@given(st.text(st.characters(max_codepoint=0x02FF) | st.sampled_from("‐—’“…‼⁀"), max_size=30))
def test_a_text_is_folded_alike_letter_by_letter_and_whole(text: str) -> None:
    """Letters that what stands beside them may change, as in Japanese, have a text looked at as a whole."""
    assert f"{fold(text)} 日".strip() == fold(f"{text} 日")


@quick
@given(st.text(st.characters(codec="ascii", categories=["Ll", "Nd"]), max_size=20))
def test_case_width_and_accents_make_no_difference(text: str) -> None:
    """ｎｉｓｓａｎ, NISSAN and ńíśśáń are one word."""
    wide = "".join(chr(ord(mark) + 0xFEE0) for mark in text)
    accented = unicodedata.normalize("NFC", "".join(mark + "\u0301" for mark in text))
    assert fold(wide) == fold(text.upper()) == fold(accented) == fold(text)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Citroën", "citroen"),
        ("ŠKODA", "skoda"),
        ("Ørsted", "orsted"),
        ("Æther Œuvre", "aether oeuvre"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Moody’s & Sons", "moodys sons"),
        ("  A--B__C  ", "a b c"),
        ("パナソニック", "パナソニック"),
        ("ﾆｯｻﾝ", "ニッサン"),
        ("쌍용자동차", "쌍용자동차"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_spellings_fold_to_what_they_have_in_common(typed: str, folded: str) -> None:
    """The marks of other scripts are letters of their own: パ is not ハ."""
    assert fold(typed) == folded
    assert fold(unicodedata.normalize("NFD", typed)) == folded


@pytest.mark.parametrize(
    ("typed", "company"),
    [
        ("nissan", "Nissan"), ("NISSAN MOTOR CO., LTD.", "Nissan"), ("ｎｉｓｓａｎ", "Nissan"), ("Nïssàn", "Nissan"),
        ("日産", "Nissan"), ("日産自動車", "Nissan"), ("hon hai", "Foxconn"), ("Hon-Hai", "Foxconn"), ("鴻海", "Foxconn"),
        ("鸿海", "Foxconn"), ("vw", "Volkswagen"), ("GM", "General Motors"), ("Mercedes", "Mercedes-Benz"),
        ("7201.T", "Nissan"), ("TSLA", "Tesla"), ("F", "Ford"), ("KG모빌리티", "KGM"),
    ],
)  # fmt: skip
def test_a_name_is_known_by_any_of_its_spellings(typed: str, company: str) -> None:
    assert NAMES.find_exact(typed) == company


@pytest.mark.parametrize("typed", ["f", "", "!?", "Nissan Foxconn", "issan", "no company at all"])
def test_other_words_name_no_company(typed: str) -> None:
    """A ticker of one letter counts only as it is written."""
    assert NAMES.find_exact(typed) is None


@pytest.mark.parametrize(
    ("text", "companies_in_it", "rest"),
    [
        ("nissan and foxconn at oppama", ("Nissan", "Foxconn"), ("and", "at", "oppama")),
        ("honda motor honda", ("Honda",), ()),
        ("hon hai precision industry stake", ("Foxconn",), ("stake",)),
        ("hon stake", (), ("hon", "stake")),
        ("日産と鴻海", ("Foxconn", "Nissan"), ("と",)),
        ("日産自動車の工場", ("Nissan",), ("の工場",)),
        ("a ford in the river", ("Ford",), ("a", "in", "the", "river")),
        ("kiasomething", (), ("kiasomething",)),
    ],
)
def test_companies_are_found_and_other_words_remain(
    text: str, companies_in_it: tuple[str, ...], rest: tuple[str, ...]
) -> None:
    """The longest name counts, each company once; scripts without blanks hold names inside a word."""
    matches = NAMES.find(fold_words(text))
    assert (set(matches.companies), matches.other_words) == (set(companies_in_it), rest)


@pytest.mark.parametrize(
    ("typed", "correction"),
    [
        ("nisan", "nissan"), ("nisssan", "nissan"), ("nissna", "nissan"), ("renualt", "renault"), ("toyta", "toyota"),
        ("volkswagn", "volkswagen"), ("parkpoedia", "parkopedia"), ("jonda", "honda"),
    ],
)  # fmt: skip
def test_typos_are_corrected(typed: str, correction: str) -> None:
    assert NAMES.correct(typed) == correction


@pytest.mark.parametrize("typed", ["vq", "gn", "xyzzy", "2317", "nsn", "hydrogen", "", "n" * 10_000])
def test_a_word_unlike_every_name_is_not_corrected(typed: str) -> None:
    """Short words and numbers are too close to too much."""
    assert NAMES.correct(typed) is None


@quick
@given(st.sampled_from(["nissan", "foxconn", "mitsubishi", "volkswagen", "parkopedia"]), st.data())
def test_two_swapped_letters_are_one_typo(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 2))
    typed = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    assert typed == name or NAMES.correct(typed) == name


@quick
@given(texts)
def test_any_text_can_be_searched_for_companies(text: str) -> None:
    """Every word of a text either names a company or is left over; none is lost."""
    matches = NAMES.find(fold_words(text))
    assert bool(matches.companies) or matches.other_words == fold_words(text)
    NAMES.find_similar(text, 3)
    assert set(NAMES.find_by_prefix(text, 5)) <= {company.name for company in read_seed_companies()}


def test_names_with_the_prefix_come_first() -> None:
    assert NAMES.find_by_prefix("mi", 3)[0] == "Mitsubishi Motors"
    assert NAMES.find_by_prefix("hon", 5) == ("Foxconn", "Honda")
    assert NAMES.find_by_prefix("land r", 5) == ("JLR",)


def test_a_shared_name_belongs_to_the_first_company() -> None:
    """The store refuses such a pair; what was written before it did must still give one answer."""
    names = CompanyIndex([Company("Orion", ("Star",)), Company("Star")])
    assert names.find_exact("star") == "Orion"


@pytest.mark.parametrize(
    ("typed", "company"),
    [
        ("foo widgets", "Foo Widgets Co., Ltd."), ("foowidgets", "Foo Widgets Co., Ltd."),
        ("harbour motor", "Harbour Motor Company"), ("Harbour and Sons", "Harbour & Sons"),
        ("mueller werke", "Müller Werke"), ("muller werke", "Müller Werke"), ("muellerwerke", None),
        ("Ørby", "Ørby AS"), ("oerby", "Ørby AS"), ("東京鉄道", "東京鉄道株式会社"),
        ("vow3", "Volkswagen"), ("VOW3.DE", "Volkswagen"), ("VOW3", "Volkswagen"), ("abcd", "Quorl"),
        ("ABC", "Abacus"), ("abc", None),
    ],
)  # fmt: skip
def test_a_company_is_found_by_variants_of_its_name(typed: str, company: str | None) -> None:
    """Without legal forms, joined, spelled out; by a ticker of four letters in any case, with or without its exchange.

    A short ticker counts as it is written only.
    """
    index = CompanyIndex(
        [
            Company("Foo Widgets Co., Ltd."),
            Company("Harbour Motor Company"),
            Company("Harbour & Sons"),
            Company("Müller Werke"),
            Company("Ørby AS"),
            Company("東京鉄道株式会社"),
            Company("Volkswagen", ticker="VOW3.DE"),
            Company("Quorl", ticker="ABCD"),
            Company("Abacus", ticker="ABC"),
        ]
    )
    assert index.find_exact(typed) == company


@pytest.mark.parametrize("ticker", ["2015", "2015.HK"])
def test_a_year_in_a_question_is_no_ticker(ticker: str) -> None:
    index = CompanyIndex([Company("Quorl", ticker=ticker)])
    assert index.find(("deals", "2015")).companies == ()
    assert index.find_exact(ticker) == "Quorl"


def test_similar_names_come_most_similar_first() -> None:
    assert NAMES.find_similar("mitsubichi", 2)[0] == "Mitsubishi Motors"
    assert NAMES.find_similar("qqqqqqqq", 3) == ()
