"""Whether one text tells what another has told already: a likelihood, from what the two have in common and where they part.

The weights were learned from pairs of headlines that people had graded, by ``benchmarks/learn_telling.py``; run it over
other pairs, and put what it prints in the place of :data:`WITH_VECTORS` and :data:`WORDS_ALONE`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from rapidfuzz import fuzz

from bot.model.vocabulary import Claim
from bot.newsroom.tracker.figures import Figure
from bot.newsroom.tracker.similarity import GroupMember
from bot.newsroom.tracker.text_features import TextFeatures, TokenizedText, stem

#: What parts two headlines though their words are alike: the words of each row go one way, or the other.
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
    """A logistic over :func:`compute_pair_features`: one weight a sign, and where the line between the two is."""

    weights: tuple[float, ...]
    intercept: float

    def predict(self, features: Iterable[float]) -> float:
        """From 0, another thing, to 1, the same told again."""
        total = self.intercept + sum(weight * feature for weight, feature in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))


#: The names of the signs, in their order.
FEATURE_NAMES = (
    "token set", "token sort", "shared of all", "shared of the shorter", "words", "vectors",
    "numbers differ", "numbers conflict", "rare words shared", "opposites", "names conflict",
)  # fmt: skip


def compute_pair_features(new: TextFeatures, old: TextFeatures, idf: Callable[[str], float]) -> tuple[float, ...]:
    """What the two have in common and where they part, each 0 to 1."""
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
    """The stems that say something: *the* and *in* are in every other sentence."""
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
    """Return whether a text can be a re-report of another one, however alike their words are.

    It is none if its claim or stage is another one, or if one of the texts ``near`` has changed either since.
    """
    stage, claim = new.position.stage, new.position.claim
    later = [member.position for member in neighbours if member.published_at > old.published_at]
    has_moved = stage is not None and any(position.stage not in (None, stage) for position in later)
    was_denied = claim is Claim.CONFIRMED and any(position.claim is Claim.DENIED for position in later)
    return new.position.can_repeat(old.position) and not has_moved and not was_denied


VECTOR_MODEL = LogisticModel(
    weights=(3.241, 0.8, -0.068, 2.348, 2.168, 13.03, -1.296, -3.491, -4.43, -1.707, 0.383), intercept=-13.329
)
WORD_MODEL = LogisticModel(
    weights=(4.416, 3.441, 0.823, 2.135, 4.165, 0.0, -1.344, -2.337, -3.445, -1.292, 0.589), intercept=-8.358
)
