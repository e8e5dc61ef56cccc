"""The tables of the audit trail, and of what the program remembers about itself and Discord."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Table,
    Text,
)

from bot.store.tables.column_types import Instant, id_column, metadata

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("before", Text, nullable=False, server_default=""),
    Column("after", Text, nullable=False, server_default=""),
)

command_sync = Table(
    "command_sync",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("digest", Text, nullable=False),
)

# The bots that run on a store that several can share: the shards of each, divided by blanks, and its heartbeat, in
# milliseconds since 1970 by the server's clock.
worker = Table(
    "worker",
    metadata,
    id_column(),
    Column("shards", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

# The lists that buttons refer to.
list_query = Table(
    "list_query",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("query", Text, nullable=False),
    Column("used_at", Instant, nullable=False, index=True),
)

# What the program remembers about itself, as a number by its name: the revision of the stories, the desk's server, and more.
revision = Table(
    "revision",
    metadata,
    Column("noun", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
