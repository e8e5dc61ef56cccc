"""Posts that were set aside: editors and the bot's owner list them, send them again, or drop them."""

from __future__ import annotations

from bot.cards import custom_ids
from bot.cards.set_aside_posts import MAX_POSTS, resend_message, set_aside_posts_card
from bot.languages import say
from bot.platforms.discord.client import Interaction
from cogs.editors import check_editor, get_actor
from cogs.persistent import PersistentItem, reply_privately


class SetAsidePostButton(PersistentItem, template=custom_ids.SET_ASIDE_POST.pattern):
    """The buttons of the list of posts that are set aside."""

    async def handle(self, interaction: Interaction) -> None:
        """Run the action for an editor, and show the remaining posts."""
        await check_editor(interaction)
        message = await _perform(interaction, self.params["action"], int(self.params["post_id"]))
        posts, count = await interaction.client.services.operator_queue.list_oldest(MAX_POSTS)
        await reply_privately(interaction, set_aside_posts_card(posts, count, message))


async def _perform(interaction: Interaction, action: str, post_id: int) -> str:
    """Run the action of a button, and return a message about it."""
    aside_posts, editor = interaction.client.services.operator_queue, get_actor(interaction)
    if action == "list":
        return ""
    if action == "drop":
        is_dropped = await aside_posts.drop(post_id, actor=editor)
        return say("The post is dropped.") if is_dropped else say("That post is not set aside any more.")
    count = await aside_posts.send_again(None if action == "all" else post_id, actor=editor)
    return resend_message(count) if count else say("That post is not set aside any more.")
