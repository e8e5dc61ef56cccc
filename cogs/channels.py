"""Where a post may go, and who may send it there: said all at once, before the first post."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotAllowed
from bot.languages import lazy, lazy_as, say, say_as
from bot.model.follow import Destination, DestinationKind
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.vocabulary import Stage
from bot.platforms.discord.client import Context, Interaction
from bot.platforms.discord.forums import without_stage_tags

#: The channels of a server that posts can go to.
PostChannel = discord.TextChannel | discord.Thread | discord.ForumChannel
AnyChannel: TypeAlias = "discord.abc.MessageableChannel | discord.ForumChannel"

_WRONG_CHANNEL = lazy("Posts can go to a text channel, an announcement channel, a forum or a thread of this server.")
NOT_A_MEMBER = lazy(
    "The bot is not on this server, so it can post in none of its channels, and ping none of its roles."
    " Without these, `/follow` brings posts to your DMs."
)
_CHANNEL = re.compile(r"<#(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")


class ChannelOption(app_commands.Transformer, commands.Converter[PostChannel]):
    """A place that posts can go to, as an option of a slash command or as a word.

    discord.py offers media channels wherever it offers forums, and Discord's own description of commands does not know these.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What the menu of channels offers."""
        types = discord.ChannelType
        threads = [types.news_thread, types.private_thread, types.public_thread]
        return [types.text, types.news, types.forum, *threads]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> PostChannel:
        """The channel as the bot knows it."""
        if interaction.guild_id and interaction.client.get_guild(interaction.guild_id) is None:
            raise NotAllowed(say(NOT_A_MEMBER))
        channel = value.resolve()
        if not isinstance(channel, PostChannel):
            raise app_commands.TransformerError(value, self.type, self)
        return channel

    async def convert(self, ctx: commands.Context[Any], argument: str) -> PostChannel:
        """The channel that is typed as a mention, an id or a name: one that the asker sees, or a guess would tell its name."""
        for converter in (commands.TextChannelConverter, commands.ThreadConverter, commands.ForumChannelConverter):
            try:
                channel: PostChannel = await converter().convert(ctx, argument)
            except (commands.ChannelNotFound, commands.ThreadNotFound):
                continue
            if await can_see(ctx, channel):
                return channel
        raise commands.ChannelNotFound(argument)


#: An option that names a place, or nothing.
OptionalChannel: TypeAlias = Annotated[PostChannel, ChannelOption] | None


def get_user(ctx: Context | Interaction) -> discord.User | discord.Member:
    """Return who asks."""
    return ctx.user if isinstance(ctx, discord.Interaction) else ctx.author


def find_guild(ctx: Context | Interaction) -> discord.Guild | None:
    """The server that is asked on, if the bot is on it.

    Who has installed the app for themselves can also ask on servers that it is not on, and in DMs between people: what
    they ask for there is theirs alone, as in a DM with the bot.
    """
    bot = ctx.client if isinstance(ctx, discord.Interaction) else ctx.bot
    return bot.get_guild(ctx.guild.id) if ctx.guild is not None else None


def can_manage(ctx: Context | Interaction) -> bool:
    """Whether the one who asks may decide what this server follows."""
    return find_guild(ctx) is not None and ctx.permissions.manage_guild


async def can_see(ctx: Context | Interaction, channel: PostChannel) -> bool:
    """Return whether the asker sees a channel or thread of their server; in doubt they do not.

    A private thread is seen by its members and by those with Manage Threads, and not by all who see its channel.
    """
    user = get_user(ctx)
    if ctx.channel is not None and ctx.channel.id == channel.id:
        return True
    if not isinstance(user, discord.Member) or (isinstance(channel, discord.Thread) and channel.parent is None):
        return False
    permissions = channel.permissions_for(user)
    if not permissions.view_channel:
        return False
    if not isinstance(channel, discord.Thread) or not channel.is_private() or permissions.manage_threads:
        return True
    try:
        await channel.fetch_member(user.id)
    except discord.HTTPException:
        return False
    return True


async def check_channel(
    ctx: Context | Interaction,
    channel: AnyChannel,
    role: discord.Role | None,
    terms: FollowSettings = DEFAULT_FOLLOW_SETTINGS,
) -> None:
    """Raise Refused unless the asker may send posts there and the bot can; all that is missing is named at once."""
    if not can_manage(ctx):
        raise NotAllowed(
            say("You need Manage Server to make a channel follow; without a channel, you get a follow by DM.")
        )
    guild = find_guild(ctx)
    if not isinstance(channel, PostChannel) or guild is None or channel.guild.id != guild.id:
        raise NotAllowed(say(_WRONG_CHANNEL))
    if not await can_see(ctx, channel):
        raise NotAllowed(say("You need View Channel in that channel to send posts there."))
    problems = _find_problems(channel, guild.me, role, terms)
    if problems:
        problem_list = "; ".join(problems)
        if isinstance(ctx, commands.Context) and ctx.interaction is None and channel.id != ctx.channel.id:
            # Others read this, and may not see the channel.
            # Said: missing lists what is to be mended, such as: the bot needs View Channel there
            raise NotAllowed(say("Nothing can be posted there yet: {missing}.", missing=problem_list))
        # Said: missing lists what is to be mended, such as: the bot needs View Channel there
        raise NotAllowed(
            say("Nothing can be posted in {channel} yet: {missing}.", channel=channel.mention, missing=problem_list)
        )


def list_channel_notes(channel: AnyChannel) -> list[str]:
    """What is worth knowing of a place that posts go to, in our own sentences."""
    if isinstance(channel, discord.ForumChannel):
        return _list_forum_notes(channel)
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        return [
            say(
                "Each post is also published, so that Discord copies it to the servers that follow this channel:"
                " at most ten an hour."
            )
        ]
    return []


