"""Companies, by the names that people use for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """A company and its other names (``Hon Hai``, ``鴻海``); country is ISO 3166 alpha-2."""

    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    ticker: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name, then the aliases, then the ticker where there is one."""
        return (self.name, *self.aliases, *([self.ticker] if self.ticker else []))


@dataclass(frozen=True, slots=True)
class Party:
    """A company in a story, and what it does there (``buyer``, ``plant owner``)."""

    company: str
    role: str = ""
