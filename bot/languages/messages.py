"""Messages in the current language. Each keeps its template and values, so that it can be stored and shown in another language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.languages.catalogues import ENGLISH
from bot.languages.context import get_language, use_language
from bot.languages.formatting import format_number

_PLACEHOLDER = re.compile(r"\{(\w+)(?:![rs])?\}")
#: How many levels of messages within messages are stored; deeper ones are stored as plain text.
_MAX_DEPTH = 3


class Message(str):
    """A message in the language in which it was rendered, with its template and values.

    It is a string like any other. Slicing or joining it makes a plain string, which is never translated again.

    Attributes:
        template: the English text with ``{name}`` for each value; the key of the catalogues.
        context: the translators' context, as in :func:`say_as`; empty for none.
        plural: the template for every number but one, as in :func:`say_count`; empty if there is no number.
        quantity: the number that chooses between the two.
    """

    __slots__ = ("context", "plural", "quantity", "template", "values")

    template: str
    values: Mapping[str, object]
    context: str
    plural: str
    quantity: int

    def __new__(
        cls,
        text: str,
        template: str = "",
        values: Mapping[str, object] | None = None,
        *,
        context: str = "",
        plural: str = "",
        quantity: int = 0,
    ) -> Message:
        """Make a message of its text, its template and its values. Without a template, the text is the template."""
        message = super().__new__(cls, text)
        message.template = template or text
        message.values = values or {}
        message.context = context
        message.plural = plural
        message.quantity = quantity
        return message

    def fill(self, **values: object) -> Message:
        """Return the message in English with its values filled in."""
        return Message(_fill(self.template, values), self.template, values)

    def render(self) -> str:
        """Return the message in the current language, with the messages among its values in that language too."""
        texts = ((name, _get_text(value)) for name, value in self.values.items())
        values = {name: text if isinstance(text, int) else localize(text) for name, text in texts}
        if self.plural:
            return say_count(self.template, self.plural, self.quantity, **values)
        return say_as(self.context, self.template, **values) if self.context else say(self.template, **values)


def say(message: str, /, **values: object) -> str:
    """Return a message, given in English, in the current language, with each ``{name}`` replaced by its value."""
    template = _get_template(message)
    return Message(_fill(get_language().catalogue.gettext(template), values), template, values)


def say_as(context: str, message: str, /, **values: object) -> str:
    """Return a message as :func:`say` does, for words that mean something else elsewhere.

    ``context`` tells the translators which meaning it is, and is never shown.
    """
    template = _get_template(message)
    text = _fill(get_language().catalogue.pgettext(context, template), values)
    return Message(text, template, values, context=context)


def say_count(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form that a number needs in the current language, with ``{count}`` replaced by the number as it is written there."""
    text = get_language().catalogue.ngettext(one, many, count)
    filled = _fill(text, {"count": format_number(count), **values})
    return Message(filled, one, values, plural=many, quantity=count)


def lazy(message: str) -> Message:
    """Mark a message for the catalogues, for :func:`say`, :meth:`Message.fill` or :func:`localize` later."""
    return Message(message)


def lazy_as(_context: str, message: str) -> str:
    """Mark a message for the catalogues as :func:`lazy` does, for :func:`say_as` with this context."""
    return message


def localize(text: str) -> str:
    """Return a message in the current language, and any other text unchanged."""
    return text.render() if isinstance(text, Message) else text


def encode_message(text: str) -> str:
    """Return a text in its stored form: a JSON object for a message, a JSON string for another text, nothing for an empty one."""
    return json.dumps(_to_json(text, _MAX_DEPTH), ensure_ascii=False) if text else ""


def decode_message(stored: str) -> str:
    """Return the text that :func:`encode_message` stored: a message in English, or another text unchanged.

    Anything that is not such JSON is returned as it is.
    """
    if not stored:
        return ""
    try:
        return _from_json(json.loads(stored), _MAX_DEPTH)
    except (ValueError, TypeError, KeyError, RecursionError):
        return stored


def _to_json(text: str, depth: int) -> Any:
    if not isinstance(text, Message) or depth == 0:
        return str(text)
    data: dict[str, Any] = {"message": text.template}
    if text.values:
        data["values"] = {name: _to_json_value(_get_text(value), depth - 1) for name, value in text.values.items()}
    if text.context:
        data["context"] = text.context
    if text.plural:
        data |= {"plural": text.plural, "count": text.quantity}
    return data


def _to_json_value(value: str | int, depth: int) -> Any:
    return value if isinstance(value, int) else _to_json(value, depth)


def _from_json(data: Any, depth: int) -> str:
    if isinstance(data, str):
        return data
    if depth == 0 or not isinstance(data, dict):
        raise ValueError("no stored message")
    template, plural = _check_template(data["message"]), _check_template(data.get("plural", ""))
    values = {
        str(name): value if isinstance(value, int) else _from_json(value, depth - 1)
        for name, value in dict(data.get("values", {})).items()
    }
    if not template or not {"count", *values}.issuperset(_PLACEHOLDER.findall(template + plural)):
        raise ValueError("no message, or not all of its values")
    message = Message(
        "", template, values, context=str(data.get("context", "")), plural=plural, quantity=int(data.get("count", 0))
    )
    with use_language(ENGLISH):
        return message.render()


def _check_template(template: Any) -> str:
    """Raise ValueError for a template that could do more than insert its values: stored text may come from outside."""
    if not isinstance(template, str) or re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
        raise ValueError("no template of a message")
    return template


def _get_text(value: object) -> str | int:
    """Return a value in the form in which it is stored: an error as its message, anything but a number as its text."""
    if isinstance(value, BaseException) and len(value.args) == 1:
        value = value.args[0]
    return value if isinstance(value, str | int) else str(value)


def _get_template(message: str) -> str:
    return message.template if isinstance(message, Message) else message


def _fill(template: str, values: Mapping[str, object]) -> str:
    return template.format_map(values) if values else template
