"""Following: subscribe, list, manage, and see what became of it."""

from __future__ import annotations

from bot.platforms.discord.client import Dealwire
from cogs.follows._cog import FollowButton, FollowsCog, FollowTargetButton
from cogs.follows.follow_list import FollowListCog, FollowListPageButton, WhyButton, WhyFeedButton
from cogs.follows.follow_management import FollowMenu, ManageFollowButton


async def setup(bot: Dealwire) -> None:
    """Add the commands and the persistent items of their cards."""
    bot.add_dynamic_items(
        FollowButton, FollowTargetButton, FollowListPageButton, FollowMenu, ManageFollowButton, WhyButton, WhyFeedButton
    )
    await bot.add_cog(FollowsCog(bot))
    await bot.add_cog(FollowListCog(bot))
