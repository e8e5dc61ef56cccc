"""Stage and claim read from a text, with the words that say so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.vocabulary import Claim, Stage
from bot.newsroom.claim_extraction import extract_stage_and_claim

REPORTED, CONFIRMED, DENIED = Claim.REPORTED, Claim.CONFIRMED, Claim.DENIED


@pytest.mark.parametrize(
    ("title", "stage", "claim"),
    [
        ("Honda and Nissan terminate merger talks", Stage.TERMINATED, REPORTED),
        ("Nissan calls off merger with Honda", Stage.TERMINATED, REPORTED),
        ("Merger of Alpha and Beta falls through", Stage.TERMINATED, REPORTED),
        ("Talks between Nissan and Honda collapse", Stage.TERMINATED, REPORTED),
        ("Nissan no longer in talks with Honda on a merger", Stage.TERMINATED, REPORTED),
        ("Merger is off", Stage.TERMINATED, REPORTED),
        ("Offer for Opel lapses", Stage.LAPSED, REPORTED),
        ("Honda completes acquisition of supplier", Stage.COMPLETED, REPORTED),
        ("Deal closed: Panasonic sells unit", Stage.COMPLETED, REPORTED),
        ("Regulators approve EasyPark takeover of Parkopedia", Stage.REVIEW, REPORTED),
        ("EU clears the acquisition", Stage.REVIEW, REPORTED),
        ("Shareholders approve merger", Stage.REVIEW, REPORTED),
        ("Foxconn and Nissan sign supply contract", Stage.SIGNED, REPORTED),
        ("Ford announces definitive agreement to buy startup", Stage.SIGNED, CONFIRMED),
        ("Foxconn signs MOU with Mitsubishi on EV supply", Stage.AGREED, REPORTED),
        ("Stellantis and Leapmotor agree to form joint venture", Stage.AGREED, REPORTED),
        ("Nissan in talks with Foxconn over Oppama plant, sources say", Stage.TALKS, REPORTED),
        ("Toyota confirms talks on joint venture", Stage.TALKS, CONFIRMED),
        ("Volvo close to signing deal with supplier", Stage.TALKS, REPORTED),
        ("Foxconn nears deal to build EVs", Stage.TALKS, REPORTED),
        ("Renault mulls stake in Flexis", Stage.RUMOURED, REPORTED),
        ("Foxconn considers buying a stake in Nissan", Stage.RUMOURED, REPORTED),
        ("Nissan could sign a deal with Foxconn", Stage.RUMOURED, REPORTED),
        ("Alpha completes long-delayed $69 billion acquisition of Beta", Stage.COMPLETED, REPORTED),
        ("Alpha drops €2.1bn bid for Beta", Stage.TERMINATED, REPORTED),
        ("Alpha nears $3.5 billion deal for Beta", Stage.TALKS, REPORTED),
        ("Alpha agrees to buy Beta for $12bn", Stage.SIGNED, REPORTED),
        ("Alpha agrees to $4.6 billion takeover by Beta", Stage.SIGNED, REPORTED),
        ("Alpha to acquire Beta in all-stock deal", Stage.SIGNED, REPORTED),
        ("U.S. regulators sue to block Alpha's purchase of Beta", Stage.REVIEW, REPORTED),
        ("E.U. launches probe into Alpha's Beta acquisition", Stage.REVIEW, REPORTED),
        ("Alpha buys Beta after Gamma deal collapses", Stage.SIGNED, REPORTED),
        ("Alpha votes to end merger talks with Beta", Stage.TERMINATED, REPORTED),
        ("Alpha haggles over price with Beta", Stage.TALKS, REPORTED),
        ("BRIEF-Alpha says signs agreement to buy Beta", Stage.SIGNED, CONFIRMED),
        ("Alpha: talks with Beta are advancing", Stage.TALKS, CONFIRMED),
        ("Alpha says it has completed the sale of Beta", Stage.COMPLETED, CONFIRMED),
        ("Alpha in talks to buy Beta, FT says", Stage.TALKS, REPORTED),
        ("Alpha schließt Milliardenübernahme von Beta ab", Stage.COMPLETED, REPORTED),
        ("Alpha will Sparte an Beta verkaufen", Stage.RUMOURED, REPORTED),
        ("Alpha rompe las negociaciones con Beta", Stage.TERMINATED, REPORTED),
        ("アルファ、ベータとの統合で基本合意と発表", Stage.AGREED, CONFIRMED),
    ],
)
def test_a_stage_is_read(title: str, stage: Stage, claim: Claim) -> None:
    extraction = extract_stage_and_claim(title)
    assert (extraction.stage, extraction.claim) == (stage, claim)
    assert extraction.stage_words is not None
    assert title[extraction.stage_words.start : extraction.stage_words.end].lower() == extraction.stage_words.words


@pytest.mark.parametrize(
    ("title", "claim"),
    [
        ("Nissan denies talks with Foxconn", DENIED),
        ("Nissan denies that it terminated the deal", DENIED),
        ("Nissan did not sign the agreement", DENIED),
        ("Kia not in talks with Apple about a deal", DENIED),
        ("Nissan has never held talks with Foxconn on a merger", DENIED),
        ("Nissan says no plans for a tie-up", DENIED),
        ("Nissan plans to complete the merger by June", REPORTED),
        ("VW to sign contract with Rivian", REPORTED),
        ("GM fails to sign deal with union", REPORTED),
        ("Renault may pull out of alliance", REPORTED),
        ("Sources: Honda to announce merger", REPORTED),
        ("Honda confirmed it will not pursue the deal", CONFIRMED),
        ("Company closes plant in Ohio", REPORTED),
        ("Team signs striker", REPORTED),
        ("Alpha signs off on $5 billion investment plan", REPORTED),
        ("Alpha and union reach deal on wages", REPORTED),
        ("Alpha launches hostile bid for Beta", REPORTED),
        ("Alpha withdraws recommendation for Beta bid", REPORTED),
        ("Alpha boss pours cold water on merger speculation", DENIED),
        ("Alpha isn't considering a bid for Beta", DENIED),
        ("Alpha: Keine Gespräche mit Beta", DENIED),
        ("Alpha desmiente la venta de Beta", DENIED),
        ("アルファ、ベータ買収を否定", DENIED),
        ("Alpha und Beta verhandeln nicht", DENIED),
        ("Alpha und IG Metall einigen sich auf Tarifvertrag", REPORTED),
        ("", REPORTED),
    ],
)
def test_what_is_denied_wanted_or_possible_moves_no_stage(title: str, claim: Claim) -> None:
    extraction = extract_stage_and_claim(title)
    assert (extraction.stage, extraction.stage_words, extraction.claim) == (None, None, claim)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Nissan signs deal with Foxconn", "A spokesman denied that the deal was signed."),
        ("Nissan in talks over a merger with Honda. Honda denies it", ""),
        ("Nissan and Foxconn hold talks on a venture", "Nissan denied the report."),
        ("Nissan and Foxconn", "They terminated the merger, people say. Nissan denies any talks."),
    ],
)
def test_a_denial_in_a_later_sentence_takes_the_stage_away(title: str, text: str) -> None:
    extraction = extract_stage_and_claim(title, text)
    assert (extraction.claim, extraction.stage, extraction.stage_words) == (DENIED, None, None)


def test_the_text_says_what_the_title_leaves_open() -> None:
    text = "A long day in Yokohama. The two companies signed a supply contract, Nissan said in a statement."
    extraction = extract_stage_and_claim("Nissan and Foxconn", text)
    assert (extraction.stage, extraction.claim) == (Stage.SIGNED, Claim.CONFIRMED)
    assert extraction.stage_words is not None
    assert extraction.claim_words is not None
    for mark in (extraction.stage_words, extraction.claim_words):
        assert mark.part == "text"
        assert text[mark.start : mark.end] == mark.words


def test_the_words_of_a_denial_are_marked() -> None:
    extraction = extract_stage_and_claim("Nissan did not sign the agreement")
    assert extraction.claim_words is not None
    assert extraction.claim_words.words == "not sign"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from("İ deal talks sign not to could calls off denies sources . , merger end".split()), max_size=60
    ).map(" ".join)
)
def test_marks_stand_where_they_say(title: str) -> None:
    extraction = extract_stage_and_claim(title, title)
    for mark in (extraction.stage_words, extraction.claim_words):
        assert mark is None or title[mark.start : mark.end].lower() == mark.words.lower()


@pytest.mark.parametrize("piece", ["calls ", "not ", "end the a a ", "(),", "completes a b c d e ", "deal.", "to "])
def test_a_hostile_text_costs_little(piece: str) -> None:
    start = time.process_time()
    extract_stage_and_claim(piece * 20_000, piece * 20_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "title",
    [
        "Closing of Shell merger expected in June", "Completion of the sale to Bosch delayed to 2027", "Merger set to be completed by year-end",
        "Übernahme soll im zweiten Halbjahr abgeschlossen werden", "Fusion wird voraussichtlich 2027 abgeschlossen",
        "Fusion soll bis März abgeschlossen sein", "La compra se cerrará en el segundo semestre", "El cierre de la compra se retrasa",
        "La operación estará completada en 2027", "Iberdrola prevé cerrar la venta en junio",
        "ホンダ、日産に1兆円出資へ　2027年下半期に完了見込み", "ホンダの日産買収、来春完了予定", "統合会社、4月に発足へ", "出資完了を延期", "供給契約を締結へ",
    ],
)  # fmt: skip
def test_what_is_expected_is_not_done(title: str) -> None:
    """The date of a closing to come states no stage."""
    assert extract_stage_and_claim(title).stage is None


@pytest.mark.parametrize(
    "title",
    [
        "Shell announces completion of sale of refinery", "Übernahme von Covestro abgeschlossen, Adnoc zahlt", "ホンダ、日産の買収を完了",
        "Repsol completa la venta de su filial", "統合会社が4月に発足",
    ],
)  # fmt: skip
def test_what_is_done_is_completed(title: str) -> None:
    assert extract_stage_and_claim(title).stage is Stage.COMPLETED
