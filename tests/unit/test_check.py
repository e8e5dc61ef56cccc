"""What ``check`` says without Discord."""

from __future__ import annotations

import pytest

from bot.newsroom.parsing import parser
from bot.terminal.check import Findings, _check_parser


async def test_feeds_that_can_be_read_are_in_order() -> None:
    findings = Findings()
    await _check_parser(findings)
    assert findings.lines == ["ok    Feeds can be read."]


async def test_a_process_that_cannot_start_is_to_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason."""
    monkeypatch.setattr(
        parser.ParserPool.__init__,
        "__defaults__",
        (
            None,
            "tests.unit.parsing.unstartable.missing",
        ),
    )
    findings = Findings()
    await _check_parser(findings)
    (line,) = findings.lines
    assert line.startswith("FIX   Feeds can't be read. The process that reads feeds can't be started: ")
    assert line.endswith("No module named 'lxml_html_clean'.")
    assert findings.problem_count == 1
