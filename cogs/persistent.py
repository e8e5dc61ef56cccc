"""Persistent buttons and menus: they keep their state in their ``custom_id``, so they outlive a restart."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.languages import set_language
from bot.platforms.discord.client import Interaction, send_error
from bot.platforms.discord.error_messages import build_error_message
from bot.recorder import AnswerWay
from cogs.permissions import find_guild


class PersistentItem(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"dw:never"):
    """A button or menu whose ``custom_id`` matches the template. ``params`` holds the groups of the match."""

    def __init__(self, item: discord.ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.params = match.groupdict()

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return a new item for each click."""
        return cls(item, match)

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]  # the base leaves the client open
        """Handle the click. An error is shown to the user who clicked."""
        with interaction.client.services.recorder.time_answer(AnswerWay.BUTTON):
            await self._answer(interaction)

    async def _answer(self, interaction: Interaction) -> None:
        set_language(await interaction.client.language_resolver.for_interaction(interaction))
        try:
            interaction.client.cooldowns.questions.take(interaction.user.id)
            await self.handle(interaction)
        except Exception as exc:  # noqa: BLE001 - shown to the user, and logged if it is a bug
            message = build_error_message(exc)
            if message:
                await send_error(interaction, message)

    def get_selection(self) -> str:
        """Return the first selected value of a menu; empty if there is none."""
        menu = self.item
        return menu.values[0] if isinstance(menu, discord.ui.Select) and menu.values else ""

    async def handle(self, interaction: Interaction) -> None:
        """Answer the click."""
        raise TypeError(f"{type(self).__name__} has no answer")


def get_destination_id(interaction: Interaction) -> int:
    """Return the id of the destination that the user reads: the channel; in DMs and outside our servers, the user."""
    return interaction.user.id if find_guild(interaction) is None else interaction.channel_id or 0


def is_own_card(interaction: Interaction) -> bool:
    """Return whether the clicked card answers the user who clicked, or is visible to them alone."""
    message = interaction.message
    requester_id = message.interaction_metadata.user.id if message and message.interaction_metadata else 0
    return message is not None and (message.flags.ephemeral or requester_id == interaction.user.id)


async def replace_or_reply(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Replace the clicked card if it belongs to the user; otherwise reply to them privately."""
    if is_own_card(interaction):
        # Remove the picture of the replaced card.
        await interaction.response.edit_message(view=card, attachments=[])
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def reply_privately(interaction: Interaction, card: discord.ui.LayoutView) -> None:
    """Show a card to the user alone. It replaces the clicked card if that was private too, unless the answer was deferred."""
    if interaction.response.is_done():
        await interaction.followup.send(view=card, ephemeral=True)
    elif interaction.message and interaction.message.flags.ephemeral:
        await interaction.response.edit_message(view=card, attachments=[])
    else:
        await interaction.response.send_message(view=card, ephemeral=True)
