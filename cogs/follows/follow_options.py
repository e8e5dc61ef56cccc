"""The options of the follow commands: settings, as options or as the fields of a form, and the channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import InputError, NotAllowed
from bot.languages import lazy, say
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import Target, TargetKind
from bot.model.follow_settings import (
    FollowFilter,
    FollowSettings,
    PingPolicy,
    get_filter_labels,
    parse_filters,
    parse_keywords,
)
from bot.model.text_input import is_none_word
from bot.platforms.discord.client import Context
from cogs.channels import WRONG_CHANNEL, PostChannel
from cogs.permissions import can_see

_T = TypeVar("_T")

#: Combinations of filters that are offered by autocomplete.
_FILTER_PAIRS = ((FollowFilter.DEALS, FollowFilter.CONFIRMED), (FollowFilter.DEALS, FollowFilter.STAGE_CHANGES))
NOT_A_MEMBER = lazy(
    "The bot is not on this server, so it can't post in its channels or ping its roles. Leave these "
    "out, and `/follow` sends posts to your DMs."
)
_CHANNEL = re.compile(r"<#(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")


def get_filter_options() -> dict[str, str]:
    """Return the filters and some combinations of them, with their labels."""
    return {
        **get_filter_labels(),
        **{", ".join(pair): ", ".join(member.label for member in pair) for pair in _FILTER_PAIRS},
    }


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """The options of a follow. None stands for one that was left out and stays as it is."""

    mode: DeliveryMode | None = None
    only: str | None = None
    ping: PingPolicy | None = None
    words: str | None = None
    without: str | None = None
    role_id: int | None = None
    silent: bool | None = None
    threads: bool | None = None
    reminders: bool | None = None

    def apply_to(self, settings: FollowSettings) -> FollowSettings:
        """Return *settings* with these options changed. Raises InputError, which names the bad option."""
        changes: dict[str, Any] = {
            "mode": self.mode,
            "filters": _parse_option("only", self.only, parse_filters),
            "ping": self.ping,
            "keywords": _parse_option("words", self.words, _parse_keyword_option),
            "excluded_keywords": _parse_option("without", self.without, _parse_keyword_option),
            "role_id": self.role_id,
            "silent": self.silent,
            "threads": self.threads,
            "reminders": self.reminders,
        }
        return replace(settings, **{name: value for name, value in changes.items() if value is not None})


def check_target_settings(target: Target, settings: FollowSettings) -> None:
    """Raise InputError, with the option's name, if a follow of this target cannot have these settings."""
    if target.kind is not TargetKind.FEED:
        return
    if settings.filters:
        raise InputError("only", say("this doesn't work for a feed's articles; use “words” and “without” instead"))
    if settings.ping is PingPolicy.STAGE_CHANGES:
        raise InputError("ping", say("a feed's articles don't change a stage; choose “always” or “never”"))
    if settings.reminders:
        raise InputError("reminders", say("a feed has no expected events to remind you of"))


def _parse_keyword_option(text: str) -> tuple[str, ...]:
    """Parse keywords; ``none`` removes the current ones. Raises ValueError."""
    return () if is_none_word(text) else parse_keywords(text)


def _parse_option(option: str, text: str | None, parser: Callable[[str], _T]) -> _T | None:
    if text is None:
        return None
    try:
        return parser(text)
    except ValueError as exc:
        raise InputError(option, str(exc)) from exc


class ChannelOption(app_commands.Transformer, commands.Converter[PostChannel]):
    """A channel that posts can go to, as an option of a slash command or as a word of a typed one.

    discord.py offers media channels wherever it offers forums; posts cannot go to these.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Return the option type of a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Return the types of channels that Discord offers."""
        types = discord.ChannelType
        threads = [types.news_thread, types.private_thread, types.public_thread]
        return [types.text, types.news, types.forum, *threads]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> PostChannel:
        """Return the selected channel as the bot knows it."""
        if interaction.guild_id and interaction.client.get_guild(interaction.guild_id) is None:
            raise NotAllowed(say(NOT_A_MEMBER))
        channel = value.resolve()
        if not isinstance(channel, PostChannel):
            raise app_commands.TransformerError(value, self.type, self)
        return channel

    async def convert(self, ctx: commands.Context[Any], argument: str) -> PostChannel:
        """Return the channel that a mention, an id or a name stands for.

        It must be visible to the user, or a guess would reveal its name.
        """
        for converter in (commands.TextChannelConverter, commands.ThreadConverter, commands.ForumChannelConverter):
            try:
                channel: PostChannel = await converter().convert(ctx, argument)
            except (commands.ChannelNotFound, commands.ThreadNotFound):
                continue
            if await can_see(ctx, channel):
                return channel
        raise commands.ChannelNotFound(argument)


#: The annotation of a channel option that may be left out.
OptionalChannel: TypeAlias = Annotated[PostChannel, ChannelOption] | None


def split_mentions(ctx: Context, text: str) -> tuple[str, PostChannel | None, discord.Role | None]:
    """Split a typed target from the channel and the role that are mentioned in it (``hon hai #deals @Deals``).

    Raises NotAllowed if posts cannot go to the channel or the role is unknown: neither may be ignored.
    """
    channel: PostChannel | None = None
    role: discord.Role | None = None
    if ctx.guild is not None and (channel_match := _CHANNEL.search(text)):
        mentioned_channel = ctx.guild.get_channel_or_thread(int(channel_match[1]))
        if not isinstance(mentioned_channel, PostChannel):
            raise NotAllowed(say(WRONG_CHANNEL))
        channel = mentioned_channel
    if ctx.guild is not None and (role_match := _ROLE.search(text)):
        role = ctx.guild.get_role(int(role_match[1]))
        if role is None:
            raise NotAllowed(say("That role doesn't belong to this server."))
    return _ROLE.sub("", _CHANNEL.sub("", text)).strip(), channel, role
