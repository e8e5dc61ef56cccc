"""What one Discord message holds, and how much of it a card uses.

Discord does not say whether it counts code points or UTF-16 units; units are never fewer, so counting them is safe
either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

#: Characters over all text displays of a message.
TEXT_LIMIT = 4_000
#: Components of a message, nested ones too.
COMPONENT_LIMIT = 40
#: Choices of a menu.
OPTIONS_LIMIT = 25
#: Characters of a choice's label, value and description, and of a menu's placeholder (150, but 100 is plenty).
OPTION_TEXT_LIMIT = 100
#: Characters on a button.
BUTTON_LIMIT = 80

_TEXT_DISPLAY = 10


class OverBudget(AssertionError):
    """A card would be refused by Discord: a bug of the builder that made it."""


def units(text: str) -> int:
    """The length in UTF-16 units: an emoji counts two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component of a payload, an outer one before those inside it, accessories too."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        if "accessory" in component:
            yield from walk([component["accessory"]])


def text_of(components: Sequence[Mapping[str, Any]]) -> int:
    """The units of all text displays of a payload."""
    return sum(units(part["content"]) for part in walk(components) if part["type"] == _TEXT_DISPLAY)


def check(view: discord.ui.LayoutView) -> None:
    """Raise OverBudget if the view has more components or text than a message holds."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call] # discord.py leaves it so
    count = sum(1 for _ in walk(components))
    if count > COMPONENT_LIMIT:
        raise OverBudget(f"{count} components, {COMPONENT_LIMIT} fit")
    text = text_of(components)
    if text > TEXT_LIMIT:
        raise OverBudget(f"{text} characters, {TEXT_LIMIT} fit")


class Room:
    """What is left of a number of characters, handed out text by text."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, text: str) -> bool:
        """Whether the text, with a line break, fits; if so its room is used up."""
        need = units(text) + 1
        if need > self.left:
            return False
        self.left -= need
        return True
