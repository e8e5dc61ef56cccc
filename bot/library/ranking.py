"""Rank candidates for a question: pure functions on the rows and the evidence that the search looked up.

Ranking hides nothing. A story of another kind or time than the question's is ranked lower, and the answer says what it lacks,
because it may still be the one that was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from bot.languages import say
from bot.library.term_patterns import build_patterns
from bot.model.text_folding import fold
from bot.model.vocabulary import STAGE_ORDER, Stage
from bot.query.facets import Facet, get_facet_label
from bot.query.query_parser import ParsedQuery
from bot.store.candidates import CandidateRow, CandidateRows, StoryCandidate, get_newness
from bot.store.row_values import KINDS, STAGES

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
    question has several companies). ``certain_score`` adds up the other parts of the question, without
    bonuses for words.
    """

    candidate: StoryCandidate
    is_exact: bool
    company_count: int
    extra_party_count: int
    certain_score: float
    matched_parts: tuple[str, ...]
    mentioned_companies: tuple[str, ...]
    missing_parts: tuple[str, ...]

    @property
    def named_count(self) -> int:
        """How many of the question's companies the story names, as a party or in its text."""
        return self.company_count + len(self.mentioned_companies)

    def is_clearly_before(self, other: RankedStory) -> bool:
        """Return whether this story matches clearly better: by more than by being open or newer."""
        mine, its = ((match.is_exact, match.named_count, match.company_count) for match in (self, other))
        if mine != its:
            return mine > its
        if abs(self.certain_score - other.certain_score) >= _CLEAR_MARGIN:
            return self.certain_score > other.certain_score
        return self.extra_party_count < other.extra_party_count and self.certain_score >= other.certain_score


class RankedStories(Sequence[RankedStory]):
    """The candidates of a question, best first. Each is made when it is read: of a hundred, an answer shows a few.

    Attributes:
        rows: the stories as rows.
    """

    def __init__(self, rows: Sequence[CandidateRow], make: Callable[[CandidateRow], RankedStory]) -> None:
        self.rows = rows
        self._make = make

    def take(self, count: int) -> RankedStories:
        """Return the first of the candidates."""
        return RankedStories(self.rows[:count], self._make)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> RankedStory: ...

    @overload
    def __getitem__(self, index: slice) -> list[RankedStory]: ...

    def __getitem__(self, index: int | slice) -> RankedStory | list[RankedStory]:
        """Return a candidate, or a list of them."""
        return [*map(self._make, self.rows[index])] if isinstance(index, slice) else self._make(self.rows[index])


def rank(
    parsed_query: ParsedQuery, candidates: CandidateRows, evidence: MatchEvidence, *, deals_first: bool
) -> RankedStories:
    """Return the candidates, best first.

    An exact headline comes first. The other criteria, in this order: more of the companies, as parties or mentions; if the
    question has several, being between them alone and having every part of the question; a higher score for facets, date
    and terms, where a story that only mentions a company must match words of the question to come before the company's own;
    fewer other parties if the question has several companies, because it asks what is between them; with ``deals_first``,
    deals; open stories; newer stories; of equally new ones, deals that are further along, then those between fewer parties.
    """
    scorer = _Scorer(parsed_query, candidates, evidence)
    keys = [(scorer.build_sort_key(row, deals_first=deals_first), row) for row in candidates.rows]
    # No two keys are equal: each ends with the story's id.
    return RankedStories([row for _, row in sorted(keys)], scorer.build_match)


def _get_progress(stage: Stage | None) -> int:
    return STAGE_ORDER.index(stage) + 1 if stage in STAGE_ORDER else 0


class _Match(NamedTuple):
    """How a row matches the question: the values of the facets, of the date if the question has one, and of the terms."""

    is_exact: bool
    matched_companies: list[str]
    mentioned_companies: list[str]
    extra_party_count: int
    facet_values: list[tuple[float, bool]]
    date_values: list[float]
    term_values: list[float]

    @property
    def criteria_values(self) -> list[float]:
        return [*(value for value, _ in self.facet_values), *self.date_values]


