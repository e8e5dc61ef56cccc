"""For which stage headline and summary of a deal were written. Of stored stories the audit says when they were written last.

A deal that has changed its stage since then gets the headline that stands for it meanwhile.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

story = sa.table(
    "story", *map(sa.column, "id slug stage as_of is_deal described_stage described_as_of current_headline".split())
)
development = sa.table(
    "development", *map(sa.column, "id story_id date date_sort headline claim stage retracted created_at".split())
)
audit = sa.table("audit", *map(sa.column, "id at action subject before after".split()))
joined = sa.table("joined", *map(sa.column, "into_id at kept".split()))
OUTDATED = "current_headline <> ''"


class News(NamedTuple):
    """A development as it was, or is."""

    order: tuple[int, int]
    date: str
    headline: str
    claim: str
    stage: str | None
    retracted: str


def upgrade() -> None:
    op.add_column("story", sa.Column("described_stage", sa.Text(), nullable=True))
    op.add_column("story", sa.Column("described_as_of", sa.Text(), nullable=False, server_default=""))
    op.add_column("story", sa.Column("current_headline", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_story_outdated",
        "story",
        ["as_of_sort", "id"],
        unique=False,
        sqlite_where=sa.text(OUTDATED),
        postgresql_where=sa.text(OUTDATED),
    )
    connection = op.get_bind()
    connection.execute(sa.update(story).values(described_stage=story.c.stage, described_as_of=story.c.as_of))
    writings = dict(_find_writings(connection))
    deals = sa.select(story).where(story.c.is_deal == 1, story.c.stage.is_not(None))
    for row in connection.execute(deals).all():
        if row.slug in writings and _has_changed_since(connection, row, *writings[row.slug]):
            values = _describe(connection, row, *writings[row.slug])
            connection.execute(sa.update(story).where(story.c.id == row.id).values(**values))


def _find_writings(connection: sa.Connection) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield for each story the entry of the audit, and the time, at which its headline or summary was written; the last one last."""
    query = sa.select(audit).where(audit.c.action.in_(("story added", "story changed"))).order_by(audit.c.id)
    for entry in connection.execute(query):
        before, after = (json.loads(text) if text else {} for text in (entry.before, entry.after))
        if any(before.get(name) != after.get(name) for name in ("headline", "summary")):
            yield entry.subject, (entry.id, entry.at)


def _corrections(slug: str, entry_id: int) -> Any:
    actions = ("development corrected", "development retracted")
    is_later = (audit.c.subject == slug) & (audit.c.id > entry_id) & audit.c.action.in_(actions)
    return sa.select(audit).where(is_later).order_by(audit.c.id)


def _has_changed_since(connection: sa.Connection, row: Any, entry_id: int, at: str) -> bool:
    later = sa.select(development.c.id).where(development.c.story_id == row.id, development.c.created_at > at).limit(1)
    merges = sa.select(joined.c.at).where(joined.c.into_id == row.id, joined.c.at > at).limit(1)
    corrections = _corrections(row.slug, entry_id).limit(1)
    return any(connection.execute(query).first() is not None for query in (later, merges, corrections))


def _describe(connection: sa.Connection, row: Any, entry_id: int, at: str) -> dict[str, Any]:
    """Return the columns of a story whose headline and summary were written then."""
    merges = sa.select(joined.c.kept).where(joined.c.into_id == row.id, joined.c.at > at)
    moved = {number for kept in connection.execute(merges).scalars() for number, _ in json.loads(kept)["developments"]}
    was: dict[int, dict[str, Any]] = {}
    for entry in connection.execute(_corrections(row.slug, entry_id)):
        before = json.loads(entry.before)
        was.setdefault(before["number"], before)
    present, past = [], []
    for each in connection.execute(sa.select(development).where(development.c.story_id == row.id)):
        now = News((each.date_sort, each.id), each.date, each.headline, each.claim, each.stage, each.retracted)
        present.append(now)
        if each.created_at <= at and each.id not in moved:
            past.append(_restore(now, was[each.id]) if each.id in was else now)
    stage = _find_stage(past)
    if stage is None or stage == row.stage:
        return {"described_stage": row.stage, "described_as_of": _find_as_of(past) or row.as_of}
    of_stage = [news for news in _get_valid(present) if news.claim != "denied" and news.stage == row.stage]
    return {
        "described_stage": stage,
        "described_as_of": _find_as_of(past),
        "current_headline": of_stage[-1].headline if of_stage else "",
    }


def _restore(now: News, was: dict[str, Any]) -> News:
    parts = str(was["date"]).split("-")
    date_sort = sum(int(part) * weight for part, weight in zip(parts, (10_000, 100, 1), strict=False) if part.isdigit())
    order = (date_sort or now.order[0], now.order[1])
    return News(order, was["date"], now.headline, was["claim"], was["stage"], was.get("retracted", ""))


def _get_valid(news: list[News]) -> list[News]:
    return sorted((each for each in news if not each.retracted), key=lambda each: each.order)


def _find_stage(news: list[News]) -> str | None:
    stages = [each.stage for each in _get_valid(news) if each.stage and each.claim != "denied"]
    return stages[-1] if stages else None


def _find_as_of(news: list[News]) -> str:
    valid = _get_valid(news)
    return valid[-1].date if valid else ""
