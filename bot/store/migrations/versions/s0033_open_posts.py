"""Indexes that a new post or delivery has no place in, unless it is one of those that the index is for.

Publishing to many followers spends most of its time on indexes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTICES = ("development", "cluster", "expected_event")
ONE_NOTICE = " + ".join(f"CASE WHEN {notice}_id IS NULL THEN 0 ELSE 1 END" for notice in NOTICES) + " = 1"


def upgrade() -> None:
    for name in ("ix_post_state_due_at", "ix_post_story_id"):
        op.drop_index(name, "post")
    _create_index("ix_post_state_due_at", "post", ["state", "due_at"], "state = 'pending' OR state = 'leased'")
    _create_index("ix_post_failed", "post", ["id"], "state = 'failed'")
    _create_index("ix_post_story_id", "post", ["story_id"], "story_id IS NOT NULL")
    _rebuild_deliveries()
    columns = ["cluster_id", "destination_id"]
    _create_index("uq_delivery_cluster", "delivery", columns, "cluster_id IS NOT NULL", unique=True)
    columns = ["expected_event_id", "expected_on", "destination_id"]
    _create_index("uq_delivery_expected_event", "delivery", columns, "expected_event_id IS NOT NULL", unique=True)


def _create_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _rebuild_deliveries() -> None:
    """Make the table anew, without two of its constraints: SQLite cannot drop one."""
    columns = (
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("development_id", NUMBER),
        sa.Column("cluster_id", NUMBER),
        sa.Column("expected_event_id", NUMBER),
        sa.Column("destination_id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), server_default="instant", nullable=False),
        sa.Column("gather_at", sa.Text()),
        sa.Column("roles", sa.Text(), server_default="", nullable=False),
        sa.Column("silent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("mentions", sa.Text(), server_default="", nullable=False),
        sa.Column("expected_on", sa.Text(), server_default="", nullable=False),
    )
    new = op.create_table(
        "new_delivery",
        *columns,
        sa.CheckConstraint(ONE_NOTICE, name=op.f("ck_delivery_notice")),
        sa.CheckConstraint("mode IN ('instant', 'daily', 'weekly')", name=op.f("ck_delivery_mode")),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=f"fk_delivery_{table}_id", ondelete="CASCADE"
            )
            for table in (*NOTICES, "destination", "post")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("development_id", "destination_id", name="uq_delivery_development_id_destination_id"),
    )
    names = [column.name for column in columns]
    old = sa.table("delivery", *(sa.column(name) for name in names))
    op.execute(sa.insert(new).from_select(names, sa.select(*(old.c[name] for name in names))))
    op.drop_table("delivery")
    op.rename_table("new_delivery", "delivery")
    op.create_index("ix_delivery_destination_id", "delivery", ["destination_id"])
    op.create_index("ix_delivery_post_id", "delivery", ["post_id"])
    _create_index("ix_delivery_gather_at", "delivery", ["gather_at"], "gather_at IS NOT NULL")
