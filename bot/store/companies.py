"""Companies with their aliases, and whose name a text is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.model.company import Company
from bot.model.text_folding import fold
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.json_values import select_ids, to_json_array
from bot.store.engines.sql_batches import iter_batches
from bot.store.subject import StoreSubject
from bot.store.tables import alias, company, follow, party

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


_INSERT_COMPANIES, _INSERT_ALIASES = insert(company), insert(alias)
_COMPANY_COLUMNS = (company.c.id, company.c.name, company.c.country, company.c.ticker)
_COMPANIES_AFTER = HotStatement(
    select(*_COMPANY_COLUMNS).where(company.c.id > bindparam("last")).order_by(company.c.id).limit(bindparam("size"))
)
_ALIASES_OF_COMPANIES = HotStatement(
    select(alias.c.company_id, alias.c.alias)
    .where(alias.c.company_id.in_(select_ids("companies")))
    .order_by(alias.c.company_id, alias.c.position)
)


async def resolve_company_names(connection: AsyncConnection, names: Sequence[str]) -> dict[str, str]:
    """Return the company that each text is the name, an alias or the ticker of, in any spelling.

    Other texts are absent.

    If several companies have it, a name wins over an alias and an alias over a ticker; then the first in the alphabet
    wins.
    """
    owners = await _get_owners_by_folded_name(connection, [fold(name) for name in names])
    tickers = await _get_owners_by_ticker(connection, [name.strip() for name in names if fold(name) not in owners])
    owner_by_name = {name: owners.get(fold(name)) or tickers.get(name.strip(), "") for name in names}
    return {name: owner for name, owner in owner_by_name.items() if owner}


async def find_companies_named(connection: AsyncConnection, names: Sequence[str]) -> list[str]:
    """Return the companies that have any of these as a name or an alias, in any spelling, sorted by name."""
    matches: set[str] = set()
    for batch in iter_batches(list(dict.fromkeys(map(fold, names)))):
        matches.update((await connection.execute(select(company.c.name).where(company.c.folded.in_(batch)))).scalars())
        alias_query = (
            select(company.c.name).join(alias, alias.c.company_id == company.c.id).where(alias.c.folded.in_(batch))
        )
        matches.update((await connection.execute(alias_query)).scalars())
    return sorted(matches)


async def _get_owners_by_folded_name(connection: AsyncConnection, folded_names: Sequence[str]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for batch in iter_batches([name for name in dict.fromkeys(folded_names) if name]):
        name_query = (
            select(company.c.folded, company.c.name).where(company.c.folded.in_(batch)).order_by(company.c.name)
        )
        alias_query = (
            select(alias.c.folded, company.c.name)
            .join(company, company.c.id == alias.c.company_id)
            .where(alias.c.folded.in_(batch))
            .order_by(company.c.name)
        )
        for query in (name_query, alias_query):
            for row in await connection.execute(query):
                owners.setdefault(row.folded, row.name)
    return owners


async def _get_owners_by_ticker(connection: AsyncConnection, tickers: Sequence[str]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for batch in iter_batches([ticker for ticker in dict.fromkeys(tickers) if ticker]):
        query = select(company.c.ticker, company.c.name).where(company.c.ticker.in_(batch)).order_by(company.c.name)
        for row in await connection.execute(query):
            owners.setdefault(row.ticker, row.name)
    return owners


class Companies(StoreSubject):
    """The known companies in one transaction."""

    async def list_all(self) -> tuple[Company, ...]:
        """Return every company, sorted by name."""
        aliases: defaultdict[int, list[str]] = defaultdict(list)
        query = select(alias.c.company_id, alias.c.alias).order_by(alias.c.company_id, alias.c.position)
        for row in await self._connection.execute(query):
            aliases[row.company_id].append(row.alias)
        rows = await self._connection.execute(select(company).order_by(company.c.name))
        return tuple(Company(row.name, tuple(aliases[row.id]), row.country, row.ticker) for row in rows)

    async def get_aliases(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the aliases of these companies in their order. A company without aliases is absent."""
        aliases_by_name: defaultdict[str, list[str]] = defaultdict(list)
        query = select(company.c.name, alias.c.alias).join(alias, alias.c.company_id == company.c.id)
        rows = await self._connection.execute(query.where(company.c.name.in_(names)).order_by(alias.c.position))
        for row in rows:
            aliases_by_name[row.name].append(row.alias)
        return {name: tuple(others) for name, others in aliases_by_name.items()}

    async def get_many(self, names: Sequence[str]) -> tuple[Company, ...]:
        """Return those of these companies that are in the store, sorted by name."""
        query = select(*_COMPANY_COLUMNS).where(company.c.name.in_(names)).order_by(company.c.name)
        return await self._to_companies((await self._connection.execute(query)).all())

    async def iter_batches(self, size: int = 500) -> AsyncIterator[tuple[Company, ...]]:
        """Yield every company in batches, in the order in which they were added, so that no step takes long."""
        rows: Sequence[Sequence[Any]] = ((0,),)
        while True:
            rows = await _COMPANIES_AFTER.fetch_all(self._connection, {"last": rows[-1][0], "size": size})
            if not rows:
                return
            yield await self._to_companies(rows)

    async def count(self) -> int:
        """Count the companies."""
        return (await self._connection.execute(select(func.count()).select_from(company))).scalar_one()

    async def resolve_names(self, names: Sequence[str]) -> dict[str, str]:
        """Return the company that each text names, as :func:`resolve_company_names` does."""
        return await resolve_company_names(self._connection, names)

    async def find_sharing_names(self, companies: Sequence[Company]) -> tuple[Company, ...]:
        """Return the stored companies that share a name or an alias with any of these, in any spelling."""
        names = [name for value in companies for name in (value.name, *value.aliases)]
        return await self.get_many(await find_companies_named(self._connection, names))

    async def _to_companies(self, rows: Sequence[Sequence[Any]]) -> tuple[Company, ...]:
        aliases: defaultdict[int, list[str]] = defaultdict(list)
        parameters = {"companies": to_json_array([row[0] for row in rows])}
        for company_id, name in await _ALIASES_OF_COMPANIES.fetch_all(self._connection, parameters):
            aliases[company_id].append(name)
        return tuple(
            [Company(name, tuple(aliases.get(number, ())), country, ticker) for number, name, country, ticker in rows]
        )

    async def add(self, values: Sequence[Company]) -> None:
        """Add companies of which the store has none, nor two of one name."""
        if not values:
            return
        rows = [{"name": value.name, **_build_columns(value)} for value in values]
        await self._connection.execute(_INSERT_COMPANIES, rows)
        for batch in iter_batches(values):
            ids = await self.get_ids([value.name for value in batch])
            await self._add_aliases({ids[value.name]: value for value in batch})

    async def save(self, value: Company) -> None:
        """Add a company, or overwrite the one of the same name together with its aliases."""
        company_id = (await self.get_ids([value.name])).get(value.name)
        if company_id is None:
            await self.add([value])
            return
        await self._connection.execute(
            update(company).where(company.c.id == company_id).values(**_build_columns(value))
        )
        await self._connection.execute(delete(alias).where(alias.c.company_id == company_id))
        await self._add_aliases({company_id: value})

    async def _add_aliases(self, companies: Mapping[int, Company]) -> None:
        rows = [
            {"company_id": company_id, "alias": name, "position": position, "folded": fold(name)}
            for company_id, value in companies.items()
            for position, name in enumerate(value.aliases)
        ]
        if rows:
            await self._connection.execute(_INSERT_ALIASES, rows)

    async def remove_unused(self, name: str) -> bool:
        """Remove a company that is no party to a story and that nobody follows, with its mentions; return whether it is removed."""
        company_id = (await self.get_ids([name])).get(name)
        for column in (party.c.company_id, follow.c.company_id):
            if (await self._connection.execute(select(column).where(column == company_id).limit(1))).first():
                return False
        statement = delete(company).where(company.c.id == company_id).returning(company.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def get_ids(self, names: Sequence[str]) -> dict[str, int]:
        """Return the ids of these companies. Unknown names are absent."""
        rows = await self._connection.execute(select(company.c.name, company.c.id).where(company.c.name.in_(names)))
        return {row.name: row.id for row in rows}


def _build_columns(value: Company) -> dict[str, str]:
    return {"country": value.country, "ticker": value.ticker, "folded": fold(value.name)}
