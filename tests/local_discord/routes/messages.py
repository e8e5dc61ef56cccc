"""Messages of channels and DMs."""

from itertools import islice

from tests.local_discord import posting, publishing, threads
from tests.local_discord.failures import ApiError, bad_form, missing_permissions, thread_archived
from tests.local_discord.model import Channel, ChannelKind, Json, Message
from tests.local_discord.permissions import Permission
from tests.local_discord.routing import Call, Routes
from tests.local_discord.world import World

routes = Routes()
MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
WITHOUT_MESSAGES = frozenset({ChannelKind.CATEGORY, ChannelKind.FORUM})


@routes("POST", MESSAGES)
def post(call: Call) -> Json:
    world, body = call.world, call.body or {}
    channel = world.channel_of_bot(call.id("channel_id"))
    check_may_post(world, channel, body, files=bool(call.uploads))
    message = posting.post(world, channel, world.bot, body, call.uploads)
    shape = world.message_shape(message)
    if message.nonce is not None:
        shape["nonce"] = message.nonce
    return shape


def check_may_post(world: World, channel: Channel, body: Json, *, files: bool) -> None:
    """Refuse a post that the bot may not make in the channel."""
    if channel.kind in WITHOUT_MESSAGES:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    if channel.guild is None:
        _check_dm(world, channel)
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if body.get("embeds"):
        needed |= Permission.EMBED_LINKS
    if files:
        needed |= Permission.ATTACH_FILES
    bits = world.bot_permissions(channel) if channel.guild is not None else needed
    if needed & ~bits:
        raise missing_permissions()
    if body.get("message_reference") and channel.guild is not None and not bits & Permission.READ_MESSAGE_HISTORY:
        raise ApiError(403, 160002, "You cannot reply without permission to read message history")
    threads.check_open(world, channel, bits, posting=True)


def _check_dm(world: World, channel: Channel) -> None:
    user = channel.recipient
    if user is None or not user.dms_open:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    if not any(world.guilds[guild_id].bot_in for guild_id in user.guild_ids):
        raise ApiError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")


@routes("GET", MESSAGES)
def history(call: Call) -> list[Json]:
    """Newest first, whichever way it is asked for; nothing without READ_MESSAGE_HISTORY."""
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"))
    limit = call.number("limit", 50, 1, 100)
    if not world.bot_permissions(channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    return [world.message_shape(each) for each in _page(call, channel, limit)]


def _page(call: Call, channel: Channel, limit: int) -> list[Message]:
    around, before, after = (call.query_id(name) for name in ("around", "before", "after"))
    if sum(1 for each in (around, before, after) if each is not None) > 1:
        raise bad_form("", "MESSAGES_QUERY", "before, after and around exclude each other")
    if around is not None:
        newer = list(islice(channel.history.after(around - 1), limit // 2 + 1))
        older = list(islice(channel.history.before(around), limit - len(newer)))
        return [*reversed(newer), *older]
    if after is not None:
        return list(islice(channel.history.after(after), limit))[::-1]
    return list(islice(channel.history.before(before), limit))


@routes("GET", MESSAGE)
def one_message(call: Call) -> Json:
    channel = call.world.channel_of_bot(call.id("channel_id"), Permission.READ_MESSAGE_HISTORY)
    return call.world.message_shape(call.world.message_in(channel, call.id("message_id")))


@routes("PATCH", MESSAGE)
def edit(call: Call) -> Json:
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"))
    message = world.message_in(channel, call.id("message_id"))
    if message.author is not world.bot:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    if message.system:
        raise ApiError(403, 50021, "Cannot execute action on a system message")
    threads.check_open(world, channel, world.bot_permissions(channel))
    posting.edit(world, message, call.body or {}, call.uploads)
    publishing.edited(world, message)
    return world.message_shape(message)


@routes("DELETE", MESSAGE)
def delete(call: Call) -> None:
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"))
    message = world.message_in(channel, call.id("message_id"))
    if message.author is not world.bot:
        world.channel_of_bot(channel.id, Permission.MANAGE_MESSAGES)
    if channel.archived:
        raise thread_archived()
    posting.delete(world, message)
    publishing.mark_copies_deleted(world, message)


@routes("POST", f"{MESSAGE}/crosspost")
def crosspost(call: Call) -> Json:
    world = call.world
    channel = world.channel_of_bot(call.id("channel_id"), Permission.SEND_MESSAGES)
    message = world.message_in(channel, call.id("message_id"))
    if message.author is not world.bot:
        world.channel_of_bot(channel.id, Permission.MANAGE_MESSAGES)
    publishing.publish(world, message)
    return world.message_shape(message)
