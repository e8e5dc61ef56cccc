"""How the things of the world look in Discord's JSON."""

from collections.abc import Iterable

from . import permissions
from .model import IS_CROSSPOST, Attachment, Channel, ChannelKind, Guild, Json, Member, Message, Role, Tag, User
from .snowflakes import timestamp_of


def user(who: User) -> Json:
    return {
        "id": str(who.id),
        "username": who.name,
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": who.bot,
        "public_flags": 0,
    }


def member(who: Member, *, with_user: bool = True) -> Json:
    shape: Json = {
        "roles": [str(role.id) for role in who.roles],
        "joined_at": who.joined_at,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    if with_user:
        shape["user"] = user(who.user)
    return shape


def role(one: Role) -> Json:
    shape: Json = {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(one.permissions),
        "position": one.position,
        "mentionable": one.mentionable,
        "managed": one.bot_id is not None,
        "hoist": False,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if one.bot_id is not None:
        shape["tags"] = {"bot_id": str(one.bot_id)}
    return shape


def channel(one: Channel) -> Json:
    """Any channel: a thread and a DM each in their own shape."""
    if one.kind is ChannelKind.DM:
        return _dm(one)
    if one.is_thread:
        return _thread(one)
    newest = next(one.history.before(), None)
    shape: Json = {
        "id": str(one.id),
        "type": int(one.kind),
        "guild_id": str(one.guild.id) if one.guild else None,
        "name": one.name,
        "topic": one.topic,
        "position": one.position,
        "parent_id": str(one.parent.id) if one.parent else None,
        "permission_overwrites": [_overwrite(one, target, *bits) for target, bits in one.overwrites.items()],
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": str(newest.id) if newest else None,
        "flags": one.flags,
    }
    if one.kind is ChannelKind.FORUM:
        shape |= {"available_tags": [tag(each) for each in one.tags], "default_forum_layout": 0}
        shape |= {"default_reaction_emoji": None, "default_sort_order": None}
        shape["last_message_id"] = str(one.newest_post) if one.newest_post else None
    if one.kind is ChannelKind.VOICE:
        shape |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    return shape


def tag(one: Tag) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "moderated": one.moderated,
        "emoji_id": None,
        "emoji_name": one.emoji,
    }


def _overwrite(one: Channel, target: int, allow: int, deny: int) -> Json:
    of_role = one.guild is not None and (target == one.guild.id or target in one.guild.roles)
    return {"id": str(target), "type": 0 if of_role else 1, "allow": str(allow), "deny": str(deny)}


def _dm(one: Channel) -> Json:
    newest = next(one.history.before(), None)
    return {
        "id": str(one.id),
        "type": int(one.kind),
        "recipients": [user(one.recipient)] if one.recipient else [],
        "last_message_id": str(newest.id) if newest else None,
        "flags": 0,
    }


def _thread(one: Channel) -> Json:
    newest = next(one.history.before(), None)
    # What the thread began with counts for neither number.
    begun = one.starter is not None
    standing = one.starter is not None and not one.starter.deleted
    # A tag that the forum has no more is on no post.
    tags = {each.id for each in one.parent.tags} if one.parent else set()
    return {
        "id": str(one.id),
        "type": int(one.kind),
        "guild_id": str(one.guild.id) if one.guild else None,
        "parent_id": str(one.parent.id) if one.parent else None,
        "owner_id": str(one.owner_id),
        "name": one.name,
        "last_message_id": str(newest.id) if newest else None,
        "rate_limit_per_user": 0,
        "message_count": len(one.history) - standing,
        "total_message_sent": one.history.total - begun,
        "member_count": min(len(one.members), 50),
        "flags": one.flags,
        "applied_tags": [str(each) for each in one.applied_tags if each in tags],
        "thread_metadata": {
            "archived": one.archived,
            "locked": one.locked,
            "auto_archive_duration": one.auto_archive,
            "archive_timestamp": one.archive_changed,
            "create_timestamp": timestamp_of(one.id),
        },
    }


def thread_member(thread: Channel, user_id: int) -> Json | None:
    """Return the user's membership of a thread, None without one."""
    joined = thread.members.get(user_id)
    if joined is None:
        return None
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": joined, "flags": 0}


def thread_for(thread: Channel, user_id: int) -> Json:
    """Return a thread as Discord tells it to somebody: with their membership, if they have one."""
    own = thread_member(thread, user_id)
    return channel(thread) | ({"member": own} if own else {})


def guild(one: Guild) -> Json:
    """Return a server as REST tells it: without channels and members."""
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner.id),
        "icon": None,
        "description": None,
        "features": ["COMMUNITY", "NEWS"],
        "roles": [role(each) for each in (one.everyone, *one.roles.values())],
        "emojis": [],
        "stickers": [],
        "preferred_locale": one.locale,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "system_channel_id": str(one.system_channel.id) if one.system_channel else None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "premium_progress_bar_enabled": False,
        "approximate_member_count": len(one.members),
        "approximate_presence_count": 1,
    }


