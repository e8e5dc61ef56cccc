"""Proposals for a story's headline and summary: what developments say, each sentence with its source.

A proposal is never published by itself. This module is pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.model.story import Development, Story
from bot.newsroom.field_validation import HEADLINE_LIMIT, SUMMARY_LIMIT
from bot.newsroom.tracker.text_features import DocumentFrequencies, TokenizedText, tokenize

#: The most words of a summary, without its sources.
WORD_LIMIT = 60
#: How many characters of a development's text are read.
_CHARACTER_LIMIT = 1_500
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"”’)]*\s+|\n+|(?<=[。！？])")
#: Abbreviations that end no sentence.
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Inc|Co|Corp|Ltd|St|vs|No|approx|U\.S|U\.K|e\.g|i\.e)|\b[A-Z])\.$")
#: The weights of a sentence's similarity to the whole, of that to the headline, and of its position in its text.
_CENTRALITY_WEIGHT, _TITLE_WEIGHT, _POSITION_WEIGHT = 0.5, 0.3, 0.2
#: A sentence that shares this part of its words with a chosen one says nothing new.
_MAX_OVERLAP = 0.6
#: A sentence with less than this part of the best score is beside the point.
_MIN_SCORE_RATIO = 0.45


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """A sentence of a development, with the publisher that says so (empty if none is known)."""

    text: str
    publisher: str
    development: str


@dataclass(frozen=True, slots=True)
class SummaryProposal:
    """A proposed summary: its sentences in the order of what happened."""

    sentences: tuple[QuotedSentence, ...]

    @property
    def text(self) -> str:
        """Return the sentences as one text, each followed by its source: *Talks have begun. (Autovista24)*"""
        quotes = (f"{each.text} ({each.publisher})" if each.publisher else each.text for each in self.sentences)
        return " ".join(quotes)

    @property
    def word_count(self) -> int:
        """Return how many words the sentences have, without their sources."""
        return sum(count_words(each.text) for each in self.sentences)


@dataclass(frozen=True, slots=True)
class _CandidateSentence:
    quote: QuotedSentence
    tokens: TokenizedText
    weights: dict[str, float]
    position: int
    order: int


def count_words(text: str) -> int:
    """Return how many words a text has; in a script without blanks two characters count as one."""
    return sum(1 if word.isascii() else max(1, len(re.findall(r"[\u3040-\u9fff]", word)) // 2) for word in text.split())


def propose_summary(story: Story) -> SummaryProposal:
    """Choose the sentences that best represent a story's valid developments, of at most :data:`WORD_LIMIT` words together.

    The proposal is empty if no sentence is short enough. The headline counts as the sentence of a development without a
    text.
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
    # Of equal scores the newer sentence wins: readers ask where a story stands now.
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
    """Return the complete sentences of a text, with single blanks."""
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


@dataclass(frozen=True, slots=True)
class DescriptionProposal:
    """A headline and a summary, as a form offers them."""

    headline: str
    summary: str


def propose_description(story: Story) -> DescriptionProposal:
    """Propose the headline of the development that brought the present stage, and its text with sentences of what came after it.

    A story whose headline is up to date keeps both.
    """
    development = story.title_development
    if development is None:
        return DescriptionProposal(story.headline, story.summary)
    index = story.valid_developments.index(development)
    summary = development.text or f"{development.headline.rstrip('.')}."
    later_news = propose_summary(replace(story, developments=story.valid_developments[index + 1 :]))
    for sentence in later_news.sentences:
        longer_summary = f"{summary} {sentence.text}"
        if len(longer_summary) <= SUMMARY_LIMIT:
            summary = longer_summary
    return DescriptionProposal(development.headline[:HEADLINE_LIMIT], summary[:SUMMARY_LIMIT])
