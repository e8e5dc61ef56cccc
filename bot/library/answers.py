"""The answers of the library: plain values that a card or the terminal renders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.languages import format_list, format_series, lazy, say
from bot.model.company import Company
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import LastSeen
from bot.model.list_query import ListQuery
from bot.model.story import Development, DevelopmentListItem, ExpectedListItem, Story, StoryListItem
from bot.model.terms import Term
from bot.model.vocabulary import Kind, Stage
from bot.query.lexicon import QuestionKind

_MAX_BUYERS = 4


class SuggestionKind(StrEnum):
    """Whether a suggestion is a story or a company."""

    STORY = "story"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class QuerySuggestion:
    """A suggestion for a question without a match: a story (``value`` is its slug) or a company (its name), with its label."""

    kind: SuggestionKind
    value: str
    label: str


class Finding(StrEnum):
    """What a direct answer says: its sentence, which the evidence follows."""

    COMPLETED = lazy("{kind}: completed")
    REPORTED_COMPLETED = lazy("{kind}: completed, according to reports")
    #: It was terminated or has lapsed, and no source says that it had closed before.
    ENDED = lazy("{kind}: ended without closing. Stage: {stage}")
    ENDED_LATER = lazy("{kind}: ended. Stage: {stage}")
    REPORTED_ENDED = lazy("{kind}: reported to have ended. Stage: {stage}")
    NOT_CLOSED = lazy("{kind}: no source here says that it has closed. Stage: {stage}")
    NOT_ENDED = lazy("{kind}: no source here says that it is off. Stage: {stage}")
    UNKNOWN_IF_CLOSED = lazy("{kind}: no source here says whether it has closed")
    UNKNOWN_IF_ENDED = lazy("{kind}: no source here says whether it is still on")
    # Translators: of a deal; what is expected follows, with its date
    CLOSING_EXPECTED = lazy("{kind}: no source here says that it has closed. Expected:")
    NO_CLOSING_DATE = lazy("{kind}: no source here gives a closing date. Stage: {stage}")
    NO_CLOSING_DATE_OR_STAGE = lazy("{kind}: no source here gives a closing date")
    # Translators: why a deal ended, in the words of a party, which follow
    REASON = lazy("Reason given:")
    # Translators: why a deal ended, in the words of a publisher, which follow
    REPORTED_REASON = lazy("Reported reason:")
    # Translators: a headline about the end of a deal follows
    END_QUOTED = lazy("How it ended:")
    # Translators: the name of a figure of a deal, and the deal's kind; the figure follows
    FIGURE = lazy("{name} ({kind}):")
    # Translators: the name of a figure of a deal, and the deal's kind; what each source says follows
    FIGURES_DIFFER = lazy("{name} ({kind}), sources differ:")
    # Translators: the words of developments that have the figure which was asked for follow
    FIGURE_QUOTED = lazy("From the developments:")
    #: The summary or the headline has one, and no development.
    FIGURE_UNSOURCED = lazy("A figure is in the summary, but no source is recorded for it")
    NO_AMOUNT = lazy("No source here gives an amount")
    NO_PRICE_PER_SHARE = lazy("No source here gives a price per share")
    NO_STAKE = lazy("No source here gives the size of the stake")
    BUYER = lazy("Buyer: {names}. Stage: {stage}")
    BUYER_WITHOUT_STAGE = lazy("Buyer: {names}")
    NO_BUYER = lazy("No party here is recorded as the buyer")


@dataclass(frozen=True, slots=True)
class QuotedDevelopment:
    """A development with the words of it that answer a question: its headline, or a sentence of its text."""

    development: Development
    quote: str


Evidence: TypeAlias = Development | QuotedDevelopment | Term | ExpectedEvent


@dataclass(frozen=True, slots=True)
class DirectAnswer:
    """What a story's data say to a question.

    Attributes:
        kind: the story's kind.
        stage: its stage.
        evidence: what the answer rests on; two if sources give different answers, nothing if the answer is not known.
        denial: the other side of a disputed story.
        buyers: companies in the role of a buyer, each with whether it is only proposed; if they answer the question, or if it
            names two companies, of which the one buys the other.
    """

    question: QuestionKind
    finding: Finding
    kind: Kind
    stage: Stage | None = None
    evidence: tuple[Evidence, ...] = ()
    denial: Development | None = None
    buyers: tuple[tuple[str, bool], ...] = ()

    @property
    def names_buyers_apart(self) -> bool:
        """Whether the buyers are told besides the sentence, and not in it."""
        return bool(self.buyers) and self.question is not QuestionKind.BUYER

    @property
    def open_stage(self) -> Stage | None:
        """The stage in which figures are not final: nobody has paid them. None for other questions, and once completed."""
        is_open = self.question.is_about_figures and self.evidence and self.stage is not Stage.COMPLETED
        return self.stage if is_open else None


def describe_direct_answer(answer: DirectAnswer, escape: Callable[[str], str] = str) -> str:
    """Return the sentence that the evidence follows, in the current language; ``escape`` is applied to outside text."""
    return say(
        answer.finding.value,
        kind=answer.kind.label,
        stage=answer.stage.label if answer.stage else "",
        name=next((evidence.name.label for evidence in answer.evidence if isinstance(evidence, Term)), ""),
        names=_list_buyers(answer, escape),
    )


def describe_buyers(answer: DirectAnswer, escape: Callable[[str], str] = str) -> str:
    """Return who buys, as :func:`describe_direct_answer` writes it."""
    return say(Finding.BUYER_WITHOUT_STAGE.value, names=_list_buyers(answer, escape))


def _list_buyers(answer: DirectAnswer, escape: Callable[[str], str]) -> str:
    names = [
        # Translators: a company that is only proposed as the buyer
        say("{company} (proposed)", company=escape(company)) if is_only_proposed else escape(company)
        for company, is_only_proposed in answer.buyers[:_MAX_BUYERS]
    ]
    return format_list([*names, *(["…"] if len(answer.buyers) > _MAX_BUYERS else [])])


@dataclass(frozen=True, slots=True)
class Answer:
    """The best match for a question, and the other matches, best first.

    Attributes:
        query: the question as it was typed.
        story: the best match.
        other_stories: the other matches.
        companies: the companies that the question names, by their full names.
        corrections: pairs of a typed word and its correction (``nisan``, ``nissan``).
        related_stories: the story's related stories that are not among the others.
        matched_parts: the parts of the question that the story has (``Nissan``, ``talks``, ``August 2025``), in the reader's
            language; none if the question is the story's slug.
        mentioned_companies: the companies of the question that the story's text names, but that are not parties to it.
        missing_parts: the parts that it lacks.
        is_clear: whether no other story can have been meant.
        today: the newsroom's day when it was asked; None if that does not matter.
        direct: the direct answer, if the question asks for one and the story has everything that it names.
        revision: the revision of the stories in which the best match was changed last; None if that is not known.
    """

    query: str
    story: Story
    other_stories: tuple[StoryListItem, ...] = ()
    companies: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    related_stories: tuple[StoryListItem, ...] = ()
    matched_parts: tuple[str, ...] = ()
    missing_parts: tuple[str, ...] = ()
    is_clear: bool = True
    today: date | None = None
    mentioned_companies: tuple[str, ...] = ()
    direct: DirectAnswer | None = None
    revision: int | None = None

    @property
    def is_about_none(self) -> bool:
        """Whether the story is about none of the question's companies, and only mentions some."""
        parties = {party.company for party in self.story.parties}
        return bool(self.mentioned_companies) and parties.isdisjoint(self.companies)


