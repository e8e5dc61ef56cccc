"""The answers of the library: plain values that a card or the terminal renders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.languages import say
from bot.model.company import Company
from bot.model.last_seen import LastSeen
from bot.model.list_query import ListQuery
from bot.model.story import DevelopmentListItem, ExpectedListItem, Story, StoryListItem


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
            return say("No story has all of these: {names}.", names=", ".join(names))
        case NoAnswerReason.ALL_EXCLUDED:
            excluded_words = ", ".join(escape(word) for word in answer.exclusions)
            return say("No story about {names} without {excluded}.", names=", ".join(names), excluded=excluded_words)
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
