"""What all the news of a field has in common, taken off every vector, so that one threshold serves every field."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from bot.newsroom.tracker.embedding import Vector

#: How many articles it takes until half of the mean is believed.
_PRIOR_COUNT = 50


class MeanVector:
    """The running mean of all vectors.

    A vector is centred once, when its text comes in, so that the same texts in the same order give the same vectors.
    """

    def __init__(self, size: int, count: int = 0, total: npt.NDArray[np.float64] | None = None) -> None:
        self.size = size
        self.count = count
        self.total = np.zeros(size) if total is None else total

    def subtract_from(self, vector: Vector) -> Vector:
        """The vector without the mean that it is itself part of, at length 1; nothing is remembered."""
        if not len(vector):
            return vector
        difference = (vector - (self.total + vector) / (_PRIOR_COUNT + self.count + 1)).astype(np.float32)
        return cast("Vector", difference / np.float32(max(float(np.linalg.norm(difference)), 1e-9)))

    def add(self, vector: Vector) -> None:
        """Let a vector count for the mean."""
        self.count += 1
        self.total = self.total + vector
