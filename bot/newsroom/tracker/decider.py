"""The tracker's judgement: values in, values out. It knows no article before this one, no store and no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.model.tracking import Decision, Duplicate, StoryMatch
from bot.newsroom.tracker.similarity import Floats, GroupMatch

#: An event that has rested for longer is over; what is like it is news again.
WINDOW_HOURS = 72.0
#: How many stories the desk is offered.
CANDIDATE_LIMIT = 3


def compute_event_decay(hours: Floats) -> Floats:
    """What tells the same news comes within days."""
    return np.where(hours > WINDOW_HOURS, 0.0, np.exp(-hours / 96.0))


def compute_story_decay(hours: Floats) -> Floats:
    """A running story is never over, but one that has rested for long is seldom meant: after 60 days no less than a tenth."""
    return (1.0 + np.minimum(hours, 1440.0) / 12.0) ** -0.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the lines are. One set serves every field; the second is for words alone, whose likenesses are lower.

    Attributes:
        event: from here on an article tells an event's news.
        join: from here on, with a second event and between the two, the two events are one.
        story: from here on an article is a story's, if
        margin: the next story fits so much less.
        agreed: or, from here on, what tells the news of an event that is in the same story.
        twin: from here on it is a re-report.
    """

    event: float
    merge: float
    story: float
    margin: float
    agreement: float
    re_report: float


VECTOR_THRESHOLDS = Thresholds(event=0.32, merge=0.43, story=0.17, margin=0.10, agreement=0.45, re_report=0.775)
WORD_THRESHOLDS = Thresholds(event=0.23, merge=0.28, story=0.13, margin=0.10, agreement=0.35, re_report=0.83)


@dataclass(frozen=True, slots=True)
class EventMatch:
    """The event whose news an article tells, with its score, and a second one that it shows to be the same; empty: none."""

    event: str = ""
    score: float = 0.0
    nearest_key: str = ""
    duplicate_event: str = ""


@dataclass(frozen=True, slots=True)
class StoryRanking:
    """The stories that fit best, best first, and whether the first is sure."""

    candidates: tuple[StoryMatch, ...] = ()
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an article is."""

    decision: Decision
    story: str
    score: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Decider:
    """Turns likenesses into decisions."""

    thresholds: Thresholds

    def match_event(self, matches: Sequence[GroupMatch], compute_cohesion: Callable[[str, str], float]) -> EventMatch:
        """The event that an article belongs to, of those that are most like it, best first.

        Two events that are both like it, and like each other (``cohesion``), are one.
        """
        if not matches or matches[0].score < self.thresholds.event:
            return EventMatch()
        first, duplicate_event = matches[0], ""
        if len(matches) > 1 and matches[1].score >= self.thresholds.merge:
            duplicate_event = (
                matches[1].group if compute_cohesion(first.group, matches[1].group) >= self.thresholds.merge else ""
            )
        return EventMatch(first.group, first.score, first.nearest_key, duplicate_event)

    def rank_stories(
        self, matches: Sequence[GroupMatch], event_story: str = "", event_score: float = 0.0
    ) -> StoryRanking:
        """The stories to offer, best first, and after the best the one that the article's event is in (``told``).

        The best is sure where the event is in it too, and tells the same clearly, or where no other story fits nearly as well.
        """
        candidates = [StoryMatch(each.group, round(max(0.0, each.score), 3)) for each in matches]
        if not candidates:
            return StoryRanking()
        best, second_score = candidates[0], candidates[1].score if len(candidates) > 1 else 0.0
        is_agreed = event_story == best.story and event_score >= self.thresholds.agreement
        is_sure = is_agreed or (
            best.score >= self.thresholds.story and best.score - second_score >= self.thresholds.margin
        )
        if is_agreed:
            candidates[0] = StoryMatch(event_story, max(best.score, round(event_score, 3)))
        reordered = [candidates[0], *sorted(candidates[1:], key=lambda each: each.story != event_story)]
        return StoryRanking(tuple(reordered[:CANDIDATE_LIMIT]), is_sure)

    def decide(self, match: EventMatch, stories: StoryRanking, duplicate: Duplicate, *, brings_new: bool) -> Verdict:
        """New story, development or re-report.

        What tells again what stands is a re-report, unless it brings a number or a company that its story has not. What
        tells an event's news, or is surely a story's, is a development; the rest is a new story, for the desk to see.
        """
        best = stories.candidates[0] if stories.candidates else StoryMatch("", 0.0)
        if duplicate.likelihood >= self.thresholds.re_report and not brings_new and (match.event or stories.is_sure):
            return Verdict(
                Decision.RE_REPORT, best.story if stories.is_sure else "", round(duplicate.likelihood, 3), is_sure=True
            )
        if stories.is_sure:
            return Verdict(Decision.DEVELOPMENT, best.story, best.score, is_sure=True)
        if match.event:
            return Verdict(Decision.DEVELOPMENT, "", round(match.score, 3), is_sure=False)
        return Verdict(Decision.NEW_STORY, "", best.score, is_sure=False)
