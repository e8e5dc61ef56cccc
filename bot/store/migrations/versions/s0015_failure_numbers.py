"""No number of a failure is given twice: buttons in old messages name what they decide about by its number."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    column_names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("failure")]
    op.create_table(
        "new_failure",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("article_id", NUMBER),
        sa.Column("review_id", NUMBER),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.Text()),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("set_aside_at", sa.Text()),
        sa.Column("channel_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("message_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("(article_id IS NULL) <> (review_id IS NULL)", name=op.f("ck_failure_of_one_thing")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_failure_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_failure_review_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_failure"),
        sa.UniqueConstraint("article_id", name="uq_failure_article_id"),
        sa.UniqueConstraint("review_id", name="uq_failure_review_id"),
        sqlite_autoincrement=True,
    )
    old = sa.table("failure", *(sa.column(each) for each in column_names))
    new = sa.table("new_failure", *(sa.column(each) for each in column_names))
    op.execute(sa.insert(new).from_select(column_names, sa.select(*(old.c[each] for each in column_names))))
    op.drop_table("failure")
    op.rename_table("new_failure", "failure")
