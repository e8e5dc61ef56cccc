"""The tracker's rules: similarities in, decisions out. Pure: no store, no clock, no memory of earlier articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.model.tracking import Decision, Duplicate, StoryMatch
from bot.model.vocabulary import Claim
from bot.newsroom.tracker.similarity import Floats, GroupMatch, GroupMember

#: After a longer rest an event is over, and a similar article is news again.
WINDOW_HOURS = 48.0
#: How many stories are recommended to the desk.
CANDIDATE_LIMIT = 3
#: From this likelihood on, the first story is sure: on labelled news that tuning did not see, about 93 % of these are right.
MIN_CONFIDENCE = 0.8
#: From this likelihood on, the first story is a likely one.
MIN_LIKELIHOOD = 0.35
#: A text that names this many of a story's parties can surely be of that story.
MIN_PARTIES = 2


def compute_event_decay(hours: Floats) -> Floats:
    """Return the factor for the similarity of an event whose last article is so many hours old.

    It falls fast, because articles about the same news come within a day or two.
    """
    return np.where(hours > WINDOW_HOURS, 0.0, np.exp(-hours / 24.0))


def compute_story_decay(hours: Floats) -> Floats:
    """Return the factor for the similarity of a story whose last article is so many hours old.

    It falls slowly, to a half at 60 days, and no further: it only chooses the stories that are compared in detail.
    """
    return (1.0 + np.minimum(hours, 1440.0) / 12.0) ** -0.15


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least scores for each decision. One set serves every field; another one is for comparing words without embeddings.

    Attributes:
        event: an article belongs to an event.
        merge: two events are one: a second event has this score, and so has the cohesion of the two.
        re_report: an article is a re-report.
    """

    event: float
    merge: float
    re_report: float


VECTOR_THRESHOLDS = Thresholds(event=0.28, merge=0.39, re_report=0.82)
WORD_THRESHOLDS = Thresholds(event=0.18, merge=0.23, re_report=0.83)


def can_share_event(article: GroupMember, members: Sequence[GroupMember]) -> bool:
    """Return whether an article can be in an event with these articles, however similar their words are.

    A round-up or an opinion reports no event but its own, and a denial is other news than what it denies.
    """
    if any(member.heading != article.heading for member in members):
        return False
    is_denial = article.status.claim is Claim.DENIED
    return not is_denial or any(member.status.claim is Claim.DENIED for member in members)


@dataclass(frozen=True, slots=True)
class EventMatch:
    """The event that an article belongs to, with its score; empty for none.

    Attributes:
        nearest_key: the key of the event's most similar article.
        duplicate_event: another event that is the same one, as the article shows; empty for none.
    """

    event: str = ""
    score: float = 0.0
    nearest_key: str = ""
    duplicate_event: str = ""


@dataclass(frozen=True, slots=True)
class StoryCandidate:
    """A story that an article may belong to.

    Attributes:
        likelihood: how likely it does, from 0 to 1.
        is_doubtful: whether something speaks against it, so that an editor decides however likely it is.
    """

    story: str
    likelihood: float
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class StoryRanking:
    """The best stories for an article, best first, and the confidence that the first is the right one, from 0 to 1."""

    candidates: tuple[StoryMatch, ...] = ()
    confidence: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the first story is so likely that no editor needs to be asked."""
        return self.confidence >= MIN_CONFIDENCE

    @property
    def likely_story(self) -> str:
        """The first story if it is a likely one; else empty."""
        return self.candidates[0].story if self.candidates and self.candidates[0].score >= MIN_LIKELIHOOD else ""


def rank_stories(candidates: Iterable[StoryCandidate]) -> StoryRanking:
    """Return the best stories, best first. In a doubtful first one there is no confidence."""
    ranked = sorted(candidates, key=lambda each: -each.likelihood)[:CANDIDATE_LIMIT]
    confidence = ranked[0].likelihood if ranked and not ranked[0].is_doubtful else 0.0
    return StoryRanking(
        tuple(StoryMatch(each.story, round(each.likelihood, 3)) for each in ranked), round(confidence, 3)
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about an article, with the story, the score, and whether it is so sure that no editor needs to be asked."""

    decision: Decision
    story: str
    score: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Decider:
    """Turns similarities into decisions by its thresholds."""

    thresholds: Thresholds

    def match_event(self, matches: Sequence[GroupMatch], compute_cohesion: Callable[[str, str], float]) -> EventMatch:
        """Return the event that an article belongs to, given the most similar events, best first.

        Two events that are both similar to it, and to each other, are one.
        """
        if not matches or matches[0].score < self.thresholds.event:
            return EventMatch()
        first, duplicate_event = matches[0], ""
        if len(matches) > 1 and matches[1].score >= self.thresholds.merge:
            duplicate_event = (
                matches[1].group if compute_cohesion(first.group, matches[1].group) >= self.thresholds.merge else ""
            )
        return EventMatch(first.group, first.score, first.nearest_key, duplicate_event)

    def decide(self, match: EventMatch, stories: StoryRanking, duplicate: Duplicate, *, brings_new: bool) -> Verdict:
        """Decide between a new story, a development and a re-report.

        A text that repeats another one is a re-report, unless it brings something new. An article of a known event or a sure
        story is a development. Everything else is a new story, for the desk to review.
        """
        best = stories.candidates[0] if stories.candidates else StoryMatch("", 0.0)
        if duplicate.likelihood >= self.thresholds.re_report and not brings_new:
            story = duplicate.story or (best.story if stories.is_sure else "")
            return Verdict(Decision.RE_REPORT, story, round(duplicate.likelihood, 3), is_sure=True)
        if stories.is_sure:
            return Verdict(Decision.DEVELOPMENT, best.story, best.score, is_sure=True)
        if match.event:
            return Verdict(Decision.DEVELOPMENT, "", round(match.score, 3), is_sure=False)
        return Verdict(Decision.NEW_STORY, "", best.score, is_sure=False)
