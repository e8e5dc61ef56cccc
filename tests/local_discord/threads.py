"""Threads: how they begin, what is written about it, and what is refused in those that are closed."""

from collections.abc import Collection

from . import posting, tags
from .failures import ApiError, FormErrors, Impossible, missing_permissions, thread_archived
from .model import (
    HAS_THREAD,
    PINNED,
    RENAMED,
    THREAD_STARTED,
    THREAD_STARTER,
    Channel,
    ChannelKind,
    Guild,
    Json,
    Message,
    User,
)
from .permissions import Permission
from .posting import Upload
from .snowflakes import iso
from .world import World

PARENTS = frozenset({ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT})
DURATIONS = (60, 1_440, 4_320, 10_080)
NAME = 100


def kind_under(parent: Channel) -> ChannelKind:
    """Of what kind public threads under the channel are."""
    return ChannelKind.ANNOUNCEMENT_THREAD if parent.kind is ChannelKind.ANNOUNCEMENT else ChannelKind.THREAD


# How they begin.


def draft(
    world: World, guild: Guild, parent: Channel, owner: User, name: str, *, thread_id: int | None = None
) -> Channel:
    """Return a public thread that is not in its server yet."""
    thread = Channel(thread_id or world.ids.now(), name, kind_under(parent), guild, parent, owner_id=owner.id)
    thread.archive_changed = iso(world.wall())
    return thread


def begin(world: World, guild: Guild, thread: Channel, owner: User) -> Channel:
    """Place a thread, which its owner joins."""
    world.place_channel(thread, guild)
    world.join(thread, owner)
    return thread


def begin_under(world: World, message: Message, guild: Guild, thread: Channel, owner: User) -> Channel:
    """Place a thread of the message's own id under it.

    The message is changed by it. A note that points at the message is the first thing in the thread; where the message is
    not the last of its channel any more, another note there tells of the thread.
    """
    parent = message.channel
    late = next(parent.history.before(), None) is not message
    message.thread = thread
    message.flags |= HAS_THREAD
    begin(world, guild, thread, owner)
    world.events.message_changed(message, "UPDATE")
    thread.starter = posting.note(world, thread, owner, THREAD_STARTER, about=message)
    if late:
        posting.note(world, parent, owner, THREAD_STARTED, thread.name, started=thread)
    return thread


def begin_post(
    world: World, guild: Guild, thread: Channel, owner: User, opening: Json, uploads: list[Upload]
) -> Message:
    """Place a forum's post with its first message, which has the post's id. Nothing is there if the message is refused.

    Neither a nonce nor a reference is heeded, as the real Discord does not: two requests are two posts.
    """
    body = {key: value for key, value in opening.items() if key != "message_reference"}
    message = posting.compose(world, thread, owner, body, uploads, message_id=thread.id)
    thread.starter = message
    world.place_channel(thread, guild)
    posting.keep(world, message)
    return message


def check_form(body: Json, *, whole: bool) -> None:
    """Refuse a bad name or duration; `whole` for a thread that is made, where there must be a name."""
    errors = FormErrors()
    if whole or body.get("name") is not None:
        errors.too_long("name", body.get("name"), NAME, 1)
    duration = body.get("auto_archive_duration")
    if duration is not None and duration not in DURATIONS:
        errors.add("auto_archive_duration", "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")
    errors.raise_if_any()


def check_room(world: World, guild: Guild) -> None:
    """Refuse one open thread more than a server may have."""
    if sum(1 for each in guild.channels.values() if each.is_thread and not each.archived) >= world.open_threads_at_most:
        raise ApiError(400, 160006, "Maximum number of active threads reached")


# What may be done in them.


def check_open(world: World, channel: Channel, bits: int, *, posting: bool = False) -> None:
    """Refuse to write or to change a message in a thread that is archived or locked; other channels are open.

    A post opens an archived thread where `archived_threads` says so; a locked one opens to its managers alone. That one
    which is only locked is answered 403 with the code of an archived one is what bots report of it
    (github.com/discord/discord-api-docs, issues 6884 and 7707).
    """
    locked_out = channel.locked and not bits & Permission.MANAGE_THREADS
    if channel.archived:
        if not posting or locked_out or world.archived_threads == "refuse":
            raise thread_archived()
        world.archive(channel, archived=False, locked=channel.locked)
    elif locked_out:
        raise thread_archived(403)


def edit(world: World, thread: Channel, body: Json, editor: User, bits: int) -> None:
    """Change the thread as the body wants it. Raises ApiError where the editor may not, or the form is bad."""
    _check_may_edit(thread, body, editor, bits)
    check_form(body, whole=False)
    opens = thread.archived and body.get("archived") is False
    if opens and thread.guild is not None:
        check_room(world, thread.guild)
    if "applied_tags" in body and thread.parent is not None:
        thread.applied_tags = tags.check_tags(thread.parent, body["applied_tags"], thread.applied_tags, bits)
    if "flags" in body:
        thread.flags = (body["flags"] or 0) & PINNED
    name = body.get("name") or thread.name
    renamed, thread.name = name != thread.name, name
    _close_or_open(world, thread, body)
    world.events.channel_changed(thread, "UPDATE")
    if renamed:
        posting.note(world, thread, editor, RENAMED, name)
    world.changes.notify()


def _close_or_open(world: World, thread: Channel, body: Json) -> None:
    before = thread.archived, thread.auto_archive
    thread.auto_archive = body.get("auto_archive_duration") or thread.auto_archive
    if body.get("archived") is not None:
        thread.archived = body["archived"]
    if body.get("locked") is not None:
        thread.locked = body["locked"]
    if before != (thread.archived, thread.auto_archive):
        thread.archive_changed = iso(world.wall())


def _check_may_edit(thread: Channel, body: Json, editor: User, bits: int) -> None:
    """Check that a locked thread is changed only by its managers, another also by its owner; all who post may open it."""
    allowed = bool(bits & Permission.MANAGE_THREADS)
    if not thread.locked and "locked" not in body and "flags" not in body:
        only_opens = set(body) == {"archived"} and body["archived"] is False
        allowed = allowed or thread.owner_id == editor.id
        allowed = allowed or (only_opens and bool(bits & Permission.SEND_MESSAGES_IN_THREADS))
    if not allowed:
        raise missing_permissions()
    if thread.archived and body.get("archived") is not False:
        raise thread_archived()


def tag_post(world: World, post: Channel, names: Collection[str]) -> None:
    """Put exactly the tags with these names on a forum's post. Raises Impossible if the forum has no such tag."""
    ids = {tag.name: tag.id for tag in post.parent.tags} if post.parent else {}
    if missing := [name for name in names if name not in ids]:
        raise Impossible(f"the forum has no tag {', '.join(missing)}")
    post.applied_tags = [ids[name] for name in names]
    world.events.channel_changed(post, "UPDATE")
