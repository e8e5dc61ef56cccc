"""Statements that every answer needs, compiled once and executed on the driver's own cursor.

SQLAlchemy takes 50 µs to execute a statement that it has compiled before, and an answer executes more than a dozen; the driver takes 6 µs.
Only readers in a thread have a driver that can be called directly (:class:`DirectReader`). Other connections execute the same
statement in the usual way.

What several reads of a thread need at the same time goes to a server together (:func:`read_together`): each of a dozen round
trips takes longer than its statement.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from types import coroutine
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Executable, exc

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.compiler import SQLCompiler


_T = TypeVar("_T")
Rows: TypeAlias = Sequence[Sequence[Any]]
#: What makes a driver's connection send statements together until the context ends.
OpenPipeline: TypeAlias = Callable[[Any], AbstractContextManager[Any]]


class _Compiled:
    """A statement in the words of one dialect. ``names`` are its parameters in their order; None if the driver takes names."""

    __slots__ = ("constants", "names", "sql")

    def __init__(self, compiled: SQLCompiler) -> None:
        self.sql = str(compiled)
        self.names = tuple(compiled.positiontup) if compiled.positiontup is not None else None
        self.constants = dict(compiled.params)

    def bind(self, parameters: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        values = {**self.constants, **parameters}
        return values if self.names is None else tuple([values[name] for name in self.names])


class HotStatement:
    """A statement whose parameters and columns are plain texts and numbers, as the driver gives them.

    ``fetch_all`` raises TypeError for a statement that has other types, or a parameter that stands for a list.
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    async def fetch_all(self, connection: AsyncConnection, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Execute the statement and return its rows, which can be read by position only."""
        if isinstance(connection, DirectReader):
            return await _fetch(_Query(self, parameters or {}))
        return (await connection.execute(self.statement, parameters)).all()

    async def fetch_column(self, connection: AsyncConnection, parameters: Mapping[str, Any] | None = None) -> list[Any]:
        """Execute the statement and return the first value of each row."""
        return [row[0] for row in await self.fetch_all(connection, parameters)]

    def compile(self, dialect: Dialect) -> _Compiled:
        """Return the statement in the words of a dialect."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            # Threads that do this at once do the same.
            compiled = self._compiled[dialect.name] = _Compiled(_compile(self.statement, dialect))
        return compiled


class _Query(NamedTuple):
    statement: HotStatement
    parameters: Mapping[str, Any]


@coroutine
def _fetch(query: _Query) -> Generator[Sequence[_Query], Sequence[Rows], Rows]:
    """Have :meth:`DirectReader.run` execute a query, and return its rows."""
    (rows,) = yield (query,)
    return rows


class DirectReader:
    """A connection whose driver can be called in the calling thread.

    With ``open_pipeline`` the driver can send several statements before it waits for the first one's rows.
    """

    __slots__ = ("_connection", "_open_pipeline")

    def __init__(self, connection: Connection, open_pipeline: OpenPipeline | None = None) -> None:
        self._connection = connection
        self._open_pipeline = open_pipeline

    def run(self, reading: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine that waits for nothing but this connection, and return its result; a bare yield is passed over.

        Errors of the driver are SQLAlchemy's, as of any other statement. Raises RuntimeError if it waits for something else.
        """
        try:
            queries = reading.send(None)
            while queries is None or isinstance(queries, tuple):
                queries = reading.send(None) if queries is None else self._answer(reading, queries)
        except StopIteration as stop:
            result: _T = stop.value
            return result
        reading.close()
        raise RuntimeError("what reads beside the event loop may wait for nothing but the store")

    def _answer(self, reading: Coroutine[Any, Any, Any], queries: Sequence[_Query]) -> Any:
        try:
            rows = self._fetch_all(queries)
        except Exception as error:  # noqa: BLE001 - the reader's
            return reading.throw(error)
        return reading.send(rows)

    def _fetch_all(self, queries: Sequence[_Query]) -> list[Rows]:
        dialect = self._connection.dialect
        statements = [query.statement.compile(dialect) for query in queries]
        connection = self._connection.connection
        cursors = [connection.cursor() for _ in queries]
        pipeline = self._open_pipeline if len(queries) > 1 else None
        try:
            with pipeline(connection.driver_connection) if pipeline else nullcontext():
                for cursor, statement, query in zip(cursors, statements, queries, strict=True):
                    cursor.execute(statement.sql, statement.bind(query.parameters))
            return [cursor.fetchall() for cursor in cursors]
        except dialect.loaded_dbapi.Error as error:
            text = "; ".join(statement.sql for statement in statements)
            raise exc.DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
        finally:
            for cursor in cursors:
                cursor.close()


async def read_together(connection: AsyncConnection, reads: Sequence[Coroutine[Any, Any, Any]]) -> tuple[Any, ...]:
    """Do what :meth:`bot.store.Transaction.read_together` says."""
    try:
        if isinstance(connection, DirectReader):
            return await _take_turns(reads)
        return tuple([await read for read in reads])
    finally:
        for read in reads:
            read.close()


@coroutine
def _take_turns(reads: Sequence[Coroutine[Any, Any, Any]]) -> Generator[Any, Sequence[Rows], tuple[Any, ...]]:
    """Run each read until it needs rows, then ask for the rows of all of them, until the last has ended."""
    results: dict[int, Any] = {}
    # What each read that has not ended waits for: None after a bare yield.
    answers: dict[int, Sequence[Rows] | None] = dict.fromkeys(range(len(reads)))
    while answers:
        requests: dict[int, tuple[_Query, ...]] = {}
        for number, answer in answers.items():
            try:
                request = reads[number].send(answer)
            except StopIteration as stop:
                results[number] = stop.value
                continue
            if request is not None and not isinstance(request, tuple):
                # Refused by who runs this.
                yield request
            requests[number] = request or ()
        queries = tuple(query for of_read in requests.values() for query in of_read)
        rows = iter((yield queries) if queries else ())
        answers = {number: [*islice(rows, len(of_read))] or None for number, of_read in requests.items()}
    return tuple(results[number] for number in range(len(reads)))


def _compile(statement: Executable, dialect: Dialect) -> SQLCompiler:
    compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every statement of ours can be compiled
    if compiled.post_compile_params:
        raise TypeError(f"a parameter stands for a list: {compiled}")
    columns = [column.type for column in getattr(statement, "selected_columns", ())]
    processors = [
        *(bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in compiled.bind_names),
        *(kind.dialect_impl(dialect).result_processor(dialect, None) for kind in columns),
    ]
    if any(processors):
        raise TypeError(f"a value has to be converted: {compiled}")
    return compiled  # type: ignore[no-any-return]  # it is a compiler of SQL
