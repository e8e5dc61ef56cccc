"""The options of ``follow``, and the fields of its form, as follow settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.errors import InputError
from bot.languages import say
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import Target, TargetKind
from bot.model.follow_settings import (
    FollowFilter,
    FollowSettings,
    PingPolicy,
    get_filter_labels,
    parse_filters,
    parse_keywords,
)
from bot.model.text_input import is_none_word

_T = TypeVar("_T")

#: Combinations of filters that are offered by autocomplete.
_FILTER_PAIRS = ((FollowFilter.DEALS, FollowFilter.CONFIRMED), (FollowFilter.DEALS, FollowFilter.STAGE_CHANGES))


def get_filter_options() -> dict[str, str]:
    """Return the filters and some combinations of them, with their labels."""
    return {
        **get_filter_labels(),
        **{", ".join(pair): ", ".join(member.label for member in pair) for pair in _FILTER_PAIRS},
    }


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """The options of a follow. None stands for one that was left out and stays as it is."""

    mode: DeliveryMode | None = None
    only: str | None = None
    ping: PingPolicy | None = None
    words: str | None = None
    without: str | None = None
    role_id: int | None = None
    silent: bool | None = None
    threads: bool | None = None
    reminders: bool | None = None

    def apply_to(self, settings: FollowSettings) -> FollowSettings:
        """Return *settings* with these options changed. Raises InputError, which names the bad option."""
        changes: dict[str, Any] = {
            "mode": self.mode,
            "filters": _parse_option("only", self.only, parse_filters),
            "ping": self.ping,
            "keywords": _parse_option("words", self.words, _parse_keyword_option),
            "excluded_keywords": _parse_option("without", self.without, _parse_keyword_option),
            "role_id": self.role_id,
            "silent": self.silent,
            "threads": self.threads,
            "reminders": self.reminders,
        }
        return replace(settings, **{name: value for name, value in changes.items() if value is not None})


def check_target_settings(target: Target, settings: FollowSettings) -> None:
    """Raise InputError, with the option's name, if a follow of this target cannot have these settings."""
    if target.kind is not TargetKind.FEED:
        return
    if settings.filters:
        raise InputError("only", say("a feed's articles are not checked for that; use words and without instead"))
    if settings.ping is PingPolicy.STAGE_CHANGES:
        raise InputError("ping", say("a feed's articles change no stage; choose always or never"))
    if settings.reminders:
        raise InputError("reminders", say("a feed has no expected events to be reminded of"))


def _parse_keyword_option(text: str) -> tuple[str, ...]:
    """Parse keywords; ``none`` removes the current ones. Raises ValueError."""
    return () if is_none_word(text) else parse_keywords(text)


def _parse_option(option: str, text: str | None, parser: Callable[[str], _T]) -> _T | None:
    if text is None:
        return None
    try:
        return parser(text)
    except ValueError as exc:
        raise InputError(option, str(exc)) from exc
