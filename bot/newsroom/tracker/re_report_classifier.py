"""The classifier of re-reports: the likelihood that one text repeats another, by what the two share and where they differ.

The weights were learned from graded pairs of headlines by ``benchmarks/learn_telling.py``. Run it on other pairs, and
replace :data:`VECTOR_MODEL` and :data:`WORD_MODEL` by what it prints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from rapidfuzz import fuzz

from bot.model.tracking import Duplicate
from bot.model.vocabulary import Claim
from bot.newsroom.tracker.figures import Figure
from bot.newsroom.tracker.similarity import GroupMember
from bot.newsroom.tracker.text_features import TextFeatures, TokenizedText, stem

#: With how many of the most similar texts an article is classified.
_CLASSIFIED_LIMIT = 8
#: Opposites, which distinguish headlines of otherwise similar words: each row has the words of two directions.
_OPPOSITES = (
    (
        "up rise rose gain higher high climb jump soar surge increase grow more best raise lift boost hike recover rebound",
        "down fall fell lose loss lower low drop slip slide sink plunge decrease shrink fewer less worst cut decline tumble",
    ),
    ("open begin start launch resume", "close end shut halt stop suspend finish"),
    ("win won beat victory", "lose lost defeat"),
    ("buy acquire", "sell divest"),
    ("approve accept agree back support allow clear grant", "reject refuse deny oppose block ban veto dismiss"),
    ("confirm confirmed", "deny denied"),
    ("convict guilty", "acquit innocent"),
    ("arrest detain jail charged", "free release"),
    ("kill dead dies died", "survive wound injure"),
    ("join enter", "leave quit exit withdraw"),
    ("sign", "terminate cancel scrap abandon"),
    ("deploy send", "recall withdraw"),
    ("first", "last second third"),
    ("before", "after"),
)


def _build_directions() -> dict[str, frozenset[tuple[int, int]]]:
    directions: dict[str, set[tuple[int, int]]] = {}
    for number, pair in enumerate(_OPPOSITES):
        for direction, words in enumerate(pair):
            for word in words.split():
                directions.setdefault(stem(word), set()).add((number, direction))
    return {word: frozenset(pairs) for word, pairs in directions.items()}


_DIRECTIONS = _build_directions()


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
        float(_have_opposites(new.tokens.headline_stems, old.tokens.headline_stems)),
        float(bool(new.tokens.names - old.tokens.vocabulary) and bool(old.tokens.names - new.tokens.vocabulary)),
    )


def _filter_content_stems(headline_stems: Iterable[str], idf: Callable[[str], float]) -> frozenset[str]:
    """Return the rare stems, or all of them if none is rare: *the* and *in* are in every other sentence."""
    stems = frozenset(headline_stems)
    return frozenset(term for term in stems if idf(term) > 3.2) or stems


def _dot_product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    few, many = sorted((one, other), key=len)
    return sum(weight * many[term] for term, weight in few.items() if term in many)


def _have_opposites(one: Iterable[str], other: Iterable[str]) -> bool:
    ours, theirs = set(one), set(other)
    here = {direction for word in ours - theirs for direction in _DIRECTIONS.get(word, ())}
    there = {direction for word in theirs - ours for direction in _DIRECTIONS.get(word, ())}
    return any(a == b and x != y for (a, x), (b, y) in product(here, there))


def brings_new_figure(new: TokenizedText, others: Iterable[TokenizedText]) -> bool:
    """Return whether a headline has a figure that none of these texts has."""
    known_figures = frozenset[Figure]().union(*(other.all_figures for other in others))
    return not all(figure.is_in(known_figures) for figure in new.figures)


def can_be_re_report(new: GroupMember, old: GroupMember, neighbours: Iterable[GroupMember]) -> bool:
    """Return whether a text can be a re-report of another one, however similar their words are.

    It cannot if its claim or stage is another one, or if one of the ``neighbours`` has changed either since.
    """
    stage, claim = new.status.stage, new.status.claim
    later = [member.status for member in neighbours if member.published_at > old.published_at]
    has_moved = stage is not None and any(position.stage not in (None, stage) for position in later)
    was_denied = claim is Claim.CONFIRMED and any(position.claim is Claim.DENIED for position in later)
    return new.status.can_repeat(old.status) and not has_moved and not was_denied


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
    weights=(3.241, 0.8, -0.068, 2.348, 2.168, 13.03, -1.296, -3.491, -4.43, -1.707, 0.383), intercept=-13.329
)
WORD_MODEL = LogisticModel(
    weights=(4.416, 3.441, 0.823, 2.135, 4.165, 0.0, -1.344, -2.337, -3.445, -1.292, 0.589), intercept=-8.358
)
