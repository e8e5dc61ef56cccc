"""What asking gives: plain values, which a card or a terminal shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.company import Company
from bot.model.last_seen import LastSeen
from bot.model.story import DevelopmentListItem, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage


class SuggestionKind(StrEnum):
    """What a suggestion leads to."""

    STORY = "story"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class QuerySuggestion:
    """Something close to what was asked for: a story by its slug or a company by its name, and how it is shown."""

    kind: SuggestionKind
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The best match for a question, and the other matches, best first.

    ``companies`` are those that the question was understood to name; ``corrected`` tells which typed word was
    taken for which name (``nisan`` for ``Nissan``). ``matched`` is what of the question the story has (``Nissan``,
    ``talks``, ``August 2025``), ``missing`` what it has not, both in the language of the one who asked, and empty for a
    story that was asked for by its slug. ``is_clear`` tells that no other story may be meant as well.
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


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing matches; what may have been meant, closest first (possibly nothing)."""

    query: str
    suggestions: tuple[QuerySuggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """What a list of stories was narrowed to; the company by its full name."""

    company: str = ""
    stage: Stage | None = None
    kind: Kind | None = None
    deals_only: bool = True


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of a list of stories: ``page`` counts from 0, ``total`` counts stories; with ``more`` there are more than that."""

    story_filter: StoryFilter
    lines: tuple[StoryListItem, ...]
    page: int
    pages: int
    total: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class NewsFilter:
    """What a list of developments was narrowed to: company and kind of the story, stage and claim of the development."""

    company: str = ""
    kind: Kind | None = None
    stage: Stage | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class NewsPage:
    """A page of developments, newest first. With ``more`` there are more than ``total``."""

    news_filter: NewsFilter
    news: tuple[DevelopmentListItem, ...]
    page: int
    pages: int
    total: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """A company, its stories (newest first) and its newest developments; ``total`` counts all its stories; with ``more``
    there are more than that.
    """

    company: Company
    stories: tuple[StoryListItem, ...]
    total: int
    news: tuple[DevelopmentListItem, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class CatchUpPage:
    """A page of what a place's follows brought after a look, up to the delivery ``until``, newest first.

    ``is_first``: it is not known when the asker last looked; ``has_follows``: whether anything is followed here at all.
    ``look`` is what is to be kept when the asker has seen it; None where that would pass over what they have not.
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
