"""The stage and the claim that a text states, with the words that state them: a recommendation for the desk.

The phrases of each language are in its lexicon (:mod:`bot.query.lexicon.statements`), and each is looked up within one
sentence. A phrase that is negated, wanted or merely possible does not count as done: a denial moves no stage, and what a
company *plans to complete* is not completed. A text that fits no phrase states no stage: the desk chooses it then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from bot.model.tracking import Extraction, TextSpan
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.sentences import find_languages, split_sentences
from bot.newsroom.statement_reader import Span, StageMatch, StatementReader
from bot.query.lexicon import LEXICONS

#: How many characters of a text are read: its news comes first.
CHARACTER_LIMIT = 1_200
#: In how many characters of a text a stage is looked for: its lead. What follows also tells of other deals.
_LEAD_LIMIT = 500
#: A company that speaks for itself: ``Foxconn: cooperation is our goal``, or an agency's summary of what one announced,
#: ``BRIEF-…``. ``Deal closed: …`` names no speaker.
_SPEAKER = re.compile(
    r"BRIEF-|(?![^:]{0,40}['’]s [A-Z])(?!(?:Analysis|Breaking|Comment|Exclusive|Explainer|Factbox|Opinion|Report|Sources|Update|Video|Watch)\b)"
    r"[A-Z][\w&.'’-]{0,30}(?: [A-Z&][\w&.'’-]{0,30}){0,2}: (?=[a-z“\"])"
)
_STATEMENTS = {lexicon.code: lexicon.statements for lexicon in LEXICONS if lexicon.statements is not None}


def extract_stage_and_claim(title: str, text: str = "") -> Extraction:
    """Return the stage and the claim of a title, completed from the beginning of the text."""
    parts: tuple[tuple[Literal["title", "text"], str], ...] = (
        ("title", title[:CHARACTER_LIMIT]),
        ("text", text[:CHARACTER_LIMIT]),
    )
    stage: Stage | None = None
    stage_words: TextSpan | None = None
    claim: Claim | None = None
    claim_words: TextSpan | None = None
    for part, words in parts:
        for start, sentence in split_sentences(words):
            readers = _get_readers(sentence)
            if claim is None:
                claim, claim_span = _find_claim(readers, sentence)
                claim_words = _make_span(part, start, sentence, claim_span)
            stage_match = _find_stage(readers, sentence)
            if claim is None and stage_match.denial_span is not None:
                claim, claim_words = Claim.DENIED, _make_span(part, start, sentence, stage_match.denial_span)
            if stage is None and claim is not Claim.DENIED and (part == "title" or start < _LEAD_LIMIT):
                stage = stage_match.stage
                stage_words = _make_span(part, start, sentence, stage_match.stage_span)
        speaker = _SPEAKER.match(words) if part == "title" and claim is None else None
        if speaker:
            claim, claim_words = Claim.CONFIRMED, _make_span(part, 0, words.lower(), speaker.span())
    if claim is Claim.DENIED:
        # A denial changes no stage, even if an earlier sentence named one.
        stage, stage_words = None, None
    return Extraction(stage, claim or Claim.REPORTED, stage_words, claim_words)


def extract_stated_stages(text: str) -> Iterator[Stage]:
    """Yield the stage that each sentence of a text states; sentences that state none are left out."""
    for _, sentence in split_sentences(text):
        readers = _get_readers(sentence)
        stage = _find_stage(readers, sentence).stage
        if stage is not None and _find_claim(readers, sentence)[0] is not Claim.DENIED:
            yield stage


def _make_span(part: Literal["title", "text"], start: int, sentence: str, span: Span | None) -> TextSpan | None:
    return TextSpan(part, start + span[0], start + span[1], sentence[slice(*span)]) if span else None


def _get_readers(sentence: str) -> Sequence[StatementReader]:
    return [_get_reader(code) for code in find_languages(sentence)]


@cache
def _get_reader(code: str) -> StatementReader:
    # Compiled on first use: all languages at once would delay every start.
    return StatementReader(_STATEMENTS[code])


def _find_claim(readers: Sequence[StatementReader], sentence: str) -> tuple[Claim | None, Span | None]:
    for reader in readers:
        claim = reader.find_claim(sentence)
        if claim is not None:
            return claim
    return None, None


def _find_stage(readers: Sequence[StatementReader], sentence: str) -> StageMatch:
    """Find the stage by the first language that knows one."""
    denial_span: Span | None = None
    for reader in readers:
        match = reader.find_stage(sentence)
        if match.is_final:
            return match
        denial_span = denial_span or match.denial_span
    return StageMatch(denial_span=denial_span)
