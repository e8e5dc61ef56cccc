"""The tables. Statements elsewhere in this room are written against these, for every engine alike.

Times are aware UTC, kept as text of one width, so that they sort as they read. Dates of the news keep their
precision: ``2025``, ``2025-08`` or ``2025-08-16``.
"""

from bot.store.tables.columns import Instant, metadata
from bot.store.tables.delivery import delivery, destination, follow, guild, looked, post, preference, reader_note
from bot.store.tables.keeping import audit, command_sync
from bot.store.tables.newsroom import article, failure, feed, retelling, review, tracked, tracked_centre
from bot.store.tables.stories import (
    alias,
    company,
    development,
    former_name,
    joined,
    party,
    related,
    revision,
    source,
    story,
)

__all__ = [
    "Instant",
    "alias",
    "article",
    "audit",
    "command_sync",
    "company",
    "delivery",
    "destination",
    "development",
    "failure",
    "feed",
    "follow",
    "former_name",
    "guild",
    "joined",
    "looked",
    "metadata",
    "party",
    "post",
    "preference",
    "reader_note",
    "related",
    "retelling",
    "review",
    "revision",
    "source",
    "story",
    "tracked",
    "tracked_centre",
]
