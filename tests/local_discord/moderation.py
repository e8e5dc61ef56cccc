"""Threads, forums and announcement channels as those who run a server set them up and keep them."""

from collections.abc import Iterable

from . import publishing, threads
from .arrangement import Arrangement
from .failures import Impossible
from .model import PINNED, REQUIRE_TAG, Channel, ChannelKind, Guild, Tag, User


class Moderation(Arrangement):
    """What moderators do. Nothing here is checked against anybody's permissions; the bot is told of every change."""

    # Threads.

    def add_thread(self, parent: Channel, name: str, *, owner: User | None = None, private: bool = False) -> Channel:
        """An empty thread that no message began, under a text, announcement or forum channel."""
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
        known = {tag.name: tag.id for tag in post.parent.tags} if post.parent else {}
        if missing := [name for name in names if name not in known]:
            raise Impossible(f"the forum has no tag {', '.join(missing)}")
        post.applied_tags = [known[name] for name in names]
        self.world.events.channel_changed(post, "UPDATE")

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
        """A forum with tags that all may use, then those for moderators; `require_tag`: no post without one."""
        forum = self.add_channel(guild, name, ChannelKind.FORUM, topic=topic)
        if tags or moderated or require_tag:
            self.set_tags(forum, tags, moderated=moderated)
            self.require_tag(forum, on=require_tag)
        return forum

    def set_tags(self, forum: Channel, names: Iterable[str], *, moderated: Iterable[str] = ()) -> list[Tag]:
        """Give the forum exactly these tags; one of a name that is there keeps its id. A tag that goes is on no post."""
        known = {tag.name: tag.id for tag in forum.tags}
        wanted = [(name, False) for name in names] + [(name, True) for name in moderated]
        forum.tags = [Tag(known.get(name) or self.world.ids.now(), name, held) for name, held in wanted]
        self.world.events.channel_changed(forum, "UPDATE")
        return forum.tags

    def require_tag(self, forum: Channel, *, on: bool = True) -> None:
        """Let the forum refuse posts without a tag (40067), or take them again."""
        forum.flags = REQUIRE_TAG if on else 0
        self.world.events.channel_changed(forum, "UPDATE")

    # Announcement channels.

    def add_announcements(self, guild: Guild, name: str, *, followed_into: Iterable[Channel] = ()) -> Channel:
        """An announcement channel that these channels, of any server, follow."""
        channel = self.add_channel(guild, name, ChannelKind.ANNOUNCEMENT)
        for into in followed_into:
            self.follow_channel(channel, into)
        return channel

    def follow_channel(self, announcements: Channel, into: Channel) -> None:
        """Let `into` follow the announcement channel: what is published from now on is copied there."""
        publishing.follow(self.world, announcements, into)
