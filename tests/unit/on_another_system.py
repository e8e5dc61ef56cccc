"""A ``dealwire`` that takes this machine for another one: ``python -m tests.unit.on_another_system SYSTEM COMMAND …``.

What the libraries load by the name of the system is loaded before the name changes. Then what only Unix has is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any, NoReturn

import aiohttp
import aiosqlite
import alembic.command
import discord.ext.commands
import filelock
import sqlalchemy.ext.asyncio

LOADED = (aiohttp, aiosqlite, alembic.command, discord.ext.commands, filelock, sqlalchemy.ext.asyncio)
UNIX_MODULES = ("fcntl", "grp", "pwd", "resource", "termios")
UNIX_SIGNALS = ("SIGALRM", "SIGVTALRM", "SIGXCPU", "SIGKILL", "SIGHUP", "setitimer", "ITIMER_REAL", "ITIMER_VIRTUAL")
UNIX_FUNCTIONS = ("geteuid", "getuid", "statvfs", "fork")


def refuse(*_args: Any) -> NoReturn:
    """Answer as Windows' event loop does."""
    raise NotImplementedError


def main() -> int:
    system, *command = sys.argv[1:]
    if system == "win32":
        for name in UNIX_MODULES:
            sys.modules[name] = None  # type: ignore[assignment]  # importing it raises ModuleNotFoundError
        for name in UNIX_SIGNALS:
            delattr(signal, name)
        for name in UNIX_FUNCTIONS:
            delattr(os, name)
        asyncio.SelectorEventLoop.add_signal_handler = refuse  # type: ignore[method-assign, assignment]
    sys.platform = system
    from bot.__main__ import main as run_command

    return run_command(command)


if __name__ == "__main__":
    sys.exit(main())
