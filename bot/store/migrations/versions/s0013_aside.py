"""Posts that are set aside, and since when each post is refused without a documented reason.

The words of an enum are a constraint of their table, which SQLite cannot change: the table is made anew. Reasons that hold a
whole page of a proxy are cut.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('pending', 'leased', 'sent', 'published', 'failed', 'set aside')"
LONGEST_REASON = 300


def upgrade() -> None:
    _rebuild_post()
    for table, column in (
        ("post", "reason"),
        ("post", "unpublished"),
        ("destination", "blocked"),
        ("follow", "reason"),
    ):
        _cut(table, column)


def _rebuild_post() -> None:
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("post")]
    op.create_table(
        "new_post",
        sa.Column("id", NUMBER, nullable=False),
        _text("key"),
        sa.Column("destination_id", NUMBER, nullable=False),
        _text("state"),
        _text("form", "post"),
        sa.Column("story_id", NUMBER, nullable=True),
        _text("roles", ""),
        _flag("silent"),
        _flag("publish"),
        _text("unpublished", ""),
        *(_flag(name) for name in ("attempts", "in_doubt", "unsettled", "wanted", "shown")),
        _text("created_at"),
        _text("due_at"),
        sa.Column("lease_until", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.Text(), nullable=True),
        _text("reason", ""),
        sa.Column("search_after", sa.BigInteger(), nullable=False, server_default="0"),
        sa.CheckConstraint(STATES, name=op.f("ck_post_state")),
        sa.CheckConstraint("form IN ('post', 'daily', 'weekly', 'card')", name=op.f("ck_post_form")),
        _refers("destination_id", "destination"),
        _refers("story_id", "story"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("key", name="uq_post_key"),
    )
    old = sa.table("post", *(sa.column(each) for each in column_names))
    new = sa.table("new_post", *(sa.column(each) for each in column_names))
    op.execute(sa.insert(new).from_select(column_names, sa.select(*(old.c[each] for each in column_names))))
    op.drop_table("post")
    op.rename_table("new_post", "post")
    for columns in (["destination_id", "id"], ["state", "due_at"], ["story_id"]):
        op.create_index(f"ix_post_{'_'.join(columns)}", "post", columns, unique=False)
    _index_of_few("ix_post_stale", "due_at", "shown < wanted")
    _index_of_few("ix_post_publishing", "due_at", "publish = 1")
    _index_of_few("ix_post_unsettled", "id", "unsettled = 1")
    _index_of_few("ix_post_aside", "id", "state = 'set aside'")


def _text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_post_{column}", ondelete="CASCADE")


def _index_of_few(name: str, column: str, where: str) -> None:
    op.create_index(name, "post", [column], unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _cut(table: str, column: str) -> None:
    long = sa.table(table, sa.column(column))
    text = long.c[column]
    cut = sa.update(long).where(sa.func.length(text) > LONGEST_REASON)
    op.execute(cut.values({column: sa.func.substr(text, 1, LONGEST_REASON)}))
