"""Errors of PostgreSQL as sentences for a person (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from psycopg import errors
from sqlalchemy import exc

from bot.errors import StoreBusy, StoreError, StoreUnavailable
from bot.languages import lazy, say
from bot.redaction import redact

#: The first line of an error is enough, and at most so much of it.
_REASON_LIMIT = 300
#: What pgbouncer says about options of a connection, unless it is set to drop them (https://www.pgbouncer.org/config.html).
_REFUSED_OPTIONS = "unsupported startup parameter"
#: What becomes of the errors of the server, each with its sentence. The server ends what takes longer than our limits
#: (bot/store/engines/postgres/connections.py).
_SENTENCES: tuple[tuple[tuple[type[psycopg.Error], ...], type[StoreError], str], ...] = (
    (
        (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure),
        StoreBusy,
        lazy("The database {path} is in use by another program; try again."),
    ),
    (
        (errors.QueryCanceled, errors.IdleInTransactionSessionTimeout, errors.TransactionTimeout),
        StoreBusy,
        lazy("The database {path} took too long to answer; try again."),
    ),
    (
        (errors.DiskFull, errors.OutOfMemory),
        StoreUnavailable,
        lazy("The server of the database {path} has no room left; free some space and try again."),
    ),
    (
        (errors.ReadOnlySqlTransaction,),
        StoreUnavailable,
        lazy("The database {path} can't be written: its server only allows reading, as a standby does."),
    ),
    (
        (errors.DataCorrupted, errors.IndexCorrupted),
        StoreUnavailable,
        lazy("The server of the database {path} says that it is damaged; restore it from a backup."),
    ),
    (
        (errors.InsufficientPrivilege,),
        StoreUnavailable,
        lazy("This user may not use the tables of the database {path}; grant it the right to."),
    ),
)


@contextlib.contextmanager
def wrap_errors(name: str) -> Iterator[None]:
    """Turn errors of the server and of the connection into StoreErrors. Bugs in a statement are not wrapped.

    ``name`` is what messages call the database.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise StoreBusy(say("The database {path} is in use by too many others; try again.", path=name)) from error
    except (exc.DBAPIError, psycopg.Error) as error:
        store_error = to_store_error(name, error.orig if isinstance(error, exc.DBAPIError) else error)
        if store_error is None:
            raise
        raise store_error from error


def is_disconnection(error: BaseException | None) -> bool:
    """Return whether an error says that the connection was lost or could not be made, and not that a statement failed."""
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(("08", "57P"))


def to_store_error(name: str, error: BaseException | None) -> StoreError | None:
    """Return the error for a person; None if it is a fault of a statement."""
    for kinds, error_type, sentence in _SENTENCES:
        if isinstance(error, kinds):
            return error_type(say(sentence, path=name))
    if isinstance(error, psycopg.OperationalError) and _REFUSED_OPTIONS in str(error):
        return build_pooler_error(name)
    # Such as a text that is too long for an index: the server can be reached.
    if isinstance(error, psycopg.OperationalError) and not isinstance(error, errors.ProgramLimitExceeded):
        return StoreUnavailable(
            say("The database {path} can't be reached: {reason}.", path=name, reason=get_reason(error))
        )
    return None


def build_pooler_error(name: str) -> StoreUnavailable:
    """Return the error about a connection pooler that refuses or drops the options of a connection."""
    return StoreUnavailable(
        say(
            "A connection pooler in front of the database {path} doesn't pass on Dealwire's settings; give DATABASE_URL the"
            " address of the server itself.",
            path=name,
        )
    )


def get_reason(error: BaseException) -> str:
    """Return the first line of an error, without secrets and without a full stop."""
    lines = str(error).strip().splitlines()
    # A connection that fails has no code, and the server's own words come last.
    reason = lines[0].rpartition("FATAL:")[2].strip() if lines else type(error).__name__
    return redact(reason)[:_REASON_LIMIT].rstrip(".")
