"""Reading a message's components: a tree of rows, sections and containers."""

from collections.abc import Iterable, Iterator
from typing import Any

ROW, BUTTON, TEXT_INPUT, SECTION, TEXT, CONTAINER, LABEL = 1, 2, 4, 9, 10, 17, 18
SELECTS = frozenset({3, 5, 6, 7, 8})


def walk(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, a parent before its children."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for key in ("accessory", "component"):
            if component.get(key):
                yield from walk((component[key],))


def texts_of(components: Iterable[dict[str, Any]]) -> list[str]:
    """Return the contents of the text displays, in reading order."""
    return [component["content"] for component in walk(components) if component["type"] == TEXT]


def buttons_of(components: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the buttons, in reading order."""
    return [component for component in walk(components) if component["type"] == BUTTON]


def selects_of(components: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the menus, in reading order."""
    return [component for component in walk(components) if component["type"] in SELECTS]


def custom_ids_of(components: Iterable[dict[str, Any]]) -> list[str]:
    """Return the custom ids, in reading order."""
    return [component["custom_id"] for component in walk(components) if component.get("custom_id")]


def number(components: list[dict[str, Any]]) -> None:
    """Give every component without an id the next free one, as Discord does."""
    taken = {component.get("id") for component in walk(components)}
    following = 1
    for component in walk(components):
        if not component.get("id"):
            while following in taken:
                following += 1
            component["id"] = following
            taken.add(following)
