"""The unit for systemd, as systemd itself reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.declared import ROOT

UNIT = ROOT / "docs" / "dealwire.service"
SETTINGS = dict(re.findall(r"^(\w+)=(.*)$", UNIT.read_text(), re.MULTILINE))
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here"
)


@needs_systemd
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """Without a warning, once the program that it starts is there."""
    program = tmp_path / "dealwire"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/dealwire/bin/dealwire", str(program)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_the_service_is_little_exposed() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    [level] = re.findall(r"Overall exposure level for \S+ ([0-9.]+)", done.stdout)
    assert float(level) < 3.0


def test_settings_and_database_are_in_the_folder_that_can_be_written() -> None:
    """The bot finds both where it runs, and so does a command that the same user runs in that folder."""
    assert SETTINGS["User"] not in ("", "root")
    folder = f"/var/lib/{SETTINGS['StateDirectory']}"
    assert SETTINGS["WorkingDirectory"] == folder
    assert "DATABASE_URL" not in UNIT.read_text()
    assert "DISCORD_TOKEN" not in UNIT.read_text(), "anyone may read it there"
    guide = (ROOT / "docs" / "self-hosting.md").read_text()
    assert f"useradd --system --home-dir {folder}" in guide
    assert f"sudo -u {SETTINGS['User']} env --chdir={folder} /opt/dealwire/bin/dealwire check" in guide


def test_what_the_workers_need_is_allowed() -> None:
    """They set limits on themselves, are killed by the bot, and read which processor this is."""
    text = UNIT.read_text()
    assert "SystemCallFilter=@system-service\n" in text
    assert "@resources" not in text
    assert "ProcSubset=pid\n" not in text
    assert SETTINGS["KillMode"] == "mixed"
