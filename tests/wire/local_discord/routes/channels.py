"""Channels: looking at them, changing them, typing in them, opening DMs."""

from tests.wire.local_discord import shapes
from tests.wire.local_discord.failures import ApiError, missing_permissions
from tests.wire.local_discord.model import Channel, Json
from tests.wire.local_discord.permissions import Permission
from tests.wire.local_discord.routing import Call, Routes
from tests.wire.local_discord.world import World

routes = Routes()


@routes("GET", "/channels/{channel_id}")
def one_channel(call: Call) -> Json:
    return shapes.channel(call.world.channel_of_bot(call.id("channel_id")))


@routes("PATCH", "/channels/{channel_id}")
def change_channel(call: Call) -> Json:
    world, body = call.world, call.body
    channel = world.channel_of_bot(call.id("channel_id"))
    if channel.is_thread:
        _check_may_change(world, channel, body)
        channel.auto_archive = body.get("auto_archive_duration") or channel.auto_archive
    else:
        world.channel_of_bot(channel.id, Permission.MANAGE_CHANNELS)
        channel.topic = body.get("topic", channel.topic)
    channel.name = body.get("name", channel.name)
    archived, locked = body.get("archived", channel.archived), body.get("locked", channel.locked)
    world.archive(channel, archived=bool(archived), locked=bool(locked))
    return shapes.channel(channel)


def _check_may_change(world: World, thread: Channel, body: Json) -> None:
    """A locked thread is changed only by its managers, another also by its owner; all who post there may open it."""
    bits = world.bot_permissions(thread)
    allowed = bool(bits & Permission.MANAGE_THREADS)
    if not thread.locked and "locked" not in body:
        only_opens = set(body) == {"archived"} and not body["archived"]
        allowed = allowed or thread.owner_id == world.bot.id
        allowed = allowed or (only_opens and bool(bits & Permission.SEND_MESSAGES_IN_THREADS))
    if not allowed:
        raise missing_permissions()
    if thread.archived and body.get("archived") is not False:
        raise ApiError(400, 50083, "Thread is archived")


@routes("DELETE", "/channels/{channel_id}")
def delete_channel(call: Call) -> Json:
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"))
    if channel.guild is not None:
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        world.channel_of_bot(channel.id, needed)
        world.remove_channel(channel, channel.guild)
    return shapes.channel(channel)


@routes("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> None:
    channel = call.world.channel_of_bot(call.id("channel_id"))
    if channel.guild is not None:
        needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        call.world.channel_of_bot(channel.id, needed)


@routes("POST", "/users/@me/channels")
def open_dm(call: Call) -> Json:
    user = call.world.user(int(call.body["recipient_id"]))
    if user is call.world.bot:
        raise ApiError(400, 50007, "Cannot send messages to this user")
    return shapes.channel(call.world.dm_with(user))
