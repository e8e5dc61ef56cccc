"""A store under measurement, open in this process, with what is asked of it."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.generate import NOW
from bot.clock import utc_now
from bot.delivery.monitor import DeliveryMonitor
from bot.library.library import Library
from bot.model.story import StoryListItem
from bot.model.text_folding import fold_words
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from bot.store import tables as t
from bot.store.engines.sqlite.database import SqliteDatabase

SAMPLE = 400


@dataclass
class Subject:
    """One store: the container above it; its longest story and its busiest company; questions, each asked once."""

    name: str
    store: Store
    library: Library
    desk: Desk
    monitor: DeliveryMonitor
    longest: str = ""
    busiest: str = ""
    questions: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    libraries: list[Library] = field(default_factory=list)

    def with_new_library(self) -> Subject:
        """Open a library that has read nothing yet on the same store. It stays open: closing one is no part of an answer."""
        self.libraries.append(Library(self.store))
        return replace(self, library=self.libraries[-1])


@contextlib.asynccontextmanager
async def open_subject(name: str, file: Path) -> AsyncIterator[Subject]:
    """Open a store that is to be measured, at the time for which it was generated; it is written to."""
    async with open_store(f"sqlite:///{file}", clock=lambda: NOW) as store:
        subject = Subject(name, store, Library(store), Desk(store, utc_now), DeliveryMonitor(store))
        await _look_around(subject, file)
        yield subject


async def _look_around(subject: Subject, file: Path) -> None:
    async with SqliteDatabase(file) as database, database.read() as connection:
        longest = select(t.story.c.slug).join(t.development).group_by(t.story.c.id).order_by(func.count().desc())
        busiest = select(t.company.c.name).join(t.party).group_by(t.company.c.id).order_by(func.count().desc())
        subject.longest = (await connection.execute(longest.limit(1))).scalar_one()
        subject.busiest = (await connection.execute(busiest.limit(1))).scalar_one()
        slugs = list((await connection.execute(select(t.story.c.slug).order_by(t.story.c.id))).scalars())
        names = list((await connection.execute(select(t.company.c.name).order_by(t.company.c.id))).scalars())
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    async with subject.store.read() as tx:
        lines = await tx.listing.get_items(chance.sample(slugs, min(SAMPLE, len(slugs))))
    subject.questions = list(dict.fromkeys(_asked(lines, chance)))
    subject.prefixes = list(dict.fromkeys(question[: chance.randint(1, 8)] for question in subject.questions))
    subject.names = chance.sample(names, min(SAMPLE, len(names)))


def _asked(lines: Iterable[StoryListItem], chance: random.Random) -> Iterable[str]:
    """Return what people type of a story: a company, two of them, one with a word, words of the headline."""
    for line in lines:
        words = [word for word in fold_words(line.headline) if len(word) > 3]
        wished = [
            line.parties[0] if line.parties else line.headline,
            " ".join(line.parties[:2]),
            f"{line.parties[0]} {chance.choice(words)}" if line.parties else line.headline,
            " ".join(words[:3]),
        ]
        yield chance.choice([wish for wish in wished if wish])
