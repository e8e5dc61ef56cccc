"""What an old pip installs with this project, and processes that find nothing else.

pip before 23.3, which comes with Python 3.11, takes the name of an extra literally: asked for ``lxml[html_clean]`` it does not
find the extra that lxml's metadata calls ``html-clean``, warns, and leaves out what that would bring.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def requirements(*extras: str) -> Iterator[Requirement]:
    """Return the requirements of ``pyproject.toml``, with these of its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in (
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ):
        yield Requirement(line)


def named(wanted: Iterable[Requirement]) -> set[str]:
    """Return the distributions that these requirements name."""
    return {canonicalize_name(each.name) for each in wanted}


def installed_with(wanted: Iterable[Requirement]) -> set[str]:
    """Return the distributions that an old pip installs for these, as far as they are installed here."""
    visited: set[tuple[str, frozenset[str]]] = set()
    queue = [_plain(each) for each in wanted]
    while queue:
        name, extras = queue.pop()
        if (name, extras) in visited:
            continue
        visited.add((name, extras))
        queue += _needs(name, extras)
    return {name for name, _ in visited}


def _needs(name: str, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        # For another system, or one of those that the lock leaves out.
        return []
    provided = extras & set(distribution.metadata.get_all("Provides-Extra") or [])
    needs = [Requirement(line) for line in distribution.requires or []]
    return [
        _plain(need)
        for need in needs
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *provided))
    ]


def _plain(wanted: Requirement) -> tuple[str, frozenset[str]]:
    return canonicalize_name(wanted.name), frozenset(wanted.extras)


class _Absent(MetaPathFinder):
    """Finds no module of any distribution but the given ones."""

    def __init__(self, distributions: Iterable[str]) -> None:
        owners = metadata.packages_distributions()
        visible = set(distributions)
        self._absent = {
            module for module, names in owners.items() if not visible & {canonicalize_name(name) for name in names}
        } - {"bot", "cogs", "tests"}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in self._absent:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def find_only(distributions: set[str]) -> None:
    """Hide the modules of all other distributions from this process."""
    sys.meta_path.insert(0, _Absent(distributions))
