"""The command that adds an extra is one that works in this installation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot import extras
from bot.extras import EXTRAS, PAGES, PICTURES


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a virtual environment that has pip and the extra ``pages``."""
    installed = {"pip", *PAGES.modules}
    monkeypatch.setattr(extras, "find_spec", lambda name: sys if name in installed else None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    return tmp_path


def test_pip_is_that_of_the_environment(environment: Path) -> None:
    assert PICTURES.install_command == f"{environment}/bin/python -m pip install 'dealwire[pictures]'"


def test_uv_keeps_the_extras_that_are_there(environment: Path) -> None:
    (environment / "uv-receipt.toml").touch()
    assert PICTURES.install_command.startswith("uv tool install --force '.[pictures,pages]'")


def test_pipx_runs_its_own_pip(environment: Path) -> None:
    (environment / "pipx_metadata.json").touch()
    assert PICTURES.install_command == "pipx runpip dealwire install 'dealwire[pictures]'"


def test_without_an_installer_the_guide_is_named(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the image."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    assert all("docs/self-hosting.md" in extra.missing_sentence for extra in EXTRAS)
