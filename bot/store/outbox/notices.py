"""What deliveries deliver, whatever kind of notice it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from bot.store import tables as t

_FIRST_LINK = (
    select(t.cluster_article.c.url + t.cluster_article.c.publisher)
    .where(t.cluster_article.c.cluster_id == t.cluster.c.id)
    .order_by(t.cluster_article.c.id)
    .limit(1)
    .scalar_subquery()
)
#: A text as long as the line of a digest that shows the notice: its headline and, of a followed feed's news, its link.
NOTICE_TEXT: ColumnElement[str] = func.coalesce(
    t.development.c.headline,
    t.cluster.c.headline + func.coalesce(_FIRST_LINK, ""),
    t.expected_event.c.headline,
    literal_column("''"),
)


def with_notices(query: Select[Any]) -> Select[Any]:
    """Return a query of deliveries with the notice of each joined to it: the columns of the other kinds are NULL."""
    return (
        query.outerjoin(t.development, t.development.c.id == t.delivery.c.development_id)
        .outerjoin(t.cluster, t.cluster.c.id == t.delivery.c.cluster_id)
        .outerjoin(t.expected_event, t.expected_event.c.id == t.delivery.c.expected_event_id)
    )
