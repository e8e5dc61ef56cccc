"""Errors of the engine and the file system, turned into errors of the store with a sentence for people."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import exc

from bot.errors import StoreBusy, StoreError, StoreUnavailable
from bot.languages import lazy, say

_UNUSABLE = lazy("The database {path} cannot be used: {reason}.")


@contextlib.contextmanager
def wrap_engine_errors(path: Path) -> Iterator[None]:
    """Turn errors of the engine into StoreErrors. Bugs in a statement are not wrapped."""
    try:
        yield
    except exc.OperationalError as error:
        raise _to_store_error(path, str(error.orig)) from error
    except exc.DatabaseError as error:
        if isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError | exc.InternalError):
            raise
        raise _to_store_error(path, str(error.orig)) from error
    except sqlite3.Error as error:
        raise _to_store_error(path, str(error)) from error


@contextlib.contextmanager
def wrap_file_errors(path: Path) -> Iterator[None]:
    """Turn errors of the file system into StoreUnavailable.

    Do not use it around a transaction: an OSError in there is the caller's own.
    """
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(say(_UNUSABLE, path=path, reason=error.strerror or error)) from error


def _to_store_error(path: Path, message: str) -> StoreError:
    if "locked" in message or "busy" in message:
        return StoreBusy(say("The database {path} is locked by another program; close it and try again.", path=path))
    if "not a database" in message or "malformed" in message:
        return StoreUnavailable(say("{path} is not an intact SQLite database; restore it from a backup.", path=path))
    if "readonly" in message or "unable to open" in message:
        return StoreUnavailable(
            say("The database {path} cannot be written; check that its folder exists and is yours.", path=path)
        )
    if "full" in message:
        return StoreUnavailable(say("The disk of the database {path} is full; make room and try again.", path=path))
    return StoreUnavailable(say(_UNUSABLE, path=path, reason=message))
