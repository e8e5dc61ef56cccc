"""JSON in SQL: many values as one parameter, and the fields of an object in a column.

SQLite has its own functions for it (https://sqlite.org/json1.html), and PostgreSQL others
(https://www.postgresql.org/docs/current/functions-json.html).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, ClassVar

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
    """An item as an integer."""

    inherit_cache = True
    type = BigInteger()


class _TextItem(FunctionElement[str]):
    """An item as text."""

    inherit_cache = True
    type = Text()


@compiles(_IntegerItem)
@compiles(_TextItem)
def _compile_item(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    # json_each gives each item in its own type.
    return str(compiler.process(element.clauses, **options))


@compiles(_IntegerItem, "postgresql")
@compiles(_TextItem, "postgresql")
def _compile_item_for_postgresql(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    text = f"({compiler.process(element.clauses, **options)} #>> '{{}}')"
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


class _Field(FunctionElement[Any]):
    """Something about a field of an object in a column; NULL if the field is missing.

    Attributes:
        sqlite: SQLite's function of the object and the path of the field.
        postgresql: what PostgreSQL says for it, with the object and the name of the field to be filled in.
    """

    inherit_cache = True
    sqlite: ClassVar[str]
    postgresql: ClassVar[str]

    def __init__(self, document: ColumnElement[str], name: str) -> None:
        super().__init__(document, literal_column(f"'{name}'"))


class _TextField(_Field):
    """The field as text; also NULL if it is null."""

    inherit_cache = True
    type = Text()
    sqlite, postgresql = "json_extract", "(CAST({document} AS json) ->> {name})"


class _FieldLength(_Field):
    """The number of items of an array in the field."""

    inherit_cache = True
    type = Integer()
    sqlite, postgresql = "json_array_length", "json_array_length(CAST({document} AS json) -> {name})"


class _FieldType(_Field):
    """The type of the field."""

    inherit_cache = True
    type = Text()
    sqlite, postgresql = "json_type", "json_typeof(CAST({document} AS json) -> {name})"


def _compile_field(element: _Field, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{element.sqlite}({document}, '$.' || {name})"


def _compile_field_for_postgresql(element: _Field, compiler: Any, **options: Any) -> str:
    document, name = (compiler.process(clause, **options) for clause in element.clauses)
    return element.postgresql.format(document=document, name=name)


for _field in (_TextField, _FieldLength, _FieldType):
    compiles(_field)(_compile_field)
    compiles(_field, "postgresql")(_compile_field_for_postgresql)


def is_json_field_missing(document: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Return the condition that a JSON object in a column lacks a field; one that is null is there."""
    return _FieldType(document, name).is_(None)


def get_json_field(document: ColumnElement[str], name: str) -> ColumnElement[str]:
    """Return the field of a JSON object in a column as text; NULL if it is missing or null. ``name`` is a plain word."""
    return _TextField(document, name)


def get_json_length(document: ColumnElement[str], name: str) -> ColumnElement[int]:
    """Return the number of items of an array in a field of a JSON object; NULL if it is missing."""
    return _FieldLength(document, name)


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
