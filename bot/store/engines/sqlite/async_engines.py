"""Engines for the event loop: one that writes, one that reads.

Importing them takes as long as a whole answer, so a command that only reads in threads does without.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.store.engines.sqlite.connections import configure_engine
from bot.store.engines.sqlite.database_files import build_connection_url


def create_async_write_engine(path: Path, *, busy_seconds: float) -> AsyncEngine:
    """Create an engine with the one connection that writes."""
    url = build_connection_url("sqlite+aiosqlite", path)
    engine = create_async_engine(url, poolclass=StaticPool, connect_args={"timeout": busy_seconds})
    configure_engine(engine.sync_engine, begin_statement="BEGIN IMMEDIATE", query_only=False)
    return engine


def create_async_read_engine(path: Path, *, busy_seconds: float, pool_size: int) -> AsyncEngine:
    """Create an engine whose connections cannot write."""
    url = build_connection_url("sqlite+aiosqlite", path)
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, connect_args={"timeout": busy_seconds})
    configure_engine(engine.sync_engine, begin_statement="BEGIN", query_only=True)
    return engine