class NoAnswerReason(StrEnum):
    """Why a question has no answer."""

    NO_MATCH = "no match"
    #: The company is known, but no story names it.
    NO_STORY = "no story"
    #: No story names all of the companies.
    NOT_TOGETHER = "not together"
    #: All stories of the company have what the question excludes.
    ALL_EXCLUDED = "all excluded"


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing matches; suggestions, the closest first, possibly none.

    Attributes:
        names: the companies that no story names, or names together.
        exclusions: what the question excludes, if nothing else is in the way.
    """

    query: str
    suggestions: tuple[QuerySuggestion, ...] = ()
    reason: NoAnswerReason = NoAnswerReason.NO_MATCH
    names: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()


def describe_no_answer(answer: NoAnswer, escape: Callable[[str], str] = str) -> str:
    """Return why a question has no answer, as a sentence in the current language; ``escape`` is applied to outside text."""
    names = [escape(name) for name in answer.names]
    match answer.reason:
        case NoAnswerReason.NO_STORY:
            return say("No story about {company} yet.", company=names[0])
        case NoAnswerReason.NOT_TOGETHER if len(names) == 2:
            return say("No story has both {first} and {second}.", first=names[0], second=names[1])
        case NoAnswerReason.NOT_TOGETHER:
            return say("No story has all of these: {names}.", names=format_series(names))
        case NoAnswerReason.ALL_EXCLUDED:
            excluded_words = format_series(escape(word) for word in answer.exclusions)
            return say(
                "No story about {names} without {excluded}.", names=format_series(names), excluded=excluded_words
            )
        case NoAnswerReason.NO_MATCH:
            return say("No story matches “{query}”.", query=escape(answer.query))


@dataclass(frozen=True, slots=True)
class Examples:
    """What a newcomer can ask about: two companies of the newest deal, and its slug."""

    company: str
    partner: str
    slug: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list: of stories in ``lines``, or of developments in ``news``; the newest first, unless the largest are.

    Or of expected events in ``events``: the soonest first, and at the end those whose time is over at ``today``.

    Attributes:
        page: the number of the page, from 0.
        total: how many entries the list has; with ``has_more`` there are more.
        key: the id by which :meth:`bot.library.library.Library.open_list` finds the list again; empty if it is not stored.
        ignored_parts: the parts of the question that such a list cannot be filtered by.
        corrections: pairs of a typed word and its correction.
    """

    query: ListQuery
    page: int = 0
    pages: int = 1
    total: int = 0
    lines: tuple[StoryListItem, ...] = ()
    news: tuple[DevelopmentListItem, ...] = ()
    has_more: bool = False
    key: str = ""
    ignored_parts: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    events: tuple[ExpectedListItem, ...] = ()
    today: date | None = None

    @property
    def stories(self) -> tuple[StoryListItem, ...]:
        """The stories of the page, each once, in its order."""
        of_items = (*(item.story for item in self.news), *(item.story for item in self.events))
        return tuple(dict.fromkeys((*self.lines, *of_items)))


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """A company with its stories and developments, newest first, and the stories that only mention it.

    ``total`` counts all its stories; with ``has_more`` there are more. ``mention_total`` counts all that mention it.
    """

    company: Company
    stories: tuple[StoryListItem, ...]
    total: int
    news: tuple[DevelopmentListItem, ...]
    has_more: bool = False
    mentions: tuple[StoryListItem, ...] = ()
    mention_total: int = 0


@dataclass(frozen=True, slots=True)
class CatchUpPage:
    """A page of the developments that a destination's follows brought after ``since``, newest first.

    Attributes:
        until: the id of the last delivery that counts.
        is_first: whether there is no record of an earlier look by the user.
        has_follows: whether the destination has any follows.
        last_seen: what to record once the user has seen the page; None if that would skip developments they have not seen.
    """

    since: LastSeen
    until: int
    news: tuple[DevelopmentListItem, ...]
    page: int
    pages: int
    total: int
    is_first: bool = False
    has_follows: bool = True
    last_seen: LastSeen | None = None
