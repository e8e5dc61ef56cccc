"""How many requests Discord may count in one second: a place in that second is held until its request is surely over.

Discord counts a request when it takes it, some time between its start and the end of its answer. A stall on the way
makes requests that left evenly arrive all at once; only who counts the answers too knows that they cannot be too many.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: The span over which Discord counts, in seconds.
SPAN = 1.0
#: What has had no answer for so long was counted long ago, or never will be: it keeps no other waiting, in seconds.
LONGEST_TRIP = 3.0


@dataclass(eq=False, slots=True)
class Place:
    """One request's: when it is free for another, by the event loop's clock."""

    free_at: float


@dataclass(slots=True)
class Places:
    """``size`` of them, for any span of a second."""

    size: int
    held: list[Place] = field(default_factory=list)

    def take(self, now: float) -> Place:
        """One for a request that starts now; it was checked before that one is free."""
        self.held = [place for place in self.held if place.free_at > now]
        place = Place(now + LONGEST_TRIP + SPAN)
        self.held.append(place)
        return place

    def ended(self, place: Place, now: float) -> None:
        """The request was answered, or failed: Discord forgets it a second from now."""
        place.free_at = min(place.free_at, now + SPAN)

    def free_at(self) -> float:
        """When one is free at the latest, for all that is known now: 0 if there is one already."""
        if len(self.held) < self.size:
            return 0.0
        return sorted(place.free_at for place in self.held)[-self.size]
