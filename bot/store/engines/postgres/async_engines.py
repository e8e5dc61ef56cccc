"""Engines for the event loop: one that writes, one that reads."""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.engines.postgres.connections import build_engine_options


def create_pooled_engine(url: URL, *, busy_seconds: float, pool_size: int, read_only: bool) -> AsyncEngine:
    """Create an engine with up to ``pool_size`` connections; a transaction waits ``busy_seconds`` for one of them."""
    options = build_engine_options(busy_seconds=busy_seconds, pool_size=pool_size, read_only=read_only)
    # A connection that was cut while nobody used it is replaced.
    return create_async_engine(url, pool_pre_ping=True, **options)
