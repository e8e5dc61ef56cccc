"""What the starter collection states, value by value, to be compared with a table of where its document says so."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from bot.model.story import Development, Source, Story
from bot.model.terms import Term

#: Numbers in digits with their unit, and small numbers in words that count something.
_FIGURE = re.compile(
    r"\d[\d,.]*\d%?|\d+%?|\b(?:three|four|five|six|seven|eight|nine|ten|second|third)\b(?!-generation)|\bthird(?= generation)",
    re.IGNORECASE,
)
#: Numbers that are part of a name.
_NAMES = re.compile(r"\b(?:EX30|G6|Autovista24)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_MAX_WORDS = 6


def list_facts(story: Story) -> list[str]:
    """Return every sentence, party, date, claim, stage, figure, term, expectation and attribution of a story, each as a short text.

    Sentences and titles are given by their first words and a checksum, so that a changed one is another fact.
    """
    return list(dict.fromkeys(_iter_facts(story)))


def _iter_facts(story: Story) -> Iterator[str]:
    yield f"kind {story.kind}"
    yield from _iter_statements(story.headline, story.summary)
    for party in story.parties:
        yield f"party {party.company}: {party.role}" if party.role else f"party {party.company}"
    for development in story.developments:
        yield from _iter_development_facts(development)
    for event in story.expected_events:
        yield f"{event.key}: expected {event.date}"
        yield from _iter_sources(event.key, event.sources)
        yield from _iter_statements(event.headline)
    for term in story.terms:
        yield from _iter_term_facts(term)


def _iter_development_facts(development: Development) -> Iterator[str]:
    key = development.key
    yield f"{key}: date {development.date}"
    yield f"{key}: claim {development.claim}"
    if development.stage:
        yield f"{key}: stage {development.stage}"
    yield from _iter_sources(key, development.sources)
    yield from _iter_statements(development.headline, development.text)


def _iter_term_facts(term: Term) -> Iterator[str]:
    yield f"{term.key}: {term.name} {term.bound or ''} {term.amount} {term.unit}, {term.claim}, {term.date}"
    yield from _iter_sources(term.key, term.sources)


def _iter_sources(key: str, sources: tuple[Source, ...]) -> Iterator[str]:
    for source in sources:
        yield f"{key}: source {source.publisher}" + (f": {_abbreviate(source.title)}" if source.title else "")
        if source.date:
            yield f"{key}: source dated {source.date}"


def _abbreviate(text: str) -> str:
    """Return the first words of a text and its checksum."""
    return f"“{' '.join(text.split()[:_MAX_WORDS])} …” {zlib.crc32(text.encode()):08x}"


def _iter_statements(*texts: str) -> Iterator[str]:
    for text in texts:
        for sentence in filter(None, _SENTENCE_END.split(text)):
            yield _abbreviate(sentence)
        yield from (f"figure {figure.casefold()}" for figure in _FIGURE.findall(_NAMES.sub("", text)))
