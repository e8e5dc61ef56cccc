"""Many rows, some at a time: others have their turn between, and no statement has more values than an engine takes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, select

_T = TypeVar("_T")
AT_ONCE = 500


def parts(values: Sequence[_T], size: int = AT_ONCE) -> Iterator[Sequence[_T]]:
    """The values in their order, ``size`` at a time."""
    return (values[begin : begin + size] for begin in range(0, len(values), size))


def listed(name: str) -> Select[Any]:
    """The values of a parameter that :func:`as_list` made, for ``in_``: one statement, however many they are.

    A statement that is built once and kept costs a fifth of one that is built for its values, and SQLite knows it again.
    """
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def as_list(values: Collection[int] | Collection[str]) -> str:
    """Values as one."""
    return json.dumps(list(values))
