"""Many values for one statement, in batches: the event loop runs between them, and no statement has too many parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")
BATCH_SIZE = 500


def iter_batches(values: Sequence[_T], size: int = BATCH_SIZE) -> Iterator[Sequence[_T]]:
    """Yield the values in their order, ``size`` at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))
