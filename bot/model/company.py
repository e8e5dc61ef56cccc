"""Companies, with the names that people use for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its other names (``Hon Hai``, ``鴻海``). ``country`` is an ISO 3166 alpha-2 code."""

    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    ticker: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name, the aliases and, if there is one, the ticker."""
        return (self.name, *self.aliases, *([self.ticker] if self.ticker else []))


@dataclass(frozen=True, slots=True)
class Party:
    """A company in a story with its role there (``buyer``, ``plant owner``)."""

    company: str
    role: str = ""
