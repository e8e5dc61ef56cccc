"""What ``check`` found: a sentence for each part of the installation, and how much it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How much a finding matters; the higher, the more.

    A note could be better, although the bot works. A problem keeps the bot, or a part of it, from working.
    """

    OK = 0
    NOTE = 1
    PROBLEM = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence. That of a note or a problem also says what to do."""

    severity: Severity
    text: str

    @classmethod
    def ok(cls, text: str) -> Finding:
        """Return a finding that needs nothing."""
        return cls(Severity.OK, text)

    @classmethod
    def note(cls, text: str) -> Finding:
        """Return a finding that could be better."""
        return cls(Severity.NOTE, text)

    @classmethod
    def problem(cls, text: str) -> Finding:
        """Return a finding that must be fixed."""
        return cls(Severity.PROBLEM, text)


def has_problem(findings: Iterable[Finding]) -> bool:
    """Return whether anything must be fixed."""
    return any(finding.severity is Severity.PROBLEM for finding in findings)
