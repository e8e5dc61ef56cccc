"""Which language to use for somebody.

A slash command, a click or a form is answered in the language of the user's own Discord. Posts, and replies to typed
messages, use the language that the server has chosen in ``settings``, else that of the server in Discord; in DMs the one
that the user has chosen. If the bot does not have a language, the next in this order is used, and English in the end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.errors import StoreError
from bot.languages import ENGLISH, find_language_code
from bot.model.follow import Destination


def get_client_language(locale: discord.Locale | None) -> str:
    """Return the code of our language for a locale of Discord's; empty if the bot does not have it."""
    return find_language_code(locale.value) if locale else ""


class LanguageResolver:
    """Finds the language for users, servers and destinations.

    ``get_chosen_language`` returns the setting of a server or user by their id; empty for none.
    """

    def __init__(self, client: discord.Client, get_chosen_language: Callable[[int], Awaitable[str]]) -> None:
        self._client = client
        self._get_chosen_language = get_chosen_language

    async def for_interaction(self, interaction: discord.Interaction[Any]) -> str:
        """Return the language for whoever asks, clicks or submits a form. Works without a store."""
        user_language = get_client_language(interaction.locale)
        if user_language:
            return user_language
        owner_id = interaction.guild_id or interaction.user.id
        guild_language = get_client_language(interaction.guild_locale)
        try:
            return await self._get_chosen_language(owner_id) or guild_language or ENGLISH
        except StoreError:
            return guild_language or ENGLISH

    async def for_message(self, message: discord.Message) -> str:
        """Return the language for the reply to a message: the server's or, in a DM, the user's. English if the store fails."""
        try:
            return await (self.for_guild(message.guild.id) if message.guild else self.for_user(message.author.id))
        except StoreError:
            return ENGLISH

    async def for_destination(self, destination: Destination) -> str:
        """Return the language for posts to a destination."""
        if destination.guild_id:
            return await self.for_guild(destination.guild_id)
        return await self.for_user(destination.discord_id)

    async def for_guild(self, guild_id: int) -> str:
        """Return the language of a server."""
        guild = self._client.get_guild(guild_id)
        return (
            await self._get_chosen_language(guild_id)
            or get_client_language(guild.preferred_locale if guild else None)
            or ENGLISH
        )

    async def for_user(self, user_id: int) -> str:
        """Return the language for a user's DMs."""
        return await self._get_chosen_language(user_id) or ENGLISH
