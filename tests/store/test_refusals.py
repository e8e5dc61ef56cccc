"""A database that cannot be used: one sentence, exit status 1, no traceback, and no waiting for ever."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.newsroom.desk import Desk
from bot.store import open_store
from tests.progress import remove_progress
from tests.store.children import child, hold_exclusively, hold_lock_file
from tests.store.commands import LIMIT, CommandResult, assert_one_sentence, run_dealwire
from tests.store.material import REPO, HandClock, draft, url_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store as another program may have left it, and copies may be spoilt."""
    file = tmp_path_factory.mktemp("made") / "dealwire.db"

    async def make() -> None:
        async with open_store(url_of(file)) as store:
            desk = Desk(store, HandClock())
            for number in range(30):
                await desk.publish(draft(f"nissan-{number}", parties=("Nissan",)), actor="test")

    asyncio.run(make())
    return file


def a_folder(folder: Path, _made: Path) -> str:
    (folder / "dealwire.db").mkdir()
    return str(folder / "dealwire.db")


def a_pipe(folder: Path, _made: Path) -> str:
    os.mkfifo(folder / "dealwire.db")
    return str(folder / "dealwire.db")


def with_a_hard_link(folder: Path, made: Path) -> str:
    (folder / "dealwire.db").write_bytes(made.read_bytes())
    (folder / "other.db").hardlink_to(folder / "dealwire.db")
    return str(folder / "dealwire.db")


def a_link_to_itself(folder: Path, _made: Path) -> str:
    (folder / "dealwire.db").symlink_to(folder / "dealwire.db")
    return str(folder / "dealwire.db")


def below_a_file(folder: Path, _made: Path) -> str:
    (folder / "notes.txt").write_text("not a folder")
    return str(folder / "notes.txt" / "data" / "dealwire.db")


def in_proc(_folder: Path, _made: Path) -> str:
    return "/proc/dealwire/dealwire.db"


def straight_in_proc(_folder: Path, _made: Path) -> str:
    return "/proc/dealwire.db"


def a_text(folder: Path, _made: Path) -> str:
    (folder / "dealwire.db").write_text("Dear diary,\n" * 1_000)
    return str(folder / "dealwire.db")


def a_short_text(folder: Path, _made: Path) -> str:
    (folder / "dealwire.db").write_text("Dear diary")
    return str(folder / "dealwire.db")


def damaged(folder: Path, made: Path) -> str:
    whole = made.read_bytes()
    (folder / "dealwire.db").write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))
    return str(folder / "dealwire.db")


def cut_off(folder: Path, made: Path) -> str:
    (folder / "dealwire.db").write_bytes(made.read_bytes()[:20_000])
    return str(folder / "dealwire.db")


def too_new(folder: Path, made: Path) -> str:
    (folder / "dealwire.db").write_bytes(made.read_bytes())
    with contextlib.closing(sqlite3.connect(folder / "dealwire.db")) as rows, rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    return str(folder / "dealwire.db")


