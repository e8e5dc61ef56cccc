"""The terms of deals: their figures, with sources."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMES = "name IN ('value', 'stake', 'price-per-share', 'volume', 'capacity', 'investment', 'jobs')"
ASSERTED = "retracted = '' AND claim <> 'denied'"


def upgrade() -> None:
    op.create_table(
        "term",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("story_id", NUMBER, nullable=False),
        *(_text(name) for name in ("key", "name", "amount")),
        sa.Column("amount_sort", sa.Double(), nullable=False),
        sa.Column("bound", sa.Text()),
        *(_text(name) for name in ("unit", "claim")),
        *(_text(name, "") for name in ("date", "retracted")),
        _text("created_at"),
        sa.CheckConstraint(NAMES, name=op.f("ck_term_name")),
        sa.CheckConstraint("bound IN ('about', 'up-to', 'at-least')", name=op.f("ck_term_bound")),
        sa.CheckConstraint("claim IN ('confirmed', 'reported', 'denied')", name=op.f("ck_term_claim")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_term_story_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_term"),
        sa.UniqueConstraint("story_id", "key", name="uq_term_story_id_key"),
    )
    op.create_index("ix_term_story_id", "term", ["story_id"], unique=False)
    op.create_index(
        "ix_term_largest",
        "term",
        ["name", "unit", "amount_sort", "story_id"],
        unique=False,
        sqlite_where=sa.text(ASSERTED),
        postgresql_where=sa.text(ASSERTED),
    )
    op.create_table(
        "term_source",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("term_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("publisher"),
        *(_text(name, "") for name in ("title", "url", "date")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name="fk_term_source_term_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_term_source"),
    )
    op.create_index("ix_term_source_term_id", "term_source", ["term_id"], unique=False)


def _text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
