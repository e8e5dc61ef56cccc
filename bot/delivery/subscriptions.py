"""Follows: made, ended, stopped when the bot leaves a server, and erased when it does not come back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.errors import InputError, NotFound, StoreError
from bot.languages import ENGLISH, say
from bot.model.delivery_report import DeliveryReport, DestinationHealth
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import PAUSED_BY, Destination, DestinationKind, Follow, FollowState, Target
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.story import Story
from bot.store import OutboxStats, Store, Transaction

#: How long the follows of a server that the bot was removed from are kept, for when it is back.
RETENTION = timedelta(days=30)
#: How long a chosen language is not asked for again, and of how many servers and people at once.
LANGUAGE_TTL = timedelta(minutes=1)
MAX_CACHED_LANGUAGES = 20_000


@dataclass(frozen=True, slots=True)
class SystemStats:
    """The state of the whole in figures."""

    story_count: int
    follow_count: int
    outbox: OutboxStats


class Subscriptions:
    """Who wants what."""

    def __init__(self, store: Store, clock: Clock, on_enqueue: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_enqueue = on_enqueue
        self._languages: dict[int, tuple[datetime, str]] = {}

    async def follow(
        self,
        destination: Destination,
        target: Target,
        *,
        created_by: int,
        settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS,
    ) -> tuple[Follow, bool]:
        """Follow a target from a destination; whether that is new. Nothing old is owed for it.

        The same again changes the terms in place, and takes up a follow that was paused or had stopped. Raises NotFound
        when the target is gone, InputError for terms that do not fit the place.
        """
        check_follow_settings(destination.kind, settings)
        async with self._store.write() as tx:
            result = await tx.follows.save(
                destination, target, created_by=created_by, settings=settings, now=self._clock()
            )
        await self.retry_blocked(discord_id=destination.discord_id)
        return result

    async def get(self, follow_id: int) -> Follow:
        """The follow of that number. NotFound when it has ended."""
        async with self._store.read() as tx:
            follow = await tx.follows.get(follow_id)
        if follow is None:
            raise NotFound("follow", str(follow_id))
        return follow

    async def change_settings(self, follow_id: int, settings: FollowSettings) -> Follow:
        """Serve a follow on other terms from now on; what it has been posted, and is owed, stays.

        Raises NotFound when it has ended, InputError for terms that do not fit its place.
        """
        follow = await self.get(follow_id)
        check_follow_settings(follow.destination.kind, settings)
        async with self._store.write() as tx:
            await tx.follows.change_settings(follow_id, settings, self._clock())
        return await self.get(follow_id)

    async def pause(self, follow_id: int, actor: str) -> Follow:
        """Serve a follow no more until it is resumed; what comes meanwhile is not posted, and ``why`` says so."""
        return await self._set_state(follow_id, FollowState.PAUSED, PAUSED_BY.format(who=actor))

    async def resume(self, follow_id: int) -> Follow:
        """Serve a follow again, whether it was paused or had stopped."""
        follow = await self._set_state(follow_id, FollowState.ACTIVE, "")
        await self.retry_blocked(discord_id=follow.destination.discord_id)
        return follow

    async def _set_state(self, follow_id: int, state: FollowState, reason: str) -> Follow:
        await self.get(follow_id)
        async with self._store.write() as tx:
            await tx.follows.set_state(follow_id, state, reason, self._clock())
        return await self.get(follow_id)

    async def get_delivery_settings(self, owner_id: int) -> DeliverySettings:
        """When a server, or a user by DM, wants posts."""
        async with self._store.read() as tx:
            return await tx.delivery_settings.get(owner_id)

    async def save_delivery_settings(self, owner_id: int, settings: DeliverySettings) -> None:
        """Keep a timetable; what waits is timed by it from now on."""
        async with self._store.write() as tx:
            await tx.delivery_settings.save(owner_id, settings, self._clock())
        self._forget_languages([owner_id])
        if self._on_enqueue:
            self._on_enqueue()

    async def get_language(self, owner_id: int) -> str:
        """The code of the language that a server, or a person by DM, has chosen; empty for none.

        It is asked for with every typed question, so it is remembered for ``LANGUAGE_TTL``: what another process of the bot
        sets counts here a little later.
        """
        now = self._clock()
        read_at, code = self._languages.get(owner_id, (datetime.min.replace(tzinfo=UTC), ""))
        if timedelta(0) <= now - read_at < LANGUAGE_TTL:
            return code
        if len(self._languages) >= MAX_CACHED_LANGUAGES:
            self._languages.clear()
        code = (await self.get_delivery_settings(owner_id)).language
        self._languages[owner_id] = (now, code)
        return code

    async def remember_language(self, user_id: int, code: str) -> None:
        """Write to a person in this language from now on, unless they have chosen one; English is what is spoken anyway."""
        if code in ("", ENGLISH) or await self.get_language(user_id):
            return
        async with self._store.write() as tx:
            settings = await tx.delivery_settings.get(user_id)
            if not settings.language:
                await tx.delivery_settings.save(user_id, replace(settings, language=code), self._clock())
        self._forget_languages([user_id])

    async def unfollow(self, follow: Follow) -> None:
        """End a follow; repeated, it changes nothing."""
        async with self._store.write() as tx:
            await tx.follows.remove(follow.id)

    async def list_in_guild(self, guild_id: int) -> tuple[Follow, ...]:
        """The follows of a server's channels and threads."""
        async with self._store.read() as tx:
            return await tx.follows.list_in_guild(guild_id)

    async def list_in_destination(self, discord_id: int) -> tuple[Follow, ...]:
        """The follows of one channel or thread, or of a user's DMs."""
        async with self._store.read() as tx:
            return await tx.follows.list_in_destination(discord_id)

    async def record_guild_left(self, guild_id: int) -> None:
        """The bot was removed from a server: its follows stop. An outage is no removal: don't call this for one."""
        async with self._store.write() as tx:
            await tx.follows.mark_guild_left(guild_id, self._clock())
        # Where nothing is followed, its settings go at once.
        self._forget_languages([guild_id])

    async def record_guild_returned(self, guild_id: int) -> None:
        """The bot is on a server again: what had stopped by its removal is served again."""
        async with self._store.read() as tx:
            left_at = (await tx.follows.list_guilds()).get(guild_id)
        if left_at is None:
            return
        async with self._store.write() as tx:
            await tx.follows.mark_guild_returned(guild_id)

    async def set_destination_kind(self, discord_id: int, kind: DestinationKind) -> None:
        """A channel is this kind of place now, such as one for announcements."""
        if all(follow.destination.kind is kind for follow in await self.list_in_destination(discord_id)):
            return
        async with self._store.write() as tx:
            await tx.follows.set_destination_kind(discord_id, kind)

    async def reconcile(self, present_guild_ids: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Catch up with what happened while the bot was not connected.

        ``present`` are the servers that it is on now, those in an outage too; ``is_ours`` says whether a server belongs to
        the shards of this process, for only of those can it be told that the bot was removed. An error of one server keeps no
        other from being noted; it is raised in the end.
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
        """Erase what is kept of servers that the bot has been off for ``RETENTION``; how many."""
        limit = self._clock() - RETENTION
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
            left_at = (await tx.follows.list_guilds()).get(guild_id)
            is_due = left_at is not None and left_at <= limit
            if is_due:
                await tx.follows.erase_guild(guild_id)
        self._forget_languages([guild_id])
        return is_due

    async def erase_guild(self, guild_id: int) -> int:
        """Erase all that is stored about a server; how many follows that were."""
        async with self._store.write() as tx:
            count = await tx.follows.erase_guild(guild_id)
        self._forget_languages([guild_id])
        return count

    async def erase_user(self, user_id: int) -> int:
        """Erase a user's follows by DM and all else that is stored about them; how many follows there were."""
        async with self._store.write() as tx:
            count = await tx.follows.erase_user(user_id)
        self._forget_languages([user_id])
        return count

    def _forget_languages(self, owner_ids: Iterable[int]) -> None:
        for owner_id in owner_ids:
            self._languages.pop(owner_id, None)

    async def get_health(self, follows: Iterable[Follow]) -> dict[int, DestinationHealth]:
        """How the destinations of these follows fare, by channel, thread or user id."""
        async with self._store.read() as tx:
            return await tx.destination_health.get_health([follow.destination.discord_id for follow in follows])

    async def get_delivery_reports(self, story: Story, discord_id: int) -> tuple[DeliveryReport, ...]:
        """What became of each development of a story in one destination, oldest first, and which rule decided."""
        async with self._store.read() as tx:
            return await tx.destination_health.build_reports(story, discord_id)

    async def retry_blocked(self, *, guild_id: int = 0, discord_id: int = 0) -> None:
        """Permissions of a server, or a place, may have changed: what is blocked there, or not published, is tried at once."""
        async with self._store.read() as tx:
            has_blocked = await tx.destination_health.has_blocked(guild_id=guild_id, discord_id=discord_id)
        if not has_blocked:
            return
        async with self._store.write() as tx:
            await tx.destination_health.retry_now(guild_id=guild_id, discord_id=discord_id)
            await tx.outbox.retry_publishing(self._clock(), guild_id=guild_id, discord_id=discord_id)
        if self._on_enqueue:
            self._on_enqueue()

    async def get_stats(self) -> SystemStats:
        """The state of the whole in figures."""
        return await self._store.read_in_thread(_collect_stats)


async def _collect_stats(tx: Transaction) -> SystemStats:
    return SystemStats(await tx.stories.count(), await tx.follows.count_active(), await tx.outbox.get_stats())


def check_follow_settings(kind: DestinationKind, settings: FollowSettings) -> None:
    """Refuse terms that a place cannot keep: InputError names which."""
    if kind is DestinationKind.FORUM and settings.mode is not DeliveryMode.INSTANT:
        raise InputError(
            "mode", say("a forum has a post for each story, and takes no digests; choose a channel for these")
        )
    if settings.threads and kind in (DestinationKind.THREAD, DestinationKind.DM):
        raise InputError("threads", say("only a channel can have a thread for each story"))
    if settings.threads and settings.mode is not DeliveryMode.INSTANT:
        raise InputError("threads", say("a digest is one message: switch threads off first, or keep the mode instant"))


def pick_follow(follows: Iterable[Follow], typed: str, target: Target | None) -> Follow:
    """The follow that somebody means: by its number (``follow:12``), its target, or what is shown of it.

    Raises NotFound when none of these is meant.
    """
    text = typed.strip().casefold()
    for follow in follows:
        is_same_target = target is not None and (follow.target.kind, follow.target.value) == (target.kind, target.value)
        if is_same_target or text in (
            f"follow:{follow.id}",
            follow.target.display.casefold(),
            follow.target.value.casefold(),
        ):
            return follow
    raise NotFound("follow", typed)
