"""The ``move`` command."""

from __future__ import annotations

import contextlib
from types import TracebackType

from bot.settings import Settings
from bot.store.moving import MovePhase, MoveReport, move_store
from bot.terminal.progress import ProgressCallback, show_progress
from bot.terminal.termination import clean_up_on_sigterm


async def move_command(settings: Settings, target_url: str) -> int:
    """Move the store into another database; print the tables, and what to do next."""
    with clean_up_on_sigterm(), _PhaseProgress() as progress:
        report = await move_store(settings.database_url, target_url, report=progress.show)
    print("\n".join(_format_lines(report)))
    return 0


class _PhaseProgress:
    """Shows each phase of a move as work of its own."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._phase: MovePhase | None = None
        self._show: ProgressCallback | None = None

    def __enter__(self) -> _PhaseProgress:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._stack.close()

    def show(self, phase: MovePhase, completed: int, total: int) -> None:
        """Show how far a phase is."""
        if phase is not self._phase or self._show is None:
            self._stack.close()
            self._phase, self._show = phase, self._stack.enter_context(show_progress(phase.value))
        self._show(completed, total)


def _format_lines(report: MoveReport) -> list[str]:
    filled = [table for table in report.tables if table.row_count]
    width = max((len(table.name) for table in filled), default=0)
    lines = [f"{table.name:{width}} {table.row_count:>12,}  {table.digest}" for table in filled]
    row_count = sum(table.row_count for table in filled)
    lines.append(
        f"Moved {row_count:,} rows of {len(report.tables)} tables from {report.source} to {report.target}. Each table has the"
        " same number of rows and the same digest in both."
    )
    lines.append(
        f"{report.source} is as it was. Now set DATABASE_URL to the new database and start the bot. Start no bot on the old one"
        " again: it would post what the new one posts."
    )
    return lines
