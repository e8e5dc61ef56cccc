"""Why an expected event was dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("expected_event", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
