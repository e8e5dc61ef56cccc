"""Help: what the bot can do, how to use a command, and the greeting of a server that it joins."""

from __future__ import annotations

from bot.platforms.discord.client import Dealwire
from cogs.help._cog import GreetingCog, HelpButton, HelpCog, HelpMenu, TryButton


async def setup(bot: Dealwire) -> None:
    """Add the command and its buttons."""
    bot.add_dynamic_items(HelpButton, HelpMenu, TryButton)
    await bot.add_cog(HelpCog(bot))
    await bot.add_cog(GreetingCog(bot))
