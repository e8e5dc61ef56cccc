"""On Windows and macOS: what needs Linux says so in one sentence, and everything else works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.declared import ROOT

SENTENCES = {
    "win32": "Dealwire runs on Linux; on Windows use WSL or Docker (see docs/self-hosting.md).",
    "darwin": "Dealwire runs on Linux; on macOS use Docker (see docs/self-hosting.md).",
}


def run(system: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run ``dealwire COMMAND`` in a folder as on this system, and check that no traceback is shown."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.on_another_system", system, *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DISCORD_TOKEN": "", "SEEDS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("system", SENTENCES)
def test_run_says_what_it_needs(system: str, tmp_path: Path) -> None:
    done = run(system, tmp_path, "run")
    assert (done.returncode, done.stderr) == (1, f"dealwire: {SENTENCES[system]}\n")


@pytest.mark.parametrize("system", SENTENCES)
def test_check_says_it_beside_everything_else(system: str, tmp_path: Path) -> None:
    """MacOS can read feeds; Windows cannot start the process."""
    done = run(system, tmp_path, "check")
    assert f"FIX   {SENTENCES[system]}" in done.stdout
    assert ("ok    Feeds and web pages can be read." in done.stdout) == (system == "darwin")
    assert "DISCORD_TOKEN is not set" in done.stdout


def test_windows_reads_and_writes_stories(tmp_path: Path) -> None:
    """Nothing there needs another process."""
    assert run("win32", tmp_path, "import", str(ROOT / "seeds")).returncode == 0
    shown = run("win32", tmp_path, "show", "nissan", "foxconn")
    assert "Nissan and Foxconn" in shown.stdout
    assert run("win32", tmp_path, "export", "out").returncode == 0
    assert (tmp_path / "out" / "nissan-foxconn-oppama.toml").exists()


@pytest.mark.parametrize("command", [["demo"], ["feeds", "check", "https://feeds.example/"]])
def test_windows_is_told_where_a_process_is_needed(command: list[str], tmp_path: Path) -> None:
    done = run("win32", tmp_path, *command)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
