"""What the engine and the file system report, as sentences of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import exc

from bot.errors import StoreBusy, StoreError, StoreUnavailable
from bot.languages import noted, say

_UNUSABLE = noted("The database {path} cannot be used: {reason}.")


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what the engine says into one of our sentences; bugs in a statement surface."""
    try:
        yield
    except exc.OperationalError as error:
        raise _sentence(path, str(error.orig)) from error
    except exc.DatabaseError as error:
        if isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError | exc.InternalError):
            raise
        raise _sentence(path, str(error.orig)) from error
    except sqlite3.Error as error:
        raise _sentence(path, str(error)) from error


@contextlib.contextmanager
def files_told_plainly(path: Path) -> Iterator[None]:
    """The same for what the file system says. Not around a transaction: an OSError in there is its caller's own."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(say(_UNUSABLE, path=path, reason=error.strerror or error)) from error


def _sentence(path: Path, said: str) -> StoreError:
    if "locked" in said or "busy" in said:
        return StoreBusy(say("The database {path} is locked by another program; close it and try again.", path=path))
    if "not a database" in said or "malformed" in said:
        return StoreUnavailable(say("{path} is not an intact SQLite database; restore it from a backup.", path=path))
    if "readonly" in said or "unable to open" in said:
        return StoreUnavailable(
            say("The database {path} cannot be written; check that its folder exists and is yours.", path=path)
        )
    if "full" in said:
        return StoreUnavailable(say("The disk of the database {path} is full; make room and try again.", path=path))
    return StoreUnavailable(say(_UNUSABLE, path=path, reason=said))
