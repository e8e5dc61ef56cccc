"""The classifier of stories: how likely an article belongs to each of the most similar stories, or to none of them.

A multinomial logit: each story has a score, the weighted sum of its features, and *none* has a constant one. So a story that
has rested for weeks can be likely, and the best of two similar stories is not. The weights were learned from labelled news
by ``benchmarks/learn_stories.py``. Run it on other news, and replace :data:`VECTOR_STORY_MODEL` and :data:`WORD_STORY_MODEL`
by what it prints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.newsroom.tracker.similarity import GroupMatch
from bot.newsroom.tracker.text_features import TextFeatures

#: The names of the features, in their order.
FEATURE_NAMES = ("similarity", "nearest text", "rest", "names known", "words known", "event", "texts")
#: A rest of so many hours counts about .7.
_REST_HOURS = 12.0


@dataclass(frozen=True, slots=True)
class StoryComparison:
    """How a text compares with a story.

    Attributes:
        features: in the order of :data:`FEATURE_NAMES`.
        knows_no_name: whether the story knows none of the text's names; true of a text without names.
    """

    story: str
    features: tuple[float, ...]
    knows_no_name: bool


def compare_with_story(
    text: TextFeatures,
    match: GroupMatch,
    vocabulary: AbstractSet[str],
    idf: Callable[[str], float],
    event_share: float,
) -> StoryComparison:
    """Compare a text with a story, whose texts have the words of ``vocabulary``.

    ``event_share`` is the part of the articles of the text's event that is in the story, of those that are in any.
    """
    names = text.tokens.names
    features = (
        match.similarity,
        match.nearest_similarity,
        math.log1p(match.rest_hours / _REST_HOURS),
        _compute_known_share(names, vocabulary, idf) if names else 0.5,
        # Of the headline alone: a lead adds words that its story need not know.
        _compute_known_share(frozenset(text.tokens.headline_stems), vocabulary, idf),
        event_share,
        math.log(match.size),
    )
    return StoryComparison(match.group, features, names.isdisjoint(vocabulary))


def _compute_known_share(words: Iterable[str], vocabulary: AbstractSet[str], idf: Callable[[str], float]) -> float:
    """Return which part of the words a story knows, rare words counting more."""
    weights = {word: max(0.0, idf(word)) for word in words}
    known = sum(weight for word, weight in weights.items() if word in vocabulary)
    return known / max(1e-9, sum(weights.values()))


@dataclass(frozen=True, slots=True)
class StoryModel:
    """A weight for each feature, and the score of *none of these stories*."""

    weights: tuple[float, ...]
    none_score: float

    def predict(self, rows: Sequence[tuple[float, ...]]) -> list[float]:
        """Return the likelihood of each story, 0 to 1, in their order. What is missing to 1 is that of none."""
        scores = [sum(weight * value for weight, value in zip(self.weights, row, strict=True)) for row in rows]
        highest = max([*scores, self.none_score])
        odds = [math.exp(score - highest) for score in scores]
        total = sum(odds) + math.exp(self.none_score - highest)
        return [each / total for each in odds]


VECTOR_STORY_MODEL = StoryModel(weights=(10.77, -4.65, -1.67, 1.13, 5.32, 1.27, -0.7), none_score=-0.01)
WORD_STORY_MODEL = StoryModel(weights=(7.34, -4.42, -1.64, 1.44, 7.26, 0.96, -0.85), none_score=-0.23)
