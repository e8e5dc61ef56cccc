"""A reader's look at what a place's follows have brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastSeen:
    """When it was, and the store's numbers of the newest delivery and development that there were then; 0: not known."""

    at: datetime
    delivery_id: int = 0
    development_id: int = 0
