"""What one Discord message can hold, and how much of it a card uses.

https://discord.com/developers/docs/components/reference has the limits. Discord does not say whether it counts code
points or UTF-16 units; units are never fewer, so counting them is safe either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

#: Characters of all text displays of a message together.
TEXT_LIMIT = 4_000
#: Components of a message, nested ones included.
COMPONENT_LIMIT = 40
#: Options of a menu.
OPTION_LIMIT = 25
#: Characters of an option's label, value and description, and of a menu's placeholder (which may have 150).
OPTION_TEXT_LIMIT = 100
#: Characters on a button.
BUTTON_LIMIT = 80

_TEXT_DISPLAY_TYPE = 10


class MessageTooLarge(AssertionError):
    """Discord would refuse a card: a bug of the function that built it."""


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units; most emoji count two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def walk_components(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield every component of a payload, an outer one before those inside it, accessories included."""
    for component in components:
        yield component
        yield from walk_components(component.get("components", ()))
        if "accessory" in component:
            yield from walk_components([component["accessory"]])


def text_length(components: Sequence[Mapping[str, Any]]) -> int:
    """Return the UTF-16 units of all text displays of a payload."""
    return sum(
        utf16_length(component["content"])
        for component in walk_components(components)
        if component["type"] == _TEXT_DISPLAY_TYPE
    )


def check_size(view: discord.ui.LayoutView) -> None:
    """Raise MessageTooLarge if the view has more components or text than a message can hold."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call] # discord.py leaves it so
    count = sum(1 for _ in walk_components(components))
    if count > COMPONENT_LIMIT:
        raise MessageTooLarge(f"{count} components, {COMPONENT_LIMIT} fit")
    length = text_length(components)
    if length > TEXT_LIMIT:
        raise MessageTooLarge(f"{length} characters, {TEXT_LIMIT} fit")


class TextBudget:
    """The UTF-16 units that are left for further texts."""

    def __init__(self, units_left: int) -> None:
        self.units_left = units_left

    def reserve(self, text: str) -> bool:
        """Return whether the text fits with a line break; if so, its units are spent."""
        length = utf16_length(text) + 1
        if length > self.units_left:
            return False
        self.units_left -= length
        return True
