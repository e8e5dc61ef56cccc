"""Helpers for the tests of files, stories and questions: files, exports, the seeds and answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.container import Container
from bot.library.answers import Answer
from bot.model.company import Company
from bot.model.story import Story
from bot.newsroom.importer import ImportReport, import_paths
from bot.newsroom.story_files import dump_companies, dump_feeds, dump_story, read_file
from bot.settings import Settings, load_settings

SEEDS = Path(__file__).parents[2] / "seeds"
NOW = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)

#: Slugs of stories of the seeds.
OPPAMA, MERGER = "nissan-foxconn-oppama", "honda-nissan-merger"
SUPPLY, STAKE = "foxconn-mitsubishi-ev-supply", "foxconn-nissan-stake"

#: A story file with every key that a story file can have.
GOOD = """\
slug = "acme-roadworks"
headline = "Acme to buy Roadworks"
summary = "Acme is to buy Roadworks."
kind = "acquisition"
related = ["honda-nissan-merger"]

[[party]]
company = "Acme"
role = "buyer"

[[development]]
id = "signed"
date = "2025-08-16"
headline = "Acme signs for Roadworks"
text = "The price was not told."
claim = "confirmed"
stage = "signed"

[[development.source]]
publisher = "Wire"
title = "Acme signs"
url = "https://example.com/acme"
date = "2025-08"

[[expected]]
id = "signing"
headline = "Acme signs for Roadworks"
date = "2025-Q3"
outcome = "happened"
development = "signed"

[[expected.source]]
publisher = "Wire"
title = "Acme expects to sign"
url = "https://example.com/acme-soon"
date = "2025-07"

[[term]]
id = "price"
name = "value"
amount = "69000000000"
bound = "about"
unit = "USD"
claim = "reported"
date = "2025-08"

[[term.source]]
publisher = "Wire"
"""


def rooms_settings(database: Path, seeds: Path | None = None) -> Settings:
    """Return settings for a store in that file, with nothing from the environment."""
    return load_settings({"DATABASE_URL": f"sqlite:///{database}", "SEEDS": str(seeds or "")})


def story_file(slug: str = "acme-roadworks", developments: str = "", **changed: str) -> str:
    """Return a story file with this slug and these developments, which are given as text."""
    keys = {"headline": "Acme and Roadworks", "summary": "About Acme.", "kind": "merger", **changed}
    lines = [f'slug = "{slug}"', *(f'{key} = "{value}"' for key, value in keys.items())]
    return "\n".join(lines) + "\n" + developments


def development(date: str, headline: str, claim: str = "reported", **more: str) -> str:
    """Return a ``[[development]]`` of a story file."""
    keys = {"date": date, "headline": headline, "claim": claim, **more}
    return "[[development]]\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items())


def expected(key: str, headline: str, date: str, **more: str) -> str:
    """Return an ``[[expected]]`` of a story file, with a source."""
    keys = {"id": key, "headline": headline, "date": date, **more}
    lines = "".join(f'{name} = "{value}"\n' for name, value in keys.items())
    return f'[[expected]]\n{lines}[[expected.source]]\npublisher = "Wire"\n'


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files into a folder, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


async def take_in(container: Container, *paths: Path, **options: Any) -> ImportReport:
    """Import paths as ``dealwire import`` does, without its output."""
    return await import_paths(container.services.store, container.services.desk, paths, actor="tester", **options)


async def take_in_text(container: Container, folder: Path, *texts: str, **options: Any) -> ImportReport:
    """Import story files that are given as text, one after the other as a person would write them."""
    return await take_in(container, write_files(folder, {f"{n}.toml": text for n, text in enumerate(texts)}), **options)


async def stories_of(container: Container) -> dict[str, Story]:
    """Return all stories of the store, by slug."""
    async with container.services.store.read() as tx:
        stories = [await tx.stories.find(slug) for slug in await tx.stories.list_slugs()]
    return {story.slug: story for story in stories if story is not None}


async def exported(container: Container) -> dict[str, str]:
    """Return the files that an export writes, by name."""
    async with container.services.store.read() as tx:
        companies = dump_companies(await tx.companies.list_all())
        feeds = await tx.feeds.list_all()
    return (
        {"companies.toml": companies}
        | ({"feeds.toml": dump_feeds(feeds)} if feeds else {})
        | {f"{slug}.toml": dump_story(story) for slug, story in (await stories_of(container)).items()}
    )


def content(database: Path) -> str:
    """Return the content of a database as SQL text: equal texts mean equal stores."""
    connection = sqlite3.connect(database)
    try:
        return "\n".join(_dumped(connection.iterdump()))
    finally:
        connection.close()


def _dumped(lines: Iterable[str]) -> Iterable[str]:
    return (line for line in lines if "sqlite_sequence" not in line)


async def get_answer(container: Container, query: str) -> Answer:
    """Return the answer to ``!deal``; fail if nothing matches."""
    answer = await container.services.library.ask(query, deals_first=True)
    assert isinstance(answer, Answer), f"{query!r} found nothing"
    return answer


async def find_slugs(container: Container, query: str) -> list[str]:
    """Return the slugs of the matches, best first."""
    answer = await get_answer(container, query)
    return [answer.story.slug, *(line.slug for line in answer.other_stories)]


def read_seed_companies() -> tuple[Company, ...]:
    """Return the companies of the seeds."""
    return read_file(SEEDS / "companies.toml").companies
