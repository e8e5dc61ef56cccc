"""Rank candidates for a question: pure functions on the evidence that the search looked up.

Ranking hides nothing. A story of another kind or time than the question's is ranked lower, and the answer says what it lacks,
because it may still be the one that was meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.languages import say
from bot.library.term_patterns import build_patterns
from bot.model.text_folding import fold
from bot.model.vocabulary import STAGE_ORDER, Stage
from bot.query.facets import Facet, get_facet_label
from bot.query.query_parser import ParsedQuery
from bot.store.candidates import StoryCandidate

_HEADLINE_SCORE = 1.0
_TEXT_SCORE = 0.6
_RELATED_KIND_SCORE = 0.5
#: For a stage that the story once had.
_PAST_STAGE_SCORE = 0.8
#: Added if a word of the facet is in the headline, or in the text.
_HEADLINE_WORD_BONUS = 0.5
_TEXT_WORD_BONUS = 0.2
#: What a story that only mentions the company must match of the other words, to come before one of the company's own
#: without them. Its kind, stage and dates are not the company's, so they do not count.
_MENTION_PENALTY = 0.5
#: The difference between a term in the headline and one in the text.
_CLEAR_MARGIN = 0.4


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """What the search looked up in the store for the ranking.

    Attributes:
        patterns_by_term: the full-text patterns of terms that are not searched in the usual way.
        ids_by_term: the stories that have a term.
        ids_by_facet: the stories that have the words of a facet, by its name.
        past_stages: the stages of the facets that a story has had, by its id.
        dated_ids: the stories that have developments in the date range, or reached a stage of the question in it.
        mentioning_ids: stories that mention one of the companies.
    """

    patterns_by_term: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ids_by_term: Mapping[str, Collection[int]] = field(default_factory=dict)
    ids_by_facet: Mapping[str, Collection[int]] = field(default_factory=dict)
    past_stages: Mapping[int, frozenset[Stage]] = field(default_factory=dict)
    dated_ids: Collection[int] = ()
    mentioning_ids: Collection[int] = ()


class RankedStory(NamedTuple):
    """A candidate, how well it matches, and which parts of the question it has and lacks.

    ``is_exact`` tells that its headline is the question. ``company_count`` counts the question's companies among its parties,
    ``mentioned_companies`` are those that it only mentions, ``extra_party_count`` counts its other parties (0 unless the
    question has several companies). ``score`` adds up the other parts of the question, ``term_score`` only the words;
    ``certain_score`` is the score without bonuses for words.
    """

    candidate: StoryCandidate
    is_exact: bool
    company_count: int
    extra_party_count: int
    score: float
    certain_score: float
    term_score: float
    matched_parts: tuple[str, ...]
    mentioned_companies: tuple[str, ...]
    missing_parts: tuple[str, ...]

    @property
    def named_count(self) -> int:
        """How many of the question's companies the story names, as a party or in its text."""
        return self.company_count + len(self.mentioned_companies)

    @property
    def own_score(self) -> float:
        """How well it matches apart from the companies, if only those parts count that are about them."""
        return self.term_score - _MENTION_PENALTY if self.mentioned_companies else self.score

    def is_clearly_before(self, other: RankedStory) -> bool:
        """Return whether this story matches clearly better: by more than by being open or newer."""
        mine, its = ((match.is_exact, match.named_count, match.company_count) for match in (self, other))
        if mine != its:
            return mine > its
        if abs(self.certain_score - other.certain_score) >= _CLEAR_MARGIN:
            return self.certain_score > other.certain_score
        return self.extra_party_count < other.extra_party_count and self.certain_score >= other.certain_score


def rank(
    parsed_query: ParsedQuery, candidates: Iterable[StoryCandidate], evidence: MatchEvidence, *, deals_first: bool
) -> list[RankedStory]:
    """Return the candidates, best first.

    An exact headline comes first. The other criteria, in this order: more of the companies, as parties or mentions; if the
    question has several, being between them alone and having every part of the question; a higher score for facets, date
    and terms, where a story that only mentions a company must match words of the question to come before the company's own;
    fewer other parties if the question has several companies, because it asks what is between them; with ``deals_first``,
    deals; open stories; newer stories; of equally new ones, deals that are further along, then those between fewer parties.
    """
    query_patterns = _QueryPatterns.build(parsed_query, evidence)
    matches = [_rank_story(parsed_query, query_patterns, candidate, evidence) for candidate in candidates]

    has_several = len(parsed_query.companies) > 1

    def sort_key(match: RankedStory) -> tuple[bool, int, bool, float, float, int, bool, bool, int, int, int, int]:
        story = match.candidate
        return (
            not match.is_exact,
            -match.named_count,
            has_several and (match.extra_party_count > 0 or bool(match.missing_parts)),
            -match.own_score,
            -match.score,
            match.extra_party_count,
            deals_first and not story.kind.is_deal,
            not story.is_open,
            -story.newness,
            -_get_progress(story.stage),
            story.party_count,
            story.id,
        )

    return sorted(matches, key=sort_key)


def _get_progress(stage: Stage | None) -> int:
    return STAGE_ORDER.index(stage) + 1 if stage in STAGE_ORDER else 0


