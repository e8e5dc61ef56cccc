"""Posts that are set aside: the desk, and the bot's owner, list them, send them again or drop them."""

from __future__ import annotations

from bot.cards import ids
from bot.cards.aside_posts import SHOWN, aside_card, sent_again
from bot.client import Dealwire, Interaction
from bot.languages import say
from cogs.clicks import Click, beside
from cogs.editors import actor, check_editor


class AsidePost(Click, template=ids.ASIDE_POST):
    """The buttons about posts that are set aside."""

    async def answer(self, interaction: Interaction) -> None:
        """Do it for an editor, and show what is left."""
        await check_editor(interaction)
        told = await _done(interaction, self.said["act"], int(self.said["number"]))
        posts, count = await interaction.client.services.aside_posts.oldest(SHOWN)
        await beside(interaction, aside_card(posts, count, told))


async def _done(interaction: Interaction, act: str, number: int) -> str:
    """Do what a button says, and return what to say about it."""
    aside, by = interaction.client.services.aside_posts, actor(interaction)
    if act == "list":
        return ""
    if act == "drop":
        dropped = await aside.drop(number, actor=by)
        return say("The post is dropped.") if dropped else say("That post is not set aside any more.")
    count = await aside.send_again(None if act == "all" else number, actor=by)
    return sent_again(count) if count else say("That post is not set aside any more.")


async def setup(bot: Dealwire) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(AsidePost)
