"""Fields of an editor's form with several values, one a line."""

from __future__ import annotations

import pytest

from bot.model.company import Party
from bot.newsroom.form_fields import format_parties, parse_parties, parse_sources


@pytest.mark.parametrize(
    ("line", "company", "role"),
    [
        ("Kia | buyer", "Kia", "buyer"),
        ("Kia: buyer", "Kia", "buyer"),
        ("鴻海：買収者", "鴻海", "買収者"),
        ("鴻海｜買収者", "鴻海", "買収者"),
        ("Kia:", "Kia", ""),
        ("Kia", "Kia", ""),
        ("Re:Build", "Re:Build", ""),
        ("Re:Build: buyer: second", "Re:Build", "buyer: second"),
        ("X: The Moonshot Factory | partner", "X: The Moonshot Factory", "partner"),
        ("X: The Moonshot Factory |", "X: The Moonshot Factory", ""),
    ],
)
def test_a_colon_separates_as_a_bar_does(line: str, company: str, role: str) -> None:
    assert parse_parties(line) == [{"company": company, **({"role": role} if role else {})}]


@pytest.mark.parametrize(
    "party", [Party("Kia", "buyer"), Party("X: The Moonshot Factory"), Party("Re:Build"), Party("Kia:")]
)
def test_a_party_is_read_as_it_was_written(party: Party) -> None:
    (row,) = parse_parties(format_parties([party]))
    assert Party(row["company"], row.get("role", "")) == party


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("https://www.paper.example/1", {"publisher": "paper.example", "url": "https://www.paper.example/1"}),
        ("HTTPS://Paper.example/1 | They sign", {"publisher": "They sign", "url": "HTTPS://Paper.example/1"}),
        ("Reuters: They sign", {"publisher": "Reuters", "title": "They sign"}),
        ("Reuters", {"publisher": "Reuters"}),
        (
            "https://paper.example/1 | Paper | They sign | 2025",
            {"publisher": "Paper", "title": "They sign", "url": "https://paper.example/1", "date": "2025"},
        ),
    ],
)
def test_a_source_line_needs_no_more_than_a_link(line: str, row: dict[str, str]) -> None:
    assert parse_sources(line) == [row]
