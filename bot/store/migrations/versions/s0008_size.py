"""What keeps answers quick in a large store: lists by index, and companies by their names however spelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.model.text_folding import fold

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_company_ticker", "company", ["ticker"]),
    ("ix_company_folded", "company", ["folded"]),
    ("ix_alias_folded", "alias", ["folded"]),
    ("ix_story_newest_deals", "story", ["is_deal", "as_of_sort", "id"]),
    ("ix_story_newest_of_stage", "story", ["stage", "as_of_sort", "id"]),
    ("ix_story_newest_of_kind", "story", ["kind", "as_of_sort", "id"]),
    ("ix_story_newest_of_kind_and_stage", "story", ["kind", "stage", "as_of_sort", "id"]),
    ("ix_party_newest", "party", ["company_id", "as_of_sort", "story_id"]),
    ("ix_party_newest_deals", "party", ["company_id", "is_deal", "as_of_sort", "story_id"]),
    ("ix_party_newest_open", "party", ["company_id", "is_open", "as_of_sort", "story_id"]),
)
INDEXES_OF_SOME = (
    ("ix_post_unsettled", "unsettled = 1", ["id"]),
    ("ix_development_newest", "retracted = ''", ["date_sort", "id"]),
    ("ix_development_standing", "retracted = ''", ["story_id", "date_sort", "id"]),
    ("ix_development_newest_of_claim", "retracted = ''", ["claim", "date_sort", "id"]),
    ("ix_development_newest_of_stage", "retracted = '' AND stage IS NOT NULL", ["stage", "date_sort", "id"]),
    ("ix_development_telling", "stage IS NOT NULL OR claim = 'denied'", ["story_id"]),
)


def upgrade() -> None:
    _fold_names("company", "name")
    _fold_names("alias", "alias")
    _copy_to_parties()
    op.drop_index("ix_development_newest", "development")
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns, unique=False)
    for name, where, columns in INDEXES_OF_SOME:
        table = name.split("_")[1]
        op.create_index(
            name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def _fold_names(table: str, column: str) -> None:
    op.add_column(table, sa.Column("folded", sa.Text(), server_default="", nullable=False))
    names_table = sa.table(table, sa.column("id"), sa.column(column), sa.column("folded"))
    connection = op.get_bind()
    rows = connection.execute(sa.select(names_table.c.id, names_table.c[column])).all()
    if rows:
        folding = (
            sa.update(names_table).where(names_table.c.id == sa.bindparam("number")).values(folded=sa.bindparam("fold"))
        )
        connection.execute(folding, [{"number": number, "fold": fold(name)} for number, name in rows])


def _copy_to_parties() -> None:
    columns = (("is_deal", sa.Integer()), ("is_open", sa.Integer()), ("as_of_sort", sa.BigInteger()))
    for name, kind in columns:
        op.add_column("party", sa.Column(name, kind, server_default="0", nullable=False))
    party = sa.table("party", sa.column("story_id"), *(sa.column(name) for name, _ in columns))
    story = sa.table("story", sa.column("id"), *(sa.column(name) for name, _ in columns))
    values = {
        name: sa.select(story.c[name]).where(story.c.id == party.c.story_id).scalar_subquery() for name, _ in columns
    }
    op.execute(sa.update(party).values(**values))
