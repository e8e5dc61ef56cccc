"""Terms of follows, timetables, digests, stories' threads, published posts, readers' notes.

Words of enums are constraints of their tables, which SQLite cannot change: these tables are made anew. References are not
enforced while steps run (:mod:`bot.store.store`), or dropping a table would empty those that refer to it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _destination()
    _follow()
    _post()
    _delivery()
    _preference()
    _reader_note()


def _rebuild(name: str, *parts: Any) -> None:
    """Give a table its new shape and keep its rows, with the defaults of new columns."""
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(name)]
    op.create_table(f"new_{name}", *parts)
    old = sa.table(name, *(sa.column(each) for each in column_names))
    new = sa.table(f"new_{name}", *(sa.column(each) for each in column_names))
    op.execute(sa.insert(new).from_select(column_names, sa.select(*(old.c[each] for each in column_names))))
    op.drop_table(name)
    op.rename_table(f"new_{name}", name)


def _text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)


def _index_of_few(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _destination() -> None:
    places = "place IN ('channel', 'thread', 'dm', 'forum', 'announcement')"
    _rebuild(
        "destination",
        sa.Column("id", NUMBER, nullable=False),
        _text("place"),
        sa.Column("discord_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        _text("blocked", ""),
        sa.Column("blocked_at", sa.Text(), nullable=True),
        sa.Column("retry_at", sa.Text(), nullable=True),
        sa.Column("parent_id", NUMBER, nullable=True),
        sa.Column("story_id", NUMBER, nullable=True),
        sa.Column("card_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(places, name=op.f("ck_destination_place")),
        _refers("destination", "parent_id", "destination"),
        _refers("destination", "story_id", "story"),
        sa.PrimaryKeyConstraint("id", name="pk_destination"),
        sa.UniqueConstraint("discord_id", name="uq_destination_discord_id"),
        sa.UniqueConstraint("parent_id", "story_id", name="uq_destination_parent_id_story_id"),
    )
    for column in ("guild_id", "parent_id", "story_id", "card_id"):
        _index("destination", column)


def _follow() -> None:
    kinds = "target_kind IN ('everything', 'company', 'story', 'kind')"
    pings = "ping IN ('always', 'stage-changes', 'never')"
    _rebuild(
        "follow",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("destination_id", NUMBER, nullable=False),
        _text("target_kind"),
        _text("target_key"),
        sa.Column("company_id", NUMBER, nullable=True),
        sa.Column("story_id", NUMBER, nullable=True),
        sa.Column("role_id", sa.BigInteger(), server_default="0", nullable=False),
        _text("mode", "instant"),
        _text("only", ""),
        _text("words", ""),
        _text("without", ""),
        _text("ping", "always"),
        _flag("silent"),
        _flag("threads"),
        sa.Column("changed_at", sa.Text(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        _text("created_at"),
        _text("state", "active"),
        _text("reason", ""),
        sa.CheckConstraint(kinds, name=op.f("ck_follow_target_kind")),
        sa.CheckConstraint("state IN ('active', 'paused', 'stopped')", name=op.f("ck_follow_state")),
        sa.CheckConstraint("mode IN ('instant', 'daily', 'weekly')", name=op.f("ck_follow_mode")),
        sa.CheckConstraint(pings, name=op.f("ck_follow_ping")),
        _refers("follow", "destination_id", "destination"),
        _refers("follow", "company_id", "company"),
        _refers("follow", "story_id", "story"),
        sa.PrimaryKeyConstraint("id", name="pk_follow"),
        sa.UniqueConstraint("destination_id", "target_key", name="uq_follow_destination_id_target_key"),
    )
    for column in ("destination_id", "company_id", "story_id", "target_key"):
        _index("follow", column)


def _post() -> None:
    states = "state IN ('pending', 'leased', 'sent', 'published', 'failed')"
    _rebuild(
        "post",
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
        _text("reason", ""),
        sa.CheckConstraint(states, name=op.f("ck_post_state")),
        sa.CheckConstraint("form IN ('post', 'daily', 'weekly', 'card')", name=op.f("ck_post_form")),
        _refers("post", "destination_id", "destination"),
        _refers("post", "story_id", "story"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("key", name="uq_post_key"),
    )
    _index("post", "destination_id", "id")
    _index("post", "state", "due_at")
    _index("post", "story_id")
    _index_of_few("ix_post_stale", "post", "due_at", "shown < wanted")
    _index_of_few("ix_post_publishing", "post", "due_at", "publish = 1")


def _delivery() -> None:
    _rebuild(
        "delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("development_id", NUMBER, nullable=False),
        sa.Column("destination_id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=True),
        _text("created_at"),
        _text("mode", "instant"),
        sa.Column("gather_at", sa.Text(), nullable=True),
        _text("roles", ""),
        _flag("silent"),
        _text("reason", ""),
        sa.CheckConstraint("mode IN ('instant', 'daily', 'weekly')", name=op.f("ck_delivery_mode")),
        _refers("delivery", "development_id", "development"),
        _refers("delivery", "destination_id", "destination"),
        _refers("delivery", "post_id", "post"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("development_id", "destination_id", name="uq_delivery_development_id_destination_id"),
    )
    _index("delivery", "destination_id")
    _index("delivery", "post_id")
    _index_of_few("ix_delivery_gather_at", "delivery", "gather_at", "gather_at IS NOT NULL")


def _preference() -> None:
    op.create_table(
        "preference",
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("zone"),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_day", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", name="pk_preference"),
    )


def _reader_note() -> None:
    op.create_table(
        "reader_note",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _text("text"),
        _text("created_at"),
        sa.Column("settled_at", sa.Text(), nullable=True),
        _text("settled_by", ""),
        _refers("reader_note", "post_id", "post"),
        sa.PrimaryKeyConstraint("id", name="pk_reader_note"),
        sa.UniqueConstraint("post_id", "user_id", name="uq_reader_note_post_id_user_id"),
    )
    _index("reader_note", "user_id")
