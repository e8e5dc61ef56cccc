"""Follows: made, ended, stopped when the bot leaves a server, and erased when it does not come back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.errors import InputError, NotFound, StoreError
from bot.languages import ENGLISH, say
from bot.model.fate import Fate, Health
from bot.model.follow import PAUSED_BY, Destination, Follow, FollowState, Place, Target
from bot.model.story import Story
from bot.model.terms import DEFAULT_TERMS, Terms
from bot.model.timetable import Mode, Timetable
from bot.store import Backlog, Session, Store

#: How long the follows of a server that the bot was removed from are kept, for when it is back.
KEPT_AFTER_REMOVAL = timedelta(days=30)
#: How long a chosen language is not asked for again, and of how many servers and people at once.
LANGUAGE_KEPT = timedelta(minutes=1)
LANGUAGES_KEPT = 20_000


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
        self._languages: dict[int, tuple[datetime, str]] = {}

    async def follow(
        self, destination: Destination, target: Target, *, by: int, terms: Terms = DEFAULT_TERMS
    ) -> tuple[Follow, bool]:
        """Follow a target from a destination; whether that is new. Nothing old is owed for it.

        The same again changes the terms in place, and takes up a follow that was paused or had stopped. Raises NotFound
        when the target is gone, InputError for terms that do not fit the place.
        """
        check_terms(destination.place, terms)
        async with self._store.write() as session:
            put = await session.follows.put(destination, target, by=by, terms=terms, now=self._clock())
        await self.mended(discord_id=destination.discord_id)
        return put

    async def get(self, number: int) -> Follow:
        """The follow of that number. NotFound when it has ended."""
        async with self._store.read() as session:
            follow = await session.follows.get(number)
        if follow is None:
            raise NotFound("follow", str(number))
        return follow

    async def change(self, number: int, terms: Terms) -> Follow:
        """Serve a follow on other terms from now on; what it has been posted, and is owed, stays.

        Raises NotFound when it has ended, InputError for terms that do not fit its place.
        """
        follow = await self.get(number)
        check_terms(follow.destination.place, terms)
        async with self._store.write() as session:
            await session.follows.change(number, terms, self._clock())
        return await self.get(number)

    async def pause(self, number: int, by: str) -> Follow:
        """Serve a follow no more until it is resumed; what comes meanwhile is not posted, and ``why`` says so."""
        return await self._put_state(number, FollowState.PAUSED, PAUSED_BY.format(who=by))

    async def resume(self, number: int) -> Follow:
        """Serve a follow again, whether it was paused or had stopped."""
        follow = await self._put_state(number, FollowState.ACTIVE, "")
        await self.mended(discord_id=follow.destination.discord_id)
        return follow

    async def _put_state(self, number: int, state: FollowState, reason: str) -> Follow:
        await self.get(number)
        async with self._store.write() as session:
            await session.follows.set_state(number, state, reason, self._clock())
        return await self.get(number)

    async def timetable(self, owner_id: int) -> Timetable:
        """When a server, or a user by DM, wants posts."""
        async with self._store.read() as session:
            return await session.timetables.get(owner_id)

    async def set_timetable(self, owner_id: int, table: Timetable) -> None:
        """Keep a timetable; what waits is timed by it from now on."""
        async with self._store.write() as session:
            await session.timetables.put(owner_id, table, self._clock())
        self._forget_languages([owner_id])
        if self._on_owed:
            self._on_owed()

    async def language(self, owner_id: int) -> str:
        """The code of the language that a server, or a person by DM, has chosen; empty for none.

        It is asked for with every typed question, so it is remembered for ``LANGUAGE_KEPT``: what another process of the bot
        sets counts here a little later.
        """
        now = self._clock()
        read_at, code = self._languages.get(owner_id, (datetime.min.replace(tzinfo=UTC), ""))
        if timedelta(0) <= now - read_at < LANGUAGE_KEPT:
            return code
        if len(self._languages) >= LANGUAGES_KEPT:
            self._languages.clear()
        code = (await self.timetable(owner_id)).language
        self._languages[owner_id] = (now, code)
        return code

    async def keep_language(self, user_id: int, code: str) -> None:
        """Write to a person in this language from now on, unless they have chosen one; English is what is spoken anyway."""
        if code in ("", ENGLISH) or await self.language(user_id):
            return
        async with self._store.write() as session:
            table = await session.timetables.get(user_id)
            if not table.language:
                await session.timetables.put(user_id, replace(table, language=code), self._clock())
        self._forget_languages([user_id])

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
        # Where nothing is followed, its settings go at once.
        self._forget_languages([guild_id])

    async def back(self, guild_id: int) -> None:
        """The bot is on a server again: what had stopped by its removal is served again."""
        async with self._store.read() as session:
            away = (await session.follows.known_guilds()).get(guild_id)
        if away is None:
            return
        async with self._store.write() as session:
            await session.follows.come_back(guild_id)

    async def became(self, discord_id: int, place: Place) -> None:
        """A channel is this kind of place now, such as one for announcements."""
        if all(follow.destination.place is place for follow in await self.at(discord_id)):
            return
        async with self._store.write() as session:
            await session.follows.set_place(discord_id, place)

    async def reconcile(self, present: Collection[int], is_ours: Callable[[int], bool]) -> None:
        """Catch up with what happened while the bot was not connected.

        ``present`` are the servers that it is on now, those in an outage too; ``is_ours`` says whether a server belongs to
        the shards of this process, for only of those can it be told that the bot was removed. An error of one server keeps no
        other from being noted; it is raised in the end.
        """
        failed: Exception | None = None
        async with self._store.read() as session:
            known = await session.follows.known_guilds()
        for guild_id, left_at in known.items():
            try:
                if guild_id in present and left_at is not None:
                    await self.back(guild_id)
                elif guild_id not in present and left_at is None and is_ours(guild_id):
                    await self.left(guild_id)
            except StoreError:
                raise
            except Exception as exc:  # noqa: BLE001 - raised in the end
                failed = exc
        if failed is not None:
            raise failed

    async def erase_left(self) -> int:
        """Erase what is kept of servers that the bot has been off for ``KEPT_AFTER_REMOVAL``; how many."""
        limit = self._clock() - KEPT_AFTER_REMOVAL
        async with self._store.read() as session:
            known = await session.follows.known_guilds()
        erased, failed = 0, None
        for guild_id in [guild_id for guild_id, left_at in known.items() if left_at is not None and left_at <= limit]:
            try:
                erased += await self._erase_if_left(guild_id, limit)
            except StoreError:
                raise
            except Exception as exc:  # noqa: BLE001 - raised in the end: one server must keep no other from being erased
                failed = exc
        if failed is not None:
            raise failed
        return erased

    async def _erase_if_left(self, guild_id: int, limit: datetime) -> bool:
        async with self._store.write() as session:
            left_at = (await session.follows.known_guilds()).get(guild_id)
            is_due = left_at is not None and left_at <= limit
            if is_due:
                await session.follows.erase_guild(guild_id)
        self._forget_languages([guild_id])
        return is_due

    async def erase_guild(self, guild_id: int) -> int:
        """Erase all that is stored about a server; how many follows that were."""
        async with self._store.write() as session:
            count = await session.follows.erase_guild(guild_id)
        self._forget_languages([guild_id])
        return count

    async def erase_user(self, user_id: int) -> int:
        """Erase a user's follows by DM and all else that is stored about them; how many follows there were."""
        async with self._store.write() as session:
            count = await session.follows.erase_dm(user_id)
        self._forget_languages([user_id])
        return count

    def _forget_languages(self, owner_ids: Iterable[int]) -> None:
        for owner_id in owner_ids:
            self._languages.pop(owner_id, None)

    async def health(self, follows: Iterable[Follow]) -> dict[int, Health]:
        """How the destinations of these follows fare, by channel, thread or user id."""
        async with self._store.read() as session:
            return await session.destinations.health([follow.destination.discord_id for follow in follows])

    async def fates(self, story: Story, discord_id: int) -> tuple[Fate, ...]:
        """What became of each development of a story in one destination, oldest first, and which rule decided."""
        async with self._store.read() as session:
            return await session.destinations.fates(story, discord_id)

    async def mended(self, *, guild_id: int = 0, discord_id: int = 0) -> None:
        """Permissions of a server, or a place, may have changed: what is blocked there, or not published, is tried at once."""
        async with self._store.read() as session:
            blocked = await session.destinations.is_any_blocked(guild_id=guild_id, discord_id=discord_id)
        if not blocked:
            return
        async with self._store.write() as session:
            await session.destinations.try_now(guild_id=guild_id, discord_id=discord_id)
            await session.outbox.publish_now(self._clock(), guild_id=guild_id, discord_id=discord_id)
        if self._on_owed:
            self._on_owed()

    async def figures(self) -> Figures:
        """The state of the whole in figures."""
        return await self._store.read_beside(_figures)


async def _figures(session: Session) -> Figures:
    return Figures(await session.stories.count(), await session.follows.count(), await session.outbox.backlog())


def check_terms(place: Place, terms: Terms) -> None:
    """Refuse terms that a place cannot keep: InputError names which."""
    if place is Place.FORUM and terms.mode is not Mode.INSTANT:
        raise InputError(
            "mode", say("a forum has a post for each story, and takes no digests; choose a channel for these")
        )
    if terms.threads and place in (Place.THREAD, Place.DM):
        raise InputError("threads", say("only a channel can have a thread for each story"))
    if terms.threads and terms.mode is not Mode.INSTANT:
        raise InputError("threads", say("a digest is one message: switch threads off first, or keep the mode instant"))


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
