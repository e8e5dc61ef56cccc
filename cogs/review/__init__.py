"""The desk's review: the articles of the review queue, and what was set aside."""

from __future__ import annotations

from bot.platforms.discord.client import Dealwire
from cogs.review._cog import (
    CompanyNameMenu,
    ProposalMenu,
    ReviewButton,
    ReviewCog,
    ReviewDuplicateMenu,
    ReviewPageButton,
    ReviewStoryMenu,
)
from cogs.review.set_aside import FailureButton, SetAsidePostButton


async def setup(bot: Dealwire) -> None:
    """Add the persistent items, and the cog that keeps the desk's channel up to date."""
    bot.add_dynamic_items(
        ReviewButton, ReviewStoryMenu, ReviewDuplicateMenu, CompanyNameMenu, ProposalMenu, ReviewPageButton
    )
    bot.add_dynamic_items(FailureButton, SetAsidePostButton)
    await bot.add_cog(ReviewCog(bot))
