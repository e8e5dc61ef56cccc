"""The keys of what a story contains: unique within the story."""

from __future__ import annotations


def take_free_key(base: str, keys: set[str]) -> str:
    """Return ``base``, or else the first free one of those with a number behind it, and add it to the keys."""
    key, count = base, 1
    while key in keys:
        count += 1
        key = f"{base}-{count}"
    keys.add(key)
    return key
