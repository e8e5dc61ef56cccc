"""Threads: under a message, on their own, and as posts of a forum."""

from typing import Any

from tests.wire.local_discord import posting, shapes
from tests.wire.local_discord.arrangement import thread_kind
from tests.wire.local_discord.failures import ApiError, FormErrors
from tests.wire.local_discord.message_rules import check_message
from tests.wire.local_discord.model import Channel, ChannelKind, Json
from tests.wire.local_discord.permissions import Permission
from tests.wire.local_discord.routing import Answer, Call, Routes
from tests.wire.local_discord.snowflakes import iso
from tests.wire.local_discord.world import World

routes = Routes()
PARENTS = frozenset({ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, ChannelKind.FORUM})


@routes("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def start_from_message(call: Call) -> Answer:
    world = call.world
    parent = world.channel_of_bot(call.id("channel_id"), Permission.CREATE_PUBLIC_THREADS)
    message = world.message_in(parent, call.id("message_id"))
    if message.thread is not None:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    message.thread = _make(world, parent, message.id, thread_kind(parent), call.body)
    return Answer(201, shapes.channel(message.thread))


@routes("POST", "/channels/{channel_id}/threads")
def start(call: Call) -> Answer:
    world, body = call.world, call.body
    parent = world.channel_of_bot(call.id("channel_id"))
    if parent.kind is ChannelKind.FORUM:
        return _start_post(call, parent)
    kind = ChannelKind(body.get("type") or ChannelKind.PRIVATE_THREAD)
    private = kind is ChannelKind.PRIVATE_THREAD
    world.channel_of_bot(parent.id, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    return Answer(201, shapes.channel(_make(world, parent, world.ids.now(), kind, body)))


def _start_post(call: Call, forum: Channel) -> Answer:
    """A thread whose first message has the thread's own id."""
    world, body = call.world, call.body
    world.channel_of_bot(forum.id, Permission.SEND_MESSAGES)
    opening: Any = body.get("message") or {}
    check_message(opening, [upload.filename for upload in call.uploads])
    thread = _make(world, forum, world.ids.now(), ChannelKind.THREAD, body)
    message = posting.post(world, thread, world.bot, opening, call.uploads, message_id=thread.id)
    return Answer(201, shapes.channel(thread) | {"message": world.message_shape(message)})


def _make(world: World, parent: Channel, thread_id: int, kind: ChannelKind, body: Json) -> Channel:
    guild = parent.guild
    if guild is None or parent.kind not in PARENTS:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    errors = FormErrors()
    errors.too_long("name", body.get("name"), 100, 1)
    errors.raise_if_any()
    thread = Channel(thread_id, body["name"], kind, guild, parent, owner_id=world.bot.id)
    thread.auto_archive = body.get("auto_archive_duration") or thread.auto_archive
    thread.archive_changed = iso(world.wall())
    world.place_channel(thread, guild)
    return thread


@routes("GET", "/channels/{channel_id}/threads/archived/public")
def archived_threads(call: Call) -> Json:
    """The newest archived first."""
    world = call.world
    parent = world.channel_of_bot(call.id("channel_id"), Permission.READ_MESSAGE_HISTORY)
    limit, before = call.number("limit", 50, 1, 100), call.query.get("before")
    everything = parent.guild.channels.values() if parent.guild else ()
    found = [
        each
        for each in everything
        if each.parent is parent and each.archived and each.kind is not ChannelKind.PRIVATE_THREAD
    ]
    found = [each for each in found if before is None or each.archive_changed < before]
    found.sort(key=lambda each: each.archive_changed, reverse=True)
    page = [shapes.channel(each) for each in found[:limit]]
    return {"threads": page, "members": [], "has_more": len(found) > limit}


@routes("PUT", "/channels/{channel_id}/thread-members/@me")
@routes("DELETE", "/channels/{channel_id}/thread-members/@me")
def join_or_leave(call: Call) -> None:
    """Nothing comes of it here: a bot that may see a thread hears what is said there."""
    if call.world.channel_of_bot(call.id("channel_id")).archived:
        raise ApiError(400, 50083, "Thread is archived")
