"""The language that a server, or a person by DM, has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("preference", sa.Column("language", sa.Text(), nullable=False, server_default=""))
