"""Which operating systems the bot runs on, and what to use on the others."""

from __future__ import annotations

import sys

_WINDOWS = "Dealwire runs on Linux; on Windows use WSL or Docker (see docs/self-hosting.md)."
#: By ``sys.platform``. The processes that read feeds are limited as only Linux limits them; macOS ignores RLIMIT_AS.
_SENTENCES = {
    "win32": _WINDOWS,
    "cygwin": _WINDOWS,
    "darwin": "Dealwire runs on Linux; on macOS use Docker (see docs/self-hosting.md).",
}


def find_system_problem() -> str:
    """Return what to use instead of this operating system, in one sentence; empty if the bot runs on it."""
    return _SENTENCES.get(sys.platform, "")


def can_start_workers() -> bool:
    """Return whether worker processes can be started here. Where they cannot, nothing can read feeds or draw."""
    return _SENTENCES.get(sys.platform) != _WINDOWS
