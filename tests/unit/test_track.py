"""The command ``track``: a file of articles in, a line of JSON for each out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.terminal import track
from bot.terminal.track import track_command
from tests.unit.news import STREAM, stream


def line(**fields: Any) -> str:
    return json.dumps({"id": "1", "title": "Storm floods harbour", "published": "2026-03-02T08:00:00Z"} | fields)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "articles.jsonl"


def tracked(file: Path, *lines: str) -> list[dict[str, Any]]:
    """Return what the command says of these lines, by words alone."""
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = file.with_name("out.jsonl")
    assert track_command(file, out, embedder="none") == 0
    return [json.loads(text) for text in out.read_text(encoding="utf-8").splitlines()]


def test_each_article_gets_a_line_in_the_order_of_publishing(file: Path) -> None:
    """Whatever the order of the file; other keys do not matter, nor do empty lines and NaN where there is nothing."""
    lines = [
        json.dumps({"id": each.id, "title": each.title, "published": each.published_at.isoformat(), "gold": number, "publisher": float("nan")})
        for number, each in enumerate(stream())
    ]  # fmt: skip
    results = tracked(file, *reversed(lines), "")
    assert [each["id"] for each in results] == [f"a{number}" for number in range(len(STREAM))]
    assert all(list(each) == ["id", "event", "story", "decision", "score"] for each in results)
    assert all(
        each["decision"] in ("new-story", "development", "re-report") and 0 <= each["score"] <= 1 for each in results
    )
    decisions = [each["decision"] for each in results]
    assert decisions[:3] == ["new-story", "new-story", "re-report"]
    assert results[6]["decision"] == "development"
    by_story = [
        {each["story"] for number, each in enumerate(results) if number in group}
        for group in ({0, 2, 6, 8}, {1, 4}, {3, 5, 7})
    ]
    assert [len(stories) for stories in by_story] == [1, 1, 1]
    assert len(set.union(*by_story)) == 3


def test_track_needs_no_database_and_prints(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With E5, as it is installed; the folder has nothing new in it afterwards."""
    monkeypatch.chdir(tmp_path)
    file.write_text(line(), encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    assert main(["track", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "id": "1", "event": "1", "story": "storm-floods-harbour", "decision": "new-story", "score": 0.0,
    }  # fmt: skip
    assert sorted(tmp_path.iterdir()) == before


def test_the_setting_says_what_compares(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong one is refused before the file is read, which need not be there."""
    loaded_names: list[str] = []

    def load(name: str) -> None:
        loaded_names.append(name)

    monkeypatch.setattr(track, "load_embedder", load)
    monkeypatch.setenv("EMBEDDINGS", "none")
    file.write_text(line(), encoding="utf-8")
    assert main(["track", str(file)]) == 0
    assert loaded_names == ["none"]
    monkeypatch.undo()
    monkeypatch.setenv("EMBEDDINGS", "nonsense")
    capsys.readouterr()
    assert main(["track", str(file.with_name("missing.jsonl"))]) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == (
        "",
        "dealwire: EMBEDDINGS: expected e5, none or module:callable, not 'nonsense'\n",
    )


def test_two_stories_of_one_headline_have_two_names(file: Path) -> None:
    results = tracked(
        file,
        line(),
        line(id="2", published="2027-03-02T08:00:00Z", title="Storm floods harbour!"),
        line(id="3", title="Other news"),
    )
    assert len({each["event"] for each in results}) == 3


def test_times_without_a_zone_are_utc_and_numbers_may_be_ids(file: Path) -> None:
    results = tracked(
        file, line(id=7, published="2026-03-02T10:00:00"), line(id="8", published="2026-03-02T10:30:00+02:00")
    )
    assert [each["id"] for each in results] == ["8", "7"]


def test_an_empty_file_gives_an_empty_answer(file: Path) -> None:
    assert tracked(file, "") == []


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("{", "articles.jsonl:2: expected a JSON object"),
        ("[" * 100_000, "articles.jsonl:2: expected a JSON object"),
        ("[1]", "articles.jsonl:2: expected a JSON object, not list"),
        ('{"title": "x", "published": "2026-01-01T00:00:00Z"}', "articles.jsonl:2:id: required, but missing"),
        (line(id="1"), "articles.jsonl:2:id: expected each id once, but '1' appears twice"),
        (line(id="2", title="  "), "articles.jsonl:2:title: can't be empty"),
        (line(id="2", title=5), "articles.jsonl:2:title: expected text, not int"),
        (line(id="2", published="yesterday"), "articles.jsonl:2:published: expected an ISO 8601 time, not 'yesterday'"),
        (line(id="2", published="0001-01-01T00:00:00+14:00"), "articles.jsonl:2:published: expected an ISO 8601 time, not '0001-01-01T00:00:00+14:00'"),
        (line(id="2", text=["x"]), "articles.jsonl:2:text: expected text, not list"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_by_file_line_and_key_and_skipped(
    bad: str, sentence: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence; those around it are tracked, and the exit status is 1 in the end."""
    file.write_text(f"{line()}\n{bad}\n{line(id='3')}\n", encoding="utf-8")
    out = file.with_name("out.jsonl")
    assert main(["track", str(file), "--out", str(out)]) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", f"dealwire: {sentence}; skipped\ndealwire: 1 line was skipped.\n")
    assert [json.loads(text)["id"] for text in out.read_text(encoding="utf-8").splitlines()] == ["1", "3"]


def test_each_bad_line_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes that are no text, a line without an end, one that is far too long: the next one is read all the same."""
    lines = [b"\xff", line().encode(), b"x" * 2_500_000, line(id="2").encode(), b"{"]
    file.write_bytes(b"\n".join(lines))
    assert main(["track", str(file)]) == 1
    output = capsys.readouterr()
    assert [json.loads(text)["id"] for text in output.out.splitlines()] == ["1", "2"]
    assert output.err.splitlines() == [
        "dealwire: articles.jsonl:1: not valid UTF-8 (byte 0); skipped",
        "dealwire: articles.jsonl:3: expected at most 1,000,000 bytes per line; skipped",
        "dealwire: articles.jsonl:5: expected a JSON object; skipped",
        "dealwire: 3 lines were skipped.",
    ]


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_000_000)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (Path.mkdir, "it is a folder, not a regular file."),
        (make_pipe, "it is a named pipe, not a regular file."),
        (make_device, "it is a device, not a regular file."),
        (make_huge, "it does not consist of lines."),
    ],
)
def test_what_is_no_file_of_lines_is_refused(
    make: Callable[[Path], None], sentence: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is waited for, and nothing is read to an end that does not come."""
    make(file)
    assert main(["track", str(file)]) == 1
    assert capsys.readouterr().err == f"dealwire: {file}: cannot be read: {sentence}\n"


def test_what_cannot_be_read_or_written_is_told(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["track", str(file)]) == 1
    file.write_text(line(), encoding="utf-8")
    assert main(["track", str(file), "--out", str(tmp_path / "nowhere" / "out")]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"dealwire: {file}: cannot be read: No such file or directory."
    assert second.endswith("cannot be written: No such file or directory.")


def test_wrong_usage_is_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["track"])
    assert exit_info.value.code == 2
    assert "FILE.jsonl" in capsys.readouterr().err
