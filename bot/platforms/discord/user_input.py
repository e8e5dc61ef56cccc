"""Truncate what people send to the limits of its fields, and find out which messages are for the bot.

Texts are truncated in one place, before any command reads them, so that no command can forget it. Forms do the same in
:attr:`cogs.modal.RetryableModal.values`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import discord
from discord.ext import commands

from bot.model.follow_settings import MAX_KEYWORD_LENGTH, MAX_KEYWORDS

#: The limit of a typed question, and of any option or argument that is not named below, in characters.
QUESTION_LIMIT = 200
_ADDRESS_LIMIT = 1_000
_KEYWORDS_LIMIT = MAX_KEYWORDS * (MAX_KEYWORD_LENGTH + 2)
#: Far more than a reason may have, so that a longer one is refused instead of published in part.
_REASON_LIMIT = 1_000
_LIMITS = {
    "address": _ADDRESS_LIMIT,
    "reason": _REASON_LIMIT,
    "words": _KEYWORDS_LIMIT,
    "without": _KEYWORDS_LIMIT,
}
#: The limit of a typed message in characters: a command with each of its options at its limit.
MAX_MESSAGE_LENGTH = 3_000
#: What may follow the mention at the end of a message.
_PUNCTUATION = " \t\n\u3000.,:;!?…。、！？"
_MENTION_OF_OTHERS = re.compile(r"<@[!&]?\d{15,20}>")


def truncate_options(options: Iterable[dict[str, Any]]) -> None:
    """Truncate the texts among a slash command's options, as Discord sends them, and among those of its subcommands."""
    for option in options:
        truncate_options(option.get("options", ()))
        if isinstance(option.get("value"), str):
            option["value"] = _truncate(option["name"], option["value"])


def truncate_arguments(arguments: dict[str, Any]) -> None:
    """Cut the texts among a command's arguments and flags, by name; members of an enum are no texts here."""
    for name, value in arguments.items():
        if type(value) is str:
            arguments[name] = _truncate(name, value)
        elif isinstance(value, commands.FlagConverter):
            for flag, text in value:
                if type(text) is str:
                    setattr(value, value.get_flags()[flag].attribute, _truncate(flag, text))


def truncate_message(text: str, prefix: str) -> str:
    """Return the text of a message up to the limit. A command in full-width characters becomes ASCII."""
    text = text[:MAX_MESSAGE_LENGTH]
    first_word = text.split(maxsplit=1)[0] if text.strip() else ""
    normalized_word = unicodedata.normalize("NFKC", first_word)
    return text.replace(first_word, normalized_word, 1) if first_word and normalized_word.startswith(prefix) else text


def find_leading_mention(message: discord.Message, me: discord.abc.User) -> str:
    """Return the mention of the bot at the start of a message, as it is typed; empty if there is none."""
    pattern = _get_mention_pattern(message, me)
    match = pattern.match(message.content) if pattern else None
    return match[0] if match else ""


def extract_question_before_mention(message: discord.Message, me: discord.abc.User) -> str | None:
    """Return the text before a mention of the bot at the end of a message; None if that is no question.

    A message that starts with the mention of somebody else is for them, and a long one is conversation.
    """
    pattern = _get_mention_pattern(message, me)
    mentions = list(pattern.finditer(message.content)) if pattern else []
    if not mentions or message.content[mentions[-1].end() :].strip(_PUNCTUATION):
        return None
    before = message.content[: mentions[-1].start()].strip()
    if len(before) > QUESTION_LIMIT or _MENTION_OF_OTHERS.match(before):
        return None
    return before


def _get_mention_pattern(message: discord.Message, me: discord.abc.User) -> re.Pattern[str] | None:
    """Return a pattern for what mentions the bot in a server: the bot itself, the role that Discord made for it, or its name."""
    if "@" not in message.content and "＠" not in message.content:
        return None
    guild = message.guild
    member = guild.me if guild else None
    roles = tuple(role.id for role in member.roles if role.managed) if member else ()
    names = (me.name, me.global_name, member.nick if member else None)
    return _compile_mention_pattern(me.id, roles, tuple(name for name in names if name))


@lru_cache(maxsize=1_024)
def _compile_mention_pattern(user_id: int, role_ids: tuple[int, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    name_alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    alternatives = [
        rf"<@!?{user_id}>",
        *(f"<@&{role_id}>" for role_id in role_ids),
        rf"(?<!\w)[@＠](?:{name_alternatives})(?!\w)",
    ]
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _truncate(name: str, text: str) -> str:
    return text[: _LIMITS.get(name, QUESTION_LIMIT)]
