"""Channels that posts can go to, the destinations made of them, and notes on them."""

from __future__ import annotations

from typing import TypeAlias

import discord

from bot.languages import format_series, lazy, say
from bot.model.follow import Destination, DestinationKind
from bot.model.vocabulary import Stage
from bot.platforms.discord.forums import without_stage_tags

#: The types of channels that posts can go to.
PostChannel = discord.TextChannel | discord.Thread | discord.ForumChannel
AnyChannel: TypeAlias = "discord.abc.MessageableChannel | discord.ForumChannel"
WRONG_CHANNEL = lazy("Posts can go to a text channel, an announcement channel, a forum or a thread of this server.")


def make_destination(channel: AnyChannel) -> Destination:
    """Return the destination for a channel, forum or thread of a server."""
    return Destination(_get_kind(channel), channel.id, channel.guild.id if isinstance(channel, PostChannel) else 0)


def _get_kind(channel: AnyChannel) -> DestinationKind:
    if isinstance(channel, discord.ForumChannel):
        return DestinationKind.FORUM
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        return DestinationKind.ANNOUNCEMENT
    return DestinationKind.THREAD if isinstance(channel, discord.Thread) else DestinationKind.CHANNEL


def make_dm_destination(user: discord.abc.User) -> Destination:
    """Return the destination for a user's DMs."""
    return Destination(DestinationKind.DM, user.id)


def get_destination_name(guild: discord.Guild | None, destination: Destination) -> str:
    """Return the unescaped name of a destination for a menu. The names of archived threads are unknown."""
    if destination.kind is DestinationKind.DM:
        # Translators: where a follow's posts go, in a menu
        return say("by DM")
    channel = guild.get_channel_or_thread(destination.discord_id) if guild else None
    if channel:
        return f"#{channel.name}"
    return say("a closed or deleted thread") if destination.kind is DestinationKind.THREAD else say("a deleted channel")


def list_channel_notes(channel: AnyChannel) -> list[str]:
    """Return sentences on what is special about posts in this channel."""
    if isinstance(channel, discord.ForumChannel):
        return _list_forum_notes(channel)
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        return [
            say(
                "Each post is also published, so that Discord copies it to the servers that follow "
                "this channel: at most ten per hour."
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
            say(
                "This forum requires a tag on every post: add one for stories without a stage, or they can't be posted."
            )
        )
    if len(missing_stages) == len(stages):
        examples = format_series(stages[:3])
        notes.append(
            say("Tags named after stages ({stages}, …) are set and kept up to date automatically.", stages=examples)
        )
    elif missing_stages:
        # Translators: it is a forum, in which posts are tagged by the stages of their stories
        notes.append(say("It has no tag for {stages}.", stages=format_series(missing_stages)))
    return notes
