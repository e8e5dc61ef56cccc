"""A reader's word to the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.follow import Destination


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """What a reader says is wrong with a post, once a person and post.

    ``about`` lists what the post carries: slug and headline of the story, key and headline of the development.
    ``resolved_by`` is the editor who has seen to it.
    """

    id: int
    user_id: int
    text: str
    created_at: datetime
    destination: Destination
    message_id: int
    developments: tuple[tuple[str, str, str, str], ...]
    resolved_at: datetime | None = None
    resolved_by: str = ""
