"""The state of this Discord, and finding things in it the way its API does: with its refusals."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from . import payloads, permissions
from .commands import Commands
from .events import Events
from .failures import Impossible, missing_access, missing_permissions, unknown
from .interactions import Interactions
from .model import Channel, ChannelKind, Guild, Json, Member, Message, User
from .nonces import Nonces
from .observation import Changes
from .permissions import Permission
from .snowflakes import Snowflakes, iso

APP_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}


@dataclass(slots=True)
class Application:
    """The bot's application as its owner set it up; `privileged` names the intents that are switched on."""

    id: int
    name: str
    bot: User
    owner: User
    privileged: frozenset[str]
    team: list[User] = field(default_factory=list)
    #: What its owner set up in the portal beyond that, as `GET /applications/@me` tells it.
    portal: Json = field(default_factory=dict)

    @property
    def flags(self) -> int:
        return sum(APP_FLAGS[name] for name in self.privileged)


class World:
    """Everything that exists. Lookups raise the ApiError that Discord would answer."""

    def __init__(
        self,
        *,
        privileged: frozenset[str],
        nonce_memory: float,
        answer_within: float,
        archived_threads: Literal["refuse", "reopen"],
        clock: Callable[[], float],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.wall = wall
        self.ids = Snowflakes(wall)
        self.archived_threads = archived_threads
        # So many threads of a server can be open at once.
        self.open_threads_at_most = 1_000
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.dms: dict[int, Channel] = {}
        self.ephemeral: dict[int, Message] = {}
        self.files: dict[int, tuple[bytes, str]] = {}
        bot = self.add_user("dealwire", bot=True)
        self.application = Application(bot.id, "Dealwire", bot, self.add_user("operator"), privileged)
        self.changes = Changes()
        self.events = Events(bot.id)
        self.nonces = Nonces(nonce_memory, clock)
        self.commands = Commands(bot.id, self.ids, clock)
        self.interactions = Interactions(self.ids, clock, self.changes, answer_within)

    @property
    def bot(self) -> User:
        return self.application.bot

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.ids.aged(), name, bot)
        self.users[user.id] = user
        return user

    def dm_with(self, user: User) -> Channel:
        """Return the one DM channel of the bot with the user."""
        channel = self.dms.get(user.id)
        if channel is None:
            channel = Channel(self.ids.aged(), "", ChannelKind.DM, recipient=user)
            self.dms[user.id] = self.channels[channel.id] = channel
        return channel

    def place_channel(self, channel: Channel, guild: Guild) -> None:
        """Add a channel or thread to its server."""
        guild.channels[channel.id] = self.channels[channel.id] = channel
        if channel.is_thread and channel.parent is not None and channel.parent.kind is ChannelKind.FORUM:
            channel.parent.newest_post = channel.id
        self.events.channel_changed(channel, "CREATE")
        self.changes.notify()

    def remove_channel(self, channel: Channel, guild: Guild) -> None:
        """Take a channel or thread away, with the threads under it."""
        threads = [each for each in guild.channels.values() if each.is_thread and each.parent is channel]
        for gone in (*threads, channel):
            gone.deleted = True
            del guild.channels[gone.id], self.channels[gone.id]
        self.events.channel_changed(channel, "DELETE")
        self.changes.notify()

    def archive(self, thread: Channel, *, archived: bool, locked: bool) -> None:
        """Archive or open a thread."""
        if archived != thread.archived:
            thread.archive_changed = iso(self.wall())
        thread.archived, thread.locked = archived, locked
        self.events.channel_changed(thread, "UPDATE")
        self.changes.notify()

    def join(self, thread: Channel, user: User) -> None:
        """Make the user a member of the thread: who starts one or writes there is."""
        if user.id not in thread.members:
            thread.members[user.id] = iso(self.wall())
            if user is self.bot:
                self.events.membership_changed(thread)

    def leave(self, thread: Channel, user: User) -> None:
        if thread.members.pop(user.id, None) is not None and user is self.bot:
            self.events.membership_changed(thread)

    def me_in(self, guild: Guild) -> Member:
        return guild.members[self.bot.id]

    def member(self, guild: Guild, user: User) -> Member:
        """Return the user's membership. Raises Impossible if the test has not added them."""
        member = guild.members.get(user.id)
        if member is None:
            raise Impossible(f"{user.name} is not a member of {guild.name}")
        return member

    # What the bot's requests find.

    def guild_of_bot(self, guild_id: int) -> Guild:
        guild = self.guilds.get(guild_id)
        if guild is None or not guild.bot_in:
            raise unknown("Guild")
        if not guild.available:
            raise missing_access()
        return guild

    def channel_of_bot(self, channel_id: int, needs: int = 0) -> Channel:
        """Return the channel, if the bot can see it and has every permission in `needs` there."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise unknown("Channel")
        bits = self.bot_permissions(channel)
        if not bits & Permission.VIEW_CHANNEL:
            raise missing_access()
        if needs & ~bits:
            raise missing_permissions()
        return channel

    def bot_permissions(self, channel: Channel) -> int:
        guild = channel.guild
        if guild is None:
            return permissions.IN_A_DM
        if not guild.bot_in or not guild.available:
            return 0
        return permissions.in_channel(channel, self.me_in(guild))

    def message_in(self, channel: Channel, message_id: int) -> Message:
        message = channel.history.get(message_id)
        if message is None:
            raise unknown("Message")
        return message

    def user(self, user_id: int) -> User:
        user = self.users.get(user_id)
        if user is None:
            raise unknown("User")
        return user

    def message_shape(self, message: Message) -> Json:
        """Return a message as the bot gets it from REST, where only the application's own switch counts."""
        content = "message_content" in self.application.privileged
        readable = content or self.events.readable(message, 0)
        return payloads.message(message, self.events.files_url, readable=readable)
