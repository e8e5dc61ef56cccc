"""What is PostgreSQL's own: other processes are heard, sentences for its errors, and no password in any of them."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg import errors

from bot.errors import SettingsError, StoreBusy, StoreError, StoreUnavailable
from bot.model.company import Company
from bot.model.findings import Severity
from bot.store import Store, Transaction, open_store
from bot.store.engines.finding import find_engine
from bot.store.engines.postgres import connections
from bot.store.engines.postgres.errors import to_store_error
from bot.store.engines.postgres.server_check import shares_connections
from tests.postgres import cut_connections, get_connection_info


async def add(store: Store, name: str) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company(name))
        await tx.metadata.advance_revision()


async def test_another_process_hears_of_a_change_without_asking(postgres_url: str) -> None:
    async with open_store(postgres_url) as one, open_store(postgres_url) as other, one.join():
        before = await one.get_revision()
        await add(other, "Renault")
        async with asyncio.timeout(20):
            while await one.get_revision() == before:
                await asyncio.sleep(0.001)
        assert await one.get_revision() == before + 1


async def test_a_change_of_its_own_is_known_at_once(postgres_url: str) -> None:
    async with open_store(postgres_url) as store, store.join():
        for number in range(1, 10):
            await add(store, f"Company {number}")
            assert await store.get_revision() == number


async def test_two_bots_cannot_run_on_one_database(postgres_url: str) -> None:
    async with open_store(postgres_url) as one, open_store(postgres_url) as other, one.join():
        with pytest.raises(StoreBusy, match="Another bot is running on dealwire_"):
            async with other.join():
                pytest.fail("two bots")


async def test_a_cut_connection_is_replaced_without_an_error(postgres_url: str) -> None:
    """Connections of a pool die with a server that is restarted."""
    async with open_store(postgres_url) as store:
        await add(store, "Renault")
        for _ in range(2):
            cut_connections(postgres_url)
            assert await store.read_in_thread(lambda tx: tx.companies.count()) == 1
            async with store.read() as tx:
                assert await tx.companies.count() == 1
            async with store.write() as tx:
                await tx.companies.save(Company("Renault"))


async def test_a_read_whose_connection_is_cut_is_repeated(postgres_url: str) -> None:
    """Wherever in the read that is: nothing of it has been seen yet."""
    attempts = 0

    async def read(tx: Transaction) -> int:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            cut_connections(postgres_url)
        # This statement goes to the driver directly, and the other one does not.
        await tx.candidates.get_candidates([1], [])
        return await tx.companies.count()

    async with open_store(postgres_url) as store:
        await add(store, "Renault")
        assert await store.read_in_thread(read) == 1
        assert attempts == 3


async def test_what_cannot_be_reached_is_said_without_the_password() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        async with open_store("postgresql://bot:hush-hush@127.0.0.1:1/news"):
            pytest.fail("it was opened")
    assert str(caught.value).startswith("The database news on 127.0.0.1 can't be reached: ")
    assert "hush-hush" not in str(caught.value)


async def test_a_missing_database_is_said(postgres_url: str) -> None:
    with pytest.raises(StoreUnavailable, match='database "missing" does not exist'):
        async with open_store(postgres_url.replace(postgres_url.split("/")[3].split("?")[0], "missing")):
            pytest.fail("it was opened")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hush-hush@host",
        "postgresql:///",
        "postgresql+asyncpg://user:hush-hush@host/news",
        "postgresql://user:hush-hush@host/news?options=-c%20search_path=x",
        "postgresql://user:hush-hush@host:port/news",
    ],
)
def test_a_bad_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        find_engine(url)
    assert str(caught.value).startswith("DATABASE_URL: ")
    assert "hush-hush" not in str(caught.value)


async def test_check_says_that_a_server_can_be_used(postgres_url: str) -> None:
    (finding,) = find_engine(postgres_url).check_program()
    assert finding.severity is Severity.OK
    assert finding.text.startswith("PostgreSQL ")


def test_a_pooler_that_shares_connections_is_noticed(postgres_url: str) -> None:
    """As pgbouncer does in transaction mode, here by one connection for both."""
    info = get_connection_info(postgres_url)
    with psycopg.connect(info, autocommit=True) as one, psycopg.connect(info, autocommit=True) as other:
        assert not shares_connections(one, other)
        assert shares_connections(one, one)


async def test_a_pooler_that_drops_options_is_refused(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise an answer could mix several states of the store."""
    build = connections.build_connection_arguments

    def build_without_options(**arguments: Any) -> dict[str, Any]:
        return {**build(**arguments), "options": ""}

    monkeypatch.setattr(connections, "build_connection_arguments", build_without_options)
    with pytest.raises(StoreUnavailable, match="doesn't pass on Dealwire's settings"):
        async with open_store(postgres_url):
            pytest.fail("it was opened")
    (finding,) = find_engine(postgres_url).check_program()
    assert finding.severity is Severity.PROBLEM
    assert "a pooler drops the options of a connection: an answer could mix" in finding.text


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (errors.ReadOnlySqlTransaction(), StoreUnavailable, "can't be written: its server only allows reading"),
        (errors.IndexCorrupted(), StoreUnavailable, "says that it is damaged; restore it"),
        (errors.DiskFull(), StoreUnavailable, "has no room left"),
        (errors.InsufficientPrivilege(), StoreUnavailable, "may not use the tables"),
        (errors.IdleInTransactionSessionTimeout(), StoreBusy, "took too long"),
        (errors.DeadlockDetected(), StoreBusy, "in use by another program"),
        (
            psycopg.OperationalError("connection failed: FATAL:  sorry, too many clients already"),
            StoreUnavailable,
            "can't be reached: sorry, too many clients already",
        ),
        # What pgbouncer answers.
        (
            psycopg.OperationalError("connection failed: FATAL:  unsupported startup parameter: options"),
            StoreUnavailable,
            "doesn't pass on Dealwire's settings; give DATABASE_URL the address of the server itself",
        ),
    ],
)
def test_an_error_of_the_server_is_a_sentence(error: psycopg.Error, kind: type[StoreError], sentence: str) -> None:
    store_error = to_store_error("news", error)
    assert type(store_error) is kind
    assert sentence in str(store_error)


@pytest.mark.parametrize("error", [errors.SyntaxError(), errors.UniqueViolation(), errors.ProgramLimitExceeded()])
def test_a_fault_of_a_statement_is_no_error_of_the_server(error: psycopg.Error) -> None:
    assert to_store_error("news", error) is None


async def test_what_no_text_can_hold_is_found_nowhere(postgres_url: str) -> None:
    """A question may have a NUL, which PostgreSQL does not store, or a lone surrogate, which no encoding has."""
    async with open_store(postgres_url) as store:
        await add(store, "Renault")
        async with store.read() as tx:
            for text in ("\0", "\ud800"):
                assert await tx.stories.get_ids([text, f"renault{text}"]) == {}
                assert await tx.companies.resolve_names([text]) == {}
                assert await tx.fulltext.find_ids([[text]]) == ()
