"""The sentences that a story's summary can be made of, with what decides between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.entities.word_frequencies import is_common_word
from bot.model.story import Development, Story
from bot.model.text_folding import UNSPACED, fold
from bot.newsroom.quotations import remove_quotations
from bot.newsroom.summary_lines import can_be_quoted, count_words, split_lines
from bot.newsroom.superseded_figures import SentenceContent, get_stopwords, read_content
from bot.newsroom.tracker.text_features import DocumentFrequencies, tokenize

#: Of a story with more developments, the first and the newest are read; of a longer text, so many lines.
_FIRST_COUNT, _NEWEST_COUNT = 10, 40
_LINE_LIMIT = 10
#: No language's words are longer on average: a text of longer ones counts as more words, so that a card has room for it.
_MAX_WORD_LENGTH = 12
#: The weights of a sentence's similarity to the whole, of that to the headline, and of its position in its text.
_CENTRALITY_WEIGHT, _TITLE_WEIGHT, _POSITION_WEIGHT = 0.5, 0.3, 0.2
#: How much more a sentence counts whose development has brought a stage: such are the story's milestones.
_STAGE_FACTOR = 1.25
#: How much less one counts that refers to a sentence before it, which may be missing.
_PRONOUN_FACTOR = 0.7
_PRONOUN = re.compile(
    r"(?:it|its|he|his|she|her|they|their|this|these|that|those|neither|er|sie|es|seine?|ihre?|diese[rs]?|das|dies|dabei"
    r"|ello|esto|ella|él|ellos|sus?)\b|(?:同|それ|これ|彼)",
    re.IGNORECASE,
)
#: A sentence says nothing new if it shares this part of the words that it and another one have, or of its own.
_MAX_SHARED, _MAX_SHARED_OF_SHORTER = 0.75, 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that can be chosen.

    Attributes:
        age: the number of its development, oldest first.
        position: its position in its text; -1 for the headline above it.
        size: how many words it counts as.
        subject: the share of the story's parties that it names, or of its headline's words if no sentence names a party.
    """

    text: str
    development: Development
    age: int
    position: int
    size: int
    content: SentenceContent
    weights: Mapping[str, float]
    subject: float = 0.0
    score: float = 0.0

    @property
    def is_headline(self) -> bool:
        """Whether it is its development's headline."""
        return self.position < 0

    @property
    def introduction_rank(self) -> float:
        """How far it is from the best introduction of its development: its lead, then its headline, then the rest."""
        return 0.5 if self.is_headline else self.position

    @property
    def order(self) -> tuple[int, int]:
        """A key that sorts sentences as things happened."""
        return (self.age, self.position)

    def repeats(self, other: Candidate) -> bool:
        """Return whether it says what another one says, or gives another figure of the same thing.

        Two stages of a deal are never the same, whatever words the sentences share: *begin talks*, *end talks*.
        """
        if self.content.supersedes(other.content) or other.content.supersedes(self.content):
            return True
        stages = {self.development.stage, other.development.stage} - {None}
        ours, theirs = self.content.words, other.content.words
        shared = len(ours & theirs)
        return len(stages) < 2 and (
            shared >= _MAX_SHARED * len(ours | theirs) or shared >= _MAX_SHARED_OF_SHORTER * min(len(ours), len(theirs))
        )


def build_candidates(story: Story) -> list[Candidate]:
    """Return the sentences that can be quoted, oldest first, without those whose figures a later development replaces."""
    developments = story.valid_developments
    if len(developments) > _FIRST_COUNT + _NEWEST_COUNT:
        developments = (*developments[:_FIRST_COUNT], *developments[-_NEWEST_COUNT:])
    frequencies = DocumentFrequencies()
    candidates: list[Candidate] = []
    newer_contents: list[SentenceContent] = []
    for age in reversed(range(len(developments))):
        lines = [_read_line(developments[age], age, *line, frequencies) for line in _list_lines(developments[age])]
        candidates += (
            line
            for line in reversed(lines)
            if can_be_quoted(line.text) and not any(newer.supersedes(line.content) for newer in newer_contents)
        )
        newer_contents += (line.content for line in lines if line.content.figures)
    return _score(candidates[::-1], story, frequencies)


def _list_lines(development: Development) -> Iterator[tuple[int, str]]:
    headline = " ".join(development.headline.split())
    full_stop = "。" if UNSPACED.search(headline) else "."
    yield -1, headline if headline[-1:] in ".!?…。！？" else f"{headline}{full_stop}"
    yield from enumerate(split_lines(development.text)[:_LINE_LIMIT])


def _read_line(
    development: Development, age: int, position: int, text: str, frequencies: DocumentFrequencies
) -> Candidate:
    tokens, stopwords = tokenize(text), get_stopwords()
    terms = {term: weight for term, weight in tokens.terms.items() if term not in stopwords}
    size = max(count_words(text), -(-len(text) // _MAX_WORD_LENGTH))
    return Candidate(text, development, age, position, size, read_content(text), frequencies.weigh(terms))


def _score(candidates: Sequence[Candidate], story: Story, frequencies: DocumentFrequencies) -> list[Candidate]:
    """Return the candidates with their scores, and with what they say of the subject."""
    centroid = Counter[str]()
    for each in candidates:
        centroid.update(each.weights)
    title = frequencies.weigh(tokenize(story.headline).terms)
    length = sum(weight * weight for weight in centroid.values()) ** 0.5 or 1.0
    subjects = [_compute_named_share(each.text, story) for each in candidates]
    if not any(subjects):
        subjects = [_compute_headline_share(each.content, read_content(story.headline)) for each in candidates]
    return [
        replace(
            each,
            subject=subject,
            score=_compute_quality(each)
            * (
                _CENTRALITY_WEIGHT * _dot_product(each.weights, centroid) / length
                + _TITLE_WEIGHT * _dot_product(each.weights, title)
                + _POSITION_WEIGHT / (1 + abs(each.position))
            ),
        )
        for each, subject in zip(candidates, subjects, strict=True)
    ]


def _compute_quality(candidate: Candidate) -> float:
    """Return what a sentence's score is multiplied by: more for a new stage, less for a quotation and for *It also says …*."""
    words = max(1, count_words(candidate.text))
    own_share = count_words(remove_quotations(candidate.text)) / words
    stage_factor = _STAGE_FACTOR if candidate.development.stage else 1.0
    return (0.5 + 0.5 * own_share) * stage_factor * (_PRONOUN_FACTOR if _PRONOUN.match(candidate.text) else 1.0)


def _compute_named_share(text: str, story: Story) -> float:
    """Return the share of a story's parties that a text names, by their full name or by its first word."""
    folded = f" {fold(text)} "
    is_named = [any(_is_in(name, folded) for name in _list_names(party.company)) for party in story.parties]
    return sum(is_named) / max(1, len(is_named))


def _list_names(company: str) -> Iterable[str]:
    name = fold(company)
    first_word = name.partition(" ")[0]
    return (name, first_word) if len(first_word) >= 3 and not is_common_word(first_word) else (name,)


def _is_in(name: str, folded_text: str) -> bool:
    """Return whether a folded name begins a word of a text, or is anywhere in one without blanks."""
    return name in folded_text if UNSPACED.search(name) else f" {name}" in folded_text


def _compute_headline_share(content: SentenceContent, headline: SentenceContent) -> float:
    """Return which part of a headline's words a sentence has, in halves: of similar ones the oldest introduces the story."""
    return round(2 * len(content.stems & headline.stems) / max(1, len(headline.stems))) / 2


def _dot_product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
