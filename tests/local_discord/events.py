"""What the bot is told of changes: each event in its shape, to those sessions that asked for its kind."""

from collections.abc import Callable
from typing import Protocol

from . import payloads, permissions
from .model import Channel, Guild, Json, Member, Message, Role
from .permissions import Permission

Shape = Json | Callable[[int], Json]


class Intent:
    """The gateway intents that this server tells apart."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


class Sink(Protocol):
    """Where events go: the gateway."""

    @property
    def listening(self) -> bool:
        """Return whether anybody listens: if not, payloads need not be made."""

    def dispatch(self, name: str, shape: Shape, *, guild: Guild | None, needs: int) -> None:
        """Tell every session of the guild's shard (of the first shard without one) that has the intent `needs`."""


class Events:
    """Turns changes of the world into gateway events."""

    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self.sink: Sink | None = None
        self.files_url = ""

    def guild_created(self, guild: Guild, *, joined: bool) -> None:
        """Send that the bot was invited (`joined`: then without `unavailable`), or that an outage is over."""
        whole = self.guild_shape(guild)

        def shape(intents: int) -> Json:
            full_shape = whole(intents)
            return {key: full_shape[key] for key in full_shape if key != "unavailable"} if joined else full_shape

        self._tell("GUILD_CREATE", shape, guild)

    def remove_guild(self, guild: Guild, *, outage: bool) -> None:
        shape: Json = {"id": str(guild.id)}
        if outage:
            shape["unavailable"] = True
        self._tell("GUILD_DELETE", shape, guild, reachable=True)

    def guild_shape(self, guild: Guild) -> Callable[[int], Json]:
        """Return the server as a session with given intents sees it: other members only with the members intent."""

        def shape(intents: int) -> Json:
            everybody = intents & Intent.GUILD_MEMBERS and len(guild.members) <= 250
            own = [guild.members[self._bot_id]]
            members = guild.members.values() if everybody else own
            return payloads.guild_create(guild, members, self.active_threads(guild), self._bot_id)

        return shape

    def active_threads(self, guild: Guild) -> list[Channel]:
        """Return the threads that are neither archived nor hidden from the bot, the newest first."""
        me = guild.members[self._bot_id]
        threads = (each for each in guild.channels.values() if each.is_thread and not each.archived)
        return sorted((each for each in threads if permissions.in_channel(each, me)), key=lambda t: t.id, reverse=True)

    def role_changed(self, guild: Guild, role: Role, verb: str) -> None:
        self._tell(f"GUILD_ROLE_{verb}", {"guild_id": str(guild.id), "role": payloads.role(role)}, guild)

    def role_deleted(self, guild: Guild, role: Role) -> None:
        self._tell("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild)

    def guild_updated(self, guild: Guild) -> None:
        self._tell("GUILD_UPDATE", payloads.guild(guild), guild)

    def channel_changed(self, channel: Channel, verb: str) -> None:
        """CREATE, UPDATE or DELETE of a channel or thread; of a thread that the bot cannot see nothing is told."""
        if channel.is_thread and not self.visible(channel):
            return
        name = f"{'THREAD' if channel.is_thread else 'CHANNEL'}_{verb}"
        shape = payloads.channel(channel)
        if name == "THREAD_CREATE":
            shape["newly_created"] = True
        self._tell(name, shape, channel.guild)

    def send_open_threads(self, channel: Channel) -> None:
        """Send the channel's open threads to a bot that has just got access to it."""
        if channel.guild is None:
            return
        threads = [each for each in self.active_threads(channel.guild) if each.parent is channel]
        shape: Json = {
            "guild_id": str(channel.guild.id),
            "channel_ids": [str(channel.id)],
            "threads": [payloads.channel(each) for each in threads],
            "members": [own for each in threads if (own := payloads.thread_member(each, self._bot_id))],
        }
        self._tell("THREAD_LIST_SYNC", shape, channel.guild)

    def membership_changed(self, thread: Channel) -> None:
        """Send that the bot itself has joined or left the thread."""
        own = payloads.thread_member(thread, self._bot_id)
        shape: Json = {"id": str(thread.id), "member_count": min(len(thread.members), 50)}
        shape["guild_id"] = str(thread.guild.id) if thread.guild else None
        shape |= {"added_members": [own]} if own else {"removed_member_ids": [str(self._bot_id)]}
        self._tell("THREAD_MEMBERS_UPDATE", shape, thread.guild)

    def member_changed(self, member: Member, verb: str) -> None:
        """ADD, UPDATE or REMOVE: needs the members intent, except for changes of the bot itself."""
        if verb == "REMOVE":
            shape: Json = {"guild_id": str(member.guild.id), "user": payloads.user(member.user)}
        else:
            shape = payloads.member(member) | {"guild_id": str(member.guild.id)}
        own = member.user.id == self._bot_id
        self._tell(f"GUILD_MEMBER_{verb}", shape, member.guild, needs=0 if own else Intent.GUILD_MEMBERS)

    def message_changed(self, message: Message, verb: str) -> None:
        """CREATE or UPDATE, where the bot can see the channel; ephemeral messages are told to nobody."""
        channel = message.channel
        if self.sink is None or not self.sink.listening or message.ephemeral or not self.visible(channel):
            return
        self._tell(
            f"MESSAGE_{verb}",
            lambda intents: self._message(message, verb, intents),
            channel.guild,
            needs=Intent.GUILD_MESSAGES if channel.guild else Intent.DIRECT_MESSAGES,
        )

    def message_deleted(self, message: Message) -> None:
        channel = message.channel
        if message.ephemeral or not self.visible(channel):
            return
        shape: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        if channel.guild:
            shape["guild_id"] = str(channel.guild.id)
        self._tell(
            "MESSAGE_DELETE",
            shape,
            channel.guild,
            needs=Intent.GUILD_MESSAGES if channel.guild else Intent.DIRECT_MESSAGES,
        )

    def interaction_created(self, shape: Json, guild: Guild | None) -> None:
        self._tell("INTERACTION_CREATE", shape, guild, needs=0)

    def readable(self, message: Message, intents: int) -> bool:
        """Return whether a bot with these intents may read what the message says."""
        if intents & Intent.MESSAGE_CONTENT or message.author.id == self._bot_id or message.channel.guild is None:
            return True
        return any(user.id == self._bot_id for user in message.mentions)

    def _message(self, message: Message, verb: str, intents: int) -> Json:
        shape = payloads.message(message, self.files_url, readable=self.readable(message, intents))
        if verb == "CREATE" and message.nonce is not None:
            shape["nonce"] = message.nonce
        guild = message.channel.guild
        if guild is not None:
            shape["guild_id"] = str(guild.id)
            author = guild.members.get(message.author.id)
            if author is not None:
                shape["member"] = payloads.member(author, with_user=False)
        return shape

    def visible(self, channel: Channel) -> bool:
        """Return whether the bot can see the channel."""
        guild = channel.guild
        if guild is None:
            return True
        me = guild.members.get(self._bot_id)
        return me is not None and bool(permissions.in_channel(channel, me) & Permission.VIEW_CHANNEL)

    def _tell(
        self, name: str, shape: Shape, guild: Guild | None, *, needs: int = Intent.GUILDS, reachable: bool = False
    ) -> None:
        if self.sink is None or not self.sink.listening:
            return
        if reachable or guild is None or (guild.bot_in and guild.available):
            self.sink.dispatch(name, shape, guild=guild, needs=needs)
