"""Where a post may go, and who may send it there: said all at once, before the first post."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Context, Interaction
from bot.errors import Refused
from bot.languages import noted, noted_as, say, say_as
from bot.model.follow import Destination, Place
from bot.model.terms import DEFAULT_TERMS, Terms
from bot.model.vocabulary import Stage
from bot.publisher.forums import plain_tags

#: The channels of a server that posts can go to.
Where = discord.TextChannel | discord.Thread | discord.ForumChannel
Somewhere: TypeAlias = "discord.abc.MessageableChannel | discord.ForumChannel"

_WRONG_PLACE = noted("Posts can go to a text channel, an announcement channel, a forum or a thread of this server.")
NOT_HERE = noted(
    "The bot is not on this server, so it can post in none of its channels, and ping none of its roles."
    " Without these, `/follow` brings posts to your DMs."
)
_CHANNEL = re.compile(r"<#(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")


class PlaceOption(app_commands.Transformer, commands.Converter[Where]):
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
        kinds = discord.ChannelType
        threads = [kinds.news_thread, kinds.private_thread, kinds.public_thread]
        return [kinds.text, kinds.news, kinds.forum, *threads]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Where:
        """The channel as the bot knows it."""
        if interaction.guild_id and interaction.client.get_guild(interaction.guild_id) is None:
            raise Refused(say(NOT_HERE))
        place = value.resolve()
        if not isinstance(place, Where):
            raise app_commands.TransformerError(value, self.type, self)
        return place

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Where:
        """The channel that is typed as a mention, an id or a name: one that the asker sees, or a guess would tell its name."""
        for converter in (commands.TextChannelConverter, commands.ThreadConverter, commands.ForumChannelConverter):
            try:
                place: Where = await converter().convert(ctx, argument)
            except (commands.ChannelNotFound, commands.ThreadNotFound):
                continue
            if await can_see(ctx, place):
                return place
        raise commands.ChannelNotFound(argument)


#: An option that names a place, or nothing.
MaybePlace: TypeAlias = Annotated[Where, PlaceOption] | None


def asker_of(ctx: Context | Interaction) -> discord.User | discord.Member:
    """Return who asks."""
    return ctx.user if isinstance(ctx, discord.Interaction) else ctx.author


def home(ctx: Context | Interaction) -> discord.Guild | None:
    """The server that is asked on, if the bot is on it.

    Who has installed the app for themselves can also ask on servers that it is not on, and in DMs between people: what
    they ask for there is theirs alone, as in a DM with the bot.
    """
    bot = ctx.client if isinstance(ctx, discord.Interaction) else ctx.bot
    return bot.get_guild(ctx.guild.id) if ctx.guild is not None else None


def manages(ctx: Context | Interaction) -> bool:
    """Whether the one who asks may decide what this server follows."""
    return home(ctx) is not None and ctx.permissions.manage_guild


async def can_see(ctx: Context | Interaction, place: Where) -> bool:
    """Return whether the asker sees a channel or thread of their server; in doubt they do not.

    A private thread is seen by its members and by those with Manage Threads, and not by all who see its channel.
    """
    user = asker_of(ctx)
    if ctx.channel is not None and ctx.channel.id == place.id:
        return True
    if not isinstance(user, discord.Member) or (isinstance(place, discord.Thread) and place.parent is None):
        return False
    permissions = place.permissions_for(user)
    if not permissions.view_channel:
        return False
    if not isinstance(place, discord.Thread) or not place.is_private() or permissions.manage_threads:
        return True
    try:
        await place.fetch_member(user.id)
    except discord.HTTPException:
        return False
    return True


async def check_place(
    ctx: Context | Interaction, place: Somewhere, role: discord.Role | None, terms: Terms = DEFAULT_TERMS
) -> None:
    """Raise Refused unless the asker may send posts there and the bot can; all that is missing is named at once."""
    if not manages(ctx):
        raise Refused(
            say("You need Manage Server to make a channel follow; without a channel, you get a follow by DM.")
        )
    guild = home(ctx)
    if not isinstance(place, Where) or guild is None or place.guild.id != guild.id:
        raise Refused(say(_WRONG_PLACE))
    if not await can_see(ctx, place):
        raise Refused(say("You need View Channel in that channel to send posts there."))
    missing = _missing(place, guild.me, role, terms)
    if missing:
        what = "; ".join(missing)
        if isinstance(ctx, commands.Context) and ctx.interaction is None and place.id != ctx.channel.id:
            # Others read this, and may not see the channel.
            # Said: missing lists what is to be mended, such as: the bot needs View Channel there
            raise Refused(say("Nothing can be posted there yet: {missing}.", missing=what))
        # Said: missing lists what is to be mended, such as: the bot needs View Channel there
        raise Refused(say("Nothing can be posted in {channel} yet: {missing}.", channel=place.mention, missing=what))


def notes_on(place: Somewhere) -> list[str]:
    """What is worth knowing of a place that posts go to, in our own sentences."""
    if isinstance(place, discord.ForumChannel):
        return _notes_on_forum(place)
    if isinstance(place, discord.TextChannel) and place.is_news():
        return [
            say(
                "Each post is also published, so that Discord copies it to the servers that follow this channel:"
                " at most ten an hour."
            )
        ]
    return []


def _notes_on_forum(forum: discord.ForumChannel) -> list[str]:
    named = [tag.name for tag in forum.available_tags]
    stages = [stage.label for stage in Stage]
    lacking = [stage.label for stage in Stage if not any(stage.is_called(name) for name in named)]
    notes = []
    if forum.flags.require_tag and not plain_tags(forum.available_tags):
        notes.append(
            say("This forum wants a tag on every post: give it one for stories without a stage, or these cannot come.")
        )
    if len(lacking) == len(stages):
        some = ", ".join(stages[:3])
        notes.append(say("Tags named after stages ({stages}, …) would be set and kept up to date.", stages=some))
    elif lacking:
        # Said: it is a forum, in which posts are tagged by the stages of their stories
        notes.append(say("It has no tag for {stages}.", stages=", ".join(lacking)))
    return notes


def without_mentions(ctx: Context, text: str) -> tuple[str, Where | None, discord.Role | None]:
    """A typed target without the channel and the role that were typed behind it (``hon hai #deals @Deals``).

    Raises Refused for one that is named and is none that posts can go to, or ping: it must not be passed over.
    """
    channel: Where | None = None
    role: discord.Role | None = None
    if ctx.guild is not None and (found := _CHANNEL.search(text)):
        named = ctx.guild.get_channel_or_thread(int(found[1]))
        if not isinstance(named, Where):
            raise Refused(say(_WRONG_PLACE))
        channel = named
    if ctx.guild is not None and (pinged := _ROLE.search(text)):
        role = ctx.guild.get_role(int(pinged[1]))
        if role is None:
            raise Refused(say("That role is not one of this server."))
    return _ROLE.sub("", _CHANNEL.sub("", text)).strip(), channel, role


def destination_of(place: Somewhere) -> Destination:
    """A channel, forum or thread of a server, as a destination."""
    return Destination(_kind(place), place.id, place.guild.id if isinstance(place, Where) else 0)


def _kind(place: Somewhere) -> Place:
    if isinstance(place, discord.ForumChannel):
        return Place.FORUM
    if isinstance(place, discord.TextChannel) and place.is_news():
        return Place.ANNOUNCEMENT
    return Place.THREAD if isinstance(place, discord.Thread) else Place.CHANNEL


def name_of(guild: discord.Guild | None, where: Destination) -> str:
    """What a destination is called on its server, raw: for menus. Threads in the archive are not known by name."""
    if where.place is Place.DM:
        # Said: where a follow's posts go, in a menu
        return say("by DM")
    channel = guild.get_channel_or_thread(where.discord_id) if guild else None
    if channel:
        return f"#{channel.name}"
    return say("a thread that is closed or gone") if where.place is Place.THREAD else say("a channel that is gone")


def own_dms(user: discord.abc.User) -> Destination:
    """The DMs of a user."""
    return Destination(Place.DM, user.id)


def closed_dms() -> Refused:
    """What to say when a DM cannot be sent."""
    return Refused(
        say(
            "Your DMs are closed to this bot: allow direct messages in this server's privacy settings,"
            " then follow again."
        )
    )


def _missing(place: Where, me: discord.Member, role: discord.Role | None, terms: Terms) -> list[str]:
    has = place.permissions_for(me)
    lacking = [say_as("permission", name) for flag, name in _wanted(place, terms).items() if not getattr(has, flag)]
    missing = [say("the bot needs {permissions} there", permissions=", ".join(lacking))] if lacking else []
    if role is not None and role.is_default():
        missing.append(say("@everyone cannot be pinged by posts"))
    elif role is not None and not role.mentionable and not has.mention_everyone:
        missing.append(
            say(
                "{role} cannot be pinged: allow anyone to mention it, or give the bot"
                " Mention @everyone, @here and All Roles",
                role=role.mention,
            )
        )
    return missing


# Said: permissions, as Discord's own settings name them
_SEE = noted_as("permission", "View Channel")
_SEND = noted_as("permission", "Send Messages")
_SEND_IN_THREADS = noted_as("permission", "Send Messages In Threads")
_CREATE_POSTS = noted_as("permission", "Create Posts")
_SEND_IN_POSTS = noted_as("permission", "Send Messages in Posts")
_CREATE_THREADS = noted_as("permission", "Create Public Threads")
_READ_HISTORY = noted_as("permission", "Read Message History")


def _wanted(place: Where, terms: Terms) -> dict[str, str]:
    """The permissions that posts there need, by discord.py's names, with those that people see."""
    wanted = {"view_channel": _SEE}
    if isinstance(place, discord.ForumChannel):
        wanted |= {"send_messages": _CREATE_POSTS, "send_messages_in_threads": _SEND_IN_POSTS}
    elif isinstance(place, discord.Thread):
        wanted |= {"send_messages_in_threads": _SEND_IN_THREADS}
    else:
        wanted |= {"send_messages": _SEND}
    if terms.threads and isinstance(place, discord.TextChannel):
        wanted |= {"create_public_threads": _CREATE_THREADS}
        wanted |= {"send_messages_in_threads": _SEND_IN_THREADS}
    return {**wanted, "read_message_history": _READ_HISTORY}
