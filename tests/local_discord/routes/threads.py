"""Threads: under a message, on their own, and as posts of a forum."""

from datetime import UTC, datetime
from typing import Any

from tests.local_discord import payloads, tags, threads
from tests.local_discord.failures import ApiError, bad_form, missing_permissions, thread_archived, unknown
from tests.local_discord.model import Channel, ChannelKind, Guild, Json
from tests.local_discord.permissions import Permission
from tests.local_discord.routing import Answer, Call, Routes
from tests.local_discord.snowflakes import iso
from tests.local_discord.world import World

routes = Routes()


@routes("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def start_from_message(call: Call) -> Answer:
    world, body = call.world, call.body
    parent = world.channel_of_bot(call.id("channel_id"))
    guild = _guild_of(parent)
    world.channel_of_bot(parent.id, Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES)
    message = world.message_in(parent, call.id("message_id"))
    if message.thread is not None:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    if message.system:
        raise ApiError(400, 50068, "Invalid message type")
    thread = _drafted(world, guild, parent, body, thread_id=message.id)
    threads.begin_under(world, message, guild, thread, world.bot)
    return _made(world, thread)


@routes("POST", "/channels/{channel_id}/threads")
def start(call: Call) -> Answer:
    world, body = call.world, call.body
    parent = world.channel_of_bot(call.id("channel_id"))
    if parent.kind is ChannelKind.FORUM and parent.guild is not None:
        return _start_post(call, parent, parent.guild)
    guild = _guild_of(parent)
    private = (body.get("type") or ChannelKind.PRIVATE_THREAD) == ChannelKind.PRIVATE_THREAD
    world.channel_of_bot(parent.id, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    thread = _drafted(world, guild, parent, body)
    if private:
        thread.kind = ChannelKind.PRIVATE_THREAD
    return _made(world, threads.begin(world, guild, thread, world.bot))


def _start_post(call: Call, forum: Channel, guild: Guild) -> Answer:
    """Open a thread whose first message has the thread's own id. Create Public Threads is not required."""
    world, body = call.world, call.body
    opening: Any = body.get("message")
    if not isinstance(opening, dict):
        raise bad_form("message", "BASE_TYPE_REQUIRED", "This field is required")
    bits = world.bot_permissions(forum)
    needed = Permission.SEND_MESSAGES | (Permission.ATTACH_FILES if call.uploads else 0)
    if (needed | (Permission.EMBED_LINKS if opening.get("embeds") else 0)) & ~bits:
        raise missing_permissions()
    thread = _drafted(world, guild, forum, body)
    thread.applied_tags = tags.check_tags(forum, body.get("applied_tags"), (), bits)
    tags.check_given(forum, thread.applied_tags)
    message = threads.begin_post(world, guild, thread, world.bot, opening, call.uploads)
    answer = _made(world, thread)
    answer.body["message"] = world.message_shape(message)
    return answer


def _guild_of(parent: Channel) -> Guild:
    """Return the server of a channel that can have threads beside its messages."""
    if parent.guild is None or parent.kind not in threads.PARENTS:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    return parent.guild


def _drafted(world: World, guild: Guild, parent: Channel, body: Json, *, thread_id: int | None = None) -> Channel:
    threads.check_form(body, whole=True)
    threads.check_room(world, guild)
    thread = threads.draft(world, guild, parent, world.bot, body["name"], thread_id=thread_id)
    thread.auto_archive = body.get("auto_archive_duration") or thread.auto_archive
    return thread


def _made(world: World, thread: Channel) -> Answer:
    return Answer(201, payloads.thread_for(thread, world.bot.id))


@routes("GET", "/guilds/{guild_id}/threads/active")
def active_threads(call: Call) -> Json:
    """Every open thread of the server that the bot can see, the newest first."""
    guild = call.world.guild_of_bot(call.id("guild_id"))
    return _listed(call.world, call.world.events.active_threads(guild), more=False)


@routes("GET", "/channels/{channel_id}/threads/archived/public")
def archived_threads(call: Call) -> Json:
    """List archived threads, the last archived first."""
    world = call.world
    parent = world.channel_of_bot(call.id("channel_id"), Permission.READ_MESSAGE_HISTORY)
    limit, before = call.number("limit", 50, 2, 100), _moment(call.query.get("before"))
    matches = [
        each
        for each in (parent.guild.channels.values() if parent.guild else ())
        if each.parent is parent and each.archived and each.kind is not ChannelKind.PRIVATE_THREAD
    ]
    matches = [each for each in matches if before is None or each.archive_changed < before]
    matches.sort(key=lambda each: each.archive_changed, reverse=True)
    return _listed(world, matches[:limit], more=len(matches) > limit)


def _moment(text: str | None) -> str | None:
    """Return a time of the query as threads carry theirs, so that the two can be compared."""
    if text is None:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise bad_form("before", "DATE_TIME_TYPE_PARSE", f"Could not parse {text}. Should be ISO8601.") from None
    return iso((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _listed(world: World, matches: list[Channel], *, more: bool) -> Json:
    members = [own for each in matches if (own := payloads.thread_member(each, world.bot.id))]
    return {"threads": [payloads.channel(each) for each in matches], "members": members, "has_more": more}


@routes("PUT", "/channels/{channel_id}/thread-members/@me")
def join(call: Call) -> None:
    call.world.join(_open_thread(call), call.world.bot)


@routes("GET", "/channels/{channel_id}/thread-members/{user_id}")
def member(call: Call) -> Json:
    membership = payloads.thread_member(call.world.channel_of_bot(call.id("channel_id")), call.id("user_id"))
    if membership is None:
        raise unknown("Member")
    return membership


@routes("DELETE", "/channels/{channel_id}/thread-members/@me")
def leave(call: Call) -> None:
    call.world.leave(_open_thread(call), call.world.bot)


def _open_thread(call: Call) -> Channel:
    thread = call.world.channel_of_bot(call.id("channel_id"))
    if not thread.is_thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    if thread.archived:
        raise thread_archived()
    return thread
