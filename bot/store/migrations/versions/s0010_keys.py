"""Which rule made the key that an article is known by: those in the store are of the first."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("key_rule", sa.Integer(), nullable=False, server_default="1"))
