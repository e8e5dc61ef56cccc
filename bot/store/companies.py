"""Companies and their other names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.company import Company
from bot.model.spelling import fold
from bot.store.naming import named, named_like
from bot.store.tables import alias, company


class Companies:
    """The known companies, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> tuple[Company, ...]:
        """Every company, by name."""
        aliases: defaultdict[int, list[str]] = defaultdict(list)
        listed = select(alias.c.company_id, alias.c.alias).order_by(alias.c.company_id, alias.c.position)
        for row in await self._connection.execute(listed):
            aliases[row.company_id].append(row.alias)
        rows = await self._connection.execute(select(company).order_by(company.c.name))
        return tuple(Company(row.name, tuple(aliases[row.id]), row.country, row.ticker) for row in rows)

    async def aliases(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The other names of these companies, in their order; a company without any is absent."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        listed = select(company.c.name, alias.c.alias).join(alias, alias.c.company_id == company.c.id)
        rows = await self._connection.execute(listed.where(company.c.name.in_(names)).order_by(alias.c.position))
        for row in rows:
            found[row.name].append(row.alias)
        return {name: tuple(others) for name, others in found.items()}

    async def some(self, names: Sequence[str]) -> tuple[Company, ...]:
        """The companies of these names that there are, by name."""
        rows = await self._connection.execute(select(company).where(company.c.name.in_(names)).order_by(company.c.name))
        return await self._with_aliases(rows.all())

    async def batches(self, size: int = 500) -> AsyncIterator[tuple[Company, ...]]:
        """Every company, in the order in which they came, so many at a time: none of it takes long."""
        last = 0
        while True:
            page = select(company).where(company.c.id > last).order_by(company.c.id).limit(size)
            rows = (await self._connection.execute(page)).all()
            if not rows:
                return
            last = rows[-1].id
            yield await self._with_aliases(rows)

    async def count(self) -> int:
        """How many companies there are."""
        return (await self._connection.execute(select(func.count()).select_from(company))).scalar_one()

    async def named(self, names: Sequence[str]) -> dict[str, str]:
        """Which company each of these is the name, an alias or the ticker of, however it is spelled; others are absent."""
        return await named(self._connection, names)

    async def sharing(self, values: Sequence[Company]) -> tuple[Company, ...]:
        """The companies in the store that have a name with any of these in common, however it is spelled."""
        wanted = [name for value in values for name in (value.name, *value.aliases)]
        return await self.some(await named_like(self._connection, wanted))

    async def _with_aliases(self, rows: Sequence[Row[Any]]) -> tuple[Company, ...]:
        aliases: defaultdict[int, list[str]] = defaultdict(list)
        listed = select(alias.c.company_id, alias.c.alias).where(alias.c.company_id.in_([row.id for row in rows]))
        for row in await self._connection.execute(listed.order_by(alias.c.company_id, alias.c.position)):
            aliases[row.company_id].append(row.alias)
        return tuple(Company(row.name, tuple(aliases[row.id]), row.country, row.ticker) for row in rows)

    async def save(self, value: Company) -> None:
        """Write a company over the one of the same name, or add it; its aliases become just these."""
        number = await self._number(value.name)
        facts = {"country": value.country, "ticker": value.ticker, "folded": fold(value.name)}
        if number is None:
            added = insert(company).values(name=value.name, **facts).returning(company.c.id)
            number = (await self._connection.execute(added)).scalar_one()
        else:
            await self._connection.execute(update(company).where(company.c.id == number).values(**facts))
        await self._connection.execute(delete(alias).where(alias.c.company_id == number))
        if value.aliases:
            rows = [
                {"company_id": number, "alias": name, "position": place, "folded": fold(name)}
                for place, name in enumerate(value.aliases)
            ]
            await self._connection.execute(insert(alias), rows)

    async def numbers(self, names: Sequence[str]) -> dict[str, int]:
        """The store's numbers of these companies; a name that is not known is absent."""
        rows = await self._connection.execute(select(company.c.name, company.c.id).where(company.c.name.in_(names)))
        return {row.name: row.id for row in rows}

    async def _number(self, name: str) -> int | None:
        return (await self.numbers([name])).get(name)
