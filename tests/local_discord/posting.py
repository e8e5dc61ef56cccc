"""Making, changing and taking away messages: the one way for the bot, its interactions and people."""

from dataclasses import dataclass

from .components import number, texts_of, walk
from .failures import ApiError, bad_form, unknown
from .mentions import Allowed, pings
from .model import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_NOTIFICATIONS,
    Attachment,
    Channel,
    Json,
    Message,
    User,
)
from .snowflakes import iso
from .validation.messages import FILE_BYTES, check_message
from .world import World

SUPPRESS_EMBEDS = 1 << 2
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
DEFAULT, REPLY, COMMAND_REPLY = 0, 19, 20


@dataclass(slots=True)
class Upload:
    """A file of a multipart body; `key` is the N of its field `files[N]`."""

    key: str
    filename: str
    data: bytes
    content_type: str | None


@dataclass(slots=True)
class Origin:
    """What a message made by an interaction carries: its shape, and whether only one person sees it."""

    interaction: Json
    ephemeral: bool = False
    kind: int = COMMAND_REPLY


def post(
    world: World, channel: Channel, author: User, body: Json, uploads: list[Upload], origin: Origin | None = None
) -> Message:
    """Check the body, make the message, notify, tell the bot. The same enforced nonce gives the same message again.

    Raises ApiError for a bad body, and 10008 when the nonce's message has been deleted since, as Discord does.
    """
    nonce = body.get("nonce") if origin is None else None
    if nonce is not None and body.get("enforce_nonce"):
        before = world.nonces.recall(channel.id, author.id, nonce)
        if before is not None:
            if before.deleted:
                raise unknown("Message")
            return before
    message = compose(world, channel, author, body, uploads, origin)
    message.nonce = nonce
    keep(world, message)
    return message


def compose(
    world: World,
    channel: Channel,
    author: User,
    body: Json,
    uploads: list[Upload],
    origin: Origin | None = None,
    *,
    message_id: int | None = None,
) -> Message:
    """Check the body and make the message, which stands nowhere until it is kept.

    `message_id` is for the one message whose id is not its own: a forum post's first. Raises ApiError for a bad body.
    """
    attachments = _attachments(world, body, uploads, ())
    check_message(body, [each.filename for each in attachments])
    reply_to = _reply_to(world, channel, body.get("message_reference"))
    message = Message(message_id or world.ids.now(), channel, author)
    message.reference, message.attachments = reply_to, attachments
    message.flags = (body.get("flags") or 0) & SETTABLE
    message.kind = REPLY if reply_to else DEFAULT
    if origin is not None:
        message.kind = origin.kind
        message.interaction = origin.interaction
        message.flags |= EPHEMERAL if origin.ephemeral else 0
    _fill(world, message, body)
    _notify(world, message, body)
    return message


def note(
    world: World,
    channel: Channel,
    author: User,
    kind: int,
    content: str = "",
    *,
    about: Message | None = None,
    started: Channel | None = None,
) -> Message:
    """Add a message by Discord itself in the author's name: that a thread was started, or has another name."""
    message = Message(world.ids.now(), channel, author, content, kind=kind, reference=about, started=started)
    keep(world, message)
    return message


def loading(world: World, channel: Channel, author: User, origin: Origin) -> Message:
    """Add the message that says that the bot is thinking, until it is filled or edited."""
    flags = LOADING | (EPHEMERAL if origin.ephemeral else 0)
    message = Message(world.ids.now(), channel, author, kind=origin.kind, interaction=origin.interaction, flags=flags)
    keep(world, message)
    return message


def edit(world: World, message: Message, body: Json, uploads: list[Upload]) -> None:
    """Change what the body names and leave the rest; nobody is notified, save by filling a message that was loading.

    The V2 flag can be set here, and never taken off.
    """
    filling = message.loading
    kept = message.attachments if body.get("attachments") is None else _kept(message, body)
    attachments = [*kept, *_attachments(world, body, uploads, kept)]
    flags = message.flags & ~LOADING
    flags |= (body.get("flags") or 0) & (SUPPRESS_EMBEDS | COMPONENTS_V2)
    whole = {
        "content": body.get("content", message.content),
        "embeds": body.get("embeds", message.embeds),
        "components": body.get("components", message.components),
        "flags": flags,
    }
    check_message(whole, [each.filename for each in attachments])
    message.flags, message.attachments = flags, attachments
    _fill(world, message, whole)
    message.changed_at = world.wall()
    if filling:
        _notify(world, message, body)
    else:
        message.edits += 1
        message.edited_at = iso(world.wall())
    world.events.message_changed(message, "UPDATE")
    world.changes.notify()


