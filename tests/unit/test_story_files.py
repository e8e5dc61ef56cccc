"""A broken file is refused in one line that names the file, the key and what was expected; nothing of it is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DealwireError
from bot.newsroom.drafts import read_story
from bot.newsroom.files import find_files, read_file
from bot.rooms import Rooms
from tests.unit.broken_files import BROKEN
from tests.unit.newsdesk import GOOD, content, development, story_file, take_in, write_files


def test_the_good_file_that_the_broken_ones_are_made_of_is_good(tmp_path: Path) -> None:
    read = read_file(write_files(tmp_path, {"good.toml": GOOD}) / "good.toml")
    assert read.story is not None
    assert read.story.slug == "acme-roadworks"


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_file_is_refused_in_one_line_and_changes_nothing(
    rooms: Rooms, tmp_path: Path, broken: str
) -> None:
    """Not even the good file beside it is stored."""
    text, said = BROKEN[broken]
    good = GOOD.replace("acme-roadworks", "a-good-one")
    folder = write_files(tmp_path / "in", {"a.toml": good, "broken.toml": text})
    before = content(rooms.services.store.path)
    with pytest.raises(DealwireError) as refused:
        await take_in(rooms, folder)
    assert str(refused.value) == f"broken.toml: {said}"
    assert content(rooms.services.store.path) == before


async def test_one_slug_in_two_files_is_refused(rooms: Rooms, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.toml": GOOD, "b.toml": GOOD})
    before = content(rooms.services.store.path)
    with pytest.raises(DealwireError) as refused:
        await take_in(rooms, folder)
    assert str(refused.value) == "b.toml: slug: 'acme-roadworks' is also the slug of a.toml"
    assert content(rooms.services.store.path) == before


async def test_how_many_more_files_are_refused_is_said_too(rooms: Rooms, tmp_path: Path) -> None:
    """The first is named; nobody has to guess whether it is the only one."""
    folder = write_files(tmp_path / "in", {"a.toml": "x", "b.toml": "", "c.toml": "", "d.toml": GOOD})
    with pytest.raises(DealwireError, match=r"^a\.toml: .*\(2 more of the 4 files are refused too\)$"):
        await take_in(rooms, folder)


async def test_a_story_that_would_not_hold_together_is_refused_before_anything_is_written(
    rooms: Rooms, tmp_path: Path
) -> None:
    """It is the story in the store that makes this file wrong; the good file before it is not stored either."""
    wrong = story_file("honda-nissan-merger", kind="event")
    folder = write_files(tmp_path / "in", {"a.toml": GOOD, "b.toml": wrong})
    before = content(rooms.services.store.path)
    with pytest.raises(DealwireError) as refused:
        await take_in(rooms, folder)
    assert str(refused.value) == "b.toml: kind: expected a deal kind: development 'mou' has a stage"
    assert content(rooms.services.store.path) == before


def test_a_folder_without_story_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DealwireError) as refused:
        find_files([tmp_path])
    assert str(refused.value) == f"{tmp_path}: expected story files (*.toml) in this folder, there are none."


@pytest.mark.parametrize("name", ["missing", "missing.toml"])
def test_a_path_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DealwireError) as refused:
        find_files([tmp_path / name])
    assert str(refused.value) == f"{tmp_path / name}: no such file or folder."


def test_a_path_that_cannot_be_one_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(DealwireError, match=r"/x+: cannot be read: File name too long\.$"):
        find_files([tmp_path / ("x" * 300)])


def test_a_folder_that_is_called_like_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(DealwireError, match=r"^a\.toml: cannot be read: Is a directory$"):
        read_file(tmp_path / "a.toml")


def test_a_file_at_the_limits_is_taken(tmp_path: Path) -> None:
    """A headline of 200, a summary of 2,000 and a text of 4,000 characters, in letters of several bytes."""
    text = story_file(
        headline="é" * 200, summary="日" * 2_000, developments=development("2025", "🚗" * 200, text="x" * 4_000)
    )
    read = read_file(write_files(tmp_path, {"full.toml": text}) / "full.toml")
    assert read.story is not None
    assert read.story.developments[0].headline == "🚗" * 200


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    """What Notepad saves reads as what anybody else saves."""
    plain = write_files(tmp_path, {"a.toml": GOOD, "b.toml": b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()})
    assert read_file(plain / "a.toml").story == read_file(plain / "b.toml").story


def test_what_no_file_can_hold_is_refused_all_the_same() -> None:
    """Forms and commands come by the same rules: half a character pair is none."""
    with pytest.raises(DealwireError, match=r"^headline: expected no control characters, .* U\+D800$"):
        read_story({"slug": "a", "headline": "half \ud800 a pair", "summary": "s", "kind": "other"})
