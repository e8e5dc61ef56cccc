"""A story's summary out of its developments: sentences of the sources' own, each with who says so. A proposal, never published
by itself. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.story import Development, Story
from bot.newsroom.tracker.words import Rarity, Words, take_apart

#: The most words of a summary, without the names of the sources.
WORDS = 60
#: Of a development's text no more is looked at.
_READ = 1_500
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"”’)]*\s+|\n+|(?<=[。！？])")
#: No sentence ends behind these.
_SHORT = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Inc|Co|Corp|Ltd|St|vs|No|approx|U\.S|U\.K|e\.g|i\.e)|\b[A-Z])\.$")
#: What a sentence's likeness to the whole, to the headline, and its place at the head of its text count.
_CENTRE, _TITLE, _PLACE = 0.5, 0.3, 0.2
#: A sentence that shares so many of its words with one that is taken already says nothing new.
_SAID = 0.6
#: A sentence that is worth so much less than the best is beside the matter.
_LEAST = 0.45


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
        said = (f"{each.text} ({each.publisher})" if each.publisher else each.text for each in self.sentences)
        return " ".join(said)

    @property
    def words(self) -> int:
        """How many words the sources' sentences have."""
        return sum(count_words(each.text) for each in self.sentences)


@dataclass(frozen=True, slots=True)
class _Candidate:
    said: QuotedSentence
    words: Words
    weights: dict[str, float]
    place: int
    order: int


def count_words(text: str) -> int:
    """Words between blanks; of a script without blanks two characters count for one."""
    return sum(1 if word.isascii() else max(1, len(re.findall(r"[\u3040-\u9fff]", word)) // 2) for word in text.split())


def propose_summary(story: Story) -> SummaryProposal:
    """The sentences that say most of what a story's standing developments say, in at most :data:`WORDS` words.

    Empty for a story that has no sentence short enough. A headline counts as a sentence where a development has no text.
    """
    rarity = Rarity()
    found = list(_candidates(story.standing, rarity))
    centre = Counter[str]()
    for each in found:
        centre.update(each.weights)
    title = rarity.weigh(take_apart(story.headline).terms)
    length = sum(weight * weight for weight in centre.values()) ** 0.5 or 1.0

    def worth(each: _Candidate) -> float:
        middle = sum(weight * centre[term] for term, weight in each.weights.items()) / length
        return _CENTRE * middle + _TITLE * _dot(each.weights, title) + _PLACE / (1 + each.place)

    taken: list[_Candidate] = []
    left, least = WORDS, _LEAST * max(map(worth, found), default=0.0)
    # Of equals the newer one: where a story stands is what its readers ask.
    for each in sorted(found, key=lambda each: (-worth(each), -each.order)):
        size = count_words(each.said.text)
        if 0 < size <= left and worth(each) >= least and all(_shared(each, other) < _SAID for other in taken):
            taken.append(each)
            left -= size
    return SummaryProposal(tuple(each.said for each in sorted(taken, key=lambda each: each.order)))


def _candidates(developments: Sequence[Development], rarity: Rarity) -> Iterable[_Candidate]:
    order = 0
    for development in developments:
        publisher = development.sources[0].publisher if development.sources else ""
        for place, text in enumerate(sentences(development.text) or (_closed(development.headline),)):
            words = take_apart(text)
            said = QuotedSentence(text, publisher, development.key)
            yield _Candidate(said, words, rarity.weigh(words.terms), place, order)
            order += 1


def sentences(text: str) -> tuple[str, ...]:
    """The whole sentences of a text, blanks made single."""
    found: list[str] = []
    for piece in _SENTENCE.split(text[:_READ]):
        plain = " ".join(piece.split())
        if found and _SHORT.search(found[-1]):
            found[-1] = f"{found[-1]} {plain}"
        elif plain:
            found.append(plain)
    whole = [each for each in found if each[-1] in '.!?…。！？"”’)']
    return tuple(whole)


def _closed(headline: str) -> str:
    return headline if headline[-1:] in ".!?…。！？" else f"{headline}."


def _shared(one: _Candidate, other: _Candidate) -> float:
    ours, theirs = set(one.words.row), set(other.words.row)
    return len(ours & theirs) / max(1, len(ours | theirs))


def _dot(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
