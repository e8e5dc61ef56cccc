"""Recognise our messages by the custom ids of their buttons."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import discord


def has_key(message: discord.Message, key: str) -> bool:
    """Return whether this is the message of the post with this key."""
    return any(custom_id.startswith(f"dw:post:{key}:") for custom_id in _iter_custom_ids(message.components))


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
