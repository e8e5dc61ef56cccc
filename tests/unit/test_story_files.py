"""A broken file is refused in one line that names the file, the key and what was expected; nothing of it is stored."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.container import Container
from bot.errors import DealwireError
from bot.newsroom.drafts import parse_story
from bot.newsroom.story_files import find_files, read_file
from tests.unit.broken_files import BROKEN, KINDS
from tests.unit.newsdesk import GOOD, content, development, story_file, take_in, write_files


def without_line(message: str) -> str:
    """Return an error without the line, which a test of its own has."""
    return re.sub(r"\.toml('?):\d+:", r".toml\1:", message, count=1)


def test_the_good_file_that_the_broken_ones_are_made_of_is_good(tmp_path: Path) -> None:
    read = read_file(write_files(tmp_path, {"good.toml": GOOD}) / "good.toml")
    assert read.story is not None
    assert read.story.slug == "acme-roadworks"


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_file_is_refused_and_changes_nothing(container: Container, tmp_path: Path, broken: str) -> None:
    """Not even the good file beside it is stored."""
    text, message = BROKEN[broken]
    good = GOOD.replace("acme-roadworks", "a-good-one")
    folder = write_files(tmp_path / "in", {"a.toml": good, "broken.toml": text})
    before = content(Path(container.services.store.name))
    with pytest.raises(DealwireError) as refused:
        await take_in(container, folder)
    assert without_line(str(refused.value)) == f"broken.toml: {message}"
    assert content(Path(container.services.store.name)) == before


async def test_one_slug_in_two_files_is_refused(container: Container, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.toml": GOOD, "b.toml": GOOD})
    before = content(Path(container.services.store.name))
    with pytest.raises(DealwireError) as refused:
        await take_in(container, folder)
    assert str(refused.value) == "b.toml:1: slug: 'acme-roadworks' is also the slug of a.toml"
    assert content(Path(container.services.store.name)) == before


async def test_how_many_more_files_are_refused_is_said_too(container: Container, tmp_path: Path) -> None:
    """The first is named; nobody has to guess whether it is the only one."""
    folder = write_files(tmp_path / "in", {"a.toml": "x", "b.toml": "", "c.toml": "", "d.toml": GOOD})
    with pytest.raises(DealwireError, match=r"^a\.toml:1: .*\(2 more of the 4 files were also refused\)$"):
        await take_in(container, folder)


async def test_an_inconsistent_story_is_refused(container: Container, tmp_path: Path) -> None:
    """It is the story in the store that makes this file wrong; the good file before it is not stored either."""
    wrong = story_file("honda-nissan-merger", kind="event")
    folder = write_files(tmp_path / "in", {"a.toml": GOOD, "b.toml": wrong})
    before = content(Path(container.services.store.name))
    with pytest.raises(DealwireError) as refused:
        await take_in(container, folder)
    assert str(refused.value) == "b.toml:4: kind: expected a kind of deal: development 'mou' has a stage"
    assert content(Path(container.services.store.name)) == before


def test_a_folder_without_story_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DealwireError) as refused:
        find_files([tmp_path])
    assert str(refused.value) == f"{tmp_path}: expected story files (*.toml) in this folder, but there are none."


@pytest.mark.parametrize("name", ["missing", "missing.toml"])
def test_a_path_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DealwireError) as refused:
        find_files([tmp_path / name])
    assert str(refused.value) == f"{tmp_path / name}: no such file or folder."


def test_a_path_that_cannot_be_one_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(DealwireError, match=r"/x+: cannot be read: File name too long\.$"):
        find_files([tmp_path / ("x" * 300)])


def make_folder(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)
        server.bind(path.name)
        os.chdir(here)


def make_endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def make_link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_000_000)


def make_file_of_no_known_size(path: Path) -> None:
    """One of the kernel's: it says that it is empty, and is endless or refuses."""
    path.symlink_to("/proc/self/mem")


