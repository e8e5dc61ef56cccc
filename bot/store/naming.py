"""Whose name something is, asked of the store itself: the desk needs no list of all companies for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.spelling import fold
from bot.store.parts import parts
from bot.store.tables import alias, company


async def named(connection: AsyncConnection, names: Sequence[str]) -> dict[str, str]:
    """Which company each of these is the name, an alias or the ticker of, however it is spelled; others are absent.

    Where several companies have it, a name goes before an alias, an alias before a ticker, then the alphabet decides.
    """
    owners = await _by_fold(connection, [fold(name) for name in names])
    tickers = await _by_ticker(connection, [name.strip() for name in names if fold(name) not in owners])
    found = {name: owners.get(fold(name)) or tickers.get(name.strip(), "") for name in names}
    return {name: owner for name, owner in found.items() if owner}


async def named_like(connection: AsyncConnection, names: Sequence[str]) -> list[str]:
    """The companies that have any of these as a name or an alias, however it is spelled, by name."""
    found: set[str] = set()
    for some in parts(list(dict.fromkeys(map(fold, names)))):
        found.update((await connection.execute(select(company.c.name).where(company.c.folded.in_(some)))).scalars())
        also = select(company.c.name).join(alias, alias.c.company_id == company.c.id).where(alias.c.folded.in_(some))
        found.update((await connection.execute(also)).scalars())
    return sorted(found)


async def _by_fold(connection: AsyncConnection, folded: Sequence[str]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for some in parts([each for each in dict.fromkeys(folded) if each]):
        own = select(company.c.folded, company.c.name).where(company.c.folded.in_(some)).order_by(company.c.name)
        also = (
            select(alias.c.folded, company.c.name)
            .join(company, company.c.id == alias.c.company_id)
            .where(alias.c.folded.in_(some))
            .order_by(company.c.name)
        )
        for listed in (own, also):
            for row in await connection.execute(listed):
                owners.setdefault(row.folded, row.name)
    return owners


async def _by_ticker(connection: AsyncConnection, tickers: Sequence[str]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for some in parts([each for each in dict.fromkeys(tickers) if each]):
        listed = select(company.c.ticker, company.c.name).where(company.c.ticker.in_(some)).order_by(company.c.name)
        for row in await connection.execute(listed):
            owners.setdefault(row.ticker, row.name)
    return owners
