"""What ``check`` says before the first start: the files of SEEDS, and the HTTP port."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.model.findings import Finding, Severity
from bot.settings import Settings
from bot.terminal.check.http_port import check_http_port
from bot.terminal.check.seeds import check_seeds
from tests.unit.declared import ROOT

FEEDS = '[[feed]]\nurl = "https://press.example/feed"\ntitle = "Press"\n'


def test_the_starter_collection_can_be_imported() -> None:
    findings, feeds = check_seeds(ROOT / "seeds", utc_now)
    assert findings == []
    assert feeds
    assert {feed.id for feed in feeds} == {0}
    assert check_seeds(None, utc_now) == ([], ())


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "expected story files (*.toml) in this folder, but there are none"),
        ({"a.toml": "slug = "}, "a.toml"),
        ({"a.toml": FEEDS, "b.toml": "[[feed]]\nurl = 1\n"}, "b.toml"),
    ],
)
def test_files_that_cannot_be_imported_must_be_fixed(files: dict[str, str], words: str, tmp_path: Path) -> None:
    """The first start would end there. Their feeds are not asked about."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    [problem], feeds = check_seeds(tmp_path, utc_now)
    assert problem.severity is Severity.PROBLEM
    assert problem.text.startswith("The first start can't import SEEDS: ")
    assert words in problem.text
    assert feeds == ()


def test_many_errors_are_counted(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.toml").write_text("slug = ")
    findings, _ = check_seeds(tmp_path, utc_now)
    assert len(findings) == 11
    assert findings[-1].text == "2 more files of SEEDS have errors."


async def test_a_free_port_is_in_order_and_stays_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        assert await check_http_port(Settings(http_port=port)) == [
            Finding.ok(f"/healthz and /metrics can be served on 127.0.0.1 port {port}.")
        ]
    assert await check_http_port(Settings()) == []


async def test_a_port_of_another_program_is_noted() -> None:
    """What ends a connection at once is not a bot."""
    taken = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        (finding,) = await check_http_port(Settings(http_port=port))
    assert finding.severity is Severity.NOTE
    assert f"HTTP_PORT {port} is in use on 127.0.0.1" in finding.text


async def test_an_address_of_another_machine_must_be_fixed() -> None:
    (finding,) = await check_http_port(Settings(http_port=9464, http_host="192.0.2.1"))
    assert finding.severity is Severity.PROBLEM
    assert "HTTP_HOST to an address of this machine" in finding.text
