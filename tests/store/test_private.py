"""What the store creates is for its owner alone, whatever the umask; what former versions left open is closed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model.company import Company
from bot.store import open_store
from tests.store.material import url_of


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}


@pytest.mark.usefixtures("umask")
async def test_all_that_is_created_is_private(tmp_path: Path) -> None:
    """The folders too that had to be made; not those that were there."""
    tmp_path.chmod(0o755)
    file = tmp_path / "new" / "data" / "dealwire.db"
    async with open_store(url_of(file)) as store, store.join():
        async with store.write() as tx:
            await tx.companies.save(Company("Alpha"))
        assert modes(file.parent) == dict.fromkeys(
            ("dealwire.db", "dealwire.db-wal", "dealwire.db-shm", "dealwire.db.lock", "dealwire.db.bot"), "0o600"
        )
    assert modes(file.parent.parent) == {"data": "0o700"}
    assert modes(tmp_path) == {"new": "0o700"}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


async def test_files_of_a_former_version_are_made_private(file: Path, empty: bytes) -> None:
    """Those of the store; what else is in the folder is none of our business."""
    file.write_bytes(empty)
    for name in ("dealwire.db.lock", "dealwire.db.bot", "notes.txt"):
        file.with_name(name).touch()
    for path in file.parent.iterdir():
        path.chmod(0o664)
    async with open_store(url_of(file)):
        pass
    assert modes(file.parent) == {
        "dealwire.db": "0o600", "dealwire.db.lock": "0o600", "dealwire.db.bot": "0o600", "notes.txt": "0o664",
    }  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
async def test_the_files_of_somebody_else_are_left_as_they_are(file: Path, empty: bytes) -> None:
    """Who shares a store on purpose keeps it shared."""
    file.write_bytes(empty)
    file.chmod(0o664)
    os.chown(file, 12345, -1)
    async with open_store(url_of(file)):
        pass
    assert modes(file.parent)["dealwire.db"] == "0o664"
