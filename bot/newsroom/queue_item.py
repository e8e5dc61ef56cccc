"""One item of a queue that people page through: reviews, failed work, readers' reports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QueueItem(Generic[T]):
    """An item with its position in its queue, counted from 0, and the length of the queue."""

    item: T
    position: int
    count: int


async def find_item_at(
    position: int, count: int, list_items: Callable[[int, int], Awaitable[Sequence[T]]]
) -> QueueItem[T] | None:
    """Return the item at a position, or the last one if there are fewer; None if the queue is empty.

    ``list_items`` takes an offset and a limit.
    """
    index = max(0, min(position, count - 1))
    items = await list_items(index, 1)
    return QueueItem(items[0], index, count) if items else None
