"""What holds for every test."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.engines import ENGINES, POSTGRES, SQLITE
from tests.postgres import begin_run, create_database, drop_database, end_run

# No test is timed: on a loaded machine any example can take longer than Hypothesis's 200 ms.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

#: What runs on both engines if no engine is named: what depends most on the engine. All else would take minutes more, and
#: ``make test-postgres`` runs it.
_ON_BOTH = (
    "tests/finding/",
    "tests/store/test_crash.py",
    "tests/store/test_fan_out.py",
    "tests/store/test_outbox.py",
    "tests/store/test_owing.py",
    "tests/store/test_story_pages.py",
    "tests/store/test_transactions.py",
    "tests/store/test_two_processes.py",
)

# Without stored bytecode every process compiles all modules, and every scene of the Discord tests all cogs.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

#: What runs first, so that no worker is left with a long file in the end; the many short files of the rest balance it.
LONG_FIRST = (
    "tests/unit/test_hostile_text.py",
    "tests/store/test_upgrades.py",
    "tests/wire/",
    "tests/packaging/",
    "tests/store/",
    "tests/discord/",
    "tests/finding/",
    "tests/feeds/",
)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep the garbage collector from searching modules and collected tests, which live to the end, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run at once: more than there are processors, because those with a real process also wait for it."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 2


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names a database engine."""
    parser.addoption("--engine", choices=ENGINES, help="run only the tests that can use this database engine")


def pytest_configure(config: pytest.Config) -> None:
    """Name the run for its workers."""
    begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing on a database server."""
    if not hasattr(config, "workerinput"):
        end_run()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `engine` on each engine it is for. One that also uses `file` is for SQLite's files alone."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", _choose_engines(metafunc))


def _choose_engines(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    if "file" in metafunc.fixturenames:
        return (SQLITE,)
    chosen = metafunc.config.getoption("engine")
    if chosen:
        return (chosen,)
    return ENGINES if metafunc.definition.nodeid.startswith(_ON_BOTH) else (SQLITE,)


@pytest.fixture(scope="session")
def needs_postgres() -> None:
    """Mark what needs a PostgreSQL server whichever engine is named."""


@pytest.fixture
def postgres_url(needs_postgres: None) -> Iterator[str]:
    """Return the URL of an empty store on PostgreSQL that no other test uses, for what is PostgreSQL's own."""
    url = create_database()
    yield url
    drop_database(url)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the files; the tests of a file stay in their order. With ``--engine``, deselect the tests that do not use it."""
    items.sort(key=lambda item: next((n for n, path in enumerate(LONG_FIRST) if item.nodeid.startswith(path)), 99))
    chosen = config.getoption("engine")
    if not chosen:
        return
    kept = [item for item in items if _get_engine(item) == chosen]
    config.hook.pytest_deselected(items=[item for item in items if _get_engine(item) != chosen])
    items[:] = kept


def _get_engine(item: pytest.Item) -> str:
    if "needs_postgres" in getattr(item, "fixturenames", ()):
        return POSTGRES
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("engine", SQLITE)) if callspec else SQLITE