def delete(world: World, message: Message) -> None:
    message.deleted = True
    message.channel.history.remove(message.id)
    world.ephemeral.pop(message.id, None)
    world.events.message_deleted(message)
    world.changes.notify()


def keep(world: World, message: Message) -> None:
    """Let the message stand in its channel, and tell the bot; its author is a member of a thread from then on."""
    if message.channel.is_thread and not message.ephemeral:
        world.join(message.channel, message.author)
    message.changed_at = world.wall()
    if message.ephemeral:
        world.ephemeral[message.id] = message
    else:
        message.channel.history.add(message)
        world.nonces.remember(message)
        world.events.message_changed(message, "CREATE")
    world.changes.notify()


def _fill(world: World, message: Message, body: Json) -> None:
    message.content = (body.get("content") or "").strip()
    message.embeds = body.get("embeds") or []
    message.components = body.get("components") or []
    number(message.components)
    if message.attachments:
        _point_at_files(message, world.events.files_url)


def _point_at_files(message: Message, files_url: str) -> None:
    """Turn `attachment://name` in embeds and galleries into the address where the file is served."""
    urls = {f"attachment://{each.filename}": f"{files_url}/{each.id}/{each.filename}" for each in message.attachments}
    media = [embed[key] for embed in message.embeds for key in ("image", "thumbnail") if embed.get(key)]
    for component in walk(message.components):
        media += [component[key] for key in ("media", "file") if component.get(key)]
        media += [item["media"] for item in component.get("items") or ()]
    for place in media:
        place["url"] = urls.get(place.get("url"), place.get("url"))


def _notify(world: World, message: Message, body: Json) -> None:
    text = "\n".join([message.content, *texts_of(message.components)])
    allowed = Allowed.read(body.get("allowed_mentions"))
    mentions = pings(world.users, message.channel, message.author, text, allowed, message.reference)
    message.mentions, message.mention_roles, message.mention_everyone = (
        mentions.users,
        mentions.roles,
        mentions.everyone,
    )


def _reply_to(world: World, channel: Channel, reference: Json | None) -> Message | None:
    if reference is None or reference.get("type"):
        return None
    message = channel.history.get(int(reference["message_id"]))
    if message is None and reference.get("fail_if_not_exists", True) is not False:
        raise bad_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return message


def _kept(message: Message, body: Json) -> list[Attachment]:
    named = {str(each.get("id")) for each in body["attachments"]}
    return [each for each in message.attachments if str(each.id) in named]


def _attachments(
    world: World, body: Json, uploads: list[Upload], kept_attachments: "list[Attachment] | tuple[()]"
) -> list[Attachment]:
    """Return the uploaded files as attachments, with the descriptions that the body gives them."""
    descriptions = {str(each.get("id")): each for each in body.get("attachments") or ()}
    ids = {str(each.id) for each in kept_attachments}
    unknown_keys = [key for key in descriptions if key not in ids and key not in {upload.key for upload in uploads}]
    # An edit names the attachments that it keeps; any other id must be that of an uploaded file.
    if unknown_keys and uploads:
        raise bad_form("attachments", "ATTACHMENT_NOT_FOUND", f"No file was uploaded for {', '.join(unknown_keys)}")
    attachments = []
    for upload in uploads:
        if len(upload.data) > FILE_BYTES:
            raise ApiError(413, 40005, "Request entity too large")
        notes = descriptions.get(upload.key, {})
        name = notes.get("filename") or upload.filename
        attachment = Attachment(world.ids.now(), name, upload.data, upload.content_type, notes.get("description"))
        world.files[attachment.id] = (upload.data, upload.content_type or "application/octet-stream")
        attachments.append(attachment)
    return attachments
