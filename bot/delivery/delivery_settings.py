"""Delivery settings of servers, and of people by DM: when posts may come, and in which language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.languages import ENGLISH
from bot.model.delivery_settings import DeliverySettings
from bot.store import Store

#: How long a chosen language is cached, and for how many servers and people.
LANGUAGE_TTL = timedelta(minutes=1)
MAX_CACHED_LANGUAGES = 20_000


class DeliverySettingsService:
    """Settings by owner: the id of a server, or of a user for their DMs.

    ``on_enqueue`` is called when settings have changed, since something may be due at once; it wakes the dispatcher.
    """

    def __init__(self, store: Store, clock: Clock, on_enqueue: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_enqueue = on_enqueue
        self._languages: dict[int, tuple[datetime, str]] = {}

    async def get(self, owner_id: int) -> DeliverySettings:
        """Return the owner's settings, or the defaults."""
        async with self._store.read() as tx:
            return await tx.delivery_settings.get(owner_id)

    async def save(self, owner_id: int, settings: DeliverySettings) -> None:
        """Save settings, and reschedule accordingly what waits for a digest or for the end of quiet hours."""
        async with self._store.write() as tx:
            await tx.delivery_settings.save(owner_id, settings, self._clock())
        self.forget_languages([owner_id])
        if self._on_enqueue:
            self._on_enqueue()

    async def get_language(self, owner_id: int) -> str:
        """Return the code of the language that an owner has chosen; empty if none.

        Every typed question needs it, so it is cached for ``LANGUAGE_TTL``: a choice that another process saves takes
        effect here that much later.
        """
        now = self._clock()
        read_at, code = self._languages.get(owner_id, (datetime.min.replace(tzinfo=UTC), ""))
        if timedelta(0) <= now - read_at < LANGUAGE_TTL:
            return code
        if len(self._languages) >= MAX_CACHED_LANGUAGES:
            self._languages.clear()
        code = (await self.get(owner_id)).language
        self._languages[owner_id] = (now, code)
        return code

    async def remember_language(self, user_id: int, code: str) -> None:
        """Save the language of a person's Discord for their DMs, unless they have chosen one or it is English, the default."""
        if code in ("", ENGLISH) or await self.get_language(user_id):
            return
        async with self._store.write() as tx:
            settings = await tx.delivery_settings.get(user_id)
            if not settings.language:
                await tx.delivery_settings.save(user_id, replace(settings, language=code), self._clock())
        self.forget_languages([user_id])

    def forget_languages(self, owner_ids: Iterable[int]) -> None:
        """Drop these owners from the cache of languages."""
        for owner_id in owner_ids:
            self._languages.pop(owner_id, None)
