"""Messages and threads as a user sees them, now or as soon as they are there."""

from collections.abc import Callable

from .model import Channel, ChannelKind, Message, User
from .world import World

Probe = Callable[[Message], object]


class ChannelQueries:
    """Look-ups of messages and threads, and ways to wait for them. None changes anything or reaches the bot."""

    world: World

    # Messages.

    def messages(self, channel: Channel, *, system: bool = False) -> list[Message]:
        """Return the messages that stand in the channel or thread, oldest first; ephemeral ones stand nowhere.

        Discord's own notes (a thread was started, has another name) are among them with `system`; the bot's requests for
        the history always find them.
        """
        return [each for each in channel.history.after() if system or not each.system]

    async def message_in(
        self,
        channel: Channel,
        *,
        after: Message | int | None = None,
        where: Probe | None = None,
        author: User | None = None,
        timeout: float = 60.0,
    ) -> Message:
        """Wait for the first message of the author (the bot, unless another is named) newer than `after` that fits `where`.

        One that is there already is returned at once; edits are looked at again, and a bot that is still thinking has
        not said anything. TimeoutError after `timeout` real seconds.
        """
        newer_than = after.id if isinstance(after, Message) else after or 0
        writer = author or self.world.bot

        def probe() -> Message | None:
            for message in channel.history.after(newer_than):
                if message.author is not writer or message.loading or message.system:
                    continue
                if where is None or where(message):
                    return message
            return None

        return await self.world.changes.until(probe, timeout, f"a message in {channel.name or 'the DM'}")

    # Threads and forum posts.

    def threads(self, channel: Channel, *, archived: bool | None = None) -> list[Channel]:
        """Return the threads (a forum's posts) under the channel, oldest first: all, or only archived or only open ones."""
        everything = channel.guild.channels.values() if channel.guild else ()
        threads = [each for each in everything if each.is_thread and each.parent is channel]
        return sorted((each for each in threads if archived in (None, each.archived)), key=lambda each: each.id)

    def thread_of(self, message: Message) -> Channel | None:
        """Return the thread that was started from the message and is still there."""
        return message.thread if message.thread is not None and not message.thread.deleted else None

    def starter(self, thread: Channel) -> Message | None:
        """Return the message that began the thread, if it still exists: a forum post's first one, or the one in the parent channel
        that the thread was started from.
        """
        if thread.parent is None:
            return None
        place = thread if thread.parent.kind is ChannelKind.FORUM else thread.parent
        return place.history.get(thread.id)

    async def thread_in(
        self, channel: Channel, *, name: str | None = None, owner: User | None = None, timeout: float = 60.0
    ) -> Channel:
        """Wait for the first thread or post of this name under the channel by the owner (the bot, unless another is named).

        One that is there already is returned at once. TimeoutError after `timeout` real seconds.
        """
        began = (owner or self.world.bot).id

        def probe() -> Channel | None:
            fitting = (each for each in self.threads(channel) if each.owner_id == began and name in (None, each.name))
            return next(fitting, None)

        return await self.world.changes.until(probe, timeout, f"a thread {name or ''} in {channel.name}")

    # Announcements.

    def list_published(self, channel: Channel) -> list[Message]:
        """Return the messages of the announcement channel that stand there and were published, oldest first."""
        return [each for each in channel.history.after() if each.published]

    def copies(self, message: Message) -> list[Message]:
        """Return the copies of a published message that stand in the channels of its followers: one in each that followed then."""
        return [each for each in message.copies if not each.deleted]

    async def until(self, probe: Callable[[], object], timeout: float = 60.0, what: str = "it to come true") -> None:
        """Return when `probe()` is true; it is asked whenever something has happened here. TimeoutError otherwise."""
        await self.world.changes.until(lambda: bool(probe()), timeout, what)
