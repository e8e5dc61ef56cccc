"""What was said once and kept, said again in another language.

The store keeps reasons and troubles in English, for many read them: a channel's readers, its makers by DM, the log. Where
one is shown it is said in the reader's language, by the message that it was made of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.languages.catalogues import ENGLISH, LANGUAGES
from bot.languages.speaking import spoken

_PARTS = re.compile(r"\{\w+(?:![rs])?\}")
_VALUE = re.compile(r"\{(\w+)(?:![rs])?\}")
#: How many kept sentences are remembered with what they are in a language.
_KEPT = 1_024
_DEEPEST = 3


def restated(said: str) -> str:
    """An English sentence of the bot's, in the language that is spoken; as it is where no message of ours makes it."""
    code = spoken().code
    return said if code == ENGLISH or not said else _restated(said, code, _DEEPEST)


@lru_cache(maxsize=_KEPT)
def _restated(said: str, code: str, depth: int) -> str:
    translated = LANGUAGES[code].catalogue.gettext(said)
    if translated != said or depth == 0:
        return translated
    for parts, names, message in _templates(code):
        found = _between(parts, said)
        if found is not None:
            values = {name: _restated(value, code, depth - 1) for name, value in zip(names, found, strict=True)}
            return _plainly(LANGUAGES[code].catalogue.gettext(message)).format_map(values)
    return said


@lru_cache
def _templates(code: str) -> list[tuple[list[str], list[str], str]]:
    """The messages with values, those that say most by themselves first."""
    known: Mapping[object, str] = getattr(LANGUAGES[code].catalogue, "_catalog", {})
    messages = {message for message in known if isinstance(message, str) and "\x04" not in message}
    usable = [
        message for message in messages if _VALUE.search(message) and len(_VALUE.sub("", message)) >= len("it is ")
    ]
    usable.sort(key=lambda message: (-len(_VALUE.sub("", message)), message))
    return [(_PARTS.split(message), _VALUE.findall(message), message) for message in usable]


def _between(parts: Sequence[str], said: str) -> list[str] | None:
    """Return what stands between these parts in a sentence; None if it is not made of them, in this order.

    Each part is taken where it comes first, so that a sentence of any length is read once.
    """
    first, *middle, last = parts
    at, end = len(first), len(said) - len(last)
    if at > end or not said.startswith(first) or not said.endswith(last):
        return None
    values = []
    for part in middle:
        place = said.find(part, at, end)
        if place < 0:
            return None
        values.append(said[at:place])
        at = place + len(part)
    return [*values, said[at:end]]


def _plainly(message: str) -> str:
    """The message with its values as they are: what was quoted when it was made is quoted already."""
    return _VALUE.sub(r"{\1}", message)
