"""The lists that were asked for are stored: buttons carry a key instead of a list's filters."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_query",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_list_query"),
        sa.UniqueConstraint("key", name="uq_list_query_key"),
    )
    op.create_index("ix_list_query_used_at", "list_query", ["used_at"], unique=False)
