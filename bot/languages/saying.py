"""Saying something: the message in the language that is spoken now, with its values put in."""

from __future__ import annotations

from bot.languages.forms import number
from bot.languages.speaking import spoken


def say(message: str, /, **values: object) -> str:
    """The message, which stands here in English, with ``{name}`` replaced by the values; they are put in as they are."""
    return _filled(spoken().catalogue.gettext(message), values)


def say_as(context: str, message: str, /, **values: object) -> str:
    """As :func:`say`, for words that mean something else elsewhere; ``context`` is for the translators, and never said."""
    return _filled(spoken().catalogue.pgettext(context, message), values)


def say_count(one: str, many: str, count: int, /, **values: object) -> str:
    """The form that the count needs in the language, with ``{count}`` replaced by the number as it is written there."""
    said = spoken().catalogue.ngettext(one, many, count)
    return _filled(said, {"count": number(count), **values})


def noted(message: str) -> str:
    """The message itself, to be said later with :func:`say`: it gets into the catalogues from here."""
    return message


def noted_as(_context: str, message: str) -> str:
    """As :func:`noted`, for :func:`say_as`."""
    return message


def _filled(said: str, values: dict[str, object]) -> str:
    return said.format_map(values) if values else said
