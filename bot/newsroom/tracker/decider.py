"""The tracker's rules: similarities in, decisions out. Pure: no store, no clock, no memory of earlier articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.model.tracking import Decision, Duplicate, StoryMatch
from bot.model.vocabulary import Claim
from bot.newsroom.tracker.similarity import Floats, GroupMatch, GroupMember

#: After a longer rest an event is over, and a similar article is news again.
WINDOW_HOURS = 48.0
#: How many stories are recommended to the desk.
CANDIDATE_LIMIT = 3
#: From this confidence on, the first story is sure.
MIN_CONFIDENCE = 0.8


def compute_event_decay(hours: Floats) -> Floats:
    """Return the factor for the similarity of an event whose last article is so many hours old.

    It falls fast, because articles about the same news come within a day or two.
    """
    return np.where(hours > WINDOW_HOURS, 0.0, np.exp(-hours / 24.0))


def compute_story_decay(hours: Floats) -> Floats:
    """Return the factor for the similarity of a story whose last article is so many hours old.

    It falls slowly to about a tenth at 60 days, and no further.
    """
    return (1.0 + np.minimum(hours, 1440.0) / 12.0) ** -0.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least scores for each decision. One set serves every field; another one is for comparing words without embeddings.

    Attributes:
        event: an article belongs to an event.
        merge: two events are one: a second event has this score, and so has the cohesion of the two.
        story: an article belongs to a story, if the next story is behind by the margin.
        margin: how far the next story must be behind.
        agreement: an article belongs to the story of its event.
        re_report: an article is a re-report.
    """

    event: float
    merge: float
    story: float
    margin: float
    agreement: float
    re_report: float


VECTOR_THRESHOLDS = Thresholds(event=0.28, merge=0.39, story=0.17, margin=0.10, agreement=0.45, re_report=0.82)
WORD_THRESHOLDS = Thresholds(event=0.18, merge=0.23, story=0.13, margin=0.10, agreement=0.35, re_report=0.83)


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
class StoryRanking:
    """The best stories for an article, best first, and how likely the first is the right one, from 0 to 1."""

    candidates: tuple[StoryMatch, ...] = ()
    confidence: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the first story is so likely that no editor needs to be asked."""
        return self.confidence >= MIN_CONFIDENCE


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

    def rank_stories(
        self, matches: Sequence[GroupMatch], event_story: str = "", event_score: float = 0.0
    ) -> StoryRanking:
        """Return the best stories, best first; the one that the article's event is in (``event_story``) comes second at the latest.

        The first is sure if the event is in it too and clearly matches, or if no other story fits nearly as well.
        """
        candidates = [StoryMatch(each.group, round(max(0.0, each.score), 3)) for each in matches]
        if not candidates:
            return StoryRanking()
        best, second_score = candidates[0], candidates[1].score if len(candidates) > 1 else 0.0
        is_agreed = event_story == best.story and event_score >= self.thresholds.agreement
        confidence = _compute_confidence(
            min(best.score / self.thresholds.story, (best.score - second_score) / self.thresholds.margin)
        )
        if event_story == best.story:
            confidence = max(confidence, _compute_confidence(event_score / self.thresholds.agreement))
        if is_agreed:
            candidates[0] = StoryMatch(event_story, max(best.score, round(event_score, 3)))
        reordered = [candidates[0], *sorted(candidates[1:], key=lambda each: each.story != event_story)]
        return StoryRanking(tuple(reordered[:CANDIDATE_LIMIT]), confidence)

    def decide(self, match: EventMatch, stories: StoryRanking, duplicate: Duplicate, *, brings_new: bool) -> Verdict:
        """Decide between a new story, a development and a re-report.

        A text that repeats another one is a re-report, unless it brings something new. An article of a known event or a sure
        story is a development. Everything else is a new story, for the desk to review.
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


def _compute_confidence(ratio: float) -> float:
    """Return the confidence for what is measured divided by its threshold: exactly :data:`MIN_CONFIDENCE` at the threshold."""
    return MIN_CONFIDENCE * ratio if ratio < 1.0 else 1.0 - (1.0 - MIN_CONFIDENCE) / ratio
