"""Which language to use for somebody, and the commands' names in the languages of Discord's clients.

A slash command, a click or a form is answered in the language of the user's own Discord. Posts, and replies to typed
messages, use the language that the server has chosen in ``settings``, else that of the server in Discord; in DMs the one
that the user has chosen. If the bot does not have a language, the next in this order is used, and English in the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.errors import StoreError
from bot.languages import ENGLISH, LANGUAGES, find_language_code
from bot.model.follow import Destination
from bot.platforms.discord.error_mapping import REQUEST_ERRORS
from bot.platforms.discord.other_processes import is_elsewhere

#: After how many seconds Discord is asked again for the language of a server that belongs to another process, and after an error.
FETCH_SECONDS = 86_400.0
RETRY_SECONDS = 300.0

#: The context of each part of a command in the catalogues; each has its own length limit.
CATALOGUE_CONTEXTS: dict[Location, str] = {
    Location.command_name: "command name",
    Location.group_name: "command name",
    Location.parameter_name: "option name",
    Location.command_description: "command description",
    Location.group_description: "command description",
    Location.parameter_description: "option description",
    Location.choice_name: "choice",
}


class CommandTranslator(app_commands.Translator):
    """Translates the texts of commands from the catalogues when the commands are registered."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the text in a client's language; None if it stays in English."""
        code, catalogue_context = find_language_code(locale.value), CATALOGUE_CONTEXTS.get(context.location)
        if code in ("", ENGLISH) or catalogue_context is None:
            return None
        translation = LANGUAGES[code].catalogue.pgettext(catalogue_context, string.message)
        return translation if translation != string.message else None


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
        #: Of servers that belong to other processes: the language, and when Discord is asked again.
        self._fetched_languages: dict[int, tuple[str, float]] = {}

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
        chosen_language = await self._get_chosen_language(guild_id)
        if chosen_language:
            return chosen_language
        guild = self._client.get_guild(guild_id)
        if guild is None and is_elsewhere(self._client, guild_id):
            return await self._fetch_language(guild_id)
        return get_client_language(guild.preferred_locale if guild else None) or ENGLISH

    async def _fetch_language(self, guild_id: int) -> str:
        """Return the language of a server that belongs to another process: of it there are no events, so Discord is asked."""
        now = asyncio.get_running_loop().time()
        language, ask_at = self._fetched_languages.get(guild_id, (ENGLISH, now))
        if now < ask_at:
            return language
        try:
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
            language, ask_at = get_client_language(guild.preferred_locale) or ENGLISH, now + FETCH_SECONDS
        except REQUEST_ERRORS:
            ask_at = now + RETRY_SECONDS
        self._fetched_languages[guild_id] = language, ask_at
        return language

    async def for_user(self, user_id: int) -> str:
        """Return the language for a user's DMs."""
        return await self._get_chosen_language(user_id) or ENGLISH
