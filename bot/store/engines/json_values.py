"""JSON in SQL: many values as one parameter, and the fields of an object in a column.

SQLite has its own functions for it (https://sqlite.org/json1.html), and PostgreSQL others
(https://www.postgresql.org/docs/current/functions-json.html).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import TableValuedAlias
from sqlalchemy.sql.functions import FunctionElement

from bot.store.engines.storable_text import replace_unstorable


class _ArrayItems(FunctionElement[Any]):
    """The items of a JSON array that is given as text: one a row, in a column ``value``."""

    inherit_cache = True
    name = "array_items"


@compiles(_ArrayItems)
def _compile_items(element: _ArrayItems, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_ArrayItems, "postgresql")
def _compile_items_for_postgresql(element: _ArrayItems, compiler: Any, **options: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **options)} AS jsonb))"


class _IntegerItem(FunctionElement[int]):
    """An item as an integer. With a second clause, the value at that index of an item that is an array itself."""

    inherit_cache = True
    type = BigInteger()


class _TextItem(FunctionElement[str]):
    """An item as text, as :class:`_IntegerItem` is one as an integer."""

    inherit_cache = True
    type = Text()


@compiles(_IntegerItem)
@compiles(_TextItem)
def _compile_item(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    item, *indexes = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({item}, '$[{indexes[0]}]')" if indexes else str(item)


@compiles(_IntegerItem, "postgresql")
@compiles(_TextItem, "postgresql")
def _compile_item_for_postgresql(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    item, *indexes = (compiler.process(clause, **options) for clause in element.clauses)
    text = f"({item} ->> {indexes[0]})" if indexes else f"({item} #>> '{{}}')"
    return f"CAST({text} AS BIGINT)" if isinstance(element, _IntegerItem) else text


def _unpack(name: str) -> TableValuedAlias:
    return _ArrayItems(bindparam(name, type_=Text)).table_valued("value")


def select_ids(name: str) -> Select[Any]:
    """Select the integers of a parameter that :func:`to_json_array` made, for ``in_``.

    The statement is the same for any number of values. One that is built once costs a fifth of one that is built for its
    values, and the driver finds it in its cache.
    """
    return select(_IntegerItem(_unpack(name).c.value))


def select_texts(name: str) -> Select[Any]:
    """Select the texts of a parameter, as :func:`select_ids` selects integers."""
    return select(_TextItem(_unpack(name).c.value))


class JsonRows:
    """The rows of a parameter that is a JSON array of arrays, for ``INSERT … SELECT``.

    Attributes:
        source: the rows, as a table.
    """

    def __init__(self, name: str) -> None:
        self.source = _unpack(name)

    def integer(self, index: int) -> ColumnElement[int]:
        """Return the integer at an index of a row, or NULL."""
        return _IntegerItem(self.source.c.value, literal_column(str(index)))

    def text(self, index: int) -> ColumnElement[str]:
        """Return the text at an index of a row, or NULL."""
        return _TextItem(self.source.c.value, literal_column(str(index)))


class _TextField(FunctionElement[str]):
    """The field of an object as text; NULL if it is missing or null."""

    inherit_cache = True
    type = Text()


class _FieldLength(FunctionElement[int]):
    """The number of items of an array in a field of an object; NULL if it is missing."""

    inherit_cache = True
    type = Integer()


@compiles(_TextField)
def _compile_field(element: _TextField, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({document}, '$.' || {name})"


@compiles(_TextField, "postgresql")
def _compile_field_for_postgresql(element: _TextField, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({document} AS json) ->> {name})"


@compiles(_FieldLength)
def _compile_length(element: _FieldLength, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_array_length({document}, '$.' || {name})"


@compiles(_FieldLength, "postgresql")
def _compile_length_for_postgresql(element: _FieldLength, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_array_length(CAST({document} AS json) -> {name})"


class _FieldType(FunctionElement[str]):
    """The type of a field of an object; NULL if it is missing."""

    inherit_cache = True
    type = Text()


@compiles(_FieldType)
def _compile_type(element: _FieldType, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_type({document}, '$.' || {name})"


@compiles(_FieldType, "postgresql")
def _compile_type_for_postgresql(element: _FieldType, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_typeof(CAST({document} AS json) -> {name})"


def is_json_field_missing(document: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Return the condition that a JSON object in a column lacks a field; one that is null is there."""
    return _FieldType(document, literal_column(f"'{name}'")).is_(None)


def get_json_field(document: ColumnElement[str], name: str) -> ColumnElement[str]:
    """Return the field of a JSON object in a column as text; NULL if it is missing or null. ``name`` is a plain word."""
    return _TextField(document, literal_column(f"'{name}'"))


def get_json_length(document: ColumnElement[str], name: str) -> ColumnElement[int]:
    """Return the number of items of an array in a field of a JSON object; NULL if it is missing."""
    return _FieldLength(document, literal_column(f"'{name}'"))


def to_json_array(values: Collection[int] | Collection[str]) -> str:
    """Encode values as one parameter for :func:`select_ids` or :func:`select_texts`.

    What cannot be stored as text is replaced (:mod:`bot.store.engines.storable_text`).
    """
    encoded = json.dumps(list(values))
    if "\\u0000" in encoded or "\\ud" in encoded:
        return json.dumps([replace_unstorable(value) if isinstance(value, str) else value for value in values])
    return encoded


def join_ids(column: ColumnElement[int]) -> ColumnElement[str]:
    """Aggregate the ids of many rows into one value for :func:`to_joined_array`, in no order.

    What a query selects so, another gets back as a parameter, without the event loop handling each id.
    """
    return func.aggregate_strings(cast(column, Text), ",")


def to_joined_array(values: Iterable[str]) -> str:
    """Encode the ids in values of :func:`join_ids` as one parameter for :func:`select_ids`."""
    return f"[{','.join(values)}]"