def _list_forum_notes(forum: discord.ForumChannel) -> list[str]:
    tag_names = [tag.name for tag in forum.available_tags]
    stages = [stage.label for stage in Stage]
    missing_stages = [stage.label for stage in Stage if not any(stage.is_labelled(name) for name in tag_names)]
    notes = []
    if forum.flags.require_tag and not without_stage_tags(forum.available_tags):
        notes.append(
            say("This forum wants a tag on every post: give it one for stories without a stage, or these cannot come.")
        )
    if len(missing_stages) == len(stages):
        examples = ", ".join(stages[:3])
        notes.append(say("Tags named after stages ({stages}, …) would be set and kept up to date.", stages=examples))
    elif missing_stages:
        # Said: it is a forum, in which posts are tagged by the stages of their stories
        notes.append(say("It has no tag for {stages}.", stages=", ".join(missing_stages)))
    return notes


def split_mentions(ctx: Context, text: str) -> tuple[str, PostChannel | None, discord.Role | None]:
    """A typed target without the channel and the role that were typed behind it (``hon hai #deals @Deals``).

    Raises Refused for one that is named and is none that posts can go to, or ping: it must not be passed over.
    """
    channel: PostChannel | None = None
    role: discord.Role | None = None
    if ctx.guild is not None and (channel_match := _CHANNEL.search(text)):
        mentioned_channel = ctx.guild.get_channel_or_thread(int(channel_match[1]))
        if not isinstance(mentioned_channel, PostChannel):
            raise NotAllowed(say(_WRONG_CHANNEL))
        channel = mentioned_channel
    if ctx.guild is not None and (role_match := _ROLE.search(text)):
        role = ctx.guild.get_role(int(role_match[1]))
        if role is None:
            raise NotAllowed(say("That role is not one of this server."))
    return _ROLE.sub("", _CHANNEL.sub("", text)).strip(), channel, role


def make_destination(channel: AnyChannel) -> Destination:
    """A channel, forum or thread of a server, as a destination."""
    return Destination(_get_kind(channel), channel.id, channel.guild.id if isinstance(channel, PostChannel) else 0)


def _get_kind(channel: AnyChannel) -> DestinationKind:
    if isinstance(channel, discord.ForumChannel):
        return DestinationKind.FORUM
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        return DestinationKind.ANNOUNCEMENT
    return DestinationKind.THREAD if isinstance(channel, discord.Thread) else DestinationKind.CHANNEL


def get_destination_name(guild: discord.Guild | None, destination: Destination) -> str:
    """What a destination is called on its server, raw: for menus. Threads in the archive are not known by name."""
    if destination.kind is DestinationKind.DM:
        # Said: where a follow's posts go, in a menu
        return say("by DM")
    channel = guild.get_channel_or_thread(destination.discord_id) if guild else None
    if channel:
        return f"#{channel.name}"
    return (
        say("a thread that is closed or gone")
        if destination.kind is DestinationKind.THREAD
        else say("a channel that is gone")
    )


def make_dm_destination(user: discord.abc.User) -> Destination:
    """The DMs of a user."""
    return Destination(DestinationKind.DM, user.id)


def make_closed_dms_error() -> NotAllowed:
    """What to say when a DM cannot be sent."""
    return NotAllowed(
        say(
            "Your DMs are closed to this bot: allow direct messages in this server's privacy settings,"
            " then follow again."
        )
    )


def _find_problems(
    channel: PostChannel, me: discord.Member, role: discord.Role | None, terms: FollowSettings
) -> list[str]:
    permissions = channel.permissions_for(me)
    missing_permissions = [
        say_as("permission", name)
        for flag, name in _get_required_permissions(channel, terms).items()
        if not getattr(permissions, flag)
    ]
    problems = (
        [say("the bot needs {permissions} there", permissions=", ".join(missing_permissions))]
        if missing_permissions
        else []
    )
    if role is not None and role.is_default():
        problems.append(say("@everyone cannot be pinged by posts"))
    elif role is not None and not role.mentionable and not permissions.mention_everyone:
        problems.append(
            say(
                "{role} cannot be pinged: allow anyone to mention it, or give the bot"
                " Mention @everyone, @here and All Roles",
                role=role.mention,
            )
        )
    return problems


# Said: permissions, as Discord's own settings name them
_VIEW_CHANNEL = lazy_as("permission", "View Channel")
_SEND_MESSAGES = lazy_as("permission", "Send Messages")
_SEND_IN_THREADS = lazy_as("permission", "Send Messages In Threads")
_CREATE_POSTS = lazy_as("permission", "Create Posts")
_SEND_IN_POSTS = lazy_as("permission", "Send Messages in Posts")
_CREATE_THREADS = lazy_as("permission", "Create Public Threads")
_READ_HISTORY = lazy_as("permission", "Read Message History")


def _get_required_permissions(channel: PostChannel, terms: FollowSettings) -> dict[str, str]:
    """The permissions that posts there need, by discord.py's names, with those that people see."""
    permissions = {"view_channel": _VIEW_CHANNEL}
    if isinstance(channel, discord.ForumChannel):
        permissions |= {"send_messages": _CREATE_POSTS, "send_messages_in_threads": _SEND_IN_POSTS}
    elif isinstance(channel, discord.Thread):
        permissions |= {"send_messages_in_threads": _SEND_IN_THREADS}
    else:
        permissions |= {"send_messages": _SEND_MESSAGES}
    if terms.threads and isinstance(channel, discord.TextChannel):
        permissions |= {"create_public_threads": _CREATE_THREADS}
        permissions |= {"send_messages_in_threads": _SEND_IN_THREADS}
    return {**permissions, "read_message_history": _READ_HISTORY}
