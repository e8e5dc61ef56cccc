"""What a reader had seen of a destination's follows when they last looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The time of a reader's last look, and the newest delivery and development of that time; an id is 0 if it is unknown."""

    at: datetime
    delivery_id: int = 0
    development_id: int = 0
