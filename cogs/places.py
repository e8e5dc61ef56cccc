"""Where a post may go, and who may send it there: said all at once, before the first post."""

from __future__ import annotations

import re
from collections.abc import Iterable

import discord

from bot.client import Context, Interaction
from bot.errors import Refused
from bot.model.follow import Destination, Follow, Place

#: The channels of a server that posts can go to.
Where = discord.TextChannel | discord.Thread

_WRONG_PLACE = "Posts can go to a text channel, an announcement channel or a thread of this server."
_CHANNEL = re.compile(r"<#(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")


def manages(ctx: Context | Interaction) -> bool:
    """Whether the one who asks may decide what this server follows."""
    return ctx.guild is not None and ctx.permissions.manage_guild


def check_place(ctx: Context | Interaction, place: discord.abc.MessageableChannel, role: discord.Role | None) -> None:
    """Raise Refused unless the asker may send posts there and the bot can; all that is missing is named at once."""
    if not manages(ctx):
        raise Refused("You need Manage Server to make a channel follow; without a channel, you get a follow by DM.")
    if not isinstance(place, Where) or ctx.guild is None or place.guild.id != ctx.guild.id:
        raise Refused(_WRONG_PLACE)
    user = ctx.author if not isinstance(ctx, discord.Interaction) else ctx.user
    if isinstance(user, discord.Member) and not place.permissions_for(user).view_channel:
        raise Refused("You need View Channel in that channel to send posts there.")
    missing = _missing(place, ctx.guild.me, role)
    if missing:
        raise Refused(f"Nothing can be posted in {place.mention} yet: {'; '.join(missing)}.")


def without_mentions(ctx: Context, text: str) -> tuple[str, Where | None, discord.Role | None]:
    """A typed target without the channel and the role that were typed behind it (``hon hai #deals @Deals``).

    Raises Refused for one that is named and is none that posts can go to, or ping: it must not be passed over.
    """
    channel: Where | None = None
    role: discord.Role | None = None
    if ctx.guild is not None and (found := _CHANNEL.search(text)):
        named = ctx.guild.get_channel_or_thread(int(found[1]))
        if not isinstance(named, Where):
            raise Refused(_WRONG_PLACE)
        channel = named
    if ctx.guild is not None and (pinged := _ROLE.search(text)):
        role = ctx.guild.get_role(int(pinged[1]))
        if role is None:
            raise Refused("That role is not one of this server.")
    return _ROLE.sub("", _CHANNEL.sub("", text)).strip(), channel, role


def shown_to(ctx: Context | Interaction, follows: Iterable[Follow]) -> list[Follow]:
    """The follows in channels that the asker can see, and those whose channel is gone."""
    user = ctx.author if not isinstance(ctx, discord.Interaction) else ctx.user
    listed = []
    for follow in follows:
        channel = ctx.guild.get_channel_or_thread(follow.destination.discord_id) if ctx.guild else None
        hidden = channel and isinstance(user, discord.Member) and not channel.permissions_for(user).view_channel
        if not hidden:
            listed.append(follow)
    return listed


def check_visible(ctx: Context, place: discord.abc.MessageableChannel) -> None:
    """Raise Refused when the asker may not see the place, or it is none of this server's."""
    if ctx.guild is None:
        return
    if not isinstance(place, Where) or place.guild.id != ctx.guild.id:
        raise Refused("Name a text channel, an announcement channel or a thread of this server.")
    if isinstance(ctx.author, discord.Member) and not place.permissions_for(ctx.author).view_channel:
        raise Refused("You need View Channel in that channel.")


def destination_of(place: discord.abc.MessageableChannel) -> Destination:
    """A channel or thread of a server, as a destination."""
    kind = Place.THREAD if isinstance(place, discord.Thread) else Place.CHANNEL
    return Destination(kind, place.id, place.guild.id if isinstance(place, Where) else 0)


def own_dms(user: discord.abc.User) -> Destination:
    """The DMs of a user."""
    return Destination(Place.DM, user.id)


def closed_dms() -> Refused:
    """What to say when a DM cannot be sent."""
    return Refused(
        "Your DMs are closed to this bot: allow direct messages in this server's privacy settings, then follow again."
    )


def _missing(place: Where, me: discord.Member, role: discord.Role | None) -> list[str]:
    has = place.permissions_for(me)
    sending = "send_messages_in_threads" if isinstance(place, discord.Thread) else "send_messages"
    wanted = {"view_channel": "View Channel", sending: sending.replace("_", " ").title()}
    wanted["read_message_history"] = "Read Message History"
    lacking = [name for flag, name in wanted.items() if not getattr(has, flag)]
    missing = [f"the bot needs {', '.join(lacking)} there"] if lacking else []
    if role is not None and role.is_default():
        missing.append("@everyone cannot be pinged by posts")
    elif role is not None and not role.mentionable and not has.mention_everyone:
        missing.append(
            f"{role.mention} cannot be pinged: allow anyone to mention it, or give the bot"
            " Mention @everyone, @here and All Roles"
        )
    return missing
