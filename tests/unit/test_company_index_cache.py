"""The names of companies stay those of the store: read whole once, then only what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.container import Container
from bot.entities.company_index import CompanyIndex
from bot.entities.company_index_cache import CompanyIndexCache
from bot.model.company import Company


class FakeStore:
    """A store's companies and the record of their changes, which counts what is read."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self.companies = {company.name: company for company in companies}
        self.record: list[str] = []
        self.read_whole = 0
        self.read_single: list[str] = []

    def change(self, company: Company) -> None:
        self.companies[company.name] = company
        self.record.append(company.name)

    async def iter_batches(self, size: int = 500) -> AsyncIterator[tuple[Company, ...]]:
        self.read_whole += 1
        listed = tuple(self.companies.values())
        for begin in range(0, len(listed), size):
            yield listed[begin : begin + size]

    async def get_many(self, names: Sequence[str]) -> tuple[Company, ...]:
        self.read_single += names
        return tuple(self.companies[name] for name in names if name in self.companies)

    async def count(self) -> int:
        return len(self.companies)

    async def get_newest_id(self) -> int:
        return len(self.record)

    async def find_changed_companies(self, number: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.record[number:]))


async def test_only_changed_companies_are_read_again() -> None:
    source, cache = FakeStore([Company("Nissan"), Company("Honda", ("ホンダ",))]), CompanyIndexCache(CompanyIndex)
    await cache.refresh(source, source)
    source.change(Company("Nissan", ("日産",)))
    source.change(Company("Acme"))
    index = await cache.refresh(source, source)
    assert (index.find_exact("日産"), index.find_exact("acme"), index.find_exact("ホンダ")) == (
        "Nissan",
        "Acme",
        "Honda",
    )
    assert (source.read_whole, source.read_single) == (1, ["Nissan", "Acme"])
    await cache.refresh(source, source)
    assert source.read_single == ["Nissan", "Acme"]


async def test_a_removed_company_is_not_found_any_more() -> None:
    """Even if another company was added at the same time, so that their number stays the same."""
    source, cache = FakeStore([Company("Nissan"), Company("Honda")]), CompanyIndexCache(CompanyIndex)
    await cache.refresh(source, source)
    del source.companies["Honda"]
    source.record.append("Honda")
    source.change(Company("Acme"))
    index = await cache.refresh(source, source)
    assert [index.find_exact(name) for name in ("Nissan", "Honda", "Acme")] == ["Nissan", None, "Acme"]
    assert source.read_whole == 1


async def test_unrecorded_companies_are_noticed_by_the_count() -> None:
    """A database that was filled by other means than the desk."""
    source, cache = FakeStore([Company("Nissan")]), CompanyIndexCache(CompanyIndex)
    await cache.refresh(source, source)
    source.companies["Honda"] = Company("Honda")
    assert (await cache.refresh(source, source)).find_exact("honda") == "Honda"
    assert source.read_whole == 2


async def test_loading_many_names_lets_other_tasks_run() -> None:
    """A bot with tens of thousands of companies answers Discord while it starts."""
    source, cache = FakeStore(Company(f"Company {n}") for n in range(2_000)), CompanyIndexCache(CompanyIndex)
    reading = asyncio.ensure_future(cache.refresh(source, source))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(reading.result()) == 2_000
    assert turns >= 2_000 // 50


async def test_the_store_is_a_company_source(container: Container) -> None:
    """Read from the store, and after a change by the desk."""
    cache, services = CompanyIndexCache(CompanyIndex), container.services
    async with services.store.read() as tx:
        assert (await cache.refresh(tx.companies, tx.audit)).find_exact("ホンダ") == "Honda"
    await services.desk.add_companies([Company("Honda", ("Soichiro",))], actor="tester")
    async with services.store.read() as tx:
        index = await cache.refresh(tx.companies, tx.audit)
    assert (index.find_exact("soichiro"), index.find_exact("ホンダ"), index.find_exact("日産")) == (
        "Honda",
        None,
        "Nissan",
    )


stems = st.sampled_from(
    ["Acme", "Acme Motors", "Nova", "Nova Rail", "日産", "Müller & Sons", "Acme Motors Inc.", "NR", "Star"]
)
changes = st.lists(st.builds(Company, stems, st.lists(stems, max_size=3).map(tuple), st.just(""), st.sampled_from(["", "NOVA.T"])), max_size=12)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(changes, st.sets(stems))
def test_a_changed_index_equals_a_fresh_one(put: list[Company], removed: set[str]) -> None:
    """Whatever was put in, changed and taken out before: the answers are those of an index of what is there now."""
    changed = CompanyIndex()
    for company in put:
        changed.put(company)
    for name in removed:
        changed.remove(name)
    now = {company.name: company for company in put if company.name not in removed}
    order = sorted(now, key=lambda name: max(place for place, company in enumerate(put) if company.name == name))
    made = CompanyIndex(now[name] for name in order)
    for text in ("acme", "acme motors", "nova", "nova rail", "日産", "muller sons", "nr", "star", "novat", "acmes"):
        assert changed.find_exact(text) == made.find_exact(text)
        assert changed.find(text.split()) == made.find(text.split())
        assert set(changed.find_by_prefix(text[:3], 9)) == set(made.find_by_prefix(text[:3], 9))
        assert set(changed.find_similar(text, 9)) == set(made.find_similar(text, 9))
        assert changed.correct(text.split()[0]) == made.correct(text.split()[0])


async def test_a_company_that_cannot_be_indexed_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are all names read anew with every question for it; once it is changed it is found."""
    remember = CompanyIndex._add_name

    def refuse(index: CompanyIndex, name: str) -> None:
        if name == "poison":
            raise ValueError("not enough values to unpack")
        remember(index, name)

    monkeypatch.setattr(CompanyIndex, "_add_name", refuse)
    source, cache = FakeStore([Company("Nissan"), Company("Poison"), Company("Honda")]), CompanyIndexCache(CompanyIndex)
    for _ in range(3):
        index = await cache.refresh(source, source)
        assert (index.find_exact("nissan"), index.find_exact("honda")) == ("Nissan", "Honda")
    assert source.read_whole == 1
    source.change(Company("Poison", ("Antidote",)))
    source.change(Company("Acme"))
    index = await cache.refresh(source, source)
    assert index.find_exact("acme") == "Acme"
    monkeypatch.setattr(CompanyIndex, "_add_name", remember)
    source.change(Company("Poison", ("Antidote",)))
    index = await cache.refresh(source, source)
    assert index.find_exact("antidote") == "Poison"
    assert source.read_whole == 1
