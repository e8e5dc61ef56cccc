"""The audit: who changed what, when, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model.story import Story


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change. ``before`` and ``after`` hold what differs, and are None where there was nothing."""

    at: datetime
    actor: str
    action: str
    subject: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class StoryHistory:
    """A page of the changes of a story, newest first. ``feeds`` has the titles of the feeds among their actors."""

    story: Story
    entries: tuple[AuditEntry, ...]
    page: int
    page_count: int
    feeds: Mapping[str, str]
