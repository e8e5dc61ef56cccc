"""A story's summary out of its developments: sentences of the sources' own, each with who says so. A proposal, never published
by itself. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.story import Development, Story
from bot.newsroom.tracker.text_features import DocumentFrequencies, TokenizedText, tokenize

#: The most words of a summary, without the names of the sources.
WORD_LIMIT = 60
#: Of a development's text no more is looked at.
_CHARACTER_LIMIT = 1_500
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"”’)]*\s+|\n+|(?<=[。！？])")
#: No sentence ends behind these.
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Inc|Co|Corp|Ltd|St|vs|No|approx|U\.S|U\.K|e\.g|i\.e)|\b[A-Z])\.$")
#: What a sentence's likeness to the whole, to the headline, and its place at the head of its text count.
_CENTRALITY_WEIGHT, _TITLE_WEIGHT, _POSITION_WEIGHT = 0.5, 0.3, 0.2
#: A sentence that shares so many of its words with one that is taken already says nothing new.
_MAX_OVERLAP = 0.6
#: A sentence that is worth so much less than the best is beside the matter.
_MIN_SCORE_RATIO = 0.45


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """A sentence as it stands in a development, and the publisher that says so (empty where none is known)."""

    text: str
    publisher: str
    development: str


@dataclass(frozen=True, slots=True)
class SummaryProposal:
    """A summary to be looked at: its sentences in the order in which what they tell happened."""

    sentences: tuple[QuotedSentence, ...]

    @property
    def text(self) -> str:
        """The sentences as one text, each with its source behind it: *Talks have begun. (Autovista24)*"""
        quotes = (f"{each.text} ({each.publisher})" if each.publisher else each.text for each in self.sentences)
        return " ".join(quotes)

    @property
    def word_count(self) -> int:
        """How many words the sources' sentences have."""
        return sum(count_words(each.text) for each in self.sentences)


@dataclass(frozen=True, slots=True)
class _CandidateSentence:
    quote: QuotedSentence
    tokens: TokenizedText
    weights: dict[str, float]
    position: int
    order: int


def count_words(text: str) -> int:
    """Words between blanks; of a script without blanks two characters count for one."""
    return sum(1 if word.isascii() else max(1, len(re.findall(r"[\u3040-\u9fff]", word)) // 2) for word in text.split())


def propose_summary(story: Story) -> SummaryProposal:
    """The sentences that say most of what a story's standing developments say, in at most :data:`WORDS` words.

    Empty for a story that has no sentence short enough. A headline counts as a sentence where a development has no text.
    """
    frequencies = DocumentFrequencies()
    candidates = list(_build_candidates(story.valid_developments, frequencies))
    centroid = Counter[str]()
    for each in candidates:
        centroid.update(each.weights)
    title = frequencies.weigh(tokenize(story.headline).terms)
    length = sum(weight * weight for weight in centroid.values()) ** 0.5 or 1.0

    def score(each: _CandidateSentence) -> float:
        centrality = sum(weight * centroid[term] for term, weight in each.weights.items()) / length
        return (
            _CENTRALITY_WEIGHT * centrality
            + _TITLE_WEIGHT * _dot_product(each.weights, title)
            + _POSITION_WEIGHT / (1 + each.position)
        )

    selection: list[_CandidateSentence] = []
    words_left, min_score = WORD_LIMIT, _MIN_SCORE_RATIO * max(map(score, candidates), default=0.0)
    # Of equals the newer one: where a story stands is what its readers ask.
    for each in sorted(candidates, key=lambda each: (-score(each), -each.order)):
        size = count_words(each.quote.text)
        if (
            0 < size <= words_left
            and score(each) >= min_score
            and all(_compute_overlap(each, other) < _MAX_OVERLAP for other in selection)
        ):
            selection.append(each)
            words_left -= size
    return SummaryProposal(tuple(each.quote for each in sorted(selection, key=lambda each: each.order)))


def _build_candidates(
    developments: Sequence[Development], frequencies: DocumentFrequencies
) -> Iterable[_CandidateSentence]:
    order = 0
    for development in developments:
        publisher = development.sources[0].publisher if development.sources else ""
        for position, text in enumerate(split_sentences(development.text) or (_end_with_period(development.headline),)):
            tokens = tokenize(text)
            quote = QuotedSentence(text, publisher, development.key)
            yield _CandidateSentence(quote, tokens, frequencies.weigh(tokens.terms), position, order)
            order += 1


def split_sentences(text: str) -> tuple[str, ...]:
    """The whole sentences of a text, blanks made single."""
    result: list[str] = []
    for piece in _SENTENCE.split(text[:_CHARACTER_LIMIT]):
        line = " ".join(piece.split())
        if result and _ABBREVIATION.search(result[-1]):
            result[-1] = f"{result[-1]} {line}"
        elif line:
            result.append(line)
    complete_sentences = [each for each in result if each[-1] in '.!?…。！？"”’)']
    return tuple(complete_sentences)


def _end_with_period(headline: str) -> str:
    return headline if headline[-1:] in ".!?…。！？" else f"{headline}."


def _compute_overlap(one: _CandidateSentence, other: _CandidateSentence) -> float:
    ours, theirs = set(one.tokens.headline_stems), set(other.tokens.headline_stems)
    return len(ours & theirs) / max(1, len(ours | theirs))


def _dot_product(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
