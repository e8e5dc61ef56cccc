"""Proposals for a story's headline and summary: what developments say, each sentence with its source.

The first sentence names the subject, the last gives the newest state and is dated. Nothing repeats another sentence with
other words or another figure. A proposal is never published by itself. This module is pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.languages import LANGUAGES, format_series, get_language, use_language
from bot.model.dates import PartialDate
from bot.model.story import Story
from bot.model.text_folding import UNSPACED
from bot.newsroom.field_validation import HEADLINE_LIMIT
from bot.newsroom.summary_candidates import Candidate, build_candidates
from bot.newsroom.summary_lines import count_words
from bot.query.lexicon import LEXICONS

#: The most words of a summary, without its sources, and the most sentences: as many as the form asks for.
WORD_LIMIT = 60
SENTENCE_LIMIT = 4
#: The newest state takes at most so many words if a shorter sentence gives it too.
_STATE_WORD_LIMIT = 40
#: What a newer sentence must say more of the subject to introduce the story: half of it at the story's end.
_AGE_WEIGHT = 0.5
#: A sentence with less than this part of the best score is beside the point.
_MIN_SCORE_RATIO = 0.45


@dataclass(frozen=True, slots=True)
class QuotedSentence:
    """A sentence of a development, with the publisher that says so (empty if none is known).

    Attributes:
        date: the date of the development, if the proposal shows it.
    """

    text: str
    publisher: str
    development: str
    date: PartialDate | None = None

    @property
    def date_text(self) -> str:
        """The date, as precise as it is known, in the language of the sentence; empty if it is not shown.

        A summary is stored once for readers in all languages, so the date fits the sentence, not the editor.
        """
        with use_language(_guess_language(self.text)):
            return self.date.display if self.date else ""

    @property
    def attribution(self) -> str:
        """The publisher and the date, as far as they are known and shown: *Autovista24, 16 Feb 2025*."""
        with use_language(_guess_language(self.text)):
            return format_series(filter(None, (self.publisher, self.date_text)))


@dataclass(frozen=True, slots=True)
class SummaryProposal:
    """A proposed summary: its sentences in the order of what happened. The last is dated."""

    sentences: tuple[QuotedSentence, ...]

    @property
    def text(self) -> str:
        """Return the sentences as one text, each followed by its source: *Talks have begun. (Autovista24, 16 Feb 2025)*"""
        return " ".join(_add_in_brackets(each.text, each.attribution) for each in self.sentences)

    @property
    def word_count(self) -> int:
        """Return how many words the sentences have, without their sources."""
        return sum(count_words(each.text) for each in self.sentences)


def propose_summary(story: Story) -> SummaryProposal:
    """Choose the sentences that best represent a story's valid developments, of at most :data:`WORD_LIMIT` words together.

    The first names the story's parties, if any sentence does. The last is of the newest development that has one to quote.
    The proposal is empty if no sentence can be quoted.
    """
    candidates = [each for each in build_candidates(story) if each.size <= WORD_LIMIT]
    newest = _choose_newest(candidates)
    if newest is None:
        return SummaryProposal(())
    return _build_proposal(_add_between(_choose_first(candidates, newest), newest, candidates))


@dataclass(frozen=True, slots=True)
class DescriptionProposal:
    """A headline and a summary, as a form offers them."""

    headline: str
    summary: str


def propose_description(story: Story) -> DescriptionProposal:
    """Propose the headline of the development that brought the present stage, and a summary of it and of what came after it.

    The summary begins with that development's own text, which the headline above it introduces. Its date is at the end, but
    no publishers. A story whose headline is up to date keeps both.
    """
    development = story.title_development
    if development is None:
        return DescriptionProposal(story.headline, story.summary)
    index = story.valid_developments.index(development)
    later_story = replace(story, developments=story.valid_developments[index:])
    candidates = [each for each in build_candidates(later_story) if each.size <= WORD_LIMIT]
    proposal = SummaryProposal(())
    newest = _choose_newest(candidates)
    if newest is not None:
        proposal = _build_proposal(_add_between(_choose_opening(candidates, newest), newest, candidates))
    # The date is that of the last sentence, in the language of the sentence.
    quotes = (_add_in_brackets(each.text, each.date_text) for each in proposal.sentences)
    return DescriptionProposal(development.headline[:HEADLINE_LIMIT], " ".join(quotes))


def _choose_newest(candidates: Sequence[Candidate]) -> Candidate | None:
    """Choose the sentence that gives the newest state: of the text if that has one, else the headline."""
    age = max((each.age for each in candidates), default=0)
    newest = [each for each in candidates if each.age == age]
    short = [each for each in newest if each.size <= _STATE_WORD_LIMIT]
    in_text = [each for each in short if not each.is_headline]
    return max(in_text or short or newest, key=lambda each: (each.score, -each.position), default=None)


def _choose_first(candidates: Sequence[Candidate], newest: Candidate) -> Candidate | None:
    """Choose the sentence that introduces the story: an old one that names its parties.

    Return None if the newest state has to introduce it, because only that names a party.
    """
    possible = [
        each
        for each in candidates
        if each.order < newest.order
        and each.size + newest.size <= WORD_LIMIT
        and not each.repeats(newest)
        and (each.subject > 0 or newest.subject == 0)
    ]
    newest_age = max(1, newest.age)
    return min(
        possible,
        key=lambda each: (_AGE_WEIGHT * each.age / newest_age - each.subject, each.age, each.introduction_rank),
        default=None,
    )


def _choose_opening(candidates: Sequence[Candidate], newest: Candidate) -> Candidate | None:
    """Choose the first sentence of the oldest development, or its headline, if it says other than the newest state."""
    possible = [
        each
        for each in candidates
        if each.age == 0
        and each.age < newest.age
        and each.size + newest.size <= WORD_LIMIT
        and not each.repeats(newest)
    ]
    return min(possible, key=lambda each: each.introduction_rank, default=None)


def _add_between(first: Candidate | None, newest: Candidate, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Add the best sentences between the first and the newest, in the order of what happened.

    Those of the newest development's text may also follow the newest state if there is no other development. Developments
    of which nothing is chosen yet come before the rest, and of equal scores the newer: readers ask where a story is now.
    """
    selection = [newest] if first is None else [first, newest]
    words_left = WORD_LIMIT - sum(each.size for each in selection)
    min_score = _MIN_SCORE_RATIO * max(each.score for each in candidates)
    ages_with_text = {each.age for each in candidates if not each.is_headline}
    possible = [
        each
        for each in sorted(candidates, key=lambda each: (each.score, each.order), reverse=True)
        if selection[0].order < each.order
        and (each.order < newest.order or selection[0].age == newest.age)
        and not (each.is_headline and each.age in ages_with_text)
        and each.score >= min_score
    ]
    for is_new_development in (True, False):
        for each in possible:
            if (
                len(selection) < SENTENCE_LIMIT
                and each.size <= words_left
                and not (is_new_development and any(each.age == other.age for other in selection))
                and not any(each.repeats(other) for other in selection)
            ):
                selection.append(each)
                words_left -= each.size
    return sorted(selection, key=lambda each: each.order)


def _build_proposal(selection: Sequence[Candidate]) -> SummaryProposal:
    last_index = len(selection) - 1
    return SummaryProposal(
        tuple(
            QuotedSentence(
                each.text,
                each.development.sources[0].publisher if each.development.sources else "",
                each.development.key,
                each.development.date if index == last_index else None,
            )
            for index, each in enumerate(selection)
        )
    )


def _add_in_brackets(text: str, attribution: str) -> str:
    return f"{text} ({attribution})" if attribution else text


def _guess_language(text: str) -> str:
    """Return the code of the language of a sentence by its script and its most frequent words; the current one if unsure."""
    if UNSPACED.search(text):
        return "ja"
    words = text.lower().split()
    counts = {
        lexicon.code: sum(word in lexicon.statements.function_words.split() for word in words)
        for lexicon in LEXICONS
        if lexicon.statements is not None and lexicon.code in LANGUAGES
    }
    current = get_language().code
    return max(counts, key=lambda code: (counts[code], code == current))
