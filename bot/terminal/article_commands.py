"""What the commands share that read a file of articles and write a line of JSON for each."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from bot.errors import DealwireError, InputError
from bot.redaction import redact_address
from bot.terminal.progress import erase_bar

_MAX_REPORTED = 1_000


class BadLines:
    """The skipped lines: the first ones are reported, all are counted."""

    def __init__(self) -> None:
        self._count = 0

    def report(self, error: InputError) -> None:
        """Print an error, unless too many were printed already."""
        self._count += 1
        if self._count <= _MAX_REPORTED:
            erase_bar()
            print(f"dealwire: {redact_address(str(error))}; skipped", file=sys.stderr)

    def raise_if_any(self) -> None:
        """Raise DealwireError if there were any."""
        if self._count:
            raise DealwireError(f"{self._count} line{'s were' if self._count > 1 else ' was'} skipped.")


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines to a file, or to standard output if that is None."""
    if out is None:
        _write_to(sys.stdout, lines)
        sys.stdout.flush()
        return
    try:
        with out.open("w", encoding="utf-8", newline="\n") as file:
            _write_to(file, lines)
    except OSError as exc:
        raise DealwireError(f"{out}: cannot be written: {exc.strerror or exc}.") from exc


def _write_to(file: TextIO, lines: Iterable[str]) -> None:
    file.writelines(lines)
