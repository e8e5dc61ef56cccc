"""Feeds, and the articles that came in by them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("given_url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("trust", sa.Text(), nullable=False, server_default="review"),
        sa.Column("state", sa.Text(), nullable=False, server_default="active"),
        sa.Column("etag", sa.Text(), nullable=False, server_default=""),
        sa.Column("last_modified", sa.Text(), nullable=False, server_default=""),
        sa.Column("interval_seconds", sa.BigInteger(), nullable=False),
        sa.Column("next_poll", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("named", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("read_at", sa.Text()),
        sa.Column("succeeded_at", sa.Text()),
        sa.Column("added_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.CheckConstraint("trust IN ('review', 'auto')", name=op.f("ck_feed_trust")),
        sa.CheckConstraint("state IN ('active', 'paused', 'gone')", name=op.f("ck_feed_state")),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("url", name="uq_feed_url"),
    )
    op.create_index("ix_feed_given_url", "feed", ["given_url"], unique=False)
    op.create_index("ix_feed_host", "feed", ["host"], unique=False)
    op.create_index("ix_feed_state_next_poll", "feed", ["state", "next_poll"], unique=False)
    op.create_table(
        "article",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("feed_id", NUMBER),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False, server_default=""),
        sa.Column("publisher", sa.Text(), nullable=False, server_default=""),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('new', 'old', 'done')", name=op.f("ck_article_state")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_article_feed_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("key", name="uq_article_key"),
    )
    op.create_index("ix_article_feed_id", "article", ["feed_id"], unique=False)
    op.create_index("ix_article_state_id", "article", ["state", "id"], unique=False)
