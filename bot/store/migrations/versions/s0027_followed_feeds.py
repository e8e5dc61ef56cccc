"""Feeds that servers and people follow themselves, with their articles; until now, every feed was the desk's.

The words of an enum are a constraint of their table, which SQLite cannot change: the table of follows is made anew.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feed", sa.Column("desk", sa.Integer(), server_default="1", nullable=False))
    op.add_column("feed", sa.Column("followed_read_at", sa.Text()))
    op.add_column("post", sa.Column("opened_thread", sa.BigInteger(), server_default="0", nullable=False))
    _create_articles()
    _rebuild_follow()


def _create_articles() -> None:
    op.create_table(
        "followed_article",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("feed_id", NUMBER, nullable=False),
        _text("key"),
        _text("title"),
        _text("url", ""),
        _text("publisher", ""),
        _text("lead", ""),
        _text("published"),
        sa.Column("dated", sa.Integer(), nullable=False),
        _text("first_seen"),
        _text("last_seen"),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_followed_article_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_followed_article"),
        sa.UniqueConstraint("feed_id", "key", name="uq_followed_article_feed_id_key"),
        sqlite_autoincrement=True,
    )
    is_pending = sa.text("pending = 1")
    op.create_index(
        "ix_followed_article_pending", "followed_article", ["id"], sqlite_where=is_pending, postgresql_where=is_pending
    )


def _rebuild_follow() -> None:
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("follow")]
    kinds = "target_kind IN ('everything', 'company', 'story', 'kind', 'feed')"
    op.create_table(
        "new_follow",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("destination_id", NUMBER, nullable=False),
        _text("target_kind"),
        _text("target_key"),
        sa.Column("company_id", NUMBER),
        sa.Column("story_id", NUMBER),
        sa.Column("feed_id", NUMBER),
        _text("label", ""),
        sa.Column("role_id", sa.BigInteger(), server_default="0", nullable=False),
        _text("mode", "instant"),
        _text("only", ""),
        _text("words", ""),
        _text("without", ""),
        _text("ping", "always"),
        sa.Column("silent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("threads", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.Text()),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        _text("created_at"),
        _text("state", "active"),
        _text("reason", ""),
        sa.Column("reminders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("known_article", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("told", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(kinds, name=op.f("ck_follow_target_kind")),
        sa.CheckConstraint("state IN ('active', 'paused', 'stopped')", name=op.f("ck_follow_state")),
        sa.CheckConstraint("mode IN ('instant', 'daily', 'weekly')", name=op.f("ck_follow_mode")),
        sa.CheckConstraint("ping IN ('always', 'stage-changes', 'never')", name=op.f("ck_follow_ping")),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=f"fk_follow_{table}_id", ondelete="CASCADE")
            for table in ("destination", "company", "story", "feed")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow"),
        sa.UniqueConstraint("destination_id", "target_key", name="uq_follow_destination_id_target_key"),
    )
    old = sa.table("follow", *(sa.column(each) for each in column_names))
    new = sa.table("new_follow", *(sa.column(each) for each in column_names))
    op.execute(sa.insert(new).from_select(column_names, sa.select(*(old.c[each] for each in column_names))))
    op.drop_table("follow")
    op.rename_table("new_follow", "follow")
    for column in ("destination_id", "company_id", "story_id", "feed_id", "target_key"):
        op.create_index(f"ix_follow_{column}", "follow", [column], unique=False)
    is_wanted = sa.text("reminders = 1")
    op.create_index("ix_follow_reminders", "follow", ["target_key"], sqlite_where=is_wanted, postgresql_where=is_wanted)


def _text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
