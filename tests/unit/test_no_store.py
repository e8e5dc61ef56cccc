"""Commands that read make no database, and those that change nothing need none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import SETTINGS
from tests.unit.newsdesk import GOOD

RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><item><title>Acme signs</title>'
    "<link>https://acme.example/1</link><pubDate>Thu, 01 Jan 2026 12:00:00 GMT</pubDate></item></channel></rss>"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with files to read, and no setting."""
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "story.toml").write_text(GOOD.replace('related = ["honda-nissan-merger"]\n', ""))
    (tmp_path / "feeds.toml").write_text('[[feed]]\nurl = "https://acme.example/feed"\n')
    (tmp_path / "feed.xml").write_text(RSS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


READING: Sequence[Sequence[str]] = (
    ("show", "nissan"), ("export", "out"), ("feeds", "list"), ("feeds", "export"), ("feeds", "pause", "1"),
    ("feeds", "resume", "1"), ("feeds", "remove", "1"), ("extract", "articles.jsonl"),
)  # fmt: skip


@pytest.mark.parametrize("words", READING, ids=" ".join)
@pytest.mark.parametrize("url", [None, "sqlite:///TYPO.db", "sqlite:///no/such/folder/x.db"])
def test_a_command_that_reads_makes_no_database(
    words: Sequence[str], url: str | None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says that there is none, and where it looked."""
    before = sorted(folder.rglob("*"))
    assert main([*words, *(["--database", url] if url else [])]) == 1
    path = (url or "sqlite:///data/dealwire.db").removeprefix("sqlite:///")
    said = capsys.readouterr()
    assert said.err == f"dealwire: There is no database at {path}; `dealwire run` and `dealwire import` create one.\n"
    assert said.out == ""
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_an_empty_file_stays_empty(words: Sequence[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is no store yet."""
    (folder / "empty.db").touch()
    assert main([*words, "--database", "sqlite:///empty.db"]) == 1
    assert "There is no database at empty.db" in capsys.readouterr().err
    assert (folder / "empty.db").read_bytes() == b""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "story.toml", "--dry-run"), "1 file would be imported: 1 story added, 1 development added"),
        (("feeds", "import", "feeds.toml", "--dry-run"), "1 feed would be added, 0 changed, 0 already known."),
        (("feeds", "check", "feed.xml"), "Wire (RSS), feed.xml"),
    ],
)
def test_what_changes_nothing_needs_no_database(
    words: Sequence[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it would do to an empty one, and leaves nothing behind."""
    before = sorted(folder.rglob("*"))
    assert main([*words, "--database", "sqlite:///data/none.db"]) == 0
    assert said in capsys.readouterr().out
    assert sorted(folder.rglob("*")) == before
