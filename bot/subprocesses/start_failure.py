"""What the processes that read and draw have in common: why one could not be started."""

from __future__ import annotations

import signal

#: So much of a reason is told.
_REASON_LIMIT = 300


def get_start_failure(stderr: bytes, status: int | None) -> str:
    """Return why a process did not start, without a period at the end: the error that it printed, or how it ended.

    ``status`` is its exit status, negative for a signal; None if that is not known.
    """
    lines = stderr.decode(errors="replace").rstrip().splitlines()
    # The lines of a traceback are indented; its error comes after them and may have several lines.
    indented_lines = [index for index, line in enumerate(lines) if line[:1].isspace()]
    error = " ".join(" ".join(lines[indented_lines[-1] + 1 if indented_lines else 0 :]).split()).rstrip(".")
    return error[:_REASON_LIMIT] or _describe_exit(status)


def _describe_exit(status: int | None) -> str:
    if status is None:
        return "it was not ready in time, or ended without a word"
    if status >= 0:
        return f"it ended with status {status}"
    try:
        return f"it was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"it was ended by signal {-status}"