REFUSED: dict[str, tuple[Callable[[Path, Path], str], str]] = {
    "a folder": (a_folder, "is not a file"),
    "a named pipe": (a_pipe, "is not a file"),
    "below a file": (below_a_file, "can't be used"),
    "in a folder that cannot be made": (in_proc, "can't be used"),
    "in a folder that cannot be written": (straight_in_proc, "can't be used"),
    "a file with two names": (with_a_hard_link, "has a second name, a hard link"),
    "a link to itself": (a_link_to_itself, "can't be used: Too many levels of symbolic links"),
    "a text": (a_text, "is not an intact SQLite database; restore it from a backup"),
    "a short text": (a_short_text, "is not an intact SQLite database; restore it from a backup"),
    "damaged pages": (damaged, "is not an intact SQLite database; restore it from a backup"),
    "cut off": (cut_off, "is not an intact SQLite database; restore it from a backup"),
    "of a newer program": (too_new, "was written by a newer version of Dealwire; update the program"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_foreign_database_is_refused_in_one_sentence(what: str, tmp_path: Path, made: Path) -> None:
    """A database that is no store of ours is refused in one sentence.

    By a command that would make one where there is none.
    """
    prepare, words = REFUSED[what]
    companies = tmp_path / "companies.toml"
    companies.write_text('[[company]]\nname = "Renault"\n')
    with run_dealwire("import", str(companies), database=prepare(tmp_path, made)) as importing:
        assert_one_sentence(importing.outcome(), words)


def test_the_interpreter_ends_with_the_sentence_too(tmp_path: Path, made: Path) -> None:
    """As typed, ``python -m bot import … --database …``: nothing is said after it, by no thread either."""
    companies = tmp_path / "companies.toml"
    companies.write_text('[[company]]\nname = "Renault"\n')
    for prepare, words in (REFUSED["of a newer program"], REFUSED["in a folder that cannot be written"]):
        database = f"sqlite:///{prepare(tmp_path, made)}"
        typed = [sys.executable, "-m", "bot", "import", str(companies), "--database", database]
        ran = subprocess.run(typed, cwd=REPO, capture_output=True, text=True, timeout=LIMIT, check=False)
        assert_one_sentence(CommandResult(ran.returncode, ran.stdout, ran.stderr), words)


@contextlib.contextmanager
def others_hold(made: Path, folder: Path) -> Iterator[dict[str, Path]]:
    """Three databases that other processes hold: one that is being made, and two stores."""
    files = {name: folder / f"{name}.db" for name in ("being made", "exclusively", "lock file")}
    for name in ("exclusively", "lock file"):
        files[name].write_bytes(made.read_bytes())
    with (
        child(hold_exclusively, files["being made"]) as first,
        child(hold_exclusively, files["exclusively"]) as second,
        child(hold_lock_file, files["lock file"]) as third,
    ):
        assert [holder.pipe.recv() for holder in (first, second, third)] == ["held"] * 3
        yield files


def test_a_locked_database_is_refused_after_a_while(made: Path, tmp_path: Path) -> None:
    """A command waits for a database that another program holds, and refuses it after a while.

    Whether it holds the file itself or our lock file beside it; and reading what stands is possible meanwhile.
    """
    companies = tmp_path / "companies.toml"
    companies.write_text('[[company]]\nname = "Renault"\n')
    take_in = ("import", str(companies))
    asked = {
        "show while it is made": (("show", "nissan"), "being made"),
        "import beside another program": (take_in, "exclusively"),
        "import beside one of ours": (take_in, "lock file"),
        "show beside another program": (("show", "nissan-1"), "exclusively"),
        "show beside one of ours": (("show", "nissan-1"), "lock file"),
    }
    with others_hold(made, tmp_path) as files, contextlib.ExitStack() as stack:
        started = {
            name: stack.enter_context(run_dealwire(*words, database=files[which]))
            for name, (words, which) in asked.items()
        }
        ended = {name: one.outcome() for name, one in started.items()}
    locked = "is locked by another program; close it and try again"
    assert_one_sentence(ended["show while it is made"], locked)
    assert_one_sentence(ended["import beside another program"], locked)
    assert_one_sentence(ended["import beside one of ours"], "is in use by another program; try again")
    for name in ("show beside another program", "show beside one of ours"):
        assert (ended[name].status, remove_progress(ended[name].err)) == (0, ""), ended[name]


def test_a_database_that_is_free_again_is_used_at_once(made: Path, tmp_path: Path) -> None:
    """A command that waits for another's lock goes on when that one is killed; its lock goes with it."""
    file = tmp_path / "dealwire.db"
    file.write_bytes(made.read_bytes())
    companies = tmp_path / "companies.toml"
    companies.write_text('[[company]]\nname = "Renault"\n')
    with child(hold_lock_file, file) as holder:
        assert holder.pipe.recv() == "held"
        with run_dealwire("import", str(companies), database=file) as waiting:
            waiting.process.join(1)
            assert waiting.process.is_alive()
            holder.process.kill()
            ended = waiting.outcome()
    assert (ended.status, remove_progress(ended.err)) == (0, ""), ended
    with contextlib.closing(sqlite3.connect(file)) as rows:
        assert rows.execute("SELECT count(*) FROM company WHERE name = 'Renault'").fetchone() == (1,)


def cross_two_indexes(rows: sqlite3.Connection) -> None:
    """One index becomes another's pages."""
    rows.execute("PRAGMA writable_schema = ON")
    pages = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_alias_company_id'"
    rows.execute(f"UPDATE sqlite_master SET rootpage = ({pages}) WHERE name = 'ix_story_newest'")  # noqa: S608 - ours


def lose_the_companies(rows: sqlite3.Connection) -> None:
    """Their parties are left behind."""
    rows.execute("DELETE FROM company")


@pytest.mark.parametrize("spoil", [cross_two_indexes, lose_the_companies])
async def test_damage_is_found_by_the_check(
    spoil: Callable[[sqlite3.Connection], None], made: Path, tmp_path: Path
) -> None:
    """Also where no answer would have met it: an index that lacks its rows, a reference that leads nowhere."""
    file = tmp_path / "dealwire.db"
    file.write_bytes(made.read_bytes())
    async with open_store(url_of(file)) as store:
        await store.check()
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        spoil(rows)
    async with open_store(url_of(file)) as store:
        with pytest.raises(StoreUnavailable, match="restore it from a backup"):
            await store.check()
