"""Splits of stories: what an editor has chosen, and what undoing needs."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story_split",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('choosing', 'done', 'undone')", name=op.f("ck_story_split_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_split")),
        sqlite_autoincrement=True,
    )
    for column in ("slug", "changed_at"):
        op.create_index(f"ix_story_split_{column}", "story_split", [column], unique=False)
