"""Made-up news for the tracker's tests, and an embedder that needs no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from bot.model.article import Article
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class WordHashes:
    """An embedder for tests: each word is a direction, a text the sum of its words."""

    name = "word-hashes"
    size = 48

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.size), np.float32)
        for number, text in enumerate(texts):
            for word in text.lower().split():
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                rows[number] += np.random.default_rng(seed).standard_normal(self.size).astype(np.float32)
            rows[number] /= np.float32(max(float(np.linalg.norm(rows[number])), 1e-6))
        return rows


def article(number: int, title: str, *, hours: float = 0.0, text: str = "") -> Article:
    """Return an article published so many hours after the start."""
    return Article(f"a{number}", title, START + timedelta(hours=hours), text, publisher="Herald")


#: Three events: told, told again, told further; each with how many hours after the start.
STREAM = (
    ("Orbex Motors and Zubrin sign battery supply contract", 0.0),
    ("Storm floods the harbour of Lisbon", 0.5),
    ("Zubrin and Orbex Motors sign contract on battery supply", 1.0),
    ("Quellan recalls 40,000 vans over faulty brakes", 2.0),
    ("Lisbon harbour flooded by storm", 2.5),
    ("Quellan vans recalled over faulty brakes", 4.0),
    ("Orbex Motors and Zubrin terminate battery supply contract", 30.0),
    ("Quellan recalls 90,000 vans over faulty brakes", 31.0),
    ("Zubrin and Orbex Motors terminate contract on battery supply", 33.0),
)


def stream() -> list[Article]:
    """Return the articles of :data:`STREAM`."""
    return [article(number, title, hours=hours) for number, (title, hours) in enumerate(STREAM)]


def contract() -> Story:
    """Return a story as the store has it, with one development."""
    development = Development(
        "signed", PartialDate(2026, 3, 1), "Orbex Motors and Zubrin sign battery supply contract", Claim.CONFIRMED
    )
    parties = (Party("Orbex Motors"), Party("Zubrin"))
    return Story("orbex-zubrin", "Zubrin to supply batteries to Orbex Motors", "", Kind.SUPPLY, parties, (development,))
