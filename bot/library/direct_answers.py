"""Direct answers: what a story's data say to a question such as ``did it close``, with who says so.

Everything is taken from the stage, the figures, the expected events, the roles and the developments of the story. Nothing
without a source is an answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.entities.well_known import find_well_known_name
from bot.entities.word_frequencies import is_common_word
from bot.library.answers import DirectAnswer, Evidence, Finding, QuotedDevelopment
from bot.library.ranking import RankedStory
from bot.model.company import face_each_other, is_buyer, is_proposed
from bot.model.expected_event import ExpectedEvent
from bot.model.figures import find_quantities
from bot.model.sentences import find_sentences
from bot.model.story import Development, Story
from bot.model.terms import TermGroup, TermName, group_terms
from bot.model.text_folding import fold_words
from bot.model.vocabulary import Claim, Stage
from bot.query.facets import find_facets
from bot.query.lexicon import QuestionKind
from bot.query.query_parser import ParsedQuery
from bot.query.question_kinds import gives_reason, is_per_share

_FAILED = frozenset((Stage.TERMINATED, Stage.LAPSED))
#: The names of the figures that answer a question, the most fitting first.
_TERM_NAMES = {
    QuestionKind.AMOUNT: (TermName.VALUE, TermName.INVESTMENT),
    QuestionKind.PRICE_PER_SHARE: (TermName.PRICE_PER_SHARE,),
    QuestionKind.STAKE: (TermName.STAKE,),
}
#: How many sides, or events, a line shows.
_MAX_EVIDENCE = 2
_NOT_GIVEN = {
    QuestionKind.AMOUNT: Finding.NO_AMOUNT,
    QuestionKind.PRICE_PER_SHARE: Finding.NO_PRICE_PER_SHARE,
    QuestionKind.STAKE: Finding.NO_STAKE,
}


def has_subject(question: QuestionKind, match: RankedStory, parsed_query: ParsedQuery) -> bool:
    """Return whether a story has what a question is about, so that its data answer it: the companies, the names, the kind.

    A common word that it lacks may belong to how the question is phrased, and so may that of a kind in one about figures.
    """
    if match.mentioned_companies or any(map(find_well_known_name, parsed_query.terms)):
        return False
    subjects = [
        *(parsed_query.spell(word) for word in parsed_query.terms if not is_common_word(word)),
        *(facet.short_label for facet in parsed_query.facets if facet.kinds and not question.is_about_figures),
    ]
    return set(match.missing_parts).isdisjoint(subjects)


def find_direct_answer(question: QuestionKind, story: Story, companies: Sequence[str] = ()) -> DirectAnswer | None:
    """Return what a story says to a question that names these companies.

    None if stories of its kind cannot say anything to it, or if two of the companies do not deal with each other in it.
    """
    if question is QuestionKind.STAKE:
        return _find_figure(question, story)
    parties = {party.company for party in story.parties}
    pair = [company for company in companies if company in parties][:2]
    is_pair = len(pair) > 1
    if is_pair and not face_each_other(story.kind, story.parties, pair[0], pair[1]):
        return None
    if question.is_about_figures:
        return _find_figure(question, story)
    answer = _find_fact(question, story) if story.kind.is_deal else None
    # Who of the two buys the other may not be as the question has it.
    return replace(answer, buyers=_find_buyers(story)) if answer and answer.evidence and is_pair else answer


def _find_fact(question: QuestionKind, story: Story) -> DirectAnswer | None:
    match question:
        case QuestionKind.BUYER:
            return _find_buyer(story)
        case QuestionKind.CLOSING_DATE if story.is_open:
            return _find_closing_date(story)
        case QuestionKind.REASON if story.stage in _FAILED:
            return _find_reason(story)
        case _:
            return _find_state(question, story)


def _answer(question: QuestionKind, finding: Finding, story: Story, *evidence: Evidence) -> DirectAnswer:
    """Return an answer with the denial of a disputed story, unless it is about figures, which have sides of their own."""
    denial = story.dispute.denial if story.dispute and not question.is_about_figures else None
    return DirectAnswer(
        question, finding, story.kind, story.stage, evidence, denial if denial and denial.sources else None
    )


def _find_state(question: QuestionKind, story: Story) -> DirectAnswer:
    development = _find_stage_development(story)
    if development is None:
        unknown = Finding.UNKNOWN_IF_ENDED if question.is_about_end else Finding.UNKNOWN_IF_CLOSED
        return _answer(question, unknown, story)
    is_confirmed = development.claim is Claim.CONFIRMED
    if story.stage is Stage.COMPLETED:
        finding = Finding.COMPLETED if is_confirmed else Finding.REPORTED_COMPLETED
    elif story.stage not in _FAILED:
        finding = Finding.NOT_ENDED if question.is_about_end else Finding.NOT_CLOSED
    elif not is_confirmed:
        finding = Finding.REPORTED_ENDED
    else:
        was_completed = any(d.stage is Stage.COMPLETED for d in story.valid_developments)
        finding = Finding.ENDED_LATER if was_completed else Finding.ENDED
    return _answer(question, finding, story, development)


def _find_closing_date(story: Story) -> DirectAnswer:
    """Return when an open deal is expected to close."""
    question = QuestionKind.CLOSING_DATE
    events = [event for event in story.open_events if event.sources and _is_closing(event)]
    if events:
        return _answer(question, Finding.CLOSING_EXPECTED, story, *events[:_MAX_EVIDENCE])
    development = _find_stage_development(story)
    if development is None:
        return _answer(question, Finding.NO_CLOSING_DATE_OR_STAGE, story)
    return _answer(question, Finding.NO_CLOSING_DATE, story, development)


def _is_closing(event: ExpectedEvent) -> bool:
    """Return whether the headline of an event has a word for closing."""
    facets, _ = find_facets(fold_words(event.headline))
    return any(Stage.COMPLETED in facet.stages for facet in facets)


def _find_reason(story: Story) -> DirectAnswer:
    """Return why a deal ended: a sentence that gives a reason, else the headline of the newest development of that stage."""
    question = QuestionKind.REASON
    developments = [*reversed(_list_stage_developments(story))]
    for development in developments:
        for sentence in (development.headline, *_split_sentences(development.text)):
            if gives_reason(sentence):
                finding = Finding.REASON if development.claim is Claim.CONFIRMED else Finding.REPORTED_REASON
                return _answer(question, finding, story, QuotedDevelopment(development, sentence))
    if not developments:
        return _answer(question, Finding.UNKNOWN_IF_ENDED, story)
    newest = developments[0]
    return _answer(question, Finding.END_QUOTED, story, QuotedDevelopment(newest, newest.headline))


def _find_buyer(story: Story) -> DirectAnswer | None:
    """Return who buys; None if that is only denied, or without a source."""
    buyers = _find_buyers(story)
    if not buyers:
        return _answer(QuestionKind.BUYER, Finding.NO_BUYER, story)
    development = _find_stage_development(story) or _find_newest(story)
    finding = Finding.BUYER if story.stage else Finding.BUYER_WITHOUT_STAGE
    return replace(_answer(QuestionKind.BUYER, finding, story, development), buyers=buyers) if development else None


def _find_buyers(story: Story) -> tuple[tuple[str, bool], ...]:
    """Return the companies in the role of a buyer, and whether each is only proposed."""
    return tuple((party.company, is_proposed(party.role)) for party in story.parties if is_buyer(party.role))


def _find_figure(question: QuestionKind, story: Story) -> DirectAnswer:
    groups = {group.name: group for group in group_terms(term for term in story.terms if term.sources)}
    for name in _TERM_NAMES[question]:
        if name in groups:
            return _answer_with_group(question, story, groups[name])
    quotes = _find_amounts(question, story)
    if quotes:
        return _answer(question, Finding.FIGURE_QUOTED, story, *quotes)
    is_in_summary = any(_list_amounts(question, text) for text in (story.headline, *_split_sentences(story.summary)))
    return _answer(question, Finding.FIGURE_UNSOURCED if is_in_summary else _NOT_GIVEN[question], story)


def _answer_with_group(question: QuestionKind, story: Story, group: TermGroup) -> DirectAnswer:
    """Return the figures of one name; if sources differ, the newest figure and the newest against it."""
    newest = group.terms[0]
    others = [
        term
        for term in group.terms[1:]
        if term.figure != newest.figure or (term.claim is Claim.DENIED) is not (newest.claim is Claim.DENIED)
    ]
    if not others:
        best = next((term for term in group.terms if term.claim is Claim.CONFIRMED), newest)
        return _answer(question, Finding.FIGURE, story, best)
    finding = Finding.FIGURES_DIFFER if group.is_disputed else Finding.FIGURE
    return _answer(question, finding, story, newest, *others[: _MAX_EVIDENCE - 1])


def _find_amounts(question: QuestionKind, story: Story) -> list[QuotedDevelopment]:
    """Return the newest words with an amount, and the newest with another; headlines before texts, denials last."""
    developments = [d for d in reversed(story.valid_developments) if d.sources]
    for is_denied in (False, True):
        candidates = [d for d in developments if (d.claim is Claim.DENIED) is is_denied]
        headlines = [QuotedDevelopment(d, d.headline) for d in candidates]
        texts = [QuotedDevelopment(d, sentence) for d in candidates for sentence in _split_sentences(d.text)]
        for quotes in (headlines, texts):
            quotes_by_amount = {_list_amounts(question, each.quote): each for each in reversed(quotes)}
            chosen = [each for amounts, each in reversed(quotes_by_amount.items()) if amounts]
            if chosen:
                return chosen[:_MAX_EVIDENCE]
    return []


def _list_amounts(question: QuestionKind, sentence: str) -> tuple[tuple[Decimal, str | None], ...]:
    """Return the amounts of the kind that is asked for."""
    text = unicodedata.normalize("NFKC", sentence)
    if is_per_share(text) is not (question is QuestionKind.PRICE_PER_SHARE):
        return ()
    amounts = [(quantity.amount, quantity.unit) for quantity in find_quantities(text) if quantity.unit]
    return tuple(amount for amount in amounts if (amount[1] == "%") is (question is QuestionKind.STAKE))


def _find_stage_development(story: Story) -> Development | None:
    """Return the development that shows the present stage: the first confirmed one of that stage, else the first."""
    developments = _list_stage_developments(story)
    return next((d for d in developments if d.claim is Claim.CONFIRMED), next(iter(developments), None))


def _list_stage_developments(story: Story) -> list[Development]:
    """Return the developments with a source since the deal came to its present stage that name it, oldest first."""
    developments: list[Development] = []
    for development in reversed(story.valid_developments):
        if development.stage is None or development.claim is Claim.DENIED:
            continue
        if development.stage is not story.stage:
            break
        if development.sources:
            developments.insert(0, development)
    return developments


def _find_newest(story: Story) -> Development | None:
    return next((d for d in reversed(story.valid_developments) if d.sources and d.claim is not Claim.DENIED), None)


def _split_sentences(text: str) -> list[str]:
    return [line for _, sentence in find_sentences(text) if (line := sentence.strip())]
