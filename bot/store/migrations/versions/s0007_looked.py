"""When somebody last asked what a channel's follows had brought."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "looked",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("destination_id", NUMBER, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("delivery", sa.BigInteger(), nullable=False),
        sa.Column("development", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["destination.id"], name="fk_looked_destination_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_looked"),
        sa.UniqueConstraint("user_id", "destination_id", name="uq_looked_user_id_destination_id"),
    )
    op.create_index("ix_looked_destination_id", "looked", ["destination_id"], unique=False)
    op.create_index("ix_looked_at", "looked", ["at"], unique=False)
