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
from bot.languages import ENGLISH, language_of
from bot.model.follow import Destination


def discords(locale: discord.Locale | None) -> str:
    """The code of the language of a person's or a server's Discord; empty where the bot does not speak it."""
    return language_of(locale.value) if locale else ""


class Audience:
    """Knows the language of each. ``chosen`` gives what a server or a person has set, by their id; empty for nothing."""

    def __init__(self, client: discord.Client, chosen: Callable[[int], Awaitable[str]]) -> None:
        self._client = client
        self._chosen = chosen

    async def of_interaction(self, interaction: discord.Interaction[Any]) -> str:
        """Of whoever asks, clicks or types into a form."""
        own = discords(interaction.locale)
        if own:
            return own
        owner_id = interaction.guild_id or interaction.user.id
        around = discords(interaction.guild_locale)
        try:
            return await self._chosen(owner_id) or around or ENGLISH
        except StoreError:
            return around or ENGLISH

    async def of_message(self, message: discord.Message) -> str:
        """Of those who read the answer to a message. With no store to ask there is an answer to be given all the same."""
        try:
            return await (self.on_server(message.guild.id) if message.guild else self.by_dm(message.author.id))
        except StoreError:
            return ENGLISH

    async def at(self, destination: Destination) -> str:
        """Of those who read what comes to a destination."""
        if destination.guild_id:
            return await self.on_server(destination.guild_id)
        return await self.by_dm(destination.discord_id)

    async def on_server(self, guild_id: int) -> str:
        """Of a server."""
        guild = self._client.get_guild(guild_id)
        return await self._chosen(guild_id) or discords(guild.preferred_locale if guild else None) or ENGLISH

    async def by_dm(self, user_id: int) -> str:
        """Of a person who is written to."""
        return await self._chosen(user_id) or ENGLISH
