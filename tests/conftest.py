"""What holds for every test."""

from hypothesis import settings

# No test is timed: on a loaded machine any example can take longer than Hypothesis's 200 ms.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
