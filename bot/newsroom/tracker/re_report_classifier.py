"""The classifier of re-reports: the likelihood that one text repeats another, by what the two share and where they differ.

The weights were learned from graded pairs of headlines by ``benchmarks/learn_telling.py``. Run it on other pairs, and
replace :data:`VECTOR_MODEL` and :data:`WORD_MODEL` by what it prints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from bot.model.tracking import Duplicate
from bot.model.vocabulary import Claim
from bot.newsroom.tracker.directions import ALL_DIRECTIONS, find_opposites
from bot.newsroom.tracker.figures import Figure
from bot.newsroom.tracker.similarity import GroupMember
from bot.newsroom.tracker.text_features import TextFeatures, TokenizedText

#: With how many of the most similar texts an article is classified.
_CLASSIFIED_LIMIT = 8


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression over :func:`compute_pair_features`: a weight for each feature, and the intercept."""

    weights: tuple[float, ...]
    intercept: float

    def predict(self, features: Iterable[float]) -> float:
        """Return the likelihood of a re-report, 0 to 1."""
        total = self.intercept + sum(weight * feature for weight, feature in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))


#: The names of the features, in their order.
FEATURE_NAMES = (
    "token set", "token sort", "shared of all", "shared of the shorter", "words", "vectors",
    "numbers differ", "numbers conflict", "rare words shared", "opposites", "names conflict",
)  # fmt: skip


def compute_pair_features(new: TextFeatures, old: TextFeatures, idf: Callable[[str], float]) -> tuple[float, ...]:
    """Return the features of a pair of texts in the order of :data:`FEATURE_NAMES`, each 0 to 1."""
    one, other = " ".join(new.tokens.headline_stems), " ".join(old.tokens.headline_stems)
    ours, theirs = (
        _filter_content_stems(new.tokens.headline_stems, idf),
        _filter_content_stems(old.tokens.headline_stems, idf),
    )
    shared = ours & theirs
    weight = {term: max(0.0, idf(term)) for term in ours | theirs}
    heavier = max(sum(weight[term] for term in side) for side in (ours, theirs))
    lighter = min(sum(weight[term] for term in side) for side in (ours, theirs))
    new_figures, old_figures = ({figure.value for figure in text.tokens.figures} for text in (new, old))
    return (
        fuzz.token_set_ratio(one, other) / 100,
        fuzz.token_sort_ratio(one, other) / 100,
        len(shared) / max(1, len(ours | theirs)),
        len(shared) / max(1, min(len(ours), len(theirs))),
        _dot_product(new.weights, old.weights),
        float(new.vector @ old.vector) if len(new.vector) else 0.0,
        float(new_figures != old_figures),
        float(bool(new_figures - old_figures) and bool(old_figures - new_figures)),
        sum(weight[term] for term in shared) / max(1e-9, lighter) if heavier else 0.0,
        float(find_opposites(new.tokens.headline_stems, old.tokens.headline_stems, ALL_DIRECTIONS)),
        float(bool(new.tokens.names - old.tokens.vocabulary) and bool(old.tokens.names - new.tokens.vocabulary)),
    )


def _filter_content_stems(headline_stems: Iterable[str], idf: Callable[[str], float]) -> frozenset[str]:
    """Return the rare stems, or all of them if none is rare: *the* and *in* are in every other sentence."""
    stems = frozenset(headline_stems)
    return frozenset(term for term in stems if idf(term) > 3.2) or stems


def _dot_product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    few, many = sorted((one, other), key=len)
    return sum(weight * many[term] for term, weight in few.items() if term in many)


def brings_new_figure(new: TokenizedText, others: Iterable[TokenizedText]) -> bool:
    """Return whether a headline has a figure that none of these texts has."""
    known_figures = frozenset[Figure]().union(*(other.all_figures for other in others))
    return not all(figure.is_in(known_figures) for figure in new.figures)


def can_be_re_report(new: GroupMember, old: GroupMember, neighbours: Iterable[GroupMember]) -> bool:
    """Return whether a text can be a re-report of another one, however similar their words are.

    It cannot if its claim or stage is another one, if one of the ``neighbours`` has changed either since, if its headline
    contradicts the other, or if only one of the two is a round-up or an opinion.
    """
    stage, claim = new.status.stage, new.status.claim
    later = [member.status for member in neighbours if member.published_at > old.published_at]
    has_moved = stage is not None and any(position.stage not in (None, stage) for position in later)
    was_denied = claim is Claim.CONFIRMED and any(position.claim is Claim.DENIED for position in later)
    contradicts = new.features.tokens.statement.contradicts(old.features.tokens.statement)
    is_same_kind = new.heading == old.heading
    return is_same_kind and new.status.can_repeat(old.status) and not has_moved and not was_denied and not contradicts


def find_duplicate(
    new: GroupMember, neighbours: Sequence[GroupMember], model: LogisticModel, idf: Callable[[str], float]
) -> tuple[Duplicate, bool]:
    """Return the text that an article most likely repeats, and whether it brings what none of the neighbours has.

    That is a figure, a known company, or another claim or stage.
    """
    if not neighbours:
        return Duplicate(), False
    idf = cache(idf)
    nearest = sorted(neighbours, key=lambda old: -new.features.similarity_to(old.features))[:_CLASSIFIED_LIMIT]
    likelihoods = [model.predict(compute_pair_features(new.features, old.features, idf)) for old in nearest]
    eligible_indices = [index for index, old in enumerate(nearest) if can_be_re_report(new, old, neighbours)]
    best = max(eligible_indices or range(len(nearest)), key=likelihoods.__getitem__)
    companies = frozenset[str]().union(*(member.companies for member in neighbours))
    brings_new = (
        not eligible_indices
        or not new.companies <= companies
        or brings_new_figure(new.features.tokens, [member.features.tokens for member in neighbours])
    )
    return _make_duplicate(nearest[best], round(likelihoods[best], 3)), brings_new


def _make_duplicate(member: GroupMember, likelihood: float) -> Duplicate:
    story, separator, key = member.key.rpartition("#")
    if separator and story == member.group:
        return Duplicate(key, story, likelihood)
    return Duplicate(member.key, "", likelihood)


VECTOR_MODEL = LogisticModel(
    weights=(3.16, -2.795, -1.558, 3.097, 2.051, 17.524, -1.014, -3.365, -3.554, -3.002, 0.453), intercept=-14.24
)
WORD_MODEL = LogisticModel(
    weights=(4.985, 2.84, 0.946, 2.119, 4.335, 0.0, -1.11, -2.849, -3.767, -2.636, 0.558), intercept=-8.312
)
