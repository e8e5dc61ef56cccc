"""Channels: looking at them, changing them, typing in them, opening DMs."""

from tests.local_discord import payloads, tags, threads
from tests.local_discord.failures import ApiError, FormErrors
from tests.local_discord.model import REQUIRE_TAG, Channel, ChannelKind, Json
from tests.local_discord.permissions import Permission
from tests.local_discord.routing import Call, Routes
from tests.local_discord.world import World

routes = Routes()
NAME, TOPIC, FORUM_TOPIC = 100, 1_024, 4_096


@routes("GET", "/channels/{channel_id}")
def one_channel(call: Call) -> Json:
    return _shape(call.world, call.world.channel_of_bot(call.id("channel_id")))


def _shape(world: World, channel: Channel) -> Json:
    return payloads.thread_for(channel, world.bot.id) if channel.is_thread else payloads.channel(channel)


@routes("PATCH", "/channels/{channel_id}")
def change_channel(call: Call) -> Json:
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"))
    if channel.is_thread:
        threads.edit(world, channel, call.body, world.bot, world.bot_permissions(channel))
    else:
        world.channel_of_bot(channel.id, Permission.MANAGE_CHANNELS)
        _change(world, channel, call.body)
    return _shape(world, channel)


def _change(world: World, channel: Channel, body: Json) -> None:
    errors = FormErrors()
    if "name" in body:
        errors.too_long("name", body["name"], NAME, 1)
    errors.too_long("topic", body.get("topic"), FORUM_TOPIC if channel.kind is ChannelKind.FORUM else TOPIC)
    errors.raise_if_any()
    if channel.kind is ChannelKind.FORUM:
        if "available_tags" in body:
            channel.tags = tags.read(world, channel, body["available_tags"])
        if "flags" in body:
            channel.flags = (body["flags"] or 0) & REQUIRE_TAG
    channel.name = body.get("name", channel.name)
    channel.topic = body.get("topic", channel.topic)
    world.events.channel_changed(channel, "UPDATE")
    world.changes.notify()


@routes("DELETE", "/channels/{channel_id}")
def delete_channel(call: Call) -> Json:
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"))
    if channel.guild is not None:
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        world.channel_of_bot(channel.id, needed)
        world.remove_channel(channel, channel.guild)
    return payloads.channel(channel)


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
    return payloads.channel(call.world.dm_with(user))
