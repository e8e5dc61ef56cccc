"""What ``check`` and ``run`` say of a database before they read it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.app import _warn_about_network_mount
from bot.errors import StoreUnavailable
from bot.model.findings import Severity
from bot.settings import Settings
from bot.store import open_store
from bot.store.engines.sqlite import database, network_mounts
from bot.store.engines.sqlite.version import SqliteBuild
from bot.terminal.check.database import check_database

SENTENCE = "is on a network file system (nfs4, mounted at "


@pytest.fixture
def network_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the system says is on a file server."""
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(f"40 22 0:50 / {tmp_path} rw,relatime shared:7 - nfs4 nas:/export rw\n")
    monkeypatch.setattr(network_mounts, "_MOUNTINFO", mountinfo)
    return tmp_path


async def test_a_database_on_a_network_is_refused_and_not_opened(network_folder: Path) -> None:
    """Before it exists too."""
    report = await check_database(Settings(database_url=f"sqlite:///{network_folder}/dealwire.db"))
    (problem,) = [each for each in report.findings if each.severity is Severity.PROBLEM]
    assert SENTENCE in problem.text
    assert not (network_folder / "dealwire.db").exists()


async def test_a_bot_on_a_network_warns_and_starts(network_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    url = f"sqlite:///{network_folder}/dealwire.db"
    async with open_store(url):
        with caplog.at_level(logging.WARNING):
            _warn_about_network_mount(url)
    assert SENTENCE in caplog.text


async def test_a_bot_on_a_local_disk_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    url = f"sqlite:///{tmp_path}/dealwire.db"
    async with open_store(url):
        _warn_about_network_mount(url)
    assert caplog.text == ""


async def test_an_old_sqlite_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "get_sqlite_build", lambda: SqliteBuild((3, 34, 1)))
    with pytest.raises(StoreUnavailable, match=r"^Python uses SQLite 3\.34\.1, and Dealwire needs 3\.35\.0 or newer: "):
        async with open_store(f"sqlite:///{tmp_path}/dealwire.db"):
            pytest.fail("it was opened")
    assert list(tmp_path.iterdir()) == []
