"""Rows that have a key in their story (developments, expected events, terms): how they move from one story to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, select, update

from bot.model.story import take_free_key

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def move_keyed_rows(
    connection: AsyncConnection, table: Table, condition: ColumnElement[bool], target_id: int, used_keys: set[str]
) -> list[tuple[int, str]]:
    """Move rows to another story under keys that are free there; return the id and the former key of each."""
    rows = await connection.execute(select(table.c.id, table.c.key).where(condition).order_by(table.c.id))
    former_keys = [(row.id, row.key) for row in rows]
    for row_id, key in former_keys:
        await _move_row(connection, table, row_id, target_id, take_free_key(key, used_keys))
    return former_keys


async def move_keyed_rows_back(
    connection: AsyncConnection,
    table: Table,
    former_keys: Iterable[tuple[int, str]],
    story_ids: tuple[int, int],
    used_keys: set[str],
) -> None:
    """Undo :meth:`move_keyed_rows`: move rows from the second story back to the first, under their former keys if these are free.

    A row that is in neither by now stays where it is.
    """
    story_id, target_id = story_ids
    rows = dict(former_keys)
    is_there = table.c.id.in_(rows) & (table.c.story_id == target_id)
    for row_id in (await connection.execute(select(table.c.id).where(is_there).order_by(table.c.id))).scalars().all():
        await _move_row(connection, table, row_id, story_id, take_free_key(rows[row_id], used_keys))


async def _move_row(connection: AsyncConnection, table: Table, row_id: int, story_id: int, key: str) -> None:
    await connection.execute(update(table).where(table.c.id == row_id).values(story_id=story_id, key=key))
