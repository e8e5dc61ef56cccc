"""What Discord accepts of a Components V2 message, as a check of the payload that would be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import discord

ROW, BUTTON, SELECT, SECTION, TEXT, GALLERY, SEPARATOR, CONTAINER = 1, 2, 3, 9, 10, 12, 14, 17
INSIDE = {
    None: {ROW, SECTION, TEXT, GALLERY, SEPARATOR, CONTAINER},
    CONTAINER: {ROW, SECTION, TEXT, GALLERY, SEPARATOR},
    ROW: {BUTTON, SELECT},
    SECTION: {TEXT},
}
HIDDEN = re.compile("[\u061c\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\x00-\x09\x0b-\x1f]")
ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
DISCORD_URL = re.compile(r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]")

Part = Mapping[str, Any]


def payload(view: discord.ui.LayoutView) -> list[Part]:
    return cast("list[Part]", view.to_components())  # type: ignore[no-untyped-call] # discord.py leaves it so


def parts(components: Sequence[Part]) -> Iterator[Part]:
    for component in components:
        yield component
        yield from parts(component.get("components", ()))
        if "accessory" in component:
            yield component["accessory"]


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [part["content"] for part in parts(payload(view)) if part["type"] == TEXT]


def full_text(view: discord.ui.LayoutView) -> str:
    return "\n".join(texts(view))


def custom_ids(view: discord.ui.LayoutView) -> list[str]:
    return [part["custom_id"] for part in parts(payload(view)) if part["type"] in (BUTTON, SELECT)]


def options(view: discord.ui.LayoutView, custom_id: str) -> list[Part]:
    return next((list(p["options"]) for p in parts(payload(view)) if p.get("custom_id") == custom_id), [])


def labels(view: discord.ui.LayoutView) -> list[str]:
    return [part["label"] for part in parts(payload(view)) if part["type"] == BUTTON]


def width(text: str) -> int:
    """Return the length in UTF-16 units, the stricter way to count."""
    return len(text.encode("utf-16-le")) // 2


def accept(view: discord.ui.LayoutView) -> None:
    """Fail with a sentence where Discord would refuse the message."""
    components = list(parts(payload(view)))
    assert 1 <= len(components) <= 40, f"{len(components)} components"
    shown_texts = texts(view)
    assert sum(map(width, shown_texts)) <= 4_000, f"{sum(map(width, shown_texts))} characters"
    assert all(text.strip() for text in shown_texts), "an empty text"
    for text in shown_texts:
        assert not HIDDEN.search(text), f"a hidden character in {text!r}"
        text.encode("utf-8")
    _nesting(payload(view), None)
    _controls(components)


def _nesting(components: Sequence[Part], outer: int | None) -> None:
    for component in components:
        kind = component["type"]
        assert kind in INSIDE[outer], f"{kind} in {outer}"
        if kind in INSIDE:
            inner = component["components"]
            assert inner, f"an empty {kind}"
            assert kind != ROW or len(inner) <= 5
            assert kind != ROW or len(inner) == 1 or all(part["type"] == BUTTON for part in inner)
            assert kind != SECTION or len(inner) <= 3
            _nesting(inner, kind)


def _controls(components: Sequence[Part]) -> None:
    ids = [part["custom_id"] for part in components if part["type"] in (BUTTON, SELECT)]
    assert len(ids) == len(set(ids)), f"custom ids repeat: {ids}"
    assert all(1 <= len(one) <= 100 for one in ids), ids
    for part in components:
        if part["type"] == BUTTON:
            assert 1 <= width(part["label"]) <= 80
        if part["type"] == SELECT:
            _choices(part)
        if part["type"] == GALLERY:
            assert 1 <= len(part["items"]) <= 10
            assert all(1 <= width(item["description"]) <= 1_024 for item in part["items"]), "a picture without words"


def _choices(select: Part) -> None:
    chosen = select["options"]
    assert 1 <= len(chosen) <= 25
    assert width(select["placeholder"]) <= 150
    assert len({option["value"] for option in chosen}) == len(chosen), "values repeat"
    for option in chosen:
        assert 1 <= width(option["label"].strip()) <= 100
        assert 1 <= len(option["value"]) <= 100
        assert width(option.get("description") or "–") <= 100


def active_markup(shown: str) -> str:
    """Return what Discord would format: the text without addresses and escaped characters."""
    return ESCAPE.sub("", DISCORD_URL.sub("", shown))
