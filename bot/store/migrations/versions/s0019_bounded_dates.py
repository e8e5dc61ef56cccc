"""Dates of which only the latest possible one is known ("by 2025-08-16").

The form of a date is a constraint of its table, which SQLite cannot change: the tables are made anew.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DATE_FORM = "length(replace(date, 'by ', '')) IN (4, 7, 10)"
CLAIMS = "claim IN ('confirmed', 'reported', 'denied')"
STAGES = "stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')"
DEVELOPMENT_INDEXES = (
    ("ix_development_newest", "retracted = ''", ["date_sort", "id"]),
    ("ix_development_standing", "retracted = ''", ["story_id", "date_sort", "id"]),
    ("ix_development_newest_of_claim", "retracted = ''", ["claim", "date_sort", "id"]),
    ("ix_development_newest_of_stage", "retracted = '' AND stage IS NOT NULL", ["stage", "date_sort", "id"]),
    ("ix_development_telling", "stage IS NOT NULL OR claim = 'denied'", ["story_id"]),
)


def upgrade() -> None:
    _rebuild(
        "development",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("story_id", NUMBER, nullable=False),
        _text("key"),
        _text("date"),
        sa.Column("date_sort", sa.BigInteger(), nullable=False),
        _text("headline"),
        _text("text", ""),
        _text("claim"),
        sa.Column("stage", sa.Text(), nullable=True),
        _text("retracted", ""),
        sa.Column("announced", sa.Integer(), nullable=False, server_default="0"),
        _text("created_at"),
        sa.CheckConstraint(DATE_FORM, name=op.f("ck_development_date")),
        sa.CheckConstraint(CLAIMS, name=op.f("ck_development_claim")),
        sa.CheckConstraint(STAGES, name=op.f("ck_development_stage")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_development_story_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_development"),
        sa.UniqueConstraint("story_id", "key", name="uq_development_story_id_key"),
    )
    op.create_index("ix_development_story_id", "development", ["story_id"], unique=False)
    for name, where, columns in DEVELOPMENT_INDEXES:
        op.create_index(
            name, "development", columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    _rebuild(
        "former_name",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("development_id", NUMBER, nullable=False),
        _text("date"),
        _text("headline"),
        sa.CheckConstraint(DATE_FORM, name=op.f("ck_former_name_date")),
        sa.ForeignKeyConstraint(
            ["development_id"], ["development.id"], name="fk_former_name_development_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
        sa.UniqueConstraint(
            "development_id", "date", "headline", name=op.f("uq_former_name_development_id_date_headline")
        ),
    )
    op.create_index("ix_former_name_development_id", "former_name", ["development_id"], unique=False)


def _rebuild(name: str, *parts: Any) -> None:
    """Give a table its new shape and keep its rows."""
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(name)]
    op.create_table(f"new_{name}", *parts)
    old = sa.table(name, *(sa.column(each) for each in column_names))
    new = sa.table(f"new_{name}", *(sa.column(each) for each in column_names))
    op.execute(sa.insert(new).from_select(column_names, sa.select(*(old.c[each] for each in column_names))))
    op.drop_table(name)
    op.rename_table(f"new_{name}", name)


def _text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
