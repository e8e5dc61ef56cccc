"""The direct answer above a story's card: what its data say to the question, with claim, date and sources, in one line."""

from __future__ import annotations

from datetime import date
from functools import partial

from bot.cards import developments, labels
from bot.cards.escaping import escape_line
from bot.cards.expected_events import describe_expected
from bot.cards.markdown import join_parts
from bot.languages import say
from bot.library.answers import (
    DirectAnswer,
    Evidence,
    QuotedDevelopment,
    describe_buyers,
    describe_direct_answer,
)
from bot.model.expected_event import ExpectedEvent
from bot.model.story import Development
from bot.model.terms import Term

_NAME_LIMIT = 60
_QUOTE_LIMIT = 240
_SOURCES_LIMIT = 280


def direct_answer_line(answer: DirectAnswer, today: date | None) -> str:
    """Return the line: the sentence, what it rests on, and the other side of a disputed story."""
    escape = partial(escape_line, limit=_NAME_LIMIT)
    sentence = describe_direct_answer(answer, escape)
    rest = join_parts(
        *(_evidence_text(evidence, today) for evidence in answer.evidence),
        describe_buyers(answer, escape) if answer.names_buyers_apart else "",
        say("Stage: {stage}", stage=answer.open_stage.label) if answer.open_stage else "",
        _denial_text(answer.denial) if answer.denial else "",
    )
    return f"**{sentence}** {rest}" if sentence.endswith((":", "：")) else join_parts(f"**{sentence}**", rest)


def _evidence_text(evidence: Evidence, today: date | None) -> str:
    match evidence:
        case Term():
            figure = f"{labels.CLAIM_SYMBOLS[evidence.claim]} {escape_line(evidence.display, _NAME_LIMIT)}"
            date_label = evidence.date.display if evidence.date else ""
            sources = developments.source_list(evidence.sources, _SOURCES_LIMIT)
            return join_parts(figure, evidence.claim.label, date_label, sources)
        case ExpectedEvent():
            sources = developments.publisher_list(evidence.sources, _SOURCES_LIMIT)
            return join_parts(_quote(evidence.headline), describe_expected(evidence, today), sources)
        case QuotedDevelopment():
            return join_parts(_quote(evidence.quote), _development_text(evidence.development))
        case Development():
            return _development_text(evidence)


def _development_text(development: Development) -> str:
    claim, date_label = developments.meta(development)
    symbol = labels.CLAIM_SYMBOLS[development.claim]
    return join_parts(f"{symbol} {claim}", date_label, developments.source_list(development.sources, _SOURCES_LIMIT))


def _denial_text(denial: Development) -> str:
    """Return the denial with its headline, which says what is denied."""
    return join_parts(_quote(denial.headline), _development_text(denial))


def _quote(words: str) -> str:
    # Translators: words of a source
    return say("“{quote}”", quote=escape_line(words, _QUOTE_LIMIT))
