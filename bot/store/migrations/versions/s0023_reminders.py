"""A delivery can be a reminder of an expected event on its day, where a follow asks for it.

The conditions of a table cannot be changed in SQLite: the table is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTICES = ("development", "cluster", "expected_event")
ONE_NOTICE = " + ".join(f"CASE WHEN {notice}_id IS NULL THEN 0 ELSE 1 END" for notice in NOTICES) + " = 1"


def upgrade() -> None:
    op.add_column("follow", sa.Column("reminders", sa.Integer(), server_default="0", nullable=False))
    is_wanted = sa.text("reminders = 1")
    op.create_index("ix_follow_reminders", "follow", ["target_key"], sqlite_where=is_wanted, postgresql_where=is_wanted)
    op.add_column("post", sa.Column("expires_at", sa.Text(), nullable=True))
    _rebuild_delivery()


def _rebuild_delivery() -> None:
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("delivery")]
    op.create_table(
        "new_delivery",
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
        sa.UniqueConstraint("cluster_id", "destination_id", name="uq_delivery_cluster_id_destination_id"),
        sa.UniqueConstraint(
            "expected_event_id",
            "expected_on",
            "destination_id",
            name="uq_delivery_expected_event_id_expected_on_destination_id",
        ),
    )
    old = sa.table("delivery", *(sa.column(each) for each in column_names))
    new = sa.table("new_delivery", *(sa.column(each) for each in column_names))
    op.execute(sa.insert(new).from_select(column_names, sa.select(*(old.c[each] for each in column_names))))
    op.drop_table("delivery")
    op.rename_table("new_delivery", "delivery")
    for column in ("destination_id", "post_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column], unique=False)
    is_waiting = sa.text("gather_at IS NOT NULL")
    op.create_index(
        "ix_delivery_gather_at", "delivery", ["gather_at"], sqlite_where=is_waiting, postgresql_where=is_waiting
    )
