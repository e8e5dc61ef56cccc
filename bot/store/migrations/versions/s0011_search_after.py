"""From which message on a doubtful post, or a doubtful message of the desk's channel, is searched for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("post", "review"):
        op.add_column(table, sa.Column("search_after", sa.BigInteger(), nullable=False, server_default="0"))
