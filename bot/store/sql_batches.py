"""Many rows, some at a time: others have their turn between, and no statement has more values than an engine takes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, select

_T = TypeVar("_T")
BATCH_SIZE = 500


def iter_batches(values: Sequence[_T], size: int = BATCH_SIZE) -> Iterator[Sequence[_T]]:
    """The values in their order, ``size`` at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))


def select_json_values(name: str) -> Select[Any]:
    """The values of a parameter that :func:`to_json_array` made, for ``in_``: one statement, however many they are.

    A statement that is built once and kept costs a fifth of one that is built for its values, and SQLite knows it again.
    """
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def to_json_array(values: Collection[int] | Collection[str]) -> str:
    """Values as one."""
    return json.dumps(list(values))
