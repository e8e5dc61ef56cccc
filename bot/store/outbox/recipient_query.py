"""The recipients of a development as SQL: one row for each destination, with its matching follows combined.

Parameters (see :class:`bot.store.outbox.subscribers.Followers`): ``follows`` are the ids of the matching follows, ``several`` those
of the destinations that have more than one of them, ``pings`` the ping policies under which the development's post mentions a role, and
``mentions`` the targets of companies that the story only mentions.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind
from bot.store import tables as t
from bot.store.engines.json_values import select_ids, select_texts

#: If several follows of a destination match, the first of these modes applies.
MODES_BY_URGENCY = (DeliveryMode.INSTANT, DeliveryMode.DAILY, DeliveryMode.WEEKLY)

_FOLLOWS, _SEVERAL = select_ids("follows"), select_ids("several")
_PINGS, _MENTIONS = select_texts("pings"), select_texts("mentions")
_EMPTY: ColumnElement[str] = literal_column("''", Text)


def _pings(follow: FromClause) -> ColumnElement[bool]:
    return and_(follow.c.role_id != literal_column("0"), follow.c.ping.in_(_PINGS))


def _is_mention(follow: FromClause) -> ColumnElement[bool]:
    return follow.c.target_key.in_(_MENTIONS)


def _build_single_recipients() -> Subquery:
    """Build the recipients that one follow makes so: its settings are the recipient's."""
    follow = t.follow
    company = select(t.company.c.name).where(t.company.c.id == follow.c.company_id).scalar_subquery()
    return (
        select(
            follow.c.destination_id,
            follow.c.mode,
            case((_pings(follow), cast(follow.c.role_id, Text)), else_=_EMPTY).label("roles"),
            follow.c.silent,
            follow.c.threads,
            case((_is_mention(follow), company), else_=_EMPTY).label("mentions"),
            follow.c.id.label("handle"),
        )
        .where(follow.c.id.in_(_FOLLOWS), follow.c.destination_id.not_in(_SEVERAL))
        .subquery("recipient")
    )


def _build_combined_recipients() -> Subquery:
    """Build the recipients that several follows make so.

    The most urgent mode applies; a post is silent only if all follows are. Every follow's role is mentioned, each once. Companies are
    given only if every follow is one of a mentioned company.
    """
    follow = t.follow
    urgency = func.min(case({mode.value: rank for rank, mode in enumerate(MODES_BY_URGENCY)}, value=follow.c.mode))
    role = case((_pings(follow), follow.c.role_id))
    roles = case(
        (func.min(role).is_(None), _EMPTY),
        (func.min(role) == func.max(role), cast(func.min(role), Text)),
        else_=_select_roles(follow.c.destination_id),
    )
    only_mentions = func.count() == func.count(case((_is_mention(follow), 1)))
    return (
        select(
            follow.c.destination_id,
            case({rank: mode.value for rank, mode in enumerate(MODES_BY_URGENCY)}, value=urgency).label("mode"),
            roles.label("roles"),
            func.min(follow.c.silent).label("silent"),
            func.max(follow.c.threads).label("threads"),
            case((only_mentions, _select_companies(follow.c.destination_id)), else_=_EMPTY).label("mentions"),
            follow.c.destination_id.label("handle"),
        )
        .where(follow.c.id.in_(_FOLLOWS), follow.c.destination_id.in_(_SEVERAL))
        .group_by(follow.c.destination_id)
        .subquery("recipient")
    )


def _select_roles(destination_id: ColumnElement[int]) -> ColumnElement[str]:
    """Select the ids of the roles that a destination's follows ping, separated by blanks, in the order of the follows."""
    follow = t.follow.alias("pinging")
    first_id = func.min(follow.c.id)
    return _first(
        select(func.aggregate_strings(cast(follow.c.role_id, Text), " ").over(order_by=first_id, rows=(None, None)))
        .where(follow.c.destination_id == destination_id, follow.c.id.in_(_FOLLOWS), _pings(follow))
        .group_by(follow.c.role_id),
        follow,
    )


def _select_companies(destination_id: ColumnElement[int]) -> ColumnElement[str]:
    """Select the names of the companies that a destination's follows are of, one a line, in the order of the follows."""
    follow = t.follow.alias("mentioned")
    return _first(
        select(func.aggregate_strings(t.company.c.name, "\n").over(order_by=follow.c.id, rows=(None, None)))
        .join_from(follow, t.company, t.company.c.id == follow.c.company_id)
        .where(follow.c.destination_id == destination_id, follow.c.id.in_(_FOLLOWS)),
        follow,
    )


def _first(query: Select[Any], follow: FromClause) -> ColumnElement[Any]:
    return query.limit(1).correlate_except(follow, t.company).scalar_subquery()


#: A recipient is in one of these.
SINGLE_RECIPIENTS = _build_single_recipients()
COMBINED_RECIPIENTS = _build_combined_recipients()


def uses_thread(recipient: Subquery) -> ColumnElement[bool]:
    """Return the condition that a recipient, joined with its destination, has a thread for each story."""
    return or_(recipient.c.threads == literal_column("1"), t.destination.c.place == DestinationKind.FORUM.value)


def is_served_by_parent(story_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a destination is the story's thread in a channel that gets the development there at once."""
    parent, follow = t.destination.alias("parent"), t.follow.alias("of_parent")
    matches = and_(follow.c.destination_id == t.destination.c.parent_id, follow.c.id.in_(_FOLLOWS))
    gets_it_at_once = select(follow.c.id).where(matches, follow.c.mode == DeliveryMode.INSTANT.value).exists()
    wants_threads = select(follow.c.id).where(matches, follow.c.threads == literal_column("1")).exists()
    is_in_forum = (
        select(parent.c.id)
        .where(parent.c.id == t.destination.c.parent_id, parent.c.place == DestinationKind.FORUM.value)
        .exists()
    )
    return and_(t.destination.c.story_id == story_id, gets_it_at_once, or_(wants_threads, is_in_forum))
