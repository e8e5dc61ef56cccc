"""Names and descriptions of the commands in the languages of Discord's clients."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.languages import ENGLISH, LANGUAGES, find_language_code

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
