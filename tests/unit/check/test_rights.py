"""What ``check`` says when the files of the database cannot be created or written."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model.findings import Finding, Severity
from bot.terminal.check.rights import _explain_refusal, check_rights

#: An ordinary user for tests that run as root, whom no rights stop.
NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder of an ordinary user, who runs the test."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if is_root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o700)


def problems(path: Path) -> list[str]:
    return [finding.text for finding in check_rights(path) if finding.severity is Severity.PROBLEM]


def test_a_folder_that_can_be_written_is_in_order(folder: Path) -> None:
    """Nothing is left in it, and no missing folder is created."""
    assert list(check_rights(folder / "new" / "dealwire.db")) == [Finding.ok(f"The folder {folder} can be written.")]
    assert list(folder.iterdir()) == []


def test_a_folder_without_rights_is_named_with_the_command(folder: Path) -> None:
    folder.chmod(0o500)
    (text,) = problems(folder / "dealwire.db")
    assert text.startswith(
        f"There is no database at {folder}/dealwire.db, and none can be created: {folder} is not writable by"
    )
    assert f"&& sudo chmod u+rwx {folder}" in text


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", ".lock", ".bot"])
def test_a_file_that_cannot_be_written_is_named(suffix: str, folder: Path) -> None:
    for end in ("", "-wal", "-shm", ".lock", ".bot"):
        (folder / f"dealwire.db{end}").touch(0o400 if end == suffix else 0o600)
    (text,) = problems(folder / "dealwire.db")
    assert text.endswith(f"dealwire.db{suffix} can't be written. Run: chmod u+rw {folder}/dealwire.db{suffix}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_named(folder: Path) -> None:
    """As root leaves it behind who once ran a command."""
    (folder / "dealwire.db").touch(0o600)
    os.seteuid(0)
    (folder / "dealwire.db.lock").touch(0o600)
    os.seteuid(NOBODY)
    (text,) = problems(folder / "dealwire.db")
    assert "because it belongs to root. Run the bot always as the same user; now run: sudo chown" in text
    os.seteuid(0)
    (note,) = [each for each in check_rights(folder / "dealwire.db") if each.severity is Severity.NOTE]
    assert note.text.startswith("You are root, but the database")


def test_a_folder_in_the_place_of_a_lock_file_is_named(folder: Path) -> None:
    (folder / "dealwire.db").touch(0o600)
    (folder / "dealwire.db.lock").mkdir()
    assert problems(folder / "dealwire.db") == [
        f"{folder}/dealwire.db.lock must be the lock file, but it is not a file. Move it away."
    ]


def test_a_folder_that_everybody_can_write_is_noted(folder: Path) -> None:
    folder.chmod(0o777)
    assert Finding.note(
        f"Every user of this machine can replace the files in {folder}. Run: chmod o-w {folder}"
    ) in list(check_rights(folder / "dealwire.db"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (
            "EROFS",
            "its file system is mounted read-only. Mount it writable, or choose a writable folder with DATABASE_URL.",
        ),
        ("ENOSPC", "the disk or this user's quota is full. Free some space."),
        ("EDQUOT", "the disk or this user's quota is full. Free some space."),
    ],
)
def test_other_reasons_have_their_own_fix(number: str, words: str, tmp_path: Path) -> None:
    assert words in _explain_refusal(tmp_path, OSError(getattr(errno, number), "as the system says"))
