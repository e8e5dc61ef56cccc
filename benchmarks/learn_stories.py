"""Learn anew how likely an article belongs to a story: prints the two constants of ``bot/newsroom/tracker/story_classifier.py``.

``python -m benchmarks.learn_stories [--news ../shared/news]``. It learns from the older half of the running stories of the
labelled news, which are no part of the project, and from the streams that are for tuning (benchmarks/streams). Every article
is judged, then settled in its story as the desk would.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labelled_news import NEWS, STREAMS, LabelledNews, read_news
from bot.newsroom.tracker import Embedder, Tracker, load_embedder
from bot.newsroom.tracker.story_classifier import FEATURE_NAMES, StoryModel

TUNING_STREAMS = ("automotive", "airlines_aerospace")
#: How strongly a weight is held back, how many steps are made, and how far each goes.
_STIFFNESS, _STEPS, _STEP = 1e-3, 4_000, 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """The features of the stories that were compared with an article, and the place of the right one; -1 if it is none."""

    rows: Sequence[tuple[float, ...]]
    right: int


def gather(news: LabelledNews, embedder: Embedder | None) -> Iterator[Choice]:
    """Yield a choice for each article."""
    tracker = Tracker(embedder)
    for article, story, vector in zip(news.articles, news.stories, news.vectors, strict=True):
        pending = tracker.evaluate(article, vector)
        compared = tracker.compare_with_stories(pending.member)
        slugs = [each.story for each in compared]
        yield Choice([each.features for each in compared], slugs.index(story) if story in slugs else -1)
        tracker.commit(pending)
        if story:
            tracker.assign(article.id, story)


def fit(choices: Sequence[Choice]) -> StoryModel:
    """Fit a multinomial logit by gradient descent on features of one scale."""
    most = max(len(each.rows) for each in choices)
    values = np.zeros((len(choices), most, len(FEATURE_NAMES)))
    exists = np.zeros((len(choices), most), bool)
    for number, each in enumerate(choices):
        exists[number, : len(each.rows)] = True
        if each.rows:
            values[number, : len(each.rows)] = each.rows
    mean, spread = values[exists].mean(axis=0), values[exists].std(axis=0) + 1e-9
    scaled = np.where(exists[:, :, None], (values - mean) / spread, 0.0)
    target = np.zeros((len(choices), most + 1))
    target[np.arange(len(choices)), [each.right if each.right >= 0 else most for each in choices]] = 1.0
    weights, none_score = np.zeros(len(FEATURE_NAMES)), 0.0
    for _ in range(_STEPS):
        scores = np.column_stack([np.where(exists, scaled @ weights, -np.inf), np.full(len(choices), none_score)])
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (odds / odds.sum(axis=1, keepdims=True) - target) / len(choices)
        weights -= _STEP * (np.einsum("ij,ijk->k", error[:, :most], scaled) + _STIFFNESS * weights)
        none_score -= _STEP * float(error[:, most].sum())
    plain = weights / spread
    return StoryModel(tuple(round(float(weight), 2) for weight in plain), round(none_score + float(plain @ mean), 2))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--news", type=Path, default=NEWS, help="the folder of the labelled news (../shared/news)")
    options = parser.parse_args()
    for name, embedder in (("VECTOR_STORY_MODEL", load_embedder("e5")), ("WORD_STORY_MODEL", None)):
        running = read_news(options.news / "running-dev.jsonl", embedder)
        choices = list(gather(running, embedder))[: len(running.articles) // 2]
        for stream in TUNING_STREAMS:
            choices += gather(read_news(STREAMS / f"{stream}.jsonl", embedder, with_leads=False), embedder)
        model = fit(choices)
        print(f"{name} = StoryModel(weights={model.weights}, none_score={model.none_score})", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
