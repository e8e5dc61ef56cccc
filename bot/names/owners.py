"""Whose a spelling is: mostly one company's, sometimes several's."""

from __future__ import annotations


class Owners:
    """Spellings and their companies, in the order in which they came."""

    def __init__(self) -> None:
        # One owner, as nearly always, is kept without a tuple around it: there are hundreds of thousands.
        self._owners: dict[str, str | tuple[str, ...]] = {}

    def add(self, spelling: str, company: str) -> bool:
        """Note an owner; whether the spelling is new."""
        known = self.all(spelling)
        self._owners[spelling] = (*known, company) if known else company
        return not known

    def remove(self, spelling: str, company: str) -> bool:
        """Forget an owner; whether it was the last."""
        left = tuple(owner for owner in self.all(spelling) if owner != company)
        if left:
            self._owners[spelling] = left[0] if len(left) == 1 else left
            return False
        return self._owners.pop(spelling, None) is not None

    def all(self, spelling: str) -> tuple[str, ...]:
        """Every owner, the first first."""
        known = self._owners.get(spelling, ())
        return (known,) if isinstance(known, str) else known

    def first(self, spelling: str) -> str | None:
        """The first owner: a name that two companies have is the first one's."""
        known = self._owners.get(spelling)
        return known if known is None or isinstance(known, str) else known[0]

    def only(self, spelling: str) -> str | None:
        """The owner if there is just one: a spelling that was made up for two companies tells neither."""
        known = self._owners.get(spelling)
        return known if isinstance(known, str) else None
