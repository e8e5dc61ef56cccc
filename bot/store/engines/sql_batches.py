"""Many values for one statement: in batches, or as one JSON array.

The event loop runs between batches, and no statement has more parameters than the engine takes. The array is read by
SQLite's ``json_each`` (https://sqlite.org/json1.html#jeach).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, select

_T = TypeVar("_T")
BATCH_SIZE = 500


def iter_batches(values: Sequence[_T], size: int = BATCH_SIZE) -> Iterator[Sequence[_T]]:
    """Yield the values in their order, ``size`` at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))


def select_json_values(name: str) -> Select[Any]:
    """Select the values of a parameter that :func:`to_json_array` made, for ``in_``.

    The statement is the same for any number of values. One that is built once costs a fifth of one that is built for its
    values, and the driver finds it in its cache.
    """
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def to_json_array(values: Collection[int] | Collection[str]) -> str:
    """Encode values as one parameter for :func:`select_json_values`."""
    return json.dumps(list(values))
