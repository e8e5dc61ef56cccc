"""Follows: made, ended, stopped when the bot leaves a server, and erased when it does not come back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.errors import NotFound
from bot.model.fate import Fate, Health
from bot.model.follow import Destination, Follow, Target
from bot.model.story import Story
from bot.store import Backlog, Store

#: How long the follows of a server that the bot was removed from are kept, for when it is back.
KEPT_AFTER_REMOVAL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figures:
    """The state of the whole in figures."""

    stories: int
    follows: int
    backlog: Backlog


class Following:
    """Who wants what."""

    def __init__(self, store: Store, clock: Clock, on_owed: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_owed = on_owed

    async def follow(
        self, destination: Destination, target: Target, *, by: int, role_id: int = 0
    ) -> tuple[Follow, bool]:
        """Follow a target from a destination; whether that is new. Nothing old is owed for it.

        The same again changes the role, and takes up a follow that had stopped. NotFound when the target is gone.
        """
        async with self._store.write() as session:
            put = await session.follows.put(destination, target, by=by, role_id=role_id, now=self._clock())
        await self.mended(discord_id=destination.discord_id)
        return put

    async def unfollow(self, follow: Follow) -> None:
        """End a follow; repeated, it changes nothing."""
        async with self._store.write() as session:
            await session.follows.remove(follow.number)

    async def in_guild(self, guild_id: int) -> tuple[Follow, ...]:
        """The follows of a server's channels and threads."""
        async with self._store.read() as session:
            return await session.follows.in_guild(guild_id)

    async def at(self, discord_id: int) -> tuple[Follow, ...]:
        """The follows of one channel or thread, or of a user's DMs."""
        async with self._store.read() as session:
            return await session.follows.at(discord_id)

    async def left(self, guild_id: int) -> None:
        """The bot was removed from a server: its follows stop. An outage is no removal: don't call this for one."""
        async with self._store.write() as session:
            await session.follows.leave(guild_id, self._clock())

    async def back(self, guild_id: int) -> None:
        """The bot is on a server again: what had stopped by its removal is served again."""
        async with self._store.read() as session:
            away = (await session.follows.known_guilds()).get(guild_id)
        if away is None:
            return
        async with self._store.write() as session:
            await session.follows.come_back(guild_id)

    async def reconcile(self, present: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Catch up with what happened while the bot was not connected.

        ``present`` are the servers that it is on now, those in an outage too; ``is_ours`` says whether a server belongs to
        the shards of this process, for only of those can it be told that the bot was removed.
        """
        async with self._store.read() as session:
            known = await session.follows.known_guilds()
        for guild_id, left_at in known.items():
            if guild_id in present and left_at is not None:
                await self.back(guild_id)
            elif guild_id not in present and left_at is None and is_ours(guild_id):
                await self.left(guild_id)

    async def erase_left(self) -> int:
        """Erase what is kept of servers that the bot has been off for ``KEPT_AFTER_REMOVAL``; how many."""
        limit = self._clock() - KEPT_AFTER_REMOVAL
        async with self._store.write() as session:
            known = await session.follows.known_guilds()
            due = [guild_id for guild_id, left_at in known.items() if left_at is not None and left_at <= limit]
            for guild_id in due:
                await session.follows.erase_guild(guild_id)
        return len(due)

    async def erase_guild(self, guild_id: int) -> int:
        """Erase all that is stored about a server; how many follows that were."""
        async with self._store.write() as session:
            return await session.follows.erase_guild(guild_id)

    async def erase_user(self, user_id: int) -> int:
        """Erase a user's follows by DM; how many there were."""
        async with self._store.write() as session:
            return await session.follows.erase_dm(user_id)

    async def health(self, follows: Iterable[Follow]) -> dict[int, Health]:
        """How the destinations of these follows fare, by channel, thread or user id."""
        async with self._store.read() as session:
            return await session.destinations.health([follow.destination.discord_id for follow in follows])

    async def fates(self, story: Story, discord_id: int) -> tuple[Fate, ...]:
        """What became of each development of a story in one destination, oldest first, and which rule decided."""
        async with self._store.read() as session:
            return await session.destinations.fates(story, discord_id)

    async def mended(self, *, guild_id: int = 0, discord_id: int = 0) -> None:
        """Permissions of a server, or a place, may have changed: what is blocked there is tried at once."""
        async with self._store.read() as session:
            blocked = await session.destinations.is_any_blocked(guild_id=guild_id, discord_id=discord_id)
        if not blocked:
            return
        async with self._store.write() as session:
            await session.destinations.try_now(guild_id=guild_id, discord_id=discord_id)
        if self._on_owed:
            self._on_owed()

    async def figures(self) -> Figures:
        """The state of the whole in figures."""
        async with self._store.read() as session:
            return Figures(await session.stories.count(), await session.follows.count(), await session.outbox.backlog())


def pick_follow(follows: Iterable[Follow], typed: str, target: Target | None) -> Follow:
    """The follow that somebody means: by its number (``follow:12``), its target, or what is shown of it.

    Raises NotFound when none of these is meant.
    """
    wanted = typed.strip().casefold()
    for follow in follows:
        same = target is not None and (follow.target.kind, follow.target.value) == (target.kind, target.value)
        if same or wanted in (
            f"follow:{follow.number}",
            follow.target.display.casefold(),
            follow.target.value.casefold(),
        ):
            return follow
    raise NotFound("follow", typed)
