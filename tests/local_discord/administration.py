"""What owners and moderators set up: servers, roles, members, channels, threads, forums, announcement channels."""

from collections.abc import Iterable

from . import posting, publishing, threads
from .failures import Impossible
from .model import PINNED, REQUIRE_TAG, Channel, ChannelKind, Guild, Member, Message, Role, Tag, User
from .permissions import EVERYDAY
from .snowflakes import timestamp_of
from .world import World


class Administration:
    """Changes by owners and moderators, without a check of anybody's permissions. A connected bot gets an event of each."""

    world: World

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.world.bot

    @property
    def owner(self) -> User:
        """Who owns the bot's application."""
        return self.world.application.owner

    def add_user(self, name: str, *, bot: bool = False) -> User:
        return self.world.add_user(name, bot=bot)

    def form_team(self, *members: User) -> None:
        """Let a team own the application: the owner first, then the members."""
        self.world.application.team = [self.owner, *members]

    # Servers.

    def add_guild(self, name: str, *, owner: User | None = None, bot_permissions: int = EVERYDAY) -> Guild:
        """Add a server with its owner and the bot, whose managed role has `bot_permissions`. It has no channels yet."""
        world = self.world
        guild_id = world.ids.guild()
        everyone = Role(guild_id, "@everyone", EVERYDAY)
        bot_role = Role(world.ids.aged(), world.application.name, bot_permissions, position=1, bot_id=world.bot.id)
        guild = Guild(guild_id, name, owner or world.application.owner, everyone, bot_role, {bot_role.id: bot_role})
        world.guilds[guild.id] = guild
        self._join(guild, guild.owner)
        self._join(guild, world.bot, [bot_role])
        world.events.guild_created(guild, joined=True)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """Throw the bot out: it reads GUILD_DELETE and can reach nothing there any more."""
        self.world.events.remove_guild(guild, outage=False)
        self.world.commands.forget(guild.id)
        guild.bot_in = False

    def invite_again(self, guild: Guild) -> None:
        """Bring the bot back to a server that it was thrown out of, as a member since now."""
        guild.bot_in = True
        guild.members[self.world.bot.id].joined_at = timestamp_of(self.world.ids.now())
        self.world.events.guild_created(guild, joined=True)

    def outage(self, guild: Guild) -> None:
        """Make the server unavailable: GUILD_DELETE with `unavailable`, until `restore`."""
        self.world.events.remove_guild(guild, outage=True)
        guild.available = False

    def restore(self, guild: Guild) -> None:
        guild.available = True
        self.world.events.guild_created(guild, joined=False)

    def permit_command(self, guild: Guild, name: str) -> None:
        """Offer the command to everybody in the server, whatever its `default_member_permissions`: the admins' choice."""
        guild.permitted_commands.add(name)

    # Roles and members.

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        role = Role(self.world.ids.aged(), name, permissions, mentionable, position=len(guild.roles) + 1)
        guild.roles[role.id] = role
        self.world.events.role_changed(guild, role, "CREATE")
        return role

    def change_role(
        self, guild: Guild, role: Role, *, permissions: int | None = None, mentionable: bool | None = None
    ) -> None:
        """Change a role, @everyone (`guild.everyone`) and the bot's own (`guild.bot_role`) too."""
        if permissions is not None:
            role.permissions = permissions
        if mentionable is not None:
            role.mentionable = mentionable
        self.world.events.role_changed(guild, role, "UPDATE")

    def delete_role(self, guild: Guild, role: Role) -> None:
        del guild.roles[role.id]
        for member in guild.members.values():
            if role in member.roles:
                member.roles.remove(role)
        self.world.events.role_deleted(guild, role)

    def add_member(self, guild: Guild, user: User, roles: Iterable[Role] = ()) -> Member:
        member = self._join(guild, user, roles)
        self.world.events.member_changed(member, "ADD")
        return member

    def remove_member(self, guild: Guild, user: User) -> None:
        user.guild_ids.discard(guild.id)
        self.world.events.member_changed(guild.members.pop(user.id), "REMOVE")

    def set_roles(self, guild: Guild, user: User, roles: Iterable[Role]) -> None:
        """Give the member exactly these roles beyond @everyone."""
        member = self.world.member(guild, user)
        member.roles = list(roles)
        self.world.events.member_changed(member, "UPDATE")

    def _join(self, guild: Guild, user: User, roles: Iterable[Role] = ()) -> Member:
        user.guild_ids.add(guild.id)
        member = guild.members[user.id] = Member(guild, user, list(roles), timestamp_of(guild.id))
        return member

    # Channels.

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: int = ChannelKind.TEXT,
        *,
        parent: Channel | None = None,
        topic: str | None = None,
    ) -> Channel:
        """Add a channel to the server: 0 text, 4 category, 5 announcement, 15 forum. `parent` is a category."""
        channel = Channel(self.world.ids.aged(), name, ChannelKind(kind), guild, parent, topic=topic)
        channel.position = len(guild.channels)
        self.world.place_channel(channel, guild)
        return channel

    def rename_channel(self, channel: Channel, name: str) -> None:
        channel.name = name
        self.world.events.channel_changed(channel, "UPDATE")

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread with its threads and messages."""
        if channel.guild is None:
            raise Impossible("a DM cannot be deleted")
        self.world.remove_channel(channel, channel.guild)

    def set_overwrite(self, channel: Channel, target: Role | User, *, allow: int = 0, deny: int = 0) -> None:
        """Set what the channel allows and denies to a role or a member; both 0 removes the overwrite."""
        hidden = not self.world.events.visible(channel)
        if allow or deny:
            channel.overwrites[target.id] = (allow, deny)
        else:
            channel.overwrites.pop(target.id, None)
        self.world.events.channel_changed(channel, "UPDATE")
        if hidden and self.world.events.visible(channel):
            self.world.events.send_open_threads(channel)

    def allow_bot(self, channel: Channel, permissions: int) -> None:
        """Allow the bot these permissions in the channel and its threads, and leave the others as they are there."""
        allow, deny = channel.overwrites.get(self.bot.id, (0, 0))
        self.set_overwrite(channel, self.bot, allow=allow | permissions, deny=deny & ~permissions)

    def deny_bot(self, channel: Channel, permissions: int) -> None:
        """Deny the bot these permissions in the channel and its threads, and leave the others as they are there."""
        allow, deny = channel.overwrites.get(self.bot.id, (0, 0))
        self.set_overwrite(channel, self.bot, allow=allow & ~permissions, deny=deny | permissions)

    def delete_message(self, message: Message) -> None:
        """Delete the message as a moderator. The copies of a published one say so from then on."""
        posting.delete(self.world, message)
        publishing.mark_copies_deleted(self.world, message)

    # Direct messages.

    def dm(self, user: User) -> Channel:
        """Return the bot's DM channel with the user, made if it was not there."""
        return self.world.dm_with(user)

    def close_dms(self, user: User) -> None:
        """Let the user accept no direct messages of the bot: posts are refused with 50007."""
        user.dms_open = False

    def open_dms(self, user: User) -> None:
        user.dms_open = True

    # Threads.

    def add_thread(self, parent: Channel, name: str, *, owner: User | None = None, private: bool = False) -> Channel:
        """Add an empty thread that no message began, under a text, announcement or forum channel."""
        if parent.guild is None:
            raise Impossible("a DM has no threads")
        thread = threads.draft(self.world, parent.guild, parent, owner or self.owner, name)
        if private:
            thread.kind = ChannelKind.PRIVATE_THREAD
        return threads.begin(self.world, parent.guild, thread, owner or self.owner)

    def archive_thread(self, thread: Channel, *, locked: bool = False) -> None:
        """Close the thread; `locked`: so that only those with Manage Threads can open it again."""
        self.world.archive(thread, archived=True, locked=locked)

    def open_thread(self, thread: Channel) -> None:
        """Open the thread, and unlock it."""
        self.world.archive(thread, archived=False, locked=False)

    def lock_thread(self, thread: Channel) -> None:
        """Lock the thread as it is, open or archived: only those with Manage Threads write or change anything in it."""
        self.world.archive(thread, archived=thread.archived, locked=True)

    def unlock_thread(self, thread: Channel) -> None:
        self.world.archive(thread, archived=thread.archived, locked=False)

    def delete_thread(self, thread: Channel) -> None:
        """Delete the thread with all that is in it; the message that it was started from stays, and can have no other."""
        if not thread.is_thread:
            raise Impossible(f"{thread.name} is no thread")
        self.delete_channel(thread)

    def pin_post(self, post: Channel) -> None:
        """Pin a forum's post to its top."""
        post.flags |= PINNED
        self.world.events.channel_changed(post, "UPDATE")

    def tag_post(self, post: Channel, *names: str) -> None:
        """Put exactly the tags with these names on a forum's post."""
        threads.tag_post(self.world, post, names)

    # Forums.

    def add_forum(
        self,
        guild: Guild,
        name: str,
        *,
        tags: Iterable[str] = (),
        moderated: Iterable[str] = (),
        require_tag: bool = False,
        topic: str | None = None,
    ) -> Channel:
        """Add a forum with tags that all may use, then those for moderators; `require_tag`: no post without one."""
        forum = self.add_channel(guild, name, ChannelKind.FORUM, topic=topic)
        if tags or moderated or require_tag:
            self.set_tags(forum, tags, moderated=moderated)
            self.require_tag(forum, on=require_tag)
        return forum

    def set_tags(self, forum: Channel, names: Iterable[str], *, moderated: Iterable[str] = ()) -> list[Tag]:
        """Give the forum exactly these tags; one of a name that is there keeps its id. A tag that goes is on no post."""
        ids = {tag.name: tag.id for tag in forum.tags}
        tags = [(name, False) for name in names] + [(name, True) for name in moderated]
        forum.tags = [Tag(ids.get(name) or self.world.ids.now(), name, is_moderated) for name, is_moderated in tags]
        self.world.events.channel_changed(forum, "UPDATE")
        return forum.tags

    def require_tag(self, forum: Channel, *, on: bool = True) -> None:
        """Let the forum refuse posts without a tag (40067), or take them again."""
        forum.flags = REQUIRE_TAG if on else 0
        self.world.events.channel_changed(forum, "UPDATE")

    # Announcement channels.

    def add_announcements(self, guild: Guild, name: str, *, followed_into: Iterable[Channel] = ()) -> Channel:
        """Add an announcement channel that these channels, of any server, follow."""
        channel = self.add_channel(guild, name, ChannelKind.ANNOUNCEMENT)
        for into in followed_into:
            self.follow_channel(channel, into)
        return channel

    def follow_channel(self, announcements: Channel, into: Channel) -> None:
        """Let `into` follow the announcement channel: what is published from now on is copied there."""
        publishing.follow(self.world, announcements, into)
