"""What a user may see and manage in a server, and what the bot may do in a channel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import discord
from discord.ext import commands

from bot.cards.simple_cards import private_answer_card
from bot.errors import NotAllowed
from bot.languages import format_series, lazy_as, say, say_as
from bot.model.follow import Destination, DestinationKind, Follow
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.platforms.discord.client import Context, Dealwire, Interaction
from cogs.channels import WRONG_CHANNEL, AnyChannel, PostChannel

# Translators: permissions, as Discord's own settings name them
_VIEW_CHANNEL = lazy_as("permission", "View Channel")
_SEND_MESSAGES = lazy_as("permission", "Send Messages")
_SEND_IN_THREADS = lazy_as("permission", "Send Messages in Threads")
_CREATE_POSTS = lazy_as("permission", "Create Posts")
_SEND_IN_POSTS = lazy_as("permission", "Send Messages in Posts")
_CREATE_THREADS = lazy_as("permission", "Create Public Threads")
_READ_HISTORY = lazy_as("permission", "Read Message History")


def get_bot(ctx: Context | Interaction) -> Dealwire:
    """Return the bot that the user talks to."""
    return ctx.client if isinstance(ctx, discord.Interaction) else ctx.bot


def get_user(ctx: Context | Interaction) -> discord.User | discord.Member:
    """Return the user who runs the command or clicked."""
    return ctx.user if isinstance(ctx, discord.Interaction) else ctx.author


def find_guild(ctx: Context | Interaction) -> discord.Guild | None:
    """Return the current server, if the bot is a member of it.

    Users who installed the app for themselves can also use it in other servers and in DMs between people. What they
    follow there is their own, as in a DM with the bot.
    """
    return get_bot(ctx).get_guild(ctx.guild.id) if ctx.guild is not None else None


def can_manage(ctx: Context | Interaction) -> bool:
    """Return whether the user may manage the follows of the current server."""
    return find_guild(ctx) is not None and ctx.permissions.manage_guild


async def can_see(ctx: Context | Interaction, channel: PostChannel) -> bool:
    """Return whether the user sees a channel or thread of their server; False in doubt.

    A private thread is visible to its members and to users with Manage Threads, not to everybody who sees its channel.
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


async def check_visible(ctx: Context | Interaction, channel: AnyChannel) -> None:
    """Raise NotAllowed if the channel is not of this server or the user does not see it."""
    if find_guild(ctx) is None or ctx.guild is None:
        return
    if not isinstance(channel, PostChannel) or channel.guild.id != ctx.guild.id:
        raise NotAllowed(say("Choose a text channel, an announcement channel, a forum or a thread of this server."))
    if not await can_see(ctx, channel):
        raise NotAllowed(say("You need View Channel in that channel."))


async def filter_visible(ctx: Context | Interaction, follows: Iterable[Follow]) -> list[Follow]:
    """Return the follows whose channel the user sees. Managers also get those whose channel is gone."""
    candidates = list(follows)
    destinations = list(dict.fromkeys(follow.destination for follow in candidates))
    # Each private thread takes a request to Discord, so check all at once.
    visibility = dict(
        zip(
            destinations,
            await asyncio.gather(*(_is_visible(ctx, destination) for destination in destinations)),
            strict=True,
        )
    )
    return [follow for follow in candidates if visibility[follow.destination]]


async def _is_visible(ctx: Context | Interaction, destination: Destination) -> bool:
    guild = find_guild(ctx)
    channel = guild.get_channel_or_thread(destination.discord_id) if guild else None
    if channel is None:
        # The channel may have been private, or is an archived thread.
        return can_manage(ctx)
    return isinstance(channel, PostChannel) and await can_see(ctx, channel)


def is_public_here(ctx: Context | Interaction, destination: Destination) -> bool:
    """Return whether everybody who reads an answer here also sees the destination; False in doubt.

    The bot does not know the members of a server, so a channel counts as public only if no overwrite hides it from
    anybody.
    """
    guild, current_channel = find_guild(ctx), ctx.channel
    if guild is None or current_channel is None:
        return True
    channel = (
        guild.get_channel_or_thread(destination.discord_id) if destination.kind is not DestinationKind.DM else None
    )
    if isinstance(channel, discord.Thread):
        if channel.id == current_channel.id:
            return True
        channel = None if channel.is_private() else channel.parent
    if channel is None:
        return False
    return channel.id in (current_channel.id, getattr(current_channel, "parent_id", None)) or _is_open_to_all(
        guild, channel
    )


