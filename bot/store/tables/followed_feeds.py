"""The tables of the feeds that servers follow without the desk: what each destination has got of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.store.tables.column_types import Instant, id_column, metadata, partial_index, reference_column

# What followed feeds list. Each feed has articles of its own, so that no feed can say for another what is known.
followed_article = Table(
    "followed_article",
    metadata,
    id_column(),
    reference_column("feed_id", "feed", index=False),
    # What identifies the article, whatever else changes.
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    # The beginning of its text, for some days.
    Column("lead", Text, nullable=False, server_default=""),
    # Without a date of the publisher's, the time at which it was first seen.
    Column("published", Instant, nullable=False),
    Column("dated", Integer, nullable=False),
    Column("first_seen", Instant, nullable=False),
    # When its feed last listed it, to the day.
    Column("last_seen", Instant, nullable=False),
    # Whether it is still to be given to those who follow the feed, and how often that has begun.
    Column("pending", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("feed_id", "key"),
    partial_index("ix_followed_article_pending", "pending = 1", "id"),
    # A follow knows the newest article of its beginning by its id, so no id is used twice.
    sqlite_autoincrement=True,
)

# The articles of one destination that report the same news. Each destination has clusters of its own, so that nothing of one
# server reaches another, and they are erased with it.
cluster = Table(
    "cluster",
    metadata,
    id_column(),
    reference_column("destination_id", "destination", index=False),
    # The title of the first article.
    Column("headline", Text, nullable=False),
    # The story of the newsroom that it belongs to, if that is known.
    Column(
        "story_id",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("story.id", ondelete="SET NULL"),
        index=True,
    ),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_cluster_destination_id_updated_at", "destination_id", "updated_at"),
)

cluster_article = Table(
    "cluster_article",
    metadata,
    id_column(),
    reference_column("cluster_id", "cluster", index=False),
    # What identifies the article, whatever else changes.
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("publisher", Text, nullable=False, server_default=""),
    # The part of its text by which it is compared with others; never shown.
    Column("lead", Text, nullable=False, server_default=""),
    # Without a date of the publisher's, the time at which it was first seen.
    Column("published", Instant, nullable=False),
    Column("dated", Integer, nullable=False),
    Column("added_at", Instant, nullable=False),
    UniqueConstraint("cluster_id", "key"),
)
