"""The command ``extract``: a file of articles in, the data in each out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main

COMPANIES = '[[company]]\nname = "Nissan"\naliases = []\n'


def line(**fields: Any) -> str:
    return json.dumps({"id": "1", "title": "Nissan opens a plant", "published": "2026-03-12T08:00:00Z"} | fields)


@pytest.fixture
def database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the address of a store that knows Nissan."""
    (tmp_path / "companies.toml").write_text(COMPANIES, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'store.db'}"
    assert main(["import", str(tmp_path / "companies.toml"), "--database", url]) == 0
    capsys.readouterr()
    return url


def test_the_data_of_each_article_are_printed_with_their_words(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "articles.jsonl"
    lead = "Nissan said the deal is expected to close by year-end."
    file.write_text(
        line(title="Nissan to sell battery arm for about $2bn", text=lead) + "\n" + line(id="2"), encoding="utf-8"
    )
    assert main(["extract", str(file), "--database", database]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "id": "1",
        "companies": ["Nissan"],
        "stage": "signed",
        "claim": "reported",
        "terms": [
            {"kind": "value", "value": "2000000000", "unit": "USD", "bound": "about", "words": "about $2bn", "part": "title", "start": 31, "end": 41}
        ],
        "expected": [
            {"kind": "closing", "value": "by 2026", "words": "deal is expected to close by year-end", "part": "text", "start": 16, "end": 53}
        ],
    }  # fmt: skip
    assert second == {
        "id": "2", "companies": ["Nissan"], "stage": None, "claim": "reported", "terms": [], "expected": [],
    }  # fmt: skip


def test_a_bad_line_is_named_and_skipped(tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "articles.jsonl", tmp_path / "out.jsonl"
    file.write_text(f"{line()}\n{{\n{line(id='3')}\n", encoding="utf-8")
    assert main(["extract", str(file), "--out", str(out), "--database", database]) == 1
    assert [json.loads(each)["id"] for each in out.read_text(encoding="utf-8").splitlines()] == ["1", "3"]
    assert capsys.readouterr().err == (
        "dealwire: articles.jsonl:2: expected a JSON object; skipped\ndealwire: 1 line was skipped.\n"
    )
