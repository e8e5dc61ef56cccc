"""Conditions on the state of posts, as the partial indexes state them.

They are literal SQL, not bound values: SQLite only uses a partial index if the query's text implies its condition
(https://sqlite.org/partialindex.html).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, literal_column, or_

from bot.model.post import PostState
from bot.store import tables as t


def is_pending(post: FromClause = t.post) -> ColumnElement[bool]:
    """Return the condition that a post waits to be sent."""
    return _has_state(post, PostState.PENDING)


def is_leased(post: FromClause = t.post) -> ColumnElement[bool]:
    """Return the condition that a post is being sent."""
    return _has_state(post, PostState.LEASED)


def is_open(post: FromClause = t.post) -> ColumnElement[bool]:
    """Return the condition that a post is neither sent nor closed."""
    return or_(is_pending(post), is_leased(post))


def is_failed() -> ColumnElement[bool]:
    """Return the condition that a post can never be sent."""
    return _has_state(t.post, PostState.FAILED)


def is_set_aside() -> ColumnElement[bool]:
    """Return the condition that a post is set aside."""
    return _has_state(t.post, PostState.SET_ASIDE)


def _has_state(post: FromClause, state: PostState) -> ColumnElement[bool]:
    return post.c.state == literal_column(f"'{state.value}'")