class _QueryPatterns(NamedTuple):
    """The facets and terms of a question with their patterns, and its exclusions with labels: built once for all candidates."""

    facets: list[tuple[Facet, list[str]]]
    terms: list[tuple[str, Sequence[str]]]
    exclusions: list[tuple[str, str]]

    @classmethod
    def build(cls, parsed_query: ParsedQuery, evidence: MatchEvidence) -> _QueryPatterns:
        return cls(
            [
                (facet, [pattern for word in facet.text_words for pattern in build_patterns(word)])
                for facet in parsed_query.facets
            ],
            [(word, evidence.patterns_by_term.get(word, build_patterns(word))) for word in parsed_query.terms],
            # Translators: of a question, as in "nissan -foxconn": a story without Foxconn
            [(word, say("without {word}", word=word)) for word in parsed_query.exclusions],
        )


def _rank_story(
    parsed_query: ParsedQuery, query_patterns: _QueryPatterns, story: StoryCandidate, evidence: MatchEvidence
) -> RankedStory:
    headline = f" {fold(story.headline)} "
    scores = _score_criteria(parsed_query, query_patterns, story, headline, evidence)
    term_scores = [
        (parsed_query.spell(word), _score_term(word, part_patterns, story, headline, evidence))
        for word, part_patterns in query_patterns.terms
    ]
    all_scores = [*scores, *term_scores]
    matched_companies = [name for name in parsed_query.companies if name in story.matched_companies]
    mentioned_companies = tuple(name for name in parsed_query.companies if name in story.mentioned_companies)
    return RankedStory(
        candidate=story,
        is_exact=headline[1:-1] == parsed_query.folded_text,
        company_count=len(matched_companies),
        extra_party_count=story.party_count - len(matched_companies) if len(parsed_query.companies) > 1 else 0,
        score=_add_up(value for _, value in all_scores),
        certain_score=_add_up(min(value, 1.0) for _, value in all_scores),
        term_score=_add_up(value for _, value in term_scores),
        matched_parts=(
            *matched_companies,
            *[label for label, value in all_scores if value],
            *[label for word, label in query_patterns.exclusions if word not in story.mentioned_companies],
        ),
        mentioned_companies=mentioned_companies,
        missing_parts=(
            *[name for name in parsed_query.companies if name not in (*matched_companies, *mentioned_companies)],
            *[label for label, value in all_scores if not value],
        ),
    )


def _add_up(values: Iterable[float]) -> float:
    return round(sum(values), 2)


def _score_criteria(
    parsed_query: ParsedQuery,
    query_patterns: _QueryPatterns,
    story: StoryCandidate,
    headline: str,
    evidence: MatchEvidence,
) -> list[tuple[str, float]]:
    """Return the label and score of each facet of the question, and of its date."""
    scores = [
        _score_facet(facet, part_patterns, story, headline, evidence) for facet, part_patterns in query_patterns.facets
    ]
    if parsed_query.date_range is not None:
        # A headline of 2024 may be about a later year: "mass production by 2026".
        has_date = story.id in evidence.dated_ids or (
            not parsed_query.stages and f" {parsed_query.date_range.label} " in headline
        )
        scores.append((parsed_query.date_range.label, float(has_date)))
    return scores


def _score_facet(
    facet: Facet, facet_patterns: Iterable[str], story: StoryCandidate, headline: str, evidence: MatchEvidence
) -> tuple[str, float]:
    """Return the label and score of a facet.

    The score is 1 if the facet applies now, 0.8 if it once applied, and 0.5 for a related kind; words in the headline add 0.5,
    words in the text 0.2.
    """
    label, value = _match_facet(facet, story, evidence)
    if any(_contains_pattern(headline, pattern) for pattern in facet_patterns):
        # A story with talks in its headline is about talks, even if they have ended; those that go on come first.
        if facet.stages and value < 1:
            return facet.label, _PAST_STAGE_SCORE + _TEXT_WORD_BONUS
        return label or facet.short_label, value + _HEADLINE_WORD_BONUS
    text_bonus = _TEXT_WORD_BONUS if story.id in evidence.ids_by_facet.get(facet.name, ()) else 0.0
    return label or facet.short_label, value + text_bonus


def _match_facet(facet: Facet, story: StoryCandidate, evidence: MatchEvidence) -> tuple[str, float]:
    if (
        story.kind in facet.kinds
        or story.stage in facet.stages
        or (facet.is_disputed and story.disputed)
        or (facet.is_open is not None and story.is_open is facet.is_open)
    ):
        return facet.label, 1.0
    if not evidence.past_stages.get(story.id, frozenset()).isdisjoint(facet.stages):
        return facet.label, _PAST_STAGE_SCORE
    if story.kind in facet.related_kinds:
        # If the question is for an acquisition and the story is a stake, show "stake". A deal about a plant does have a plant.
        return get_facet_label(story.kind) if facet.kinds[0].is_deal else facet.label, _RELATED_KIND_SCORE
    return "", 0.0


def _score_term(
    term: str, term_patterns: Iterable[str], story: StoryCandidate, headline: str, evidence: MatchEvidence
) -> float:
    if any(_contains_pattern(headline, pattern) for pattern in term_patterns):
        return _HEADLINE_SCORE
    return _TEXT_SCORE if story.id in evidence.ids_by_term.get(term, ()) else 0.0


def _contains_pattern(headline: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return f" {pattern[:-1]}" in headline
    return f" {pattern} " in headline
