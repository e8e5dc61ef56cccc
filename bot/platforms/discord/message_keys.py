"""Recognise our messages by the custom ids of their buttons."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import discord

from bot.cards import custom_ids


def has_key(message: discord.Message, key: str) -> bool:
    """Return whether this is the message of the post with this key: its Full story or its report button carries it.

    News of a followed feed has no story. Posts of the first versions had no report button.
    """
    report_id = custom_ids.REPORT_PROBLEM.build(post_key=key)
    return any(
        custom_id == report_id or custom_id.startswith(f"dw:post:{key}:")
        for custom_id in _iter_custom_ids(message.components)
    )


def has_custom_id(message: discord.Message, custom_ids: Collection[str]) -> bool:
    """Return whether a message has a button or menu with one of these custom ids."""
    return any(custom_id in custom_ids for custom_id in _iter_custom_ids(message.components))


def _iter_custom_ids(components: Any) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        for attribute in ("children", "components"):
            yield from _iter_custom_ids(getattr(component, attribute, None) or ())
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            yield from _iter_custom_ids((accessory,))
