"""One run of the killing benchmark: what was published so far, and what may go wrong next."""

from __future__ import annotations

import collections
import random
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.process import Bot, start_bot
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, read_development
from bot.store import Store
from tests.wire.local_discord import Channel, LocalDiscord

STATUSES = (500, 502, 503, 504, 520)


@dataclass
class Trial:
    """One run: the store that the publishing process writes, the local Discord, and what was published so far."""

    store: Store
    desk: Desk
    discord: LocalDiscord
    chance: random.Random
    channels: list[Channel]
    environment: dict[str, str]
    log: Path
    versions: dict[int, int] = field(default_factory=dict)
    kills: collections.Counter[str] = field(default_factory=collections.Counter)

    @property
    def database(self) -> Path:
        """The bot's database file."""
        return self.store.path

    async def publish(self, count: int = 1) -> None:
        """Developments come in, from another process than the bot's."""
        for _ in range(count):
            number = len(self.versions) + 1
            fields = {"id": f"n{number}", "date": "2025-08", "headline": f"News {number:06d}", "claim": "reported"}
            await self.desk.publish(
                StoryDraft("trial", None, (read_development(fields, "", Kind.MERGER),)), actor="trial"
            )
            self.versions[number] = 0

    async def correct(self) -> bool:
        """Correct a development that stands in every channel; False when there is none yet."""
        # Of late only: to look through all for each would take longer than all else.
        texts = [self.text(channel) for channel in self.channels]
        standing = [n for n in list(self.versions)[-60:] if all(f"News {n:06d}" in text for text in texts)]
        if not standing:
            return False
        number = self.chance.choice(standing)
        version = self.versions[number] + 1
        fields = {"headline": f"News {number:06d} version {version}"}
        await self.desk.correct("trial", f"n{number}", fields, actor="trial")
        self.versions[number] = version
        return True

    def text(self, channel: Channel) -> str:
        """All that stands in a channel."""
        return "\n".join(message.text for message in self.discord.messages(channel))

    def start(self, *, full_disk: bool = False) -> Bot:
        """Start the bot."""
        limit = 0
        if full_disk:
            wal = self.database.with_name(self.database.name + "-wal")
            largest = max(path.stat().st_size for path in (self.database, wal) if path.exists())
            limit = largest + self.chance.randrange(4_096, 262_144)
        return start_bot(self.environment, self.log, file_limit=limit)

    def misfortunes(self) -> None:
        """Something may go wrong with some of the next requests."""
        self.discord.faults.clear()
        if self.chance.random() < 0.5:
            return
        method, glob = self.chance.choice(
            [("POST", "/channels/*/messages"), ("PATCH", "/channels/*/messages/*"), ("GET", "/channels/*/messages")]
        )
        when = self.chance.choice(("before", "after"))
        action = self.chance.choice(("drop", 429, *STATUSES))
        scope = self.chance.choice(("user", "global", "shared"))
        self.discord.faults.add(
            method,
            glob,
            when="before" if action == 429 else when,  # type: ignore[arg-type]  # one of the two words
            action=action,  # type: ignore[arg-type]  # one of its actions
            times=self.chance.randint(1, 3),
            probability=0.5,
            seed=self.chance.randrange(10**6),
            retry_after=0.2,
            scope=scope,  # type: ignore[arg-type]  # one of the three words
        )
