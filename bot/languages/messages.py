"""Saying something: the message in the language that is spoken now, with its values put in."""

from __future__ import annotations

from bot.languages.context import get_language
from bot.languages.formatting import format_number


def say(message: str, /, **values: object) -> str:
    """The message, which stands here in English, with ``{name}`` replaced by the values; they are put in as they are."""
    return _fill(get_language().catalogue.gettext(message), values)


def say_as(context: str, message: str, /, **values: object) -> str:
    """As :func:`submit`, for words that mean something else elsewhere; ``context`` is for the translators, and never said."""
    return _fill(get_language().catalogue.pgettext(context, message), values)


def say_count(one: str, many: str, count: int, /, **values: object) -> str:
    """The form that the count needs in the language, with ``{count}`` replaced by the number as it is written there."""
    template = get_language().catalogue.ngettext(one, many, count)
    return _fill(template, {"count": format_number(count), **values})


def lazy(message: str) -> str:
    """The message itself, to be said later with :func:`submit`: it gets into the catalogues from here."""
    return message


def lazy_as(_context: str, message: str) -> str:
    """As :func:`noted`, for :func:`say_as`."""
    return message


def _fill(template: str, values: dict[str, object]) -> str:
    return template.format_map(values) if values else template
