"""How far long work is, on stderr: a bar on a terminal, and a line every few seconds elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

#: Seconds between two lines, and between two drawings of the bar.
LINE_SECONDS = 3.0
BAR_SECONDS = 0.1
_BAR_LENGTH = 30
#: Returns to the beginning of a terminal's line, and erases it
#: (https://www.ecma-international.org/publications-and-standards/standards/ecma-48/, EL).
ERASE_LINE = "\r\x1b[K"

#: Is called with how much is done, and with how much there is, or None if that is not known.
ProgressCallback: TypeAlias = Callable[[int, int | None], None]


@contextlib.contextmanager
def show_progress(description: str) -> Iterator[ProgressCallback]:
    """Provide a function that shows the progress of work. A bar is erased in the end."""
    if not sys.stderr.isatty():
        yield ProgressLines(description).show
        return
    try:
        yield ProgressBar(description).show
    finally:
        erase_bar()


def erase_bar() -> None:
    """Make room on a terminal for a line of text; the bar is drawn again below it."""
    if sys.stderr.isatty():
        print(ERASE_LINE, end="", file=sys.stderr, flush=True)


class ProgressBar:
    """Draws a bar in one line of a terminal, several times a second."""

    def __init__(self, description: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._description = description
        self._clock = clock
        self._due_at = clock()

    def show(self, completed: int, total: int | None) -> None:
        """Draw how much is done, if that is due."""
        now = self._clock()
        if now < self._due_at:
            return
        self._due_at = now + BAR_SECONDS
        bar = ""
        if total:
            length = _BAR_LENGTH * min(completed, total) // total
            bar = f" [{'#' * length}{'.' * (_BAR_LENGTH - length)}]"
        print(
            f"{ERASE_LINE}{self._description}{bar} {_format_count(completed, total)}",
            end="",
            file=sys.stderr,
            flush=True,
        )


class ProgressLines:
    """Says how far work is where there is no terminal. Quick work says nothing."""

    def __init__(self, description: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._description = description
        self._clock = clock
        self._due_at = clock() + LINE_SECONDS

    def show(self, completed: int, total: int | None) -> None:
        """Print how much is done, if a line is due."""
        now = self._clock()
        if now >= self._due_at:
            self._due_at = now + LINE_SECONDS
            print(f"{self._description}: {_format_count(completed, total)}", file=sys.stderr, flush=True)


def _format_count(completed: int, total: int | None) -> str:
    return str(completed) if total is None else f"{completed} of {total}"
