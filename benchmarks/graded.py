"""Pairs of headlines that people graded from 0 (nothing in common) to 5 (the same said), and a logistic over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.newsroom.tracker.embedding import Embedder, MeanVector
from bot.newsroom.tracker.re_report_classifier import LogisticModel, compute_pair_features
from bot.newsroom.tracker.text_features import DocumentFrequencies, TextFeatures, tokenize

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: From this grade on the one tells the other again; between these two it tells something else of the same matter.
SAME = 4.0
OTHER = (1.5, 3.4)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that are one thing or the other: the part of the data they are in, their signs, whether they are the same."""

    part: npt.NDArray[np.str_]
    signs: Floats
    same: Flags


def read_pairs(path: Path, embedder: Embedder | None) -> Pairs:
    """Lines of ``part, grade, headline, headline`` between tabs; pairs whose grade is neither are left out."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [row for row in rows if float(row[1]) >= SAME or OTHER[0] <= float(row[1]) <= OTHER[1]]
    rarity = DocumentFrequencies()
    told = _told([row[2] for row in kept] + [row[3] for row in kept], embedder, rarity)
    found = [
        compute_pair_features(new, old, rarity.idf)
        for old, new in zip(told[: len(kept)], told[len(kept) :], strict=True)
    ]
    return Pairs(
        part=np.array([row[0] for row in kept]),
        signs=np.array(found),
        same=np.array([float(row[1]) >= SAME for row in kept]),
    )


def _told(titles: Sequence[str], embedder: Embedder | None, rarity: DocumentFrequencies) -> list[TextFeatures]:
    words = [tokenize(title) for title in titles]
    vectors = np.zeros((len(titles), 0), np.float32) if embedder is None else embedder.embed(titles)
    centre = MeanVector(vectors.shape[1])
    for vector in vectors:
        centre.add(vector)
    return [
        TextFeatures(each, rarity.weigh(each.terms), centre.subtract_from(vector))
        for each, vector in zip(words, vectors, strict=True)
    ]


def fit(features: Floats, same: Flags, *, stiffness: float = 1.0) -> LogisticModel:
    """Fit a logistic by Newton's steps, on signs of one scale; a stiffer one keeps its weights smaller."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    rows = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    hold = np.diag([0.0, *[stiffness] * features.shape[1]])
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (same - likely) - hold @ weights
        bend = rows.T @ (rows * (likely * (1 - likely))[:, None]) + hold
        weights = weights + np.linalg.solve(bend, slope)
    plain = weights[1:] / spread
    return LogisticModel(tuple(round(float(weight), 3) for weight in plain), round(float(weights[0] - plain @ mean), 3))


def likelihoods(weighing: LogisticModel, features: Floats) -> Floats:
    """Of every row of signs."""
    return np.array([weighing.predict(row) for row in features.tolist()])


def area_under_curve(likely: Floats, same: Flags) -> float:
    """How often a same pair is held likelier than another one."""
    order = likely.argsort(kind="stable")
    ranks = np.empty(len(likely))
    ranks[order] = np.arange(1, len(likely) + 1)
    for value in np.unique(likely):
        ties = likely == value
        ranks[ties] = ranks[ties].mean()
    yes, no = int(same.sum()), int((~same).sum())
    return float((ranks[same].sum() - yes * (yes + 1) / 2) / (yes * no))
