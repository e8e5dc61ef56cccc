"""What was said once and kept, said again in another language.

The store keeps reasons and troubles in English, for many read them: a channel's readers, its makers by DM, the log. Where
one is shown it is said in the reader's language, by the message that it was made of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.languages.catalogues import ENGLISH, LANGUAGES
from bot.languages.context import get_language

_PLACEHOLDER = re.compile(r"\{\w+(?:![rs])?\}")
_NAMED_PLACEHOLDER = re.compile(r"\{(\w+)(?:![rs])?\}")
#: How many kept sentences are remembered with what they are in a language.
_CACHE_SIZE = 1_024
_MAX_DEPTH = 3


def retranslate(message: str) -> str:
    """An English sentence of the bot's, in the language that is spoken; as it is where no message of ours makes it."""
    code = get_language().code
    return message if code == ENGLISH or not message else _retranslate(message, code, _MAX_DEPTH)


@lru_cache(maxsize=_CACHE_SIZE)
def _retranslate(sentence: str, code: str, depth: int) -> str:
    translated = LANGUAGES[code].catalogue.gettext(sentence)
    if translated != sentence or depth == 0:
        return translated
    for parts, names, message in _get_templates(code):
        raw_values = _extract_values(parts, sentence)
        if raw_values is not None:
            values = {name: _retranslate(value, code, depth - 1) for name, value in zip(names, raw_values, strict=True)}
            return _strip_conversions(LANGUAGES[code].catalogue.gettext(message)).format_map(values)
    return sentence


@lru_cache
def _get_templates(code: str) -> list[tuple[list[str], list[str], str]]:
    """The messages with values, those that say most by themselves first."""
    catalogue: Mapping[object, str] = getattr(LANGUAGES[code].catalogue, "_catalog", {})
    messages = {message for message in catalogue if isinstance(message, str) and "\x04" not in message}
    usable = [
        message
        for message in messages
        if _NAMED_PLACEHOLDER.search(message) and len(_NAMED_PLACEHOLDER.sub("", message)) >= len("it is ")
    ]
    usable.sort(key=lambda message: (-len(_NAMED_PLACEHOLDER.sub("", message)), message))
    return [(_PLACEHOLDER.split(message), _NAMED_PLACEHOLDER.findall(message), message) for message in usable]


def _extract_values(parts: Sequence[str], sentence: str) -> list[str] | None:
    """Return what stands between these parts in a sentence; None if it is not made of them, in this order.

    Each part is taken where it comes first, so that a sentence of any length is read once.
    """
    first, *middle, last = parts
    start, end = len(first), len(sentence) - len(last)
    if start > end or not sentence.startswith(first) or not sentence.endswith(last):
        return None
    values = []
    for part in middle:
        index = sentence.find(part, start, end)
        if index < 0:
            return None
        values.append(sentence[start:index])
        start = index + len(part)
    return [*values, sentence[start:end]]


def _strip_conversions(message: str) -> str:
    """The message with its values as they are: what was quoted when it was made is quoted already."""
    return _NAMED_PLACEHOLDER.sub(r"{\1}", message)
