"""Paths in sentences."""

from __future__ import annotations

from pathlib import Path


def format_path(path: Path) -> str:
    """Return a path for a sentence: file names can contain line breaks, terminal escapes and bytes that no terminal shows."""
    return str(path) if str(path).isprintable() else repr(str(path))
