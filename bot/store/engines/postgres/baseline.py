"""The tables of an empty PostgreSQL database.

The migrations from before this engine existed rebuild tables, which works only on SQLite: PostgreSQL's names of
constraints belong to the schema, not to the table. No store here is as old as these.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, MetaData, Text

from bot.store.engines.baseline import create_baseline
from bot.store.engines.movable import ValueKind, get_value_kind
from bot.store.engines.postgres.restored_dump import MARK_TABLES
from bot.store.tables import metadata

#: On which a change of stories is told, with their new revision, and on which new posts are.
STORIES_CHANNEL, POSTS_CHANNEL = "dealwire_stories", "dealwire_posts"
#: Text is compared by its bytes, as in SQLite, whatever the database's own collation.
_COLLATION = "C"
_STATEMENTS = (
    # The words are made by our own folding (bot/store/fulltext), so that they are the same under every locale of the server.
    f"""CREATE TABLE story_search (
        story_id BIGINT PRIMARY KEY,
        headline TEXT COLLATE "{_COLLATION}" NOT NULL,
        names TEXT COLLATE "{_COLLATION}" NOT NULL,
        body TEXT COLLATE "{_COLLATION}" NOT NULL,
        terms TSVECTOR NOT NULL
    )""",
    "CREATE INDEX ix_story_search_terms ON story_search USING gin (terms)",
    # Whoever listens knows of changes in other processes at once (https://www.postgresql.org/docs/current/sql-notify.html).
    f"""CREATE FUNCTION dealwire_notify_stories() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('{STORIES_CHANNEL}', NEW.value::text); RETURN NULL; END $$""",
    """CREATE TRIGGER dealwire_stories AFTER INSERT OR UPDATE ON revision FOR EACH ROW
        WHEN (NEW.noun = 'stories') EXECUTE FUNCTION dealwire_notify_stories()""",
    f"""CREATE FUNCTION dealwire_notify_posts() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('{POSTS_CHANNEL}', ''); RETURN NULL; END $$""",
    "CREATE TRIGGER dealwire_posts AFTER INSERT ON post FOR EACH STATEMENT EXECUTE FUNCTION dealwire_notify_posts()",
    MARK_TABLES,
)


def create_tables(connection: Connection, revision: str) -> bool:
    """Make all tables in the caller's transaction if there are none, and record their revision; return whether it was done."""
    return create_baseline(connection, revision, build_metadata(), _STATEMENTS)


def build_metadata() -> MetaData:
    """Return the tables with the collation of their texts."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        for column in table.to_metadata(tables).columns:
            _set_collation(column)
    return tables


def _set_collation(column: Column[Any]) -> None:
    if get_value_kind(column.type) is ValueKind.TEXT:
        column.type = Text(collation=_COLLATION)
