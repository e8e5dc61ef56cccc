"""Stories that were joined to others, with what it takes to part them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "joined",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("into_id", NUMBER, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["into_id"], ["story.id"], name="fk_joined_into_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_joined"),
        sa.UniqueConstraint("slug", name="uq_joined_slug"),
    )
    op.create_index("ix_joined_into_id", "joined", ["into_id"], unique=False)
