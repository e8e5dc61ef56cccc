"""What is said about an error: ours say it themselves, discord.py's are put in words, a bug gets a reference."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.safe import line
from bot.errors import DealwireError, InputError, NotFound, TooOften
from bot.languages import joined, say, say_as, say_count
from bot.publisher.refusals import FORBIDDEN, code_of, in_short

#: How options are called in the code, and in commands that are typed.
_OPTION = re.compile("[a-z_]+")

log = logging.getLogger(__name__)

#: What an answer can raise for what Discord, or the way to it, does.
_NOT_TAKEN = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, ConnectionError)

_WRAPPERS = (
    commands.ConversionError,
    commands.CommandInvokeError,
    commands.HybridCommandError,
    app_commands.CommandInvokeError,
)


def sentence_of(error: BaseException, *, typed: bool = False) -> str:
    """What to say about an error; empty if nothing can, or should, be said.

    Ours say it themselves, discord.py's are put in words, and a bug gets a reference that the log has too.
    An option that it is about is called as Discord calls it for the asker; in a ``typed`` command it has one name for all.
    """
    cause = _cause(error)
    if typed and isinstance(cause, TooOften) and cause.is_repeated:
        # A channel that is flooded is not to be flooded by the bot too.
        return ""
    if isinstance(cause, InputError) and _OPTION.fullmatch(cause.key) and not typed:
        cause = InputError(say_as("option name", cause.key), cause.expected, cause.file)
    if isinstance(cause, NotFound | InputError):
        # These repeat what was typed.
        return line(str(cause), 600)
    if isinstance(cause, DealwireError):
        return str(cause)
    if code_of(cause) in (10062, 10008):
        # The interaction or its message is gone: there is nowhere left to answer.
        return ""
    said = _known_sentence(cause)
    if said:
        return said
    reference = secrets.token_hex(3)
    log.error("Unexpected error %s", reference, exc_info=cause)
    return say("Something went wrong here; the log has it under {reference}.", reference=reference)


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, _WRAPPERS):
        error = error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(error.__cause__, DealwireError):
        return error.__cause__
    return error


def _known_sentence(error: BaseException) -> str:
    if isinstance(error, commands.MissingRequiredArgument | commands.MissingRequiredFlag):
        return say("Say what you mean after the command: `{option}` is missing.", option=_missing(error))
    if isinstance(error, commands.NoPrivateMessage | app_commands.NoPrivateMessage):
        return say("This works in a server only.")
    if isinstance(error, commands.MissingPermissions | app_commands.MissingPermissions):
        return say("You need {permissions} for this.", permissions=_names(error.missing_permissions))
    if isinstance(error, commands.BotMissingPermissions | app_commands.BotMissingPermissions):
        return say("The bot needs {permissions} here.", permissions=_names(error.missing_permissions))
    if isinstance(error, commands.CommandOnCooldown):
        return say_count("Try again in {count} second.", "Try again in {count} seconds.", round(error.retry_after))
    if isinstance(error, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        return say("This command has just changed; try again in a minute.")
    if isinstance(error, commands.UserInputError | app_commands.TransformerError):
        return say("That was not understood: {what}", what=line(str(error), 300))
    return _sentence_of_discord(error) if isinstance(error, _NOT_TAKEN) else ""


def _sentence_of_discord(error: BaseException) -> str:
    """Return what to say of an answer of Discord's; empty if it complains about the request, which is a bug."""
    code = code_of(error)
    if code in FORBIDDEN:
        return say(
            "Discord does not let the bot do that here; an administrator can check its permissions with `/status`."
        )
    if code:
        return ""
    log.warning("Discord did not take an answer: %s", in_short(error))
    return say("Discord is not answering as it should; try again in a minute.")


def _missing(error: commands.MissingRequiredArgument | commands.MissingRequiredFlag) -> str:
    """The name of the option that was left out; a command's flags come as one parameter."""
    if isinstance(error, commands.MissingRequiredFlag):
        return error.flag.name
    kind = error.param.converter
    flags = kind.get_flags().values() if isinstance(kind, type) and issubclass(kind, commands.FlagConverter) else ()
    return next((flag.name for flag in flags if flag.required), error.param.name)


def _names(permissions: Sequence[str]) -> str:
    return joined(name.replace("_", " ").replace("guild", "server").title() for name in permissions)
