"""What commands write to stderr while long work is under way: on a loaded machine, any work can be long."""

import re

_PROGRESS = re.compile(r"[A-Z][\w, ]{0,40}: \d+(?: of \d+)?\n?")


def remove_progress(err: str) -> str:
    """Return what a command wrote to stderr without its lines of progress."""
    return "".join(line for line in err.splitlines(keepends=True) if not _PROGRESS.fullmatch(line))
