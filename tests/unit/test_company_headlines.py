"""Companies in labelled headlines, half of which no rule was tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.entities.company_matcher import CompanyMatcher
from bot.entities.disambiguation import is_ambiguous
from bot.model.company import Company
from bot.model.text_folding import fold, fold_words
from tests.unit.company_headlines import FILES, read_companies, read_headlines, score

COMPANIES = read_companies(FILES[0])
MATCHER = CompanyMatcher(COMPANIES)
HEADLINES = {path: read_headlines(path) for path in FILES}
HELD_OUT = {path: [headline for headline in HEADLINES[path] if headline.is_held_out] for path in FILES}


def find_literally(text: str) -> frozenset[str]:
    """Return every company of which a name is in a text, whatever the name means there."""
    folded_text = fold(text)

    def is_in_text(company: Company) -> bool:
        return any(fold(name) in folded_text for name in (company.name, *company.aliases))

    return frozenset(company.name for company in COMPANIES if is_in_text(company))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_labels_are_companies_and_headlines_are_distinct(path: Path) -> None:
    companies = {company.name for company in read_companies(path)}
    assert {name for headline in HEADLINES[path] for name in headline.companies} <= companies
    texts = [headline.text for headline in HEADLINES[path]]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("path", "size", "precision", "recall"),
    [(FILES[0], 200, 0.95, 0.95), (FILES[1], 80, 0.95, 0.93), (FILES[2], 60, 0.85, 0.85)],
    ids=["headlines", "later", "words"],
)
def test_companies_in_held_out_headlines_are_recognised(path: Path, size: int, precision: float, recall: float) -> None:
    """The floors are far above what the names alone allow; two or three headlines that get worse fail."""
    result = score(HELD_OUT[path], CompanyMatcher(read_companies(path)).find_names)
    assert result.headlines >= size
    assert result.right + result.missed >= size * 0.5
    assert sum(not headline.companies for headline in HELD_OUT[path]) >= size * 0.25
    assert result.precision >= precision
    assert result.recall >= recall


def test_looking_for_names_alone_would_not_do() -> None:
    """What makes the headlines a test: names that mean something else, and companies with such names."""
    assert score(HELD_OUT[FILES[0]], find_literally).precision < 0.75
    plain_names = {company.name for company in COMPANIES if not is_ambiguous(fold_words(company.name))}
    assert score(HELD_OUT[FILES[0]], lambda text: find_literally(text) & plain_names).recall < 0.75


@pytest.mark.parametrize("prefix", ["", "FOCUS-", "UPDATE 2-", "Exclusive: "])
@pytest.mark.parametrize(
    "name", ["Tesla", "Kia", "Ford", "Rivian", "Polestar", "Lucid", "Shell", "Arm", "Apple", "Uber", "Genesis"]
)
@pytest.mark.parametrize(
    "predicate",
    [
        "recalls 200,000 cars", "cuts jobs in Germany", "delays its battery plant", "names new chief", "sued by former supplier",
        "to close two sites", "despide a 300 empleados", "streicht Stellen in Köln",
    ],
)  # fmt: skip
def test_who_acts_is_the_company(prefix: str, name: str, predicate: str) -> None:
    assert MATCHER.find_names(f"{prefix}{name} {predicate}") == {name}


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("Shares of F, GM and TSLA slide", ["F", "GM", "TSLA"]),
        ("CAT falls 4.5% as tariffs bite", ["CAT"]),
        ("Options on $F and TSLA", ["F", "TSLA"]),
        ("F IS FOR FAMILY, TSLA OR NOT", []),
        ("Grade F and V for Vendetta", []),
        ("Rivian Automotive (NASDAQ: RIVN) and (F)", ["Rivian Automotive", "RIVN", "F"]),
    ],
)
def test_tickers_are_read_without_parentheses_among_shares(text: str, spellings: list[str]) -> None:
    """A symbol of four letters that is no word, one before a percentage, or one in a list of shares; not in capitals."""
    mentions = MATCHER.find_mentions(text)
    assert [mention.spelling for mention in mentions] == spellings
    assert all(text[mention.start : mention.end] == mention.spelling for mention in mentions)


def test_a_longer_name_is_the_company_that_has_it() -> None:
    """What is somebody else to one collection has its own entry in another."""
    companies = [
        Company("Mercedes-Benz", ("Daimler",)),
        Company("Daimler Truck"),
        Company("Titan"),
        Company("Titan Pharma"),
    ]
    matcher = CompanyMatcher(companies)
    assert matcher.find_names("Daimler Truck and Titan Pharma merge") == {"Daimler Truck", "Titan Pharma"}
    matcher.remove("Daimler Truck")
    assert (
        matcher.find_names("Daimler Trucks neuer Chef") == matcher.find_names("Daimler Truck wins order") == frozenset()
    )
    assert matcher.find_names("Daimler wins order") == {"Mercedes-Benz"}


@pytest.mark.parametrize(
    "text",
    [
        "スタンフォード大とオックスフォード", "アップルパイ", "本田圭佑が引退", "本田選手が得点", "日産50万バレル", "大众消费", "기아 문제",
        "Visa delays hit tech hiring", "A Realistic, Sharp Design", "Smart, Sharp TVs", "Gap is growing", "BMW's Rolls-Royce",
        "Lotus Eaters profit from a reissue", "Carnival ends in a brawl", "Puma splits on the rocks",
    ],
)  # fmt: skip
def test_a_part_of_another_word_or_name_is_no_company(text: str) -> None:
    assert MATCHER.find_names(text) <= {"BMW"}


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("トヨタカローラを改良", "Toyota"), ("ホンダモビリティ", "Honda"), ("本田技研が発表", "Honda"), ("日産、50万台", "Nissan"),
        ("テスラモデル3", "Tesla"), ("大众汽车", "Volkswagen"), ("기아는", "Kia"), ("Apple and Goldman Sachs end pact", "Apple"),
        ("EU Fines Apple Over Store Rules", "Apple"), ("Apple Watch sales rise", "Apple"), ("Teslas Aktie", "Tesla"),
        ("Pumas neuer Chef räumt auf", "Puma"), ("Lotus-Werk steht still", "Lotus"), ("Strike hits Puma in Frankfurt", "Puma"), ("Puma and GoTo join forces", "Puma"),
        ("Puma continues to grow", "Puma"), ("El rival adelanta a Nike en bolsa", "Nike"),
    ],
)  # fmt: skip
def test_context_shows_a_company_anywhere(text: str, company: str) -> None:
    assert MATCHER.find_names(text) == {company}
