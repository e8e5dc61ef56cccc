"""A denial changes no stage: those that carry one lose it. It never had an effect on where its deal stands."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

development = sa.table("development", sa.column("claim"), sa.column("stage"))
review = sa.table("review", sa.column("id"), sa.column("suggestion"))


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.update(development).where(development.c.claim == "denied").values(stage=None))
    # What the tracker suggested for articles.
    for number, text in connection.execute(sa.select(review.c.id, review.c.suggestion)).all():
        suggestion = json.loads(text)
        if suggestion["claim"] == "denied" and suggestion["stage"]:
            changed = json.dumps({**suggestion, "stage": None}, ensure_ascii=False)
            connection.execute(sa.update(review).where(review.c.id == number).values(suggestion=changed))
