"""Let a command that SIGTERM ends clean up, as Ctrl+C does."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

#: The exit status of a program that SIGTERM has ended.
TERMINATED_STATUS = 128 + signal.SIGTERM


@contextlib.contextmanager
def clean_up_on_sigterm() -> Iterator[None]:
    """Let SIGTERM cancel the current task, as Ctrl+C does, and exit with the status that it would have had."""
    loop, task, was_terminated = asyncio.get_running_loop(), asyncio.current_task(), False

    def terminate() -> None:
        nonlocal was_terminated
        was_terminated = True
        if task is not None:
            task.cancel()

    with contextlib.ExitStack() as stack:
        # Windows has no such signals.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(signal.SIGTERM, terminate)
            stack.callback(loop.remove_signal_handler, signal.SIGTERM)
        try:
            yield
        except asyncio.CancelledError:
            if was_terminated:
                raise SystemExit(TERMINATED_STATUS) from None
            raise