class _Scorer:
    """Scores rows for a question. What is the same for all rows is worked out once."""

    def __init__(self, parsed_query: ParsedQuery, candidates: CandidateRows, evidence: MatchEvidence) -> None:
        self._query = parsed_query
        self._candidates = candidates
        self._evidence = evidence
        self._has_several = len(parsed_query.companies) > 1
        self._facets = [
            (facet, [pattern for word in facet.text_words for pattern in map(_to_headline_part, build_patterns(word))])
            for facet in parsed_query.facets
        ]
        self._terms = [
            (word, [*map(_to_headline_part, evidence.patterns_by_term.get(word, build_patterns(word)))])
            for word in parsed_query.terms
        ]
        self._company_ids = [(name, candidates.company_ids.get(name)) for name in parsed_query.companies]

    def build_sort_key(self, row: CandidateRow, *, deals_first: bool) -> tuple[float, ...]:
        """Return what sorts the best row first."""
        match = self._match(row)
        story_id, _, _, kind, stage, is_open, *_ = row
        criteria_values = match.criteria_values
        score, term_score = _add_up((*criteria_values, *match.term_values)), _add_up(match.term_values)
        named_count = len(match.matched_companies) + len(match.mentioned_companies)
        is_incomplete = match.extra_party_count > 0 or self._lacks_part(named_count, criteria_values, match.term_values)
        return (
            not match.is_exact,
            -named_count,
            self._has_several and is_incomplete,
            -(term_score - _MENTION_PENALTY if match.mentioned_companies else score),
            -score,
            match.extra_party_count,
            deals_first and not KINDS[kind].is_deal,
            not is_open,
            -get_newness(row),
            -_get_progress(STAGES[stage]),
            len(self._candidates.parties[story_id]),
            story_id,
        )

    def _lacks_part(self, named_count: int, criteria_values: Sequence[float], term_values: Sequence[float]) -> bool:
        return named_count < len(self._query.companies) or not (all(criteria_values) and all(term_values))

    def build_match(self, row: CandidateRow) -> RankedStory:
        """Return a row as a match, with the labels of the parts that it has and lacks."""
        match = self._match(row)
        candidate = self._candidates.build(row)
        query = self._query
        term_scores = [
            (query.spell(word), value) for (word, _), value in zip(self._terms, match.term_values, strict=True)
        ]
        facet_labels = [
            self._get_facet_label(facet, row, is_in_headline=is_in_headline)
            for (facet, _), (_, is_in_headline) in zip(self._facets, match.facet_values, strict=True)
        ]
        criteria_labels = [*facet_labels, *([query.date_range.label] if query.date_range else [])]
        all_scores = [*zip(criteria_labels, match.criteria_values, strict=True), *term_scores]
        named_companies = (*match.matched_companies, *match.mentioned_companies)
        return RankedStory(
            candidate=candidate,
            is_exact=match.is_exact,
            company_count=len(match.matched_companies),
            extra_party_count=match.extra_party_count,
            certain_score=_add_up(min(value, 1.0) for _, value in all_scores),
            matched_parts=(
                *match.matched_companies,
                *[label for label, value in all_scores if value],
                # Translators: of a question, as in "nissan -foxconn": a story without Foxconn
                *[
                    say("without {word}", word=word)
                    for word in query.exclusions
                    if word not in candidate.mentioned_companies
                ],
            ),
            mentioned_companies=tuple(match.mentioned_companies),
            missing_parts=(
                *[name for name in query.companies if name not in named_companies],
                *[label for label, value in all_scores if not value],
            ),
        )

    def _match(self, row: CandidateRow) -> _Match:
        story_id, folded_headline = row[0], fold(row[2])
        headline = f" {folded_headline} "
        parties, mentioned = self._candidates.parties[story_id], self._candidates.mentioned[story_id]
        matched_companies = [name for name, company_id in self._company_ids if company_id in parties]
        return _Match(
            folded_headline == self._query.folded_text,
            matched_companies,
            [name for name, company_id in self._company_ids if company_id in mentioned],
            len(parties) - len(matched_companies) if self._has_several else 0,
            [self._score_facet(facet, parts, row, headline) for facet, parts in self._facets],
            self._score_date(story_id, headline),
            [self._score_term(word, parts, story_id, headline) for word, parts in self._terms],
        )

    def _score_facet(self, facet: Facet, parts: Sequence[str], row: CandidateRow, headline: str) -> tuple[float, bool]:
        """Return the score of a facet, and whether one of its words is in the headline.

        The score is 1 if the facet applies now, 0.8 if it once applied, and 0.5 for a related kind; words in the headline
        add 0.5, words in the text 0.2.
        """
        value = self._score_state(facet, row)
        if any(part in headline for part in parts):
            # A story with talks in its headline is about talks, even if they have ended; those that go on come first.
            is_past = facet.stages and value < 1
            return _PAST_STAGE_SCORE + _TEXT_WORD_BONUS if is_past else value + _HEADLINE_WORD_BONUS, True
        is_in_text = row[0] in self._evidence.ids_by_facet.get(facet.name, ())
        return value + (_TEXT_WORD_BONUS if is_in_text else 0.0), False

    def _score_state(self, facet: Facet, row: CandidateRow) -> float:
        story_id, _, _, kind, stage, is_open, is_disputed, *_ = row
        if (
            KINDS[kind] in facet.kinds
            or STAGES[stage] in facet.stages
            or (facet.is_disputed and is_disputed)
            or (facet.is_open is not None and bool(is_open) is facet.is_open)
        ):
            return 1.0
        if not self._evidence.past_stages.get(story_id, frozenset()).isdisjoint(facet.stages):
            return _PAST_STAGE_SCORE
        return _RELATED_KIND_SCORE if KINDS[kind] in facet.related_kinds else 0.0

    def _get_facet_label(self, facet: Facet, row: CandidateRow, *, is_in_headline: bool) -> str:
        value = self._score_state(facet, row)
        if value == _RELATED_KIND_SCORE and not (is_in_headline and facet.stages):
            # If the question is for an acquisition and the story is a stake, show "stake". A deal about a plant does have a plant.
            return get_facet_label(KINDS[row[3]]) if facet.kinds[0].is_deal else facet.label
        return facet.label if value or (is_in_headline and facet.stages) else facet.short_label

    def _score_date(self, story_id: int, headline: str) -> list[float]:
        date_range = self._query.date_range
        if date_range is None:
            return []
        # A headline of 2024 may be about a later year: "mass production by 2026".
        is_in_headline = not self._query.stages and f" {date_range.label} " in headline
        return [float(story_id in self._evidence.dated_ids or is_in_headline)]

    def _score_term(self, term: str, parts: Sequence[str], story_id: int, headline: str) -> float:
        if any(part in headline for part in parts):
            return _HEADLINE_SCORE
        return _TEXT_SCORE if story_id in self._evidence.ids_by_term.get(term, ()) else 0.0


def _add_up(values: Iterable[float]) -> float:
    return round(sum(values), 2)


def _to_headline_part(pattern: str) -> str:
    """Return what a headline between blanks contains if it has a pattern."""
    return f" {pattern[:-1]}" if pattern.endswith("*") else f" {pattern} "
