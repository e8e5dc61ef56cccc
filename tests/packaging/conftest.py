"""The wheel, installed into two fresh environments: without any extra, and with all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.wheel import Installation, build_wheel, install_wheel
from tests.unit.declared import installed_with, requirements


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, once."""
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel with what it requires, and no more."""
    return install_wheel(wheel, tmp_path_factory.mktemp("bare") / "venv", installed_with(requirements()))


@pytest.fixture(scope="session")
def whole(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel with every extra."""
    distributions = installed_with(requirements("demo", "embeddings", "pages", "pictures", "postgres"))
    return install_wheel(wheel, tmp_path_factory.mktemp("whole") / "venv", distributions)
