"""From which confidence on the tracker acts alone for a feed: the shipped line, moved by what became of its recommendations.

The line is derived from the decisions each time, and is stored nowhere. A right decision never raises it, and a wrong one
never lowers it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

#: What is promised: at least so many of the things that the tracker does alone are right.
PROMISED_PRECISION = 0.93
#: How many of the newest outcomes at or above a line say whether it keeps the promise.
WINDOW = 200
#: By how much a line differs from the next one.
_STEP = 0.01
#: The 95 % quantile of the normal distribution: of a hundred lines that break the promise, five look as if they kept it.
_QUANTILE = 1.6449


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a recommendation.

    Attributes:
        confidence: how likely the tracker thought it right, from 0 to 1.
        is_right: whether the desk did what was recommended or, if nobody was asked, has left it so.
        is_decided: whether an editor has decided; False for what was done alone and nobody has changed since.
    """

    confidence: float
    is_right: bool
    is_decided: bool = True


@dataclass(frozen=True, slots=True)
class LineLimits:
    """The shipped line, and how far a feed's own may be from it."""

    lowest: float
    shipped: float
    highest: float

    def iter_lines(self) -> Iterator[float]:
        """Yield every line between the limits, lowest first; the shipped one is among them."""
        first = math.ceil(round((self.lowest - self.shipped) / _STEP, 6))
        last = math.floor(round((self.highest - self.shipped) / _STEP, 6))
        for number in range(first, last + 1):
            yield round(self.shipped + number * _STEP, 6)


@dataclass(frozen=True, slots=True)
class ConfidenceLine:
    """What the tracker does alone for a feed, and how often it was right.

    Attributes:
        line: the least confidence with which it acts alone; None if it does nothing alone.
        shipped: the line before anything was decided.
        count: the newest recommendations at or above the line, at most :data:`WINDOW`; without a line, the shipped one.
        right_count: how many of them were right.
    """

    line: float | None
    shipped: float
    count: int = 0
    right_count: int = 0

    def allows(self, confidence: float | None) -> bool:
        """Return whether the tracker acts alone with this confidence; None is that of an earlier version."""
        return self.line is not None and confidence is not None and confidence >= self.line


@dataclass(frozen=True, slots=True)
class FeedLines:
    """The lines of a feed: for publishing news in a story, and for adding re-reports as sources."""

    stories: ConfidenceLine
    re_reports: ConfidenceLine


def derive_line(outcomes: Sequence[Outcome], limits: LineLimits) -> ConfidenceLine:
    """Return the lowest line within the limits that keeps the promise. The outcomes come newest first.

    The shipped line, and a higher one, keeps it unless more of the newest outcomes were wrong than is promised, however few
    they are. A lower one must be proven: by what editors have decided themselves, and with a one-sided confidence of 95 %
    (at least 36 decisions). So nothing is lowered because nobody looks.
    """
    line = next((each for each in limits.iter_lines() if _keeps_promise(outcomes, each, limits.shipped)), None)
    newest = _select_newest(outcomes, limits.shipped if line is None else line)
    return ConfidenceLine(line, limits.shipped, len(newest), sum(each.is_right for each in newest))


def _keeps_promise(outcomes: Sequence[Outcome], line: float, shipped: float) -> bool:
    newest = _select_newest(outcomes, line)
    if sum(each.is_right for each in newest) < PROMISED_PRECISION * len(newest):
        return False
    if line >= shipped:
        return True
    decided = _select_newest((each for each in outcomes if each.is_decided), line)
    return _compute_lower_bound(sum(each.is_right for each in decided), len(decided)) >= PROMISED_PRECISION


def _select_newest(outcomes: Iterable[Outcome], line: float) -> list[Outcome]:
    return list(islice((each for each in outcomes if each.confidence >= line), WINDOW))


def _compute_lower_bound(right_count: int, count: int) -> float:
    """Return the lower end of the one-sided Wilson interval of a share.

    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
    """
    if not count:
        return 0.0
    share, square = right_count / count, _QUANTILE**2
    spread = _QUANTILE * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return (share + square / (2 * count) - spread) / (1 + square / count)