def guild_create(one: Guild, members: Iterable[Member], threads: Iterable[Channel], me: int) -> Json:
    """Return a server as the gateway tells it: with channels, the given members and the active threads that the bot sees."""
    shape = guild(one)
    del shape["approximate_member_count"], shape["approximate_presence_count"]
    return shape | {
        "unavailable": False,
        "joined_at": timestamp_of(one.id),
        "large": len(one.members) > 250,
        "member_count": len(one.members),
        "members": [member(each) for each in members],
        "channels": [channel(each) for each in one.channels.values() if not each.is_thread],
        "threads": [thread_for(each, me) for each in threads],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(one: Message, files_url: str, *, readable: bool = True) -> Json:
    """Return a message as REST tells it; what needs the message-content intent is blank unless `readable`."""
    shape: Json = {
        "id": str(one.id),
        "type": one.kind,
        "channel_id": str(one.channel.id),
        "author": user(one.author),
        "content": one.content if readable else "",
        "timestamp": timestamp_of(one.id),
        "edited_timestamp": one.edited_at,
        "tts": False,
        "pinned": False,
        "flags": one.flags,
        "mentions": [user(each) for each in one.mentions],
        "mention_roles": [str(each.id) for each in one.mention_roles],
        "mention_everyone": one.mention_everyone,
        "embeds": one.embeds if readable else [],
        "components": one.components if readable else [],
        "attachments": [attachment(each, files_url) for each in one.attachments] if readable else [],
    }
    if one.interaction is not None:
        shape |= one.interaction
    if one.author.bot and one.interaction is not None:
        shape["application_id"] = shape["webhook_id"] = str(one.author.id)
    if one.flags & IS_CROSSPOST:
        shape["webhook_id"] = str(one.author.id)
    if one.started is not None:
        shape["message_reference"] = {"type": 0, "channel_id": str(one.started.id), "guild_id": _guild_id(one.started)}
    if one.reference is not None:
        shape |= _reference(one.reference, files_url, readable=readable)
    if one.thread is not None and not one.thread.deleted:
        shape["thread"] = channel(one.thread)
    return shape


def _guild_id(one: Channel) -> str | None:
    return str(one.guild.id) if one.guild else None


def _reference(to: Message, files_url: str, *, readable: bool) -> Json:
    place: Json = {"type": 0, "message_id": str(to.id), "channel_id": str(to.channel.id)}
    if to.channel.guild is not None:
        place["guild_id"] = str(to.channel.guild.id)
    quoted = None if to.deleted else message(to, files_url, readable=readable or to.author.bot)
    return {"message_reference": place, "referenced_message": quoted}


def attachment(one: Attachment, files_url: str) -> Json:
    url = f"{files_url}/{one.id}/{one.filename}"
    shape: Json = {"id": str(one.id), "filename": one.filename, "size": len(one.data), "url": url, "proxy_url": url}
    if one.content_type is not None:
        shape["content_type"] = one.content_type
    if one.description is not None:
        shape["description"] = one.description
    return shape


def channel_for(one: Channel, bits: int) -> Json:
    """Return a channel as an interaction tells it: with what the person may do there."""
    return channel(one) | {"permissions": str(bits)}


def member_for(who: Member, place: Channel) -> Json:
    """Return a member as an interaction tells it: with what they may do in the place."""
    return member(who) | {"permissions": str(permissions.in_channel(place, who))}
