"""Announcement channels: a message that is published goes to every follower once, and its copies follow it after that."""

from . import posting
from .failures import ApiError, Impossible
from .model import (
    CROSSPOSTED,
    IS_CROSSPOST,
    SOURCE_DELETED,
    SUPPRESS_NOTIFICATIONS,
    Channel,
    ChannelKind,
    Follower,
    Message,
    User,
)
from .world import World


def follow(world: World, source: Channel, into: Channel) -> Follower:
    """Let the channel `into` follow the announcement channel: what is published from now on is copied there."""
    if source.kind is not ChannelKind.ANNOUNCEMENT or source.guild is None:
        raise Impossible(f"{source.name} is no announcement channel")
    if into.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
        raise Impossible(f"nothing can be followed into {into.name}")
    webhook = User(world.ids.aged(), f"{source.guild.name} #{source.name}", bot=True)
    follower = Follower(into, webhook)
    source.followers.append(follower)
    return follower


def publish(world: World, message: Message) -> None:
    """Hand the message to the followers of its channel. Raises ApiError where that is not possible, and 40033 when it was
    done before.
    """
    if message.channel.kind is not ChannelKind.ANNOUNCEMENT:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    if message.system or message.flags & IS_CROSSPOST:
        raise ApiError(400, 50068, "Invalid message type")
    if message.published:
        raise ApiError(400, 40033, "This message has already been crossposted.")
    message.flags |= CROSSPOSTED
    world.events.message_changed(message, "UPDATE")
    for follower in message.channel.followers:
        if not follower.into.deleted:
            message.copies.append(_copied(world, message, follower))
    world.changes.notify()


def _copied(world: World, message: Message, follower: Follower) -> Message:
    copy = Message(world.ids.now(), follower.into, follower.webhook, reference=message, flags=IS_CROSSPOST)
    _liken(copy, message)
    posting.keep(world, copy)
    return copy


def _liken(copy: Message, message: Message) -> None:
    copy.content, copy.embeds, copy.components = message.content, message.embeds, message.components
    copy.attachments = message.attachments
    copy.flags |= message.flags & ~(CROSSPOSTED | SUPPRESS_NOTIFICATIONS)


def edited(world: World, message: Message) -> None:
    """Show what the message says now in its copies."""
    for copy in message.copies:
        if not copy.deleted:
            _liken(copy, message)
            copy.edits, copy.edited_at = message.edits, message.edited_at
            world.events.message_changed(copy, "UPDATE")
    world.changes.notify()


def mark_copies_deleted(world: World, message: Message) -> None:
    """Mark the copies of a message that was deleted: their readers read that it was."""
    for copy in message.copies:
        if not copy.deleted:
            copy.flags |= SOURCE_DELETED
            copy.content, copy.embeds, copy.components, copy.attachments = "[Original Message Deleted]", [], [], []
            world.events.message_changed(copy, "UPDATE")
    world.changes.notify()
