"""The bots that share a store, and which of them has leased a post."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.tables.column_types import BIG_ID

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("shards", sa.Text, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    op.add_column("post", sa.Column("leased_by", sa.BigInteger))
