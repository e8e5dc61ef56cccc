"""Persistent buttons and menus: they keep their state in their ``custom_id``, so they outlive a restart."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.languages import set_language
from bot.platforms.discord.client import Interaction, send_error
from bot.platforms.discord.error_messages import build_error_message
from cogs.permissions import find_guild


class PersistentItem(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"dw:never"):
    """One kind of button or menu: the groups of its pattern, and what it answers."""

    def __init__(self, item: discord.ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.params = match.groupdict()

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Made anew for every click."""
        return cls(item, match)

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # the base leaves the client open
        """Answer; an error is told to the one who clicked."""
        set_language(await interaction.client.language_resolver.for_interaction(interaction))
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.handle(interaction)
        except Exception as exc:  # noqa: BLE001 - told, and logged under a reference when it is none of ours
            message = build_error_message(exc)
            if message:
                await send_error(interaction, message)

    async def handle(self, interaction: Interaction) -> None:
        """What this click does."""
        raise TypeError(f"{type(self).__name__} has no answer")


def get_destination_id(interaction: Interaction) -> int:
    """Where somebody reads, as follows know it: the channel or thread; where the bot is not, and in DMs, the person."""
    return interaction.user.id if find_guild(interaction) is None else interaction.channel_id or 0


def is_own_card(interaction: Interaction) -> bool:
    """Whether the card that was clicked is the clicker's own: an answer to them, or one that only they see."""
    message = interaction.message
    requester_id = message.interaction_metadata.user.id if message and message.interaction_metadata else 0
    return message is not None and (message.flags.ephemeral or requester_id == interaction.user.id)


async def replace_or_reply(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card in place of the one that was clicked if that is the clicker's own, else beside it, for them alone."""
    if is_own_card(interaction):
        # The picture of the card that was there goes with it.
        await interaction.response.edit_message(view=card, attachments=[])
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def reply_privately(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card for the clicker alone, in place of an earlier one that was theirs alone."""
    if interaction.message and interaction.message.flags.ephemeral:
        await interaction.response.edit_message(view=card, attachments=[])
    else:
        await interaction.response.send_message(view=card, ephemeral=True)