def write_text(text: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_text(text)

    return make


BAD_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a folder": (make_folder, "cannot be read: it is a folder, not a regular file"),
    "a named pipe": (make_pipe, "cannot be read: it is a named pipe, not a regular file"),
    "a socket": (make_socket, "cannot be read: it is a socket, not a regular file"),
    "an endless device": (make_endless_device, "cannot be read: it is a device, not a regular file"),
    "a link to itself": (make_link_to_itself, "cannot be read: Too many levels of symbolic links"),
    "a link to nowhere": (make_link_to_nowhere, "cannot be read: No such file or directory"),
    "a huge file": (make_huge, "expected at most 5,000,000 bytes"),
    "of no known size": (make_file_of_no_known_size, "cannot be read: Input/output error"),
    "a number of 2 MB": (write_text("a = " + "9" * 2_000_000), "not valid TOML: a number in it has too many digits"),
    "a long number in a list": (write_text(f"a = [{'9' * 5_000}]"), "not valid TOML: a number in it has too many digits"),
    "a number of 2 MB for a kind": (
        write_text(GOOD.replace('"acquisition"', "0x" + "f" * 2_000_000)), f"kind: expected one of {KINDS}, not 'int'",
    ),
    "a key of 60,000 parts": (write_text("a." * 60_000 + "a = 1"), "expected keys of at most 8 parts"),
    "a quoted key of 60,000 parts": (write_text('"a" . ' * 60_000 + "a = 1"), "expected keys of at most 8 parts"),
    "a header of 60,000 parts": (write_text("[" + "a." * 60_000 + "a]"), "expected keys of at most 8 parts"),
    "a long key in a table": (write_text("a = [{" + "b." * 60_000 + "b = 1}]"), "expected keys of at most 8 parts"),
    "a long key behind a comment": (write_text("# it's \"\"\"\n" + "a." * 60_000 + "a = 1"), "expected keys of at most 8 parts"),
    "many strings that do not end": (write_text('"""\\' * 200_000), "not valid TOML: Expected '=' after a key in a key/value pair (at line 1, column 3)"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_FILES)
def test_whatever_a_file_is_it_is_refused_in_one_sentence(what: str, tmp_path: Path) -> None:
    """Nothing is waited for, and nothing is read to an end that does not come."""
    make, message = BAD_FILES[what]
    make(tmp_path / "a.toml")
    with pytest.raises(DealwireError) as refused:
        read_file(tmp_path / "a.toml")
    assert without_line(str(refused.value)) == f"a.toml: {message}"


def test_dots_in_texts_and_comments_are_no_keys(tmp_path: Path) -> None:
    dots = "." * 50
    text = GOOD.replace("The price was not told.", f"The price {dots} was 'not' told.")
    read = read_file(write_files(tmp_path, {"a.toml": f"# {dots}\n" + text}) / "a.toml")
    assert read.story is not None
    assert read.story.developments[0].text == f"The price {dots} was 'not' told."


def test_all_bad_files_of_a_folder_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each on a line of its own; the good one beside them waits until they are mended."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    for number, (make, _) in enumerate(BAD_FILES.values()):
        make(folder / f"{number:02}.toml")
    (folder / "good.toml").write_text(story_file())
    (folder / "new\nline.toml").write_text("x")
    assert main(["import", str(folder), "--database", f"sqlite:///{tmp_path}/new.db"]) == 1
    *lines, last = capsys.readouterr().err.splitlines()
    assert [without_line(line) for line in lines[:-1]] == [
        f"dealwire: {number:02}.toml: {message}" for number, (_, message) in enumerate(BAD_FILES.values())
    ]
    assert lines[-1].startswith("dealwire: 'new\\nline.toml':1: not valid TOML: ")
    bad = len(BAD_FILES) + 1
    assert last == f"dealwire: Nothing was imported: {bad} of the {bad + 1} files were refused."


def test_a_deep_folder_is_searched_to_its_end(deep_folder: Path) -> None:
    """Deeper than Python can recurse; and a link back up leads nowhere new."""
    assert [path.name for path in find_files([deep_folder])] == ["a.toml", "up.toml"]


@pytest.fixture
def deep_folder(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder in a folder, 1,500 times. It is taken down level by level, which pytest's own removal cannot do."""
    here, depth = Path.cwd(), 1_500
    os.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.toml").write_text(GOOD)
    Path("up.toml").symlink_to(tmp_path)
    try:
        yield tmp_path
    finally:
        Path("a.toml").unlink()
        Path("up.toml").unlink()
        for _ in range(depth):
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(here)


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
        parse_story({"slug": "a", "headline": "half \ud800 a pair", "summary": "s", "kind": "other"})
