"""The cards of follows, as people open them from the page of all and click on them."""

from __future__ import annotations

from typing import Any

from tests.discord.seen import menus, message_of
from tests.discord.stage import Scene

PICKER = "dw:managepick"


async def open_follow_card(scene: Scene, place: int = 0, *, by: Any = None) -> Any:
    """Open the card of one follow from the page of all."""
    who = by or scene.editor
    listed = await who.slash(scene.deals, "following")
    choices = next(iter(menus(listed).values()))
    return await who.select(message_of(listed), [list(choices.values())[place]], custom_id=PICKER)


async def press(scene: Scene, card: Any, label: str, *, by: Any = None) -> Any:
    """Click a button of a card and return the result."""
    return await (by or scene.editor).click(message_of(card), label=label)
