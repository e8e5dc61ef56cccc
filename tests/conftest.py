"""What holds for every test."""

import gc
import os
import sys

import pytest
from hypothesis import settings

# No test is timed: on a loaded machine any example can take longer than Hypothesis's 200 ms.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the files; the tests of a file stay in their order."""
    items.sort(key=lambda item: next((n for n, path in enumerate(LONG_FIRST) if item.nodeid.startswith(path)), 99))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep the garbage collector from searching modules and collected tests, which live to the end, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run at once: more than there are processors, because those with a real process also wait for it."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 2
