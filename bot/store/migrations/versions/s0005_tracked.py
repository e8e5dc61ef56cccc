"""What the tracker has taken in: texts with their vectors, and the running mean of these."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tracked",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.CheckConstraint("part IN ('article', 'headline', 'development')", name=op.f("ck_tracked_part")),
        sa.PrimaryKeyConstraint("id", name="pk_tracked"),
        sa.UniqueConstraint("key", name="uq_tracked_key"),
    )
    op.create_index("ix_tracked_event", "tracked", ["event"], unique=False)
    op.create_index("ix_tracked_story", "tracked", ["story"], unique=False)
    op.create_table(
        "tracked_centre",
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("embedder", name="pk_tracked_centre"),
    )
