"""The review queue: articles that the desk decides about, and those that tell the same."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("article_id", NUMBER, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text()),
        sa.Column("decided_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("slug", sa.Text(), nullable=False, server_default=""),
        sa.Column("development_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("taken", sa.Integer()),
        sa.Column("channel_id", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("message_id", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("in_doubt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wanted", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("shown", sa.Integer(), nullable=False, server_default="0"),
        sa.CheckConstraint("state IN ('waiting', 'published', 're-report', 'not-news')", name=op.f("ck_review_state")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_review_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("article_id", name="uq_review_article_id"),
    )
    op.create_index("ix_review_event", "review", ["event"], unique=False)
    op.create_index("ix_review_state_id", "review", ["state", "id"], unique=False)
    op.create_table(
        "retelling",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("review_id", NUMBER, nullable=False),
        sa.Column("article_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_retelling_review_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_retelling_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_retelling"),
        sa.UniqueConstraint("article_id", name="uq_retelling_article_id"),
    )
    op.create_index("ix_retelling_review_id", "retelling", ["review_id"], unique=False)