def _is_open_to_all(guild: discord.Guild, channel: discord.abc.GuildChannel) -> bool:
    is_hidden = any(overwrite.view_channel is False for overwrite in channel.overwrites.values())
    return not is_hidden and channel.permissions_for(guild.default_role).view_channel


async def answer_privately(
    ctx: Context, build_card: Callable[[Context], Awaitable[discord.ui.LayoutView]], custom_id: str
) -> None:
    """Show a card to the user alone. A typed command in a server gets a button that opens it instead."""
    if ctx.interaction is None and find_guild(ctx) is not None:
        await ctx.send(view=private_answer_card(custom_id))
    else:
        await ctx.send(view=await build_card(ctx), ephemeral=True)


async def check_channel(
    ctx: Context | Interaction,
    channel: AnyChannel,
    role: discord.Role | None,
    settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS,
) -> None:
    """Raise NotAllowed unless the user may make posts go there and the bot may post.

    The error lists all that is missing.
    """
    if not can_manage(ctx):
        raise NotAllowed(
            say("You need Manage Server to follow for a channel; leave the channel empty to get posts in your DMs.")
        )
    guild = find_guild(ctx)
    if not isinstance(channel, PostChannel) or guild is None or channel.guild.id != guild.id:
        raise NotAllowed(say(WRONG_CHANNEL))
    if not await can_see(ctx, channel):
        raise NotAllowed(say("You need View Channel in that channel to send posts there."))
    problems = _find_problems(channel, guild.me, role, settings)
    if problems:
        problem_list = "; ".join(problems)
        if isinstance(ctx, commands.Context) and ctx.interaction is None and channel.id != ctx.channel.id:
            # Others read this answer, and may not see the channel.
            # Translators: missing lists what is to be mended, such as: the bot needs View Channel there
            raise NotAllowed(say("Posts can't be sent there yet: {missing}.", missing=problem_list))
        # Translators: missing lists what is to be mended, such as: the bot needs View Channel there
        raise NotAllowed(
            say("Posts can't be sent to {channel} yet: {missing}.", channel=channel.mention, missing=problem_list)
        )


def _find_problems(
    channel: PostChannel, me: discord.Member, role: discord.Role | None, settings: FollowSettings
) -> list[str]:
    permissions = channel.permissions_for(me)
    missing_permissions = [
        say_as("permission", name)
        for flag, name in _get_required_permissions(channel, settings).items()
        if not getattr(permissions, flag)
    ]
    problems = (
        [say("the bot needs {permissions} there", permissions=format_series(missing_permissions))]
        if missing_permissions
        else []
    )
    if role is not None and role.is_default():
        problems.append(say("posts can't ping @everyone"))
    elif role is not None and not role.mentionable and not permissions.mention_everyone:
        problems.append(
            say(
                "{role} can't be pinged: allow anyone to mention it, or give the bot Mention "
                "@everyone, @here, and All Roles",
                role=role.mention,
            )
        )
    return problems


def _get_required_permissions(channel: PostChannel, settings: FollowSettings) -> dict[str, str]:
    """Return the permissions that posts need there: discord.py's name and Discord's label of each."""
    permissions = {"view_channel": _VIEW_CHANNEL}
    if isinstance(channel, discord.ForumChannel):
        permissions |= {"send_messages": _CREATE_POSTS, "send_messages_in_threads": _SEND_IN_POSTS}
    elif isinstance(channel, discord.Thread):
        permissions |= {"send_messages_in_threads": _SEND_IN_THREADS}
    else:
        permissions |= {"send_messages": _SEND_MESSAGES}
    if settings.threads and isinstance(channel, discord.TextChannel):
        permissions |= {"create_public_threads": _CREATE_THREADS}
        permissions |= {"send_messages_in_threads": _SEND_IN_THREADS}
    return {**permissions, "read_message_history": _READ_HISTORY}


def make_closed_dms_error() -> NotAllowed:
    """Return the error for a DM that cannot be sent."""
    return NotAllowed(
        say(
            "Your DMs are closed to this bot: allow direct messages in this server's privacy settings,"
            " then follow again."
        )
    )
