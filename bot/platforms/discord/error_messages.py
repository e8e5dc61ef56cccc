"""The sentence that a user gets for an error."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.escaping import escape_line
from bot.errors import DealwireError, InputError, NotFound, TooManyRequests
from bot.languages import format_list, say, say_as, say_count
from bot.platforms.discord.error_mapping import FORBIDDEN_CODES, get_error_code, summarize_error

#: The name of an option in the code and in typed commands.
_OPTION_NAME = re.compile("[a-z_]+")

log = logging.getLogger(__name__)

#: The errors of a request that are due to Discord or to the connection.
_CONNECTION_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, ConnectionError)

_WRAPPERS = (
    commands.ConversionError,
    commands.CommandInvokeError,
    commands.HybridCommandError,
    app_commands.CommandInvokeError,
)


def build_error_message(error: BaseException, *, is_typed_command: bool = False) -> str:
    """Return what to tell the user about an error; empty if nothing can or should be said.

    Our own errors have their sentence, those of discord.py get one, and a bug gets a reference that the log has too. An
    option is named as Discord names it for the user; in a typed command it has one name in every language.
    """
    cause = _unwrap(error)
    if is_typed_command and isinstance(cause, TooManyRequests) and cause.is_repeated:
        # The bot must not flood a channel that is being flooded.
        return ""
    if isinstance(cause, InputError) and _OPTION_NAME.fullmatch(cause.key) and not is_typed_command:
        cause = InputError(say_as("option name", cause.key), cause.expected, cause.file)
    if isinstance(cause, NotFound | InputError):
        # These quote what was typed.
        return escape_line(str(cause), 600)
    if isinstance(cause, DealwireError):
        return str(cause)
    if get_error_code(cause) in (10062, 10008):
        # The interaction (10062) or its message (10008) is gone: there is nowhere to answer.
        return ""
    message = _describe_library_error(cause)
    if message:
        return message
    reference = secrets.token_hex(3)
    log.error("Unexpected error %s", reference, exc_info=cause, extra={"reference": reference})
    return say("Something went wrong. Error reference: {reference}.", reference=reference)


def _unwrap(error: BaseException) -> BaseException:
    while isinstance(error, _WRAPPERS):
        error = error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, DealwireError):
        return error.__cause__
    return error


def _describe_library_error(error: BaseException) -> str:
    if isinstance(error, commands.NoPrivateMessage | app_commands.NoPrivateMessage):
        return say("This only works in a server.")
    if isinstance(error, commands.MissingPermissions | app_commands.MissingPermissions):
        return say("You need {permissions} to do this.", permissions=_format_permissions(error.missing_permissions))
    if isinstance(error, commands.BotMissingPermissions | app_commands.BotMissingPermissions):
        return say("The bot needs {permissions} here.", permissions=_format_permissions(error.missing_permissions))
    if isinstance(error, commands.CommandOnCooldown):
        return say_count("Try again in {count} second.", "Try again in {count} seconds.", round(error.retry_after))
    if isinstance(error, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        return say("This command has just changed; try again in a minute.")
    if isinstance(error, commands.UserInputError | app_commands.TransformerError):
        return say("I didn't understand that: {what}", what=escape_line(str(error), 300))
    return _describe_discord_error(error) if isinstance(error, _CONNECTION_ERRORS) else ""


def _describe_discord_error(error: BaseException) -> str:
    """Return the sentence for an error from Discord; empty if it is about the request itself, which is a bug."""
    code = get_error_code(error)
    if code in FORBIDDEN_CODES:
        return say(
            "Discord doesn't let the bot do that here; an administrator can check the bot's "
            "permissions in this channel."
        )
    if code:
        return ""
    log.warning("Discord refused an answer: %s", summarize_error(error))
    return say("Discord isn't responding properly; try again in a minute.")


def _format_permissions(permissions: Sequence[str]) -> str:
    return format_list(name.replace("_", " ").replace("guild", "server").title() for name in permissions)
