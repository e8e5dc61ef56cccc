"""What exists on this Discord: people, servers, roles, channels, messages. Plain objects, compared by identity."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from .components import buttons_of, custom_ids_of, selects_of, texts_of

Json = dict[str, Any]

CROSSPOSTED = 1 << 0
IS_CROSSPOST = 1 << 1
SOURCE_DELETED = 1 << 3
HAS_THREAD = 1 << 5
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15

# Flags of channels: a post pinned to the top of its forum, a forum whose posts need a tag.
PINNED, REQUIRE_TAG = 1 << 1, 1 << 4

# What Discord itself writes into channels; in people's and bots' names, but never by them.
RENAMED, THREAD_STARTED, THREAD_STARTER = 4, 18, 21
SYSTEM = frozenset({RENAMED, THREAD_STARTED, THREAD_STARTER})


class ChannelKind(IntEnum):
    """Discord's channel types."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = frozenset({ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.THREAD, ChannelKind.PRIVATE_THREAD})


@dataclass(slots=True, eq=False)
class User:
    """An account; `dms_open` is whether the bot may write to it."""

    id: int
    name: str
    bot: bool = False
    dms_open: bool = True
    guild_ids: set[int] = field(default_factory=set, repr=False)

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(slots=True, eq=False)
class Role:
    """A role of one server; `bot_id` is set on the managed role that an invited bot brings along."""

    id: int
    name: str
    permissions: int = 0
    mentionable: bool = False
    position: int = 0
    bot_id: int | None = None

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"


@dataclass(slots=True, eq=False)
class Member:
    """A user in a server, with the roles beyond @everyone."""

    guild: "Guild" = field(repr=False)
    user: User
    roles: list[Role]
    joined_at: str


@dataclass(slots=True, eq=False)
class Guild:
    """A server. `bot_in` says whether the bot is a member, `available` whether Discord can serve it."""

    id: int
    name: str
    owner: User
    everyone: Role
    bot_role: Role
    roles: dict[int, Role] = field(default_factory=dict, repr=False)
    channels: "dict[int, Channel]" = field(default_factory=dict, repr=False)
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    permitted_commands: set[str] = field(default_factory=set, repr=False)
    bot_in: bool = True
    available: bool = True
    system_channel: "Channel | None" = None
    locale: str = "en-US"
    #: How many members Discord says that it has, if that are more than those of the tests.
    size: int = 0


class History:
    """The messages of a channel by rising id: found by id at once, by position with a binary search."""

    __slots__ = ("_messages", "_order")

    def __init__(self) -> None:
        self._messages: dict[int, Message] = {}
        self._order: list[int] = []

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def total(self) -> int:
        """How many messages there ever were, deleted ones too."""
        return len(self._order)

    def add(self, message: "Message") -> None:
        self._messages[message.id] = message
        self._order.append(message.id)

    def get(self, message_id: int) -> "Message | None":
        return self._messages.get(message_id)

    def remove(self, message_id: int) -> None:
        # The id stays in the order, where a walk passes it by: taking it out would move all that follow.
        self._messages.pop(message_id, None)

    def after(self, message_id: int = 0) -> "Iterator[Message]":
        """Return the messages newer than the id, oldest first."""
        for index in range(bisect_right(self._order, message_id), len(self._order)):
            message = self._messages.get(self._order[index])
            if message is not None:
                yield message

    def before(self, message_id: int | None = None) -> "Iterator[Message]":
        """Return the messages older than the id (all without one), newest first."""
        end = len(self._order) if message_id is None else bisect_left(self._order, message_id)
        for index in range(end - 1, -1, -1):
            message = self._messages.get(self._order[index])
            if message is not None:
                yield message


@dataclass(slots=True, eq=False)
class Tag:
    """A tag of a forum; a `moderated` one is put on and taken off by those with Manage Threads alone."""

    id: int
    name: str
    moderated: bool = False
    emoji: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Follower:
    """A channel, of any server, that follows an announcement channel: copies come there by a webhook."""

    into: "Channel"
    webhook: User


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, thread or DM. `overwrites` maps the id of a role or a user to (allow, deny).

    Of a forum: its `tags`, and the id of its newest post. Of a thread: the ids of the tags on it, when each member (by id)
    joined, and the message that Discord or its author began it with. Of an announcement channel: its `followers`.
    """

    id: int
    name: str
    kind: ChannelKind
    guild: Guild | None = field(default=None, repr=False)
    parent: "Channel | None" = field(default=None, repr=False)
    recipient: User | None = None
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict, repr=False)
    topic: str | None = None
    position: int = 0
    deleted: bool = False
    archived: bool = False
    locked: bool = False
    owner_id: int = 0
    auto_archive: int = 1440
    archive_changed: str = ""
    flags: int = 0
    tags: list[Tag] = field(default_factory=list)
    newest_post: int | None = None
    applied_tags: list[int] = field(default_factory=list)
    members: dict[int, str] = field(default_factory=dict, repr=False)
    starter: "Message | None" = field(default=None, repr=False)
    followers: list[Follower] = field(default_factory=list, repr=False)
    history: History = field(default_factory=History, repr=False)

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    @property
    def tag_names(self) -> list[str]:
        """The names of the tags on a forum's post, in the order in which they were put there."""
        names = {tag.id: tag.name for tag in self.parent.tags} if self.parent else {}
        return [names[each] for each in self.applied_tags if each in names]

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"


@dataclass(slots=True, eq=False)
class Attachment:
    """An uploaded file, with its bytes."""

    id: int
    filename: str
    data: bytes = field(repr=False)
    content_type: str | None = None
    description: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now: an edit changes this very object.

    `mentions`, `mention_roles` and `mention_everyone` are whom the message really notified when it was posted. `thread` is
    the one that was started from it; `started` the one that Discord's own note is about; `copies` went to followers.
    """

    id: int
    channel: Channel = field(repr=False)
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    nonce: str | int | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[Role] = field(default_factory=list)
    mention_everyone: bool = False
    reference: "Message | None" = None
    interaction: Json | None = None
    thread: Channel | None = None
    started: Channel | None = None
    copies: "list[Message]" = field(default_factory=list, repr=False)
    edits: int = 0
    edited_at: str | None = None
    deleted: bool = False
    changed_at: float = 0.0

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Return whether it only says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def silent(self) -> bool:
        return bool(self.flags & SUPPRESS_NOTIFICATIONS)

    @property
    def system(self) -> bool:
        """Return whether Discord wrote it: a thread's beginning, a new name."""
        return self.kind in SYSTEM

    @property
    def published(self) -> bool:
        return bool(self.flags & CROSSPOSTED)

    @property
    def text(self) -> str:
        """All that a reader reads: content, embeds and text displays, one a line."""
        parts: list[str | None] = [self.content, *texts_of(self.components)]
        for embed in self.embeds:
            parts += [embed.get("title"), embed.get("description")]
            parts += [part for entry in embed.get("fields") or () for part in (entry["name"], entry["value"])]
            parts.append((embed.get("footer") or {}).get("text"))
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[Json]:
        return buttons_of(self.components)

    @property
    def selects(self) -> list[Json]:
        return selects_of(self.components)

    @property
    def custom_ids(self) -> list[str]:
        return custom_ids_of(self.components)
