"""What holds for every test."""

import os

from hypothesis import settings

# No test is timed: on a loaded machine any example can take longer than Hypothesis's 200 ms.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run at once: more than there are processors, because those with a real process also wait for it."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 2
