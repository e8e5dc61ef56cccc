"""The answers of the library: plain values that a card or the terminal renders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.company import Company
from bot.model.last_seen import LastSeen
from bot.model.story import DevelopmentListItem, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage


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


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing matches; suggestions, the closest first, possibly none."""

    query: str
    suggestions: tuple[QuerySuggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """What a newcomer can ask about: two companies of the newest deal, and its slug."""

    company: str
    partner: str
    slug: str


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """The filter of a list of stories; ``company`` is a full name, or None for all."""

    company: str | None = None
    stage: Stage | None = None
    kind: Kind | None = None
    deals_only: bool = True


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of a list of stories: ``page`` counts from 0, ``total`` counts stories; with ``has_more`` there are more."""

    story_filter: StoryFilter
    lines: tuple[StoryListItem, ...]
    page: int
    pages: int
    total: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class NewsFilter:
    """The filter of a list of developments: company and kind of the story, stage and claim of the development."""

    company: str | None = None
    kind: Kind | None = None
    stage: Stage | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class NewsPage:
    """A page of developments, newest first. With ``has_more`` there are more than ``total``."""

    news_filter: NewsFilter
    news: tuple[DevelopmentListItem, ...]
    page: int
    pages: int
    total: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """A company with its stories and developments, both newest first.

    ``total`` counts all its stories; with ``has_more`` there are more.
    """

    company: Company
    stories: tuple[StoryListItem, ...]
    total: int
    news: tuple[DevelopmentListItem, ...]
    has_more: bool = False


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
