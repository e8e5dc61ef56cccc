"""In which language somebody is spoken to.

Who asks by a slash command, a click or a form is answered in the language of their own Discord. What comes to a channel
by itself, and what is typed there as a message, is in the language that its server has chosen in ``settings``, else in
that of the server in Discord; by DM in the one that the person has chosen. Where the bot does not speak it, the next in
this order counts, and English in the end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.errors import StoreError
from bot.languages import ENGLISH, find_language_code
from bot.model.follow import Destination


def get_client_language(locale: discord.Locale | None) -> str:
    """The code of the language of a person's or a server's Discord; empty where the bot does not speak it."""
    return find_language_code(locale.value) if locale else ""


class LanguageResolver:
    """Knows the language of each. ``chosen`` gives what a server or a person has set, by their id; empty for nothing."""

    def __init__(self, client: discord.Client, get_chosen_language: Callable[[int], Awaitable[str]]) -> None:
        self._client = client
        self._get_chosen_language = get_chosen_language

    async def for_interaction(self, interaction: discord.Interaction[Any]) -> str:
        """Of whoever asks, clicks or types into a form."""
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
        """Of those who read the answer to a message. With no store to ask there is an answer to be given all the same."""
        try:
            return await (self.for_guild(message.guild.id) if message.guild else self.for_user(message.author.id))
        except StoreError:
            return ENGLISH

    async def for_destination(self, destination: Destination) -> str:
        """Of those who read what comes to a destination."""
        if destination.guild_id:
            return await self.for_guild(destination.guild_id)
        return await self.for_user(destination.discord_id)

    async def for_guild(self, guild_id: int) -> str:
        """Of a server."""
        guild = self._client.get_guild(guild_id)
        return (
            await self._get_chosen_language(guild_id)
            or get_client_language(guild.preferred_locale if guild else None)
            or ENGLISH
        )

    async def for_user(self, user_id: int) -> str:
        """Of a person who is written to."""
        return await self._get_chosen_language(user_id) or ENGLISH
