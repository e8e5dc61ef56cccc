"""Servers remember that the bot has greeted them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guild", sa.Column("greeted_at", sa.Text()))
