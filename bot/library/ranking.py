"""Which of the stories that a question may mean is meant: pure, on what was looked up about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.languages import say
from bot.library.patterns import patterns
from bot.model.vocabulary import Stage
from bot.names.fold import fold
from bot.names.question import Question
from bot.names.wishes import Wish, called
from bot.store.seeking import Candidate

_IN_HEADLINE = 1.0
_ELSEWHERE = 0.6
_NEAR = 0.5
#: A stage that the story has left behind.
_PASSED = 0.8
#: A kind or a stage that is a word of the headline, or of the text.
_WORD_OF_WISH = 0.5
_WORD_OF_TEXT = 0.2
#: As much as a word in the headline tells more than one elsewhere.
_CLEAR = 0.4


@dataclass(frozen=True, slots=True)
class Facts:
    """What was looked up: by word, its patterns and the stories that have one; the stories that have the words of a kind or
    a stage, by how it is said; the stages that a story has had; the stories with news of the time asked for; those that
    mention the company asked for, where it is party to none.
    """

    patterns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    having: Mapping[str, Collection[int]] = field(default_factory=dict)
    telling: Mapping[str, Collection[int]] = field(default_factory=dict)
    passed: Mapping[int, frozenset[Stage]] = field(default_factory=dict)
    dated: Collection[int] = ()
    mentioned: Collection[int] = ()


class Match(NamedTuple):
    """A candidate, how well it fits, and what of the question it has and has not.

    ``named`` counts the companies asked for among its parties, ``further`` its other parties where several were asked for;
    ``score`` sums up what else was asked for, ``sure`` the same without what is only a matter of words.
    """

    candidate: Candidate
    exact: bool
    named: int
    further: int
    score: float
    sure: float
    matched: tuple[str, ...]
    missing: tuple[str, ...]

    def clearly_before(self, other: Match) -> bool:
        """Whether this is meant and not the other: by more than being open, or newer."""
        mine, its = (self.exact, self.named), (other.exact, other.named)
        if mine != its:
            return mine > its
        if abs(self.sure - other.sure) >= _CLEAR:
            return self.sure > other.sure
        return self.further < other.further and self.sure >= other.sure


def rank(question: Question, found: Iterable[Candidate], facts: Facts, *, deals_first: bool) -> list[Match]:
    """The candidates, best first.

    An exact headline comes before all. Then those with more of the companies asked for; with more of the kinds, stages,
    times and words asked for; with fewer other parties, where two companies were asked for; for ``deals_first``, deals;
    open ones; newer ones.
    """
    asked = _Asked.of(question, facts)
    matches = [_match(question, asked, candidate, facts) for candidate in found]

    def order(match: Match) -> tuple[bool, int, float, int, bool, bool, int, int]:
        story = match.candidate
        return (
            not match.exact,
            -match.named,
            -match.score,
            match.further,
            deals_first and not story.kind.is_deal,
            not story.is_open,
            -story.as_of_sort,
            story.number,
        )

    return sorted(matches, key=order)


class _Asked(NamedTuple):
    """The kinds, stages and words of a question, each with the patterns that say it: made once for all candidates.

    ``without`` says what was not wanted.
    """

    wishes: list[tuple[Wish, list[str]]]
    words: list[tuple[str, Sequence[str]]]
    without: list[str]

    @classmethod
    def of(cls, question: Question, facts: Facts) -> _Asked:
        return cls(
            [(wish, [pattern for typed in wish.typed for pattern in patterns(typed)]) for wish in question.wishes],
            [(word, facts.patterns.get(word, patterns(word))) for word in question.rest],
            # Said: of a question, as in "nissan -foxconn": a story without Foxconn
            [say("without {word}", word=word) for word in question.without],
        )


def _match(question: Question, asked: _Asked, story: Candidate, facts: Facts) -> Match:
    points, is_exact = _points(question, asked, story, facts)
    named = [name for name in question.companies if name in story.named]
    there = question.companies if story.number in facts.mentioned else named
    return Match(
        candidate=story,
        exact=is_exact,
        named=len(named),
        further=story.parties - len(named) if len(question.companies) > 1 else 0,
        score=round(sum([value for _, value in points]), 2) if points else 0.0,
        sure=round(sum([min(value, 1.0) for _, value in points]), 2) if points else 0.0,
        matched=(*there, *[label for label, value in points if value], *asked.without),
        missing=(
            *[name for name in question.companies if name not in there],
            *[label for label, value in points if not value],
        ),
    )


def _points(question: Question, asked: _Asked, story: Candidate, facts: Facts) -> tuple[list[tuple[str, float]], bool]:
    """How much of each part of the question a story has, by how that is said; and whether the whole is its headline."""
    headline = f" {fold(story.headline)} "
    points = [_granted(wish, said, story, headline, facts) for wish, said in asked.wishes]
    if question.span is not None:
        # A year may be what the headline is about: "mass production by 2026", told in 2024.
        there = story.number in facts.dated or f" {question.span.label} " in headline
        points.append((question.span.label, float(there)))
    points += [(word, _has(word, said, story, headline, facts)) for word, said in asked.words]
    return points, headline[1:-1] == question.typed


def _granted(wish: Wish, said: Iterable[str], story: Candidate, headline: str, facts: Facts) -> tuple[str, float]:
    """1 for what it is, a little less for what it was, ½ for what is near it, and ½ more for saying it; and how to call that."""
    label, value = _being(wish, story, facts)
    if any(_in(headline, pattern) for pattern in said):
        # A headline about talks is about talks, also when they have ended.
        if wish.stages:
            label, value = wish.label, max(value, _PASSED)
        return label or wish.word, value + _WORD_OF_WISH
    told = _WORD_OF_TEXT if story.number in facts.telling.get(wish.said, ()) else 0.0
    return label or wish.word, value + told


def _being(wish: Wish, story: Candidate, facts: Facts) -> tuple[str, float]:
    if (
        story.kind in wish.kinds
        or story.stage in wish.stages
        or (wish.disputed and story.disputed)
        or (wish.is_open is not None and story.is_open is wish.is_open)
    ):
        return wish.label, 1.0
    if not facts.passed.get(story.number, frozenset()).isdisjoint(wish.stages):
        return wish.label, _PASSED
    if story.kind in wish.near:
        # Somebody asked for an acquisition, and it is a stake: that is what it has. A plant is in any deal about one.
        return called(story.kind) if wish.kinds[0].is_deal else wish.label, _NEAR
    return "", 0.0


def _has(word: str, said: Iterable[str], story: Candidate, headline: str, facts: Facts) -> float:
    if any(_in(headline, pattern) for pattern in said):
        return _IN_HEADLINE
    return _ELSEWHERE if story.number in facts.having.get(word, ()) else 0.0


def _in(headline: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return f" {pattern[:-1]}" in headline
    return f" {pattern} " in headline
