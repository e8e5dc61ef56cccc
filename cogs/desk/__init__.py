"""The desk: its server, its commands and its forms."""

from __future__ import annotations

from bot.platforms.discord.client import Dealwire
from cogs.desk._cog import DeskCog, OpenPublishButton
from cogs.desk.commands import HistoryButton, UnmergeButton
from cogs.desk.descriptions import DescribeButton, SummaryButton
from cogs.desk.expected import ExpectedButton, ExpectedEventButton, ExpectedMenu, MoveBackButton
from cogs.desk.outcomes import UndoButton
from cogs.desk.pasting import DraftButton, DraftMenu
from cogs.desk.splitting import SplitButton, SplitMenu, UndoSplitButton
from cogs.desk.terms import TermButton, TermMenu, TermsButton
from cogs.modal import NewCompaniesButton, RetryButton


async def setup(bot: Dealwire) -> None:
    """Add the persistent items, and the cog that registers the commands in the desk's server."""
    bot.add_dynamic_items(DescribeButton, OpenPublishButton, SummaryButton, UndoButton, UnmergeButton)
    bot.add_dynamic_items(DraftButton, DraftMenu)
    bot.add_dynamic_items(TermButton, TermMenu, TermsButton)
    bot.add_dynamic_items(ExpectedButton, ExpectedEventButton, ExpectedMenu, MoveBackButton)
    bot.add_dynamic_items(HistoryButton, SplitButton, SplitMenu, UndoSplitButton)
    # Those of every form: of this package's, and of the others'.
    bot.add_dynamic_items(NewCompaniesButton, RetryButton)
    await bot.add_cog(DeskCog(bot))
