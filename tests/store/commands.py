"""Run the command line in a process of its own, and check how it refuses a database."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.store.children import Child, child, run_command

#: Seconds until a command counts as hung. It waits 5 s for a locked database, and a slow machine starts slowly.
LIMIT = 30


@dataclass(frozen=True)
class CommandResult:
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str


class Command:
    """``dealwire …`` in a process of its own, with no settings from the environment."""

    def __init__(self, process: Child, folder: Path) -> None:
        self.process = process.process
        self._folder = folder

    def outcome(self) -> CommandResult:
        """Return how the command ended; fail the test if it hangs."""
        self.process.join(LIMIT)
        assert self.process.exitcode is not None, "it hangs"
        return CommandResult(
            self.process.exitcode, (self._folder / "out").read_text(), (self._folder / "err").read_text()
        )


@contextlib.contextmanager
def run_dealwire(*words: str, database: Path | str) -> Iterator[Command]:
    """Start a command; it is killed at the end of the block if it still runs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = (*words, "--database", f"sqlite:///{database}")
        with child(run_command, arguments, folder, folder / "out", folder / "err") as process:
            yield Command(process, folder)


def assert_one_sentence(result: CommandResult, words: str) -> None:
    """Fail unless the command exits with status 1 and prints one sentence with these words."""
    assert result.status == 1, result
    assert result.out == ""
    assert result.err.startswith("dealwire: ")
    assert result.err.count("\n") == 1, result.err
    assert result.err.endswith(".\n")
    assert words in result.err, result.err
