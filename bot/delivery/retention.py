"""What stays stored about servers that the bot has left and about users, and when it is erased."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.delivery_settings import DeliverySettingsService
from bot.errors import StoreError
from bot.store import Store
from bot.store.followed_articles import CLUSTER_RETENTION

#: How long the data of a server that the bot was removed from is kept, in case it comes back.
GUILD_RETENTION = timedelta(days=30)
#: How long what followed feeds brought to a destination is kept.
FEED_NEWS_RETENTION = CLUSTER_RETENTION


class Retention:
    """Stops and resumes the follows of servers that the bot leaves and joins again, and erases data."""

    def __init__(self, store: Store, delivery_settings: DeliverySettingsService, clock: Clock) -> None:
        self._store = store
        self._delivery_settings = delivery_settings
        self._clock = clock

    async def record_guild_left(self, guild_id: int) -> None:
        """Stop the follows of a server that the bot was removed from. Not for an outage of the server."""
        async with self._store.write() as tx:
            await tx.follows.mark_guild_left(guild_id, self._clock())
        # The settings of a server without follows are erased at once.
        self._delivery_settings.forget_languages([guild_id])

    async def record_guild_returned(self, guild_id: int) -> None:
        """Resume the follows that stopped when the bot was removed from a server."""
        async with self._store.read() as tx:
            left_at = await tx.follows.get_left_at(guild_id)
        if left_at is None:
            return
        async with self._store.write() as tx:
            await tx.follows.mark_guild_returned(guild_id)

    async def record_guild_greeted(self, guild_id: int) -> bool:
        """Record that a server is greeted; return False if it was before, in which case it must not be greeted again."""
        async with self._store.write() as tx:
            return await tx.follows.mark_guild_greeted(guild_id, self._clock())

    async def reconcile(self, present_guild_ids: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Record which servers the bot left or joined while it was not connected.

        ``present_guild_ids`` are the servers that it is on now, including those in an outage. ``is_ours`` returns whether
        a server belongs to the shards of this process: only of those is a removal certain. An error with one server does
        not keep the others from being recorded; it is raised in the end.
        """
        error: Exception | None = None
        async with self._store.read() as tx:
            guilds = await tx.follows.list_guilds()
        for guild_id, left_at in guilds.items():
            try:
                if guild_id in present_guild_ids and left_at is not None:
                    await self.record_guild_returned(guild_id)
                elif guild_id not in present_guild_ids and left_at is None and is_ours(guild_id):
                    await self.record_guild_left(guild_id)
            except StoreError:
                raise
            except Exception as exc:  # noqa: BLE001 - raised in the end
                error = exc
        if error is not None:
            raise error

    async def erase_expired_guilds(self) -> int:
        """Erase the servers that the bot left ``GUILD_RETENTION`` ago or earlier; return how many."""
        limit = self._clock() - GUILD_RETENTION
        async with self._store.read() as tx:
            guilds = await tx.follows.list_guilds()
        count, error = 0, None
        for guild_id in [guild_id for guild_id, left_at in guilds.items() if left_at is not None and left_at <= limit]:
            try:
                count += await self._erase_if_expired(guild_id, limit)
            except StoreError:
                raise
            except Exception as exc:  # noqa: BLE001 - raised in the end: one server must keep no other from being erased
                error = exc
        if error is not None:
            raise error
        return count

    async def _erase_if_expired(self, guild_id: int, limit: datetime) -> bool:
        async with self._store.write() as tx:
            left_at = await tx.follows.get_left_at(guild_id)
            is_due = left_at is not None and left_at <= limit
            if is_due:
                await tx.follows.erase_guild(guild_id)
        self._delivery_settings.forget_languages([guild_id])
        return is_due

    async def erase_guild(self, guild_id: int) -> int:
        """Erase all that is stored about a server; return how many follows it had."""
        async with self._store.write() as tx:
            count = await tx.follows.erase_guild(guild_id)
        self._delivery_settings.forget_languages([guild_id])
        return count

    async def erase_user(self, user_id: int) -> int:
        """Erase a user's follows by DM and all else that is stored about them; return how many follows there were."""
        async with self._store.write() as tx:
            count = await tx.follows.erase_user(user_id)
        self._delivery_settings.forget_languages([user_id])
        return count
