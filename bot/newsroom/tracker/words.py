"""What a text is compared by: its words with their weights, its names, its numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from bot.model.article import Article
from bot.names.fold import UNSPACED, fold
from bot.names.frequency import bare_words, frequencies, is_name
from bot.newsroom.tracker.embedding import Vector
from bot.newsroom.tracker.figures import Figure, days_of, read_figures, strip_labels

#: A name counts so much more than another word, and a word of the lead so much less than one of the headline.
NAME = 1.5
LEAD = 0.6
#: How much of an article's text is looked at: the first paragraph, and no more than this of it.
LEAD_CHARACTERS = 500
#: The most different words that are kept of one article.
WORDS = 120

_WHEN = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday january february march april june"
    " july august september october november december".split()
)
_ENDINGS = (("sses", "ss"), ("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded English word without its ending: *plants* and *plant*, *merging* and *merge* become one."""
    if len(word) < 4 or word.isdigit():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


@dataclass(frozen=True, slots=True)
class Words:
    """A text, taken apart.

    Attributes:
        terms: each stem with the weight that its kind and its place give it, before rarity counts.
        row: the stems of the headline in their order.
        names: the headline's names, folded.
        figures: the headline's figures, without the day of its publication.
        known_figures: those of headline and lead, and the day of publication.
        said: every stem and folded word of headline and lead: what the text does not lack.
    """

    terms: Mapping[str, float]
    row: tuple[str, ...]
    names: frozenset[str]
    figures: frozenset[Figure]
    known_figures: frozenset[Figure]
    said: frozenset[str]


def lead_of(article: Article) -> str:
    """The first paragraph of an article's text, cut to :data:`LEAD_CHARACTERS`."""
    first = article.text.lstrip()[: 2 * LEAD_CHARACTERS].split("\n", 1)[0]
    return first[:LEAD_CHARACTERS].strip()


def take_apart(headline: str, lead: str = "", published: datetime | None = None) -> Words:
    """The words of a headline and a lead. Linear in their length, whatever they hold."""
    headline, lead = strip_labels(headline, published), strip_labels(lead, published)
    above, below = _spelled(headline), _spelled(lead)
    terms: dict[str, float] = {}
    for spelled, place in ((above, 1.0), (below, LEAD)):
        for word in spelled:
            key = stem(fold(word))
            if key and (key in terms or len(terms) < WORDS):
                terms[key] = max(terms.get(key, 0.0), place * (NAME if is_name(word) else 1.0))
    folded = [fold(word) for word in above]
    figures = read_figures(headline)
    known = figures | read_figures(lead) | (days_of(published) if published else frozenset())
    said = {*terms, *folded, *map(fold, below)}
    names = frozenset(fold(word) for word in above if is_name(word)) - _WHEN
    return Words(terms, tuple(filter(None, map(stem, folded))), names, figures, known, frozenset(said))


def _spelled(text: str) -> list[str]:
    """Words as they are spelled; of scripts without blanks each pair of neighbours is one."""
    found: list[str] = []
    for word in bare_words(text):
        if UNSPACED.search(word):
            found.extend(word[place : place + 2] for place in range(max(1, len(word) - 1)))
        else:
            found.append(word)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A text as it is compared: taken apart, weighed, and, where there is an embedder, as a vector (else of length 0)."""

    words: Words
    weights: Mapping[str, float]
    vector: Vector

    def alike(self, other: Told) -> float:
        """How alike two texts are, 0 (or a little less) to 1: words and vectors count half each."""
        few, many = sorted((self.weights, other.weights), key=len)
        words = sum(weight * many[term] for term, weight in few.items() if term in many)
        return 0.5 * words + 0.5 * float(self.vector @ other.vector) if len(self.vector) else words


class Rarity:
    """How rare words are: counted in news at large, and in the articles that are kept, so that a field's own words weigh less."""

    def __init__(self) -> None:
        self._here: Counter[str] = Counter()
        self._kept = 0

    def add(self, terms: Iterable[str], times: int = 1) -> None:
        """An article is kept, or, with ``times=-1``, no longer."""
        self._kept += times
        for term in terms:
            self._here[term] += times
            if self._here[term] <= 0:
                del self._here[term]

    def of(self, term: str) -> float:
        """From near 0, in every article, to about 10, in none."""
        everywhere, total = _stems()
        return math.log((total + self._kept + 1) / (everywhere.get(term, 0) + self._here[term] + 0.5))

    def weigh(self, terms: Mapping[str, float]) -> dict[str, float]:
        """The terms as a vector of length 1, to four places: what is kept in the store is what is compared."""
        weights = {term: weight * max(0.0, self.of(term)) for term, weight in terms.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: round(weight / length, 4) for term, weight in weights.items()}


@cache
def _stems() -> tuple[Mapping[str, int], int]:
    known = frequencies()
    counted: Counter[str] = Counter()
    for word, documents in known.documents.items():
        counted[stem(word)] += documents
    return counted, known.total
