"""Keys of posts: unique, and ordered by time, so that new ones are next to each other in the index.

Messages carry the key in buttons, where it has at most 20 characters of 0-9 and a-z, and Discord's nonce is made of it. Keys of
earlier versions are 16 random hexadecimal digits. Both kinds are only ever compared as a whole.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, select

from bot.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Five digits count the minutes until the year 2084, as text in the order of time.
_MINUTE_DIGITS = 5
_RANDOM_DIGITS = 5
#: Ends the random part of a batch's prefix. No key of a single post has it there.
_BATCH_MARK = "x"
#: The first character behind the digits 0-9.
_AFTER_DIGITS = ":"

_HAS_PREFIX = and_(t.post.c.key >= bindparam("key_prefix"), t.post.c.key < bindparam("key_end"))
_FIND_PREFIX = select(t.post.c.id).where(_HAS_PREFIX).limit(1)
_PREFIX: ColumnElement[str] = bindparam("key_prefix", type_=Text)


def create_post_key(now: datetime) -> str:
    """Return a key for one post."""
    return _format_minute(now) + secrets.token_hex(5)


@dataclass(frozen=True, slots=True)
class KeyBatch:
    """The keys of posts that one statement makes, each for another destination: a prefix, and the destination's id."""

    prefix: str

    @property
    def parameters(self) -> dict[str, str]:
        """The values for :func:`build_batch_key` and :func:`is_in_batch`."""
        return {"key_prefix": self.prefix, "key_end": self.prefix + _AFTER_DIGITS}


async def create_key_batch(connection: AsyncConnection, now: datetime) -> KeyBatch:
    """Return a batch of keys of which the store has none."""
    while True:
        batch = KeyBatch(_format_minute(now) + _draw(_RANDOM_DIGITS) + _BATCH_MARK)
        if (await connection.execute(_FIND_PREFIX, batch.parameters)).first() is None:
            return batch


def build_batch_key(destination_id: ColumnElement[int]) -> ColumnElement[str]:
    """Return the key of a destination's post in a batch, as SQL."""
    return _PREFIX.concat(cast(destination_id, Text))


def is_in_batch() -> ColumnElement[bool]:
    """Return the condition that a post has a key of the batch."""
    return _HAS_PREFIX


def _format_minute(now: datetime) -> str:
    minutes = int(now.timestamp()) // 60
    digits = ""
    for _ in range(_MINUTE_DIGITS):
        minutes, digit = divmod(minutes, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _draw(count: int) -> str:
    return "".join(secrets.choice(_DIGITS) for _ in range(count))
