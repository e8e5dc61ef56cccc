"""A process that limits its memory as a worker does, and tries to use more: it ends with status 0 if it cannot."""

from __future__ import annotations

import sys

from bot.subprocesses.worker import limit_process

_LIMIT = 512 * 1024 * 1024


def main() -> int:
    """Return 0 if the limit holds, else 1."""
    limit_process(_LIMIT)
    try:
        # Zeroed memory is only reserved, so this costs nothing where the limit does not hold.
        bytes(2 * _LIMIT)
    except MemoryError:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
