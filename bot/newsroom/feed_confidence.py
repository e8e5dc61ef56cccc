"""What the tracker does alone for a feed: it learns that from the desk's decisions about the feed's articles."""

from __future__ import annotations

from bot.model.confidence_line import FeedLines, LineLimits, derive_line
from bot.newsroom.tracker.decider import MIN_CONFIDENCE, VECTOR_THRESHOLDS, WORD_THRESHOLDS
from bot.store import Transaction
from bot.store.review_outcomes import FeedOutcomes

_HIGHEST = 0.99
#: How likely the first story must be the right one, so that news is published in it for a trusted feed.
STORY_LIMITS = LineLimits(MIN_CONFIDENCE - 0.1, MIN_CONFIDENCE, _HIGHEST)
_RE_REPORT_LINE = min(VECTOR_THRESHOLDS.re_report, WORD_THRESHOLDS.re_report)
#: How likely a re-report must be one, so that it is added as a source. The tracker names none that is less likely.
RE_REPORT_LIMITS = LineLimits(_RE_REPORT_LINE, _RE_REPORT_LINE, _HIGHEST)


async def find_feed_lines(tx: Transaction, feed_id: int | None) -> FeedLines:
    """Return the lines of a feed; the shipped ones if it was removed."""
    outcomes = FeedOutcomes() if feed_id is None else await tx.review_outcomes.find_by_feed(feed_id)
    return FeedLines(derive_line(outcomes.stories, STORY_LIMITS), derive_line(outcomes.re_reports, RE_REPORT_LIMITS))
