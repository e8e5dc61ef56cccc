"""Everything that is locked or installed has a licence that we may use, and NOTICE names those that ask for it."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.unit.declared import ROOT, requirements
from tests.unit.licences import BUNDLING, CHOSEN, ELSEWHERE, NAMED, PERMISSIVE, parse_licences, read_licences

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = [
    Requirement(line.strip().removesuffix("\\").strip()) for line in re.findall(r"^[a-z0-9].*$", LOCK, re.MULTILINE)
]
LOCKED_NAMES = {canonicalize_name(each.name) for each in LOCKED}
EXTRAS = ("demo", "embeddings", "pages", "pictures", "postgres")


def test_every_locked_distribution_may_be_used() -> None:
    """By the metadata of the installed one: permissive, or named with a reason."""
    assert find_refused(LOCKED_NAMES) == {}


def find_refused(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the licences of those distributions that may not be used, by their names."""
    return {
        name: sorted(licences)
        for name in names
        if not (licences := read_licences(name)) or (not licences <= PERMISSIVE and name not in NAMED)
    }


def test_only_what_asks_for_more_is_named() -> None:
    """A reason that is not needed any more would hide the next licence. The reason begins with the licence."""
    for name, reason in NAMED.items():
        assert name in LOCKED_NAMES
        assert read_licences(name) - PERMISSIVE == {reason.partition(":")[0]}
    assert {*CHOSEN, *ELSEWHERE} <= LOCKED_NAMES


def test_the_lock_has_what_is_installed_here() -> None:
    """So the licences are those of the locked versions' metadata: nothing of the lock is missing but what is for elsewhere."""
    installed = {canonicalize_name(each.name) for each in metadata.distributions()}
    assert set(ELSEWHERE) | installed >= LOCKED_NAMES


def test_every_requirement_is_locked_within_its_range() -> None:
    """Those of the project, of each extra, and of the development group."""
    for wanted in requirements(*EXTRAS):
        pins = [each for each in LOCKED if canonicalize_name(each.name) == canonicalize_name(wanted.name)]
        assert pins, wanted
        for pin in pins:
            [version] = pin.specifier
            assert wanted.specifier.contains(Version(version.version)), (wanted, pin)
    assert all(re.search(rf"^{re.escape(each.name)}==.*\\\n    --hash=sha256:", LOCK, re.MULTILINE) for each in LOCKED)


def test_the_extras_are_those_of_the_table() -> None:
    """The messages name extras, and pyproject.toml has them."""
    from bot.extras import EXTRAS as TABLE

    assert sorted(extra.name for extra in TABLE) == sorted(EXTRAS)
    modules = metadata.packages_distributions()
    for extra in TABLE:
        owners = {canonicalize_name(owner) for module in extra.modules for owner in modules[module]}
        declared = {canonicalize_name(each.name) for each in requirements(extra.name)}
        assert owners <= declared - {canonicalize_name(each.name) for each in requirements()}


def test_the_notice_names_what_asks_for_it() -> None:
    """Each with its licence, and nothing that is not there."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^- ([a-z0-9-]+) \(([A-Za-z0-9.-]+)[),]", notice, re.MULTILINE))
    assert rows == {name: reason.partition(":")[0] for name, reason in NAMED.items()}
    assert set(re.findall(r"^\* ([a-z0-9-]+): ", notice, re.MULTILINE)) == BUNDLING


def test_who_brings_libraries_is_known() -> None:
    """Wheels for Linux have them in a folder of their own (https://peps.python.org/pep-0600/, auditwheel), or linked in."""
    bundling = {
        canonicalize_name(each.name)
        for each in metadata.distributions()
        if any(file.parts[0].endswith(".libs") or _has_libiconv(Path(file.locate())) for file in each.files or ())
    }
    assert bundling & LOCKED_NAMES == BUNDLING


def _has_libiconv(file: Path) -> bool:
    """Return whether a compiled module contains GNU libiconv, which is under the LGPL: glibc's own function has another name."""
    if file.suffix != ".so" or not file.exists():
        return False
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"libiconv_open") >= 0


@pytest.mark.parametrize(
    ("field", "value", "licences"),
    [
        ("License-Expression", "MIT AND PSF-2.0", {"MIT", "PSF-2.0"}),
        ("License-Expression", "GPL-3.0-only OR MIT", {"MIT"}),
        ("License-Expression", "GPL-3.0-only", {"GPL-3.0-only"}),
        ("License", "Apache 2.0", {"Apache-2.0"}),
        ("License", "AGPL", {"AGPL"}),
        ("Classifier", "License :: OSI Approved :: MIT License", {"MIT"}),
        ("Classifier", "License :: Other/Proprietary License", {"Other/Proprietary License"}),
        ("Name", "nothing", set()),
    ],
)
def test_licences_are_read_wherever_they_are_stated(field: str, value: str, licences: set[str]) -> None:
    data = Message()
    data[field] = value
    assert parse_licences(cast("metadata.PackageMetadata", data)) == licences


@pytest.mark.parametrize(
    ("field", "classifier", "licences"),
    [
        ("BSD-3-Clause", "BSD License", {"BSD-3-Clause"}),
        ("MIT", "GNU General Public License v3 (GPLv3)", {"MIT", "GNU General Public License v3 (GPLv3)"}),
        ("Permission is hereby granted\nto any person", "MIT License", {"MIT"}),
        ("Copyright\nAll rights reserved.", "OSI Approved", set()),
    ],
)
def test_a_classifier_that_contradicts_the_field_counts_too(field: str, classifier: str, licences: set[str]) -> None:
    data = Message()
    data.add_header("License", field)
    data["Classifier"] = f"License :: OSI Approved :: {classifier}"
    assert parse_licences(cast("metadata.PackageMetadata", data)) == licences


def test_a_chosen_licence_must_still_be_offered() -> None:
    data = Message()
    data["License-Expression"] = "MPL-1.1 OR GPL-2.0-only"
    assert parse_licences(cast("metadata.PackageMetadata", data), "MPL-1.1") == {"MPL-1.1"}
    assert parse_licences(cast("metadata.PackageMetadata", data), "MPL-2.0") == {"MPL-1.1 OR GPL-2.0-only"}


@pytest.mark.parametrize("lines", ["License-Expression: GPL-3.0-only\n", "License: AGPLv3\n", ""])
def test_a_package_that_may_not_be_used_is_refused(lines: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the metadata of an installed package, under a licence that asks for more or under none."""
    folder = tmp_path / "yarl-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: yarl\nVersion: 1.0\n{lines}")
    monkeypatch.syspath_prepend(tmp_path)
    assert list(find_refused(["yarl"])) == ["yarl"]
