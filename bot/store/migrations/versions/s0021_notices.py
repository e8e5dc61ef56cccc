"""A delivery can be of a cluster of followed feeds' articles instead of a development.

SQLite cannot let a column be empty that could not before: the table is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE_NOTICE = "CASE WHEN development_id IS NULL THEN 0 ELSE 1 END + CASE WHEN cluster_id IS NULL THEN 0 ELSE 1 END = 1"


def upgrade() -> None:
    _create_clusters()
    _rebuild_delivery()


def _create_clusters() -> None:
    op.create_table(
        "cluster",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("destination_id", NUMBER, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("story_id", NUMBER),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["destination_id"], ["destination.id"], name="fk_cluster_destination_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_cluster_story_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_cluster"),
    )
    op.create_index("ix_cluster_destination_id_updated_at", "cluster", ["destination_id", "updated_at"])
    op.create_index("ix_cluster_story_id", "cluster", ["story_id"])
    op.create_table(
        "cluster_article",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cluster_id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("lead", sa.Text(), server_default="", nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("dated", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name="fk_cluster_article_cluster_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cluster_article"),
        sa.UniqueConstraint("cluster_id", "key", name="uq_cluster_article_cluster_id_key"),
    )


def _rebuild_delivery() -> None:
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("delivery")]
    op.create_table(
        "new_delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("development_id", NUMBER),
        sa.Column("cluster_id", NUMBER),
        sa.Column("destination_id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), server_default="instant", nullable=False),
        sa.Column("gather_at", sa.Text()),
        sa.Column("roles", sa.Text(), server_default="", nullable=False),
        sa.Column("silent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("mentions", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(ONE_NOTICE, name=op.f("ck_delivery_notice")),
        sa.CheckConstraint("mode IN ('instant', 'daily', 'weekly')", name=op.f("ck_delivery_mode")),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=f"fk_delivery_{table}_id", ondelete="CASCADE"
            )
            for table in ("development", "cluster", "destination", "post")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("development_id", "destination_id", name="uq_delivery_development_id_destination_id"),
        sa.UniqueConstraint("cluster_id", "destination_id", name="uq_delivery_cluster_id_destination_id"),
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
