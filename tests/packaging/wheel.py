"""The wheel, and fresh environments that it is installed into without any package registry."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout into a folder, as an installer does."""
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(wheel)


@dataclass(frozen=True, slots=True)
class Installation:
    """A virtual environment with the bot in it."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"

    @property
    def program(self) -> Path:
        """The command ``dealwire``."""
        return self.folder / "bin" / "dealwire"


def install_wheel(wheel: Path, folder: Path, distributions: Iterable[str]) -> Installation:
    """Make an environment with the wheel and these distributions, which are links to those of the tests' own environment."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    installation = Installation(folder)
    scheme = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    for name in distributions:
        _link(metadata.distribution(name), site_packages)
    pip = [sys.executable, "-m", "pip", "--python", str(installation.python), "install", "--quiet"]
    options = ["--disable-pip-version-check", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, *options, str(wheel)], check=True, timeout=120)
    return installation


def _link(distribution: metadata.Distribution, site_packages: Path) -> None:
    """Link each file or folder that the distribution has at the top of its environment's packages."""
    for top in sorted({file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}):
        source, link = Path(str(distribution.locate_file(top))), site_packages / top
        if not link.exists():
            link.symlink_to(source)
