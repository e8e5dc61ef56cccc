"""Many rows, some at a time: others have their turn between, and no statement has more values than an engine takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")
AT_ONCE = 500


def parts(values: Sequence[_T], size: int = AT_ONCE) -> Iterator[Sequence[_T]]:
    """The values in their order, ``size`` at a time."""
    return (values[begin : begin + size] for begin in range(0, len(values), size))
