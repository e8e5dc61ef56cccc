"""Follows: made, changed, paused, resumed and ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.clock import Clock
from bot.errors import InputError, NotFound
from bot.languages import say
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import PAUSED_BY, Destination, DestinationKind, Follow, FollowState, Target, TargetKind
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.store import Store


class Subscriptions:
    """Follows: which destination gets the developments of which target.

    ``on_enqueue`` is called when something becomes due at once; it wakes the dispatcher.
    """

    def __init__(self, store: Store, clock: Clock, on_enqueue: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_enqueue = on_enqueue

    async def follow(
        self,
        destination: Destination,
        target: Target,
        *,
        created_by: int,
        settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS,
    ) -> tuple[Follow, bool]:
        """Follow a target from a destination; return the follow and whether it is new. No older development is delivered.

        If the destination follows the target already, replace the settings, and resume a follow that was paused or had
        stopped.

        Raises NotFound if the target is gone, InputError if the settings do not fit the kind of destination.
        """
        check_follow_settings(destination.kind, settings)
        async with self._store.write() as tx:
            result = await tx.follows.save(
                destination, target, created_by=created_by, settings=settings, now=self._clock()
            )
        await self.retry_blocked(discord_id=destination.discord_id)
        return result

    async def get(self, follow_id: int) -> Follow:
        """Return the follow with this id. Raises NotFound if it has ended."""
        async with self._store.read() as tx:
            return await tx.follows.get(follow_id)

    async def change_settings(self, follow_id: int, settings: FollowSettings) -> Follow:
        """Apply other settings to a follow from now on. Deliveries that exist already stay as they are.

        Raises NotFound if the follow has ended, InputError if the settings do not fit its kind of destination.
        """
        follow = await self.get(follow_id)
        check_follow_settings(follow.destination.kind, settings)
        async with self._store.write() as tx:
            await tx.follows.change_settings(follow_id, settings, self._clock())
        return await self.get(follow_id)

    async def pause(self, follow_id: int, actor: str) -> Follow:
        """Stop deliveries of a follow until it is resumed. Developments of that time are not delivered; ``why`` says so."""
        return await self._set_state(follow_id, FollowState.PAUSED, PAUSED_BY.fill(who=actor))

    async def resume(self, follow_id: int) -> Follow:
        """Deliver to a follow again, whether it was paused or had stopped."""
        follow = await self._set_state(follow_id, FollowState.ACTIVE, "")
        await self.retry_blocked(discord_id=follow.destination.discord_id)
        return follow

    async def _set_state(self, follow_id: int, state: FollowState, reason: str) -> Follow:
        await self.get(follow_id)
        async with self._store.write() as tx:
            await tx.follows.set_state(follow_id, state, reason, self._clock())
        return await self.get(follow_id)

    async def unfollow(self, follow: Follow) -> None:
        """End a follow. Repeated, it changes nothing."""
        async with self._store.write() as tx:
            await tx.follows.remove(follow.id)

    async def list_in_guild(self, guild_id: int) -> tuple[Follow, ...]:
        """Return the follows of a server's channels and threads."""
        async with self._store.read() as tx:
            return await tx.follows.list_in_guild(guild_id)

    async def list_in_destination(self, discord_id: int) -> tuple[Follow, ...]:
        """Return the follows of one channel or thread, or of the DMs of the user with this id."""
        async with self._store.read() as tx:
            return await tx.follows.list_in_destination(discord_id)

    async def set_destination_kind(self, discord_id: int, kind: DestinationKind) -> None:
        """Record that a channel has become another kind, such as an announcement channel."""
        if all(follow.destination.kind is kind for follow in await self.list_in_destination(discord_id)):
            return
        async with self._store.write() as tx:
            await tx.follows.set_destination_kind(discord_id, kind)

    async def retry_blocked(self, *, guild_id: int | None = None, discord_id: int | None = None) -> None:
        """Retry at once what is blocked or could not be published in a server or destination: its permissions may have changed."""
        async with self._store.read() as tx:
            has_blocked = await tx.destination_health.has_blocked(guild_id=guild_id, discord_id=discord_id)
        if not has_blocked:
            return
        async with self._store.write() as tx:
            await tx.destination_health.retry_now(guild_id=guild_id, discord_id=discord_id)
            await tx.post_outcomes.retry_publishing(self._clock(), guild_id=guild_id, discord_id=discord_id)
        if self._on_enqueue:
            self._on_enqueue()


def check_follow_settings(kind: DestinationKind, settings: FollowSettings) -> None:
    """Raise InputError, with the option's name, if a destination of this kind cannot have these settings."""
    if kind is DestinationKind.FORUM and settings.mode is not DeliveryMode.INSTANT:
        raise InputError(
            "mode", say("a forum has a post for each story and can't have digests; choose a channel for digests")
        )
    if settings.threads and kind in (DestinationKind.THREAD, DestinationKind.DM):
        raise InputError("threads", say("only a channel can have a thread for each story"))
    if settings.threads and settings.mode is not DeliveryMode.INSTANT:
        raise InputError(
            "threads", say("a digest is a single message: turn off threads first, or keep the mode instant")
        )


def pick_follow(follows: Iterable[Follow], typed: str, target: Target | None) -> Follow:
    """Return the follow that somebody typed: by its id (``follow:12``), its target, or its displayed name.

    Of a feed, the host of its address is enough if there is no other one of it. Raises NotFound if none of them matches.
    """
    text = typed.strip().casefold()
    candidates = list(follows)
    for follow in candidates:
        is_same_target = target is not None and (follow.target.kind, follow.target.value) == (target.kind, target.value)
        names = {f"follow:{follow.id}", follow.target.display.casefold()}
        if follow.target.kind is not TargetKind.FEED:
            names.add(follow.target.value.casefold())
        if is_same_target or text in names:
            return follow
    host = text.partition("://")[2].partition("/")[0] or text
    of_host = [each for each in candidates if _is_feed_of(each.target, host)]
    if len(of_host) == 1:
        return of_host[0]
    raise NotFound("follow", typed)


def _is_feed_of(target: Target, host: str) -> bool:
    """Return whether a target is a feed whose label ends in this host."""
    label = target.label.casefold()
    return target.kind is TargetKind.FEED and (label == host or label.endswith(f" · {host}"))
