"""What ``check`` says of the processes that read feeds and draw pictures."""

from __future__ import annotations

import pytest

from bot.model.findings import Finding, Severity
from bot.newsroom.parsing import parser
from bot.pictures.renderer import PictureRenderer
from bot.terminal.check.workers import check_memory_limit, check_parser, check_pictures, check_workers

MISSING = "tests.unit.parsing.unstartable.missing"


async def test_what_works_is_in_order() -> None:
    assert await check_workers() == [
        Finding.ok("Feeds and web pages can be read."),
        Finding.ok("Pictures can be drawn, and their fonts are there."),
        Finding.ok("The memory of the processes that read feeds is limited."),
    ]


async def test_a_reader_that_cannot_start_must_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason."""
    monkeypatch.setattr(parser.ParserPool.__init__, "__defaults__", (None, MISSING))
    finding = await check_parser()
    assert finding.severity is Severity.PROBLEM
    assert finding.text.startswith("Feeds and web pages can't be read. The process that reads feeds can't be started: ")
    assert "No module named 'lxml_html_clean'. Install Dealwire again" in finding.text


async def test_a_drawer_that_cannot_start_must_be_fixed() -> None:
    finding = await check_pictures(PictureRenderer(MISSING))
    assert finding.severity is Severity.PROBLEM
    assert "No module named 'lxml_html_clean'" in finding.text


async def test_a_limit_that_does_not_hold_is_noted() -> None:
    """The probe ends as where the limit does not hold."""
    finding = await check_memory_limit("tests.unit.parsing.unstartable.killed")
    assert finding.severity is Severity.NOTE
    assert finding.text.endswith("Run the bot on Linux, or limit the memory of its container or service.")
