"""Statements that every answer needs, compiled once and executed on the driver's own cursor.

SQLAlchemy takes 50 µs to execute a statement that it has compiled before, and an answer executes more than a dozen; the driver takes 6 µs.
Only readers in a thread have a driver that can be called directly (:class:`DirectReader`). Other connections execute the same
statement in the usual way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Executable, exc

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.compiler import SQLCompiler


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

    async def fetch_all(
        self, connection: AsyncConnection, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[Sequence[Any]]:
        """Execute the statement and return its rows, which can be read by position only."""
        if isinstance(connection, DirectReader):
            return connection.fetch_all(self, parameters or {})
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


class DirectReader:
    """A connection whose driver can be called in the calling thread."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fetch_all(self, statement: HotStatement, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Execute a statement on the driver's cursor. Errors are SQLAlchemy's, as of any other statement."""
        dialect = self._connection.dialect
        compiled = statement.compile(dialect)
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.bind(parameters))
            return cursor.fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise exc.DBAPIError.instance(
                compiled.sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect
            ) from error
        finally:
            cursor.close()


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
