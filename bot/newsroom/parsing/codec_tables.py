"""Load the tables of text and host names that Python otherwise loads when it meets the first one of a kind."""

from __future__ import annotations

import encodings
import importlib
import pkgutil


def load_codecs() -> None:
    """Load every encoding of Python, and the table of international host names."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in ("mbcs", "oem"):
            importlib.import_module(f"encodings.{module.name}")
    # idna loads its tables at the first host that is not ASCII.
    importlib.import_module("idna.uts46data")
