"""The companies that stories mention. They are derived from the texts by the program: until then every story waits in a queue."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mention",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("story_id", NUMBER, nullable=False),
        sa.Column("company_id", NUMBER, nullable=False),
        sa.Column("development_id", NUMBER),
        sa.Column("is_open", sa.Integer(), nullable=False),
        sa.Column("as_of_sort", sa.BigInteger(), nullable=False),
        _refers("mention", "story_id", "story"),
        _refers("mention", "company_id", "company"),
        _refers("mention", "development_id", "development"),
        sa.PrimaryKeyConstraint("id", name="pk_mention"),
        sa.UniqueConstraint(
            "story_id", "company_id", "development_id", name="uq_mention_story_id_company_id_development_id"
        ),
    )
    op.create_index("ix_mention_development_id", "mention", ["development_id"], unique=False)
    op.create_index("ix_mention_newest", "mention", ["company_id", "as_of_sort", "story_id"], unique=False)
    op.create_table(
        "mention_queue",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("story_id", NUMBER, nullable=False),
        _refers("mention_queue", "story_id", "story"),
        sa.PrimaryKeyConstraint("id", name="pk_mention_queue"),
        sa.UniqueConstraint("story_id", name="uq_mention_queue_story_id"),
    )
    op.execute("INSERT INTO mention_queue (story_id) SELECT id FROM story ORDER BY as_of_sort DESC, id")
    op.add_column("delivery", sa.Column("mentions", sa.Text(), server_default="", nullable=False))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
