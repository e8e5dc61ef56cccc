"""The tracker's judgement: values in, values out. It knows no article before this one, no store and no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.model.tracking import Candidate, Decision, Twin
from bot.newsroom.tracker.space import Floats, Likeness

#: An event that has rested for longer is over; what is like it is news again.
WINDOW_HOURS = 72.0
#: How many stories the desk is offered.
OFFERED = 3


def fade_of_events(hours: Floats) -> Floats:
    """What tells the same news comes within days."""
    return np.where(hours > WINDOW_HOURS, 0.0, np.exp(-hours / 96.0))


def fade_of_stories(hours: Floats) -> Floats:
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
    join: float
    story: float
    margin: float
    agreed: float
    twin: float


WITH_VECTORS = Thresholds(event=0.32, join=0.43, story=0.17, margin=0.10, agreed=0.45, twin=0.775)
WORDS_ALONE = Thresholds(event=0.23, join=0.28, story=0.13, margin=0.10, agreed=0.35, twin=0.83)


@dataclass(frozen=True, slots=True)
class EventMatch:
    """The event whose news an article tells, with its score, and a second one that it shows to be the same; empty: none."""

    event: str = ""
    score: float = 0.0
    nearest: str = ""
    same: str = ""


@dataclass(frozen=True, slots=True)
class StoryMatch:
    """The stories that fit best, best first, and whether the first is sure."""

    candidates: tuple[Candidate, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an article is."""

    decision: Decision
    story: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Decider:
    """Turns likenesses into decisions."""

    lines: Thresholds

    def event(self, found: Sequence[Likeness], cohesion: Callable[[str, str], float]) -> EventMatch:
        """The event that an article belongs to, of those that are most like it, best first.

        Two events that are both like it, and like each other (``cohesion``), are one.
        """
        if not found or found[0].score < self.lines.event:
            return EventMatch()
        first, same = found[0], ""
        if len(found) > 1 and found[1].score >= self.lines.join:
            same = found[1].group if cohesion(first.group, found[1].group) >= self.lines.join else ""
        return EventMatch(first.group, first.score, first.nearest, same)

    def stories(self, found: Sequence[Likeness], told: str = "", told_score: float = 0.0) -> StoryMatch:
        """The stories to offer, best first, and after the best the one that the article's event is in (``told``).

        The best is sure where the event is in it too, and tells the same clearly, or where no other story fits nearly as well.
        """
        ranked = [Candidate(each.group, round(max(0.0, each.score), 3)) for each in found]
        if not ranked:
            return StoryMatch()
        best, behind = ranked[0], ranked[1].score if len(ranked) > 1 else 0.0
        agreed = told == best.story and told_score >= self.lines.agreed
        sure = agreed or (best.score >= self.lines.story and best.score - behind >= self.lines.margin)
        if agreed:
            ranked[0] = Candidate(told, max(best.score, round(told_score, 3)))
        offered = [ranked[0], *sorted(ranked[1:], key=lambda each: each.story != told)]
        return StoryMatch(tuple(offered[:OFFERED]), sure)

    def decide(self, match: EventMatch, stories: StoryMatch, twin: Twin, *, brings_new: bool) -> Verdict:
        """New story, development or re-report.

        What tells again what stands is a re-report, unless it brings a number or a company that its story has not. What
        tells an event's news, or is surely a story's, is a development; the rest is a new story, for the desk to see.
        """
        best = stories.candidates[0] if stories.candidates else Candidate("", 0.0)
        if twin.likelihood >= self.lines.twin and not brings_new and (match.event or stories.sure):
            return Verdict(Decision.RE_REPORT, best.story if stories.sure else "", round(twin.likelihood, 3), sure=True)
        if stories.sure:
            return Verdict(Decision.DEVELOPMENT, best.story, best.score, sure=True)
        if match.event:
            return Verdict(Decision.DEVELOPMENT, "", round(match.score, 3), sure=False)
        return Verdict(Decision.NEW_STORY, "", best.score, sure=False)
