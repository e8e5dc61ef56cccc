"""What a text is compared by: its weighted words, names and figures, and its vector."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from bot.entities.word_frequencies import get_word_frequencies, is_name, split_without_possessives
from bot.model.article import Article
from bot.model.text_folding import UNSPACED, fold
from bot.newsroom.tracker.contradictions import Statement, find_days, parse_statement
from bot.newsroom.tracker.embedding import Vector
from bot.newsroom.tracker.figures import Figure, extract_figures, get_publication_days, strip_labels
from bot.newsroom.tracker.stems import stem

#: How much a name counts beside another word, and a word of the lead beside one of the headline.
NAME_WEIGHT = 1.5
LEAD_WEIGHT = 0.6
#: How many characters of an article's first paragraph are read.
LEAD_LIMIT = 500
#: The most terms of one article.
TERM_LIMIT = 120

_EMPTY_BRACKETS = re.compile(r"[(\[（【]\s?[)\]）】]")
_CALENDAR_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday january february march april june"
    " july august september october november december".split()
)


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A text split into words.

    Attributes:
        terms: each stem with the weight of its kind and its position; its rarity does not count yet.
        headline_stems: the stems of the headline, in their order.
        names: the headline's names, folded.
        figures: the headline's figures, without the day of publication.
        all_figures: those of headline and lead, and the day of publication.
        vocabulary: every stem and folded word of headline and lead.
        statement: what the headline states, as far as another one may contradict it.
    """

    terms: Mapping[str, float]
    headline_stems: tuple[str, ...]
    names: frozenset[str]
    figures: frozenset[Figure]
    all_figures: frozenset[Figure]
    vocabulary: frozenset[str]
    statement: Statement


def extract_lead(article: Article) -> str:
    """Return the first paragraph of an article's text, cut to :data:`LEAD_LIMIT`."""
    first_paragraph = article.text.lstrip()[: 2 * LEAD_LIMIT].split("\n", 1)[0]
    return first_paragraph[:LEAD_LIMIT].strip()


def build_embedding_text(title: str, lead: str, published: datetime) -> str:
    """Return the text of an article to embed: headline and lead, without tickers, update numbers and the like."""
    headline = " ".join(_EMPTY_BRACKETS.sub(" ", strip_labels(title, published)).split()) or title
    return f"{headline}. {lead}" if lead else headline


def tokenize(headline: str, lead: str = "", published: datetime | None = None) -> TokenizedText:
    """Split a headline and a lead into words. The time is linear in their length, whatever they contain."""
    undated = strip_labels(headline)
    headline, lead = strip_labels(headline, published), strip_labels(lead, published)
    headline_words, lead_words = _split_words(headline), _split_words(lead)
    terms: dict[str, float] = {}
    for words, position_weight in ((headline_words, 1.0), (lead_words, LEAD_WEIGHT)):
        for word in words:
            key = stem(fold(word))
            if key and (key in terms or len(terms) < TERM_LIMIT):
                terms[key] = max(terms.get(key, 0.0), position_weight * (NAME_WEIGHT if is_name(word) else 1.0))
    folded_words = [fold(word) for word in headline_words]
    figures = extract_figures(headline)
    own_days = get_publication_days(published) if published else frozenset[Figure]()
    all_figures = figures | extract_figures(lead) | own_days
    vocabulary = {*terms, *folded_words, *map(fold, lead_words)}
    names = frozenset(fold(word) for word in headline_words if is_name(word)) - _CALENDAR_WORDS
    headline_stems = tuple(filter(None, map(stem, folded_words)))
    statement = parse_statement(headline, headline_stems, find_days(undated), own_days)
    return TokenizedText(terms, headline_stems, names, figures, all_figures, frozenset(vocabulary), statement)


def _split_words(text: str) -> list[str]:
    """Return the words of a text; in scripts without blanks each pair of adjacent characters is one."""
    words: list[str] = []
    for word in split_without_possessives(text):
        if UNSPACED.search(word):
            words.extend(word[index : index + 2] for index in range(max(1, len(word) - 1)))
        else:
            words.append(word)
    return words


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """A text as it is compared: its words, their weights, and its vector (of length 0 without an embedder)."""

    tokens: TokenizedText
    weights: Mapping[str, float]
    vector: Vector

    def similarity_to(self, other: TextFeatures) -> float:
        """Return the similarity of two texts, about 0 to 1: words and vectors count half each."""
        few, many = sorted((self.weights, other.weights), key=len)
        word_similarity = sum(weight * many[term] for term, weight in few.items() if term in many)
        return 0.5 * word_similarity + 0.5 * float(self.vector @ other.vector) if len(self.vector) else word_similarity


class DocumentFrequencies:
    """How many documents contain each word, in news in general and among the current articles.

    Words that are common in the current field therefore weigh less.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._document_count = 0

    def add(self, terms: Iterable[str], count: int = 1) -> None:
        """Count the terms of an article, or remove them with ``count=-1``."""
        self._document_count += count
        for term in terms:
            self._counts[term] += count
            if self._counts[term] <= 0:
                del self._counts[term]

    def idf(self, term: str) -> float:
        """Return the inverse document frequency: near 0 for a term that every article has, about 10 for one that none has."""
        general_counts, total = _count_stems()
        return math.log((total + self._document_count + 1) / (general_counts.get(term, 0) + self._counts[term] + 0.5))

    def weigh(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Return the terms as a vector of length 1, rounded to four decimal places, as it is stored."""
        weights = {term: weight * max(0.0, self.idf(term)) for term, weight in terms.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: round(weight / length, 4) for term, weight in weights.items()}


@cache
def _count_stems() -> tuple[Mapping[str, int], int]:
    word_frequencies = get_word_frequencies()
    counts: Counter[str] = Counter()
    for word, documents in word_frequencies.sentence_counts.items():
        counts[stem(word)] += documents
    return counts, word_frequencies.total
