"""The tables of the feeds that servers follow without the desk: what each destination has got of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.store.tables.column_types import Instant, id_column, metadata, reference_column

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
