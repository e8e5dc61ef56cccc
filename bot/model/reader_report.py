"""A reader's report that something is wrong with a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.follow import Destination


@dataclass(frozen=True, slots=True)
class ReportedDevelopment:
    """A development or an expected event in the post that a report is about: slug and headline of its story, its own key and headline."""

    slug: str
    story_headline: str
    key: str
    headline: str


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """What a reader says is wrong with a post: at most one report for each person and post.

    Attributes:
        developments: what the post carries.
        articles: the articles of followed feeds that it carries, by their titles.
        resolved_by: the editor who resolved it; empty while it is open.
    """

    id: int
    user_id: int
    text: str
    created_at: datetime
    destination: Destination
    message_id: int | None
    developments: tuple[ReportedDevelopment, ...]
    resolved_at: datetime | None = None
    resolved_by: str = ""
    articles: tuple[str, ...] = ()


class ReportAudience(StrEnum):
    """Who reads the reports about a post: the desk, or the managers of the server whose own feed brought it.

    Nobody reads what a person says about a feed that they follow themselves.
    """

    DESK = "desk"
    SERVER = "server"
    NOBODY = "nobody"
