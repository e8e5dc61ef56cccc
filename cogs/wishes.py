"""What somebody asks of a follow: the options of ``follow``, and the fields of its form, as terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.errors import InputError
from bot.languages import say
from bot.model.terms import Only, Ping, Terms, labels_of_only, read_only, read_words
from bot.model.timetable import Mode
from bot.model.typed import means_none

_T = TypeVar("_T")

#: Sorts of developments that go well together.
_PAIRS = ((Only.DEALS, Only.CONFIRMED), (Only.DEALS, Only.STAGE_CHANGES))


def modes() -> dict[str, str]:
    """The modes, each with how it is shown."""
    return {mode.value: mode.label for mode in Mode}


def onlys() -> dict[str, str]:
    """What a follow can be narrowed to, each with how it is shown."""
    return {**labels_of_only(), **{", ".join(pair): ", ".join(only.label for only in pair) for pair in _PAIRS}}


def pings() -> dict[str, str]:
    """When a role is pinged, each with how it is shown."""
    return {ping.value: ping.label for ping in Ping}


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options as they were typed; None for one that was not named and stays as it is."""

    mode: str | None = None
    only: str | None = None
    ping: str | None = None
    words: str | None = None
    without: str | None = None
    role_id: int | None = None
    silent: bool | None = None
    threads: bool | None = None

    def applied_to(self, terms: Terms) -> Terms:
        """These terms with what was named changed. InputError names the option that was not understood."""
        changes: dict[str, Any] = {
            "mode": _read("mode", self.mode, _mode),
            "only": _read("only", self.only, read_only),
            "ping": _read("ping", self.ping, _ping),
            "words": _read("words", self.words, read_keywords),
            "without": _read("without", self.without, read_keywords),
            "role_id": self.role_id,
            "silent": self.silent,
            "threads": self.threads,
        }
        return replace(terms, **{name: value for name, value in changes.items() if value is not None})


def read_keywords(text: str) -> tuple[str, ...]:
    """Keywords as typed; ``none`` takes those that stand away. ValueError says what is wrong with them."""
    return () if means_none(text) else read_words(text)


def _read(option: str, typed: str | None, reader: Callable[[str], _T]) -> _T | None:
    if typed is None:
        return None
    try:
        return reader(typed)
    except ValueError as exc:
        raise InputError(option, str(exc)) from exc


def _mode(typed: str) -> Mode:
    known = {"": Mode.INSTANT, "digest": Mode.DAILY, "at once": Mode.INSTANT, "day": Mode.DAILY, "week": Mode.WEEKLY}
    return known.get(_word(typed)) or _one_of({mode: mode.label for mode in Mode}, typed)


def _ping(typed: str) -> Ping:
    word = _word(typed)
    if word in ("stage", "stages", "stage change", "stage changes"):
        return Ping.STAGE_CHANGES
    return _one_of({ping: ping.label for ping in Ping}, typed)


_E = TypeVar("_E", Mode, Ping)


def _one_of(labels: Mapping[_E, str], typed: str) -> _E:
    """The one whose value, or whose label in the language that is spoken, is typed."""
    word = _word(typed)
    for member, label in labels.items():
        if word in (member.value, _word(label)):
            return member
    raise ValueError(
        say("{typed!r} is none of {possible}", typed=typed.strip()[:60], possible=", ".join(labels.values()))
    )


def _word(typed: str) -> str:
    return " ".join(typed.casefold().split())
