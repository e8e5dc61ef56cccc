"""Expected events, with their sources."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "expected_event",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("story_id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=False),
        sa.Column("is_day", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("development_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('happened', 'dropped')", name=op.f("ck_expected_event_outcome")),
        sa.ForeignKeyConstraint(
            ["development_id"], ["development.id"], name="fk_expected_event_development_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_expected_event_story_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_expected_event"),
        sa.UniqueConstraint("story_id", "key", name="uq_expected_event_story_id_key"),
    )
    op.create_index("ix_expected_event_story_id", "expected_event", ["story_id"])
    op.create_index("ix_expected_event_development_id", "expected_event", ["development_id"])
    op.create_index("ix_expected_event_soonest", "expected_event", ["last_day", "id"])
    op.create_table(
        "expected_source",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("expected_event_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("date", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["expected_event_id"],
            ["expected_event.id"],
            name="fk_expected_source_expected_event_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_expected_source"),
    )
    op.create_index("ix_expected_source_expected_event_id", "expected_source", ["expected_event_id"])
