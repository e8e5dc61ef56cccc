"""Wait for what several bots do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

#: Far more than anything here needs, in seconds.
LONG = 30


async def until(condition: Callable[[], object]) -> None:
    """Return once a condition holds."""
    async with asyncio.timeout(LONG):
        while not condition():
            await asyncio.sleep(0.01)
