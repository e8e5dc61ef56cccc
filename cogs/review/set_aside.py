"""What was set aside: articles after failed attempts, in the desk's channel and one by one in ``desk queue``, and posts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import discord

from bot.cards import custom_ids
from bot.cards.set_aside import (
    MAX_POSTS,
    all_articles_retry_card,
    article_drop_card,
    article_retry_card,
    resend_message,
    set_aside_article_card,
    set_aside_posts_card,
)
from bot.errors import NotAllowed
from bot.languages import say, use_language
from bot.model.failure import Failure
from bot.newsroom.review_queue import QueueItem
from bot.platforms.discord.client import Interaction
from bot.platforms.discord.error_mapping import get_error_code
from cogs.editors import check_editor, get_actor
from cogs.persistent import PersistentItem, reply_privately

DecisionCardBuilder = Callable[[Failure, str, int | None], discord.ui.LayoutView]


async def show_failure(interaction: Interaction, entry: QueueItem[Failure]) -> None:
    """Show a failure with a button to the next; without the article's words if Discord refuses the card."""
    position = (entry.position, entry.count)
    try:
        await reply_privately(interaction, set_aside_article_card(entry.item, position))
    except discord.HTTPException as exc:
        if not get_error_code(exc) or interaction.response.is_done():
            raise
        await reply_privately(interaction, set_aside_article_card(entry.item, position, is_plain=True))


class FailureButton(PersistentItem, template=custom_ids.SET_ASIDE_ARTICLE.pattern):
    """A button of a failure."""

    async def handle(self, interaction: Interaction) -> None:
        """Show another failure, retry, or drop, for an editor."""
        await check_editor(interaction)
        failed_work, editor, failure_id = (
            interaction.client.services.failed_work,
            get_actor(interaction),
            int(self.params["value"]),
        )
        match self.params["action"]:
            case "retry":
                await _show_decision(interaction, await failed_work.retry(failure_id, actor=editor), article_retry_card)
            case "drop":
                await _show_decision(interaction, await failed_work.drop(failure_id, actor=editor), article_drop_card)
            case "all":
                await _show_retry_of_all(interaction, await failed_work.retry_all(actor=editor))
            case _:
                await _show_page(interaction, failure_id)


async def _show_page(interaction: Interaction, position: int) -> None:
    entry = await interaction.client.services.failed_work.get_at(position)
    if entry is None:
        raise NotAllowed(say("Nothing is set aside any more."))
    await show_failure(interaction, entry)


async def _show_decision(interaction: Interaction, failure: Failure, build_card: DecisionCardBuilder) -> None:
    """Show the decision in place of the clicked card, and in the desk's channel if that is another card."""
    message, editor = interaction.message, interaction.user.mention
    if message and message.id == failure.message_id:
        with use_language(await _get_guild_language(interaction)):
            await interaction.response.edit_message(view=build_card(failure, editor, None))
        return
    remaining_count = await interaction.client.services.failed_work.count()
    await reply_privately(interaction, build_card(failure, editor, remaining_count))
    await _update_channel_message(interaction, failure, build_card)


async def _show_retry_of_all(interaction: Interaction, failures: tuple[Failure, ...]) -> None:
    await reply_privately(interaction, all_articles_retry_card(len(failures)))
    for failure in failures:
        await _update_channel_message(interaction, failure, article_retry_card)


async def _update_channel_message(interaction: Interaction, failure: Failure, build_card: DecisionCardBuilder) -> None:
    """Update the message in the desk's channel. If that fails, its buttons say that an editor has decided."""
    if failure.channel_id is None or failure.message_id is None:
        return
    with use_language(await _get_guild_language(interaction)), contextlib.suppress(discord.HTTPException):
        channel = interaction.client.get_partial_messageable(failure.channel_id)
        card = build_card(failure, interaction.user.mention, None)
        await channel.get_partial_message(failure.message_id).edit(view=card)


async def _get_guild_language(interaction: Interaction) -> str:
    return await interaction.client.language_resolver.for_guild(interaction.guild_id or 0)


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
        return say("The post was dropped.") if is_dropped else say("That post is no longer set aside.")
    count = await aside_posts.send_again(None if action == "all" else post_id, actor=editor)
    return resend_message(count) if count else say("That post is no longer set aside.")
