"""What ``check`` says of the machine: SQLite, disk, embeddings and the settings' file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import extras
from bot.model.findings import Finding, Severity
from bot.store.engines.sqlite.engine import check_sqlite
from bot.store.engines.sqlite.version import SqliteBuild, get_sqlite_build
from bot.terminal.check import format_findings
from bot.terminal.check.disk import DiskSpace, check_disk, judge_space, measure_space
from bot.terminal.check.program import check_embeddings, check_extras, check_settings

MB, GB = 1_000_000, 1_000_000_000


def test_problems_are_printed_last_in_their_order() -> None:
    findings = [Finding.problem("a"), Finding.note("b"), Finding.ok("c"), Finding.problem("d"), Finding.ok("e")]
    assert format_findings(findings) == ["ok    c", "ok    e", "note  b", "FIX   a", "FIX   d"]


def test_this_machines_sqlite_can_be_used() -> None:
    assert get_sqlite_build().find_fault() == ""


@pytest.mark.parametrize(
    ("build", "severity", "words"),
    [
        (
            SqliteBuild((3, 34, 1)),
            Severity.PROBLEM,
            "Python uses SQLite 3.34.1, and Dealwire needs 3.35.0 or newer: update",
        ),
        (SqliteBuild((3, 45, 0), has_fts5=False), Severity.PROBLEM, "SQLite 3.45.0 was built without FTS5: update"),
        (SqliteBuild((3, 40, 1)), Severity.OK, "While the bot runs, let no other program write to its database"),
        (SqliteBuild((3, 51, 3)), Severity.OK, "SQLite 3.51.3 can be used."),
    ],
)
def test_the_version_of_sqlite_is_judged(build: SqliteBuild, severity: Severity, words: str) -> None:
    (finding,) = check_sqlite(build)
    assert finding.severity is severity
    assert words in finding.text


@pytest.mark.parametrize(
    ("space", "severity", "words"),
    [
        (DiskSpace(20 * GB, 1000, 8 * MB), Severity.OK, "20.0 GB are free, and the database has 8.0 MB."),
        (DiskSpace(20 * GB, None, 0), Severity.OK, "has room"),
        (DiskSpace(499 * MB, 1000, 8 * MB), Severity.NOTE, "Only 499.0 MB are free"),
        (DiskSpace(3 * GB, 1000, 2 * GB), Severity.NOTE, "which has 2.0 GB. Free at least 4.0 GB"),
        (DiskSpace(49 * MB, 1000, 8 * MB), Severity.PROBLEM, "almost full: 49.0 MB are free"),
        (DiskSpace(20 * GB, 0, 8 * MB), Severity.PROBLEM, "no free inodes"),
    ],
)
def test_the_room_on_the_disk_is_judged(space: DiskSpace, severity: Severity, words: str) -> None:
    finding = judge_space(Path("/data/dealwire.db"), space)
    assert finding.severity is severity
    assert words in finding.text


def test_the_size_includes_the_log(tmp_path: Path) -> None:
    path = tmp_path / "dealwire.db"
    path.write_bytes(b"x" * 1000)
    (tmp_path / "dealwire.db-wal").write_bytes(b"x" * 500)
    assert measure_space(path).database_bytes == 1500
    assert len(list(check_disk(tmp_path / "missing" / "dealwire.db"))) == 1


@pytest.mark.parametrize(
    ("system", "words"),
    [
        (
            ("Windows", "AMD64"),
            "does not exist for Windows on AMD64, only for Linux on x86_64 or aarch64 and macOS on arm64",
        ),
        (("Linux", "armv7l"), "does not exist for Linux on armv7l"),
        (("Darwin", "x86_64"), "does not exist for Darwin on x86_64"),
    ],
)
def test_a_missing_model_is_explained(system: tuple[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    (finding,) = check_embeddings("", system=system)
    assert finding.severity is Severity.NOTE
    assert words in finding.text
    assert finding.text.endswith("set EMBEDDINGS=none.")
    (chosen,) = check_embeddings("none", system=system)
    assert chosen == Finding.ok("Articles are compared by their words alone.")


def test_an_extra_that_is_missing_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line has the command; the check of embeddings adds nothing."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    linux = ("Linux", "aarch64")
    missing = [finding.text for finding in check_extras("", system=linux) if "embeddings" in finding.text]
    assert len(missing) == 1
    assert missing[0].endswith(f": {extras.EMBEDDINGS.install_command}")
    assert not list(check_embeddings("", system=linux))


@pytest.mark.parametrize(
    ("embeddings", "system"),
    [("none", ("Linux", "x86_64")), ("own:Model", ("Linux", "x86_64")), ("", ("Linux", "armv7l"))],
)
def test_an_extra_of_no_use_is_not_advised(
    embeddings: str, system: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither if the setting names something else, nor where the extra does not exist."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    findings = list(check_extras(embeddings, system=system))
    # Nor is PostgreSQL's, which only a database there needs.
    assert len(findings) == len(extras.EXTRAS) - 2
    assert not any(name in finding.text for finding in findings for name in ("“embeddings”", "“postgres”"))


def test_a_token_that_others_can_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=secret\n")
    file.chmod(0o644)
    finding = list(check_settings())[-1]
    assert finding == Finding.note(f"Other users of this machine can read the token in {file}. Run: chmod 600 {file}")
    file.chmod(0o600)
    assert all(each.severity is Severity.OK for each in check_settings())


def test_a_wrong_embedder_must_be_fixed() -> None:
    [wrong], [right] = check_embeddings("os:getcwd"), check_embeddings("none")
    assert wrong.severity is Severity.PROBLEM
    assert wrong.text.startswith("EMBEDDINGS: expected e5, none or module:callable; 'os:getcwd' gives no embedder")
    assert right == Finding.ok("Articles are compared by their words alone.")
