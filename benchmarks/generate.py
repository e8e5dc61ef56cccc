"""A store of any size, shaped like the starter collection; the same seed gives the same store.

Run it with ``python -m benchmarks.generate --out FILE [--stories 100000] [--developments 1000000] [--companies 50000]
[--follows 100000] [--posts 300000] [--seed 1]``.

The rows are written in bulk, and are what the program itself would write: its own tables, as it makes them in a new store,
its own derivation of stage, dispute, dates and search rows from the stories. The store is one that the bot opens.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, text

from benchmarks.audience import Audience, posts_of
from benchmarks.invented import Industry, Size
from benchmarks.pages import build_pages
from bot.model.company import Company
from bot.model.story import Story
from bot.model.text_folding import fold
from bot.newsroom.revision import get_header
from bot.store import open_store
from bot.store import tables as t
from bot.store.audit import to_audit_json
from bot.store.fulltext.fulltext import build_search_body
from bot.store.row_values import (
    build_development_columns,
    build_party_columns,
    build_source_rows,
    build_story_columns,
)

FULL = Size(stories=100_000, developments=1_000_000, companies=50_000, follows=100_000)
POSTS = 300_000
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ACTOR = "generate"
_AT_ONCE = 500

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Numbers:
    """What was numbered so far."""

    developments: int = 0


def generate(out: Path, size: Size, *, seed: int = 1, posts: int = POSTS) -> None:
    """Write the store; a file that is there already is refused with FileExistsError."""
    if out.exists():
        raise FileExistsError(f"{out} is there already")
    asyncio.run(_make_tables(out))
    industry = Industry(size, seed)
    engine = create_engine(f"sqlite:///{out}")
    with engine.connect() as connection:
        # Nobody else has it open, and a run that is cut off is begun anew.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        numbers = _put_companies(connection, industry.companies)
        counted = Numbers()
        stories = industry.stories()
        while batch := list(islice(stories, _AT_ONCE)):
            _put_stories(connection, batch, numbers, counted)
        _put_audience(connection, industry, counted.developments, posts)
        _put(connection, t.revision, [{"noun": "stories", "value": size.stories + size.companies}])
        connection.commit()
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    engine.dispose()
    asyncio.run(build_pages(out))


async def _make_tables(out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    async with open_store(f"sqlite:///{out}"):
        pass


def _put(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _put_companies(connection: Connection, companies: list[Company]) -> dict[str, tuple[int, Company]]:
    numbered = list(enumerate(companies, start=1))
    _put(
        connection,
        t.company,
        [
            {"id": n, "name": c.name, "country": c.country, "ticker": c.ticker, "folded": fold(c.name)}
            for n, c in numbered
        ],
    )
    _put(
        connection,
        t.alias,
        [
            {"company_id": n, "alias": a, "position": place, "folded": fold(a)}
            for n, c in numbered
            for place, a in enumerate(c.aliases)
        ],
    )
    _put(connection, t.audit, [_audited("company added", c.name, c) for c in companies])
    return {company.name: (number, company) for number, company in numbered}


def _put_stories(
    connection: Connection, stories: list[Story], companies: dict[str, tuple[int, Company]], counted: Numbers
) -> None:
    """Insert a batch of stories, with all that belongs to them."""
    first = connection.execute(text("SELECT coalesce(max(id), 0) + 1 FROM story")).scalar_one()
    numbered = list(enumerate(stories, start=first))
    _put(
        connection,
        t.story,
        [
            {"id": n, "slug": s.slug, **build_story_columns(s), "created_at": NOW, "updated_at": NOW}
            for n, s in numbered
        ],
    )
    _put(connection, t.party, [row for n, s in numbered for row in _party_rows(n, s, companies)])
    _put(
        connection,
        t.related,
        [{"story_id": n, "slug": slug, "position": at} for n, s in numbered for at, slug in enumerate(s.related_slugs)],
    )
    developments, sources = _development_rows(numbered, counted)
    _put(connection, t.development, developments)
    _put(connection, t.source, sources)
    _put(connection, t.audit, [row for story in stories for row in _story_audit(story)])
    rows = [
        {"n": n, "headline": s.headline, "names": _names(s, companies), "body": build_search_body(s)}
        for n, s in numbered
    ]
    connection.execute(
        text("INSERT INTO story_search (rowid, headline, names, body) VALUES (:n, :headline, :names, :body)"), rows
    )


def _party_rows(number: int, story: Story, companies: dict[str, tuple[int, Company]]) -> Iterator[dict[str, Any]]:
    for place, party in enumerate(story.parties):
        yield {
            "story_id": number,
            "company_id": companies[party.company][0],
            "role": party.role,
            "position": place,
            **build_party_columns(story),
        }


def _names(story: Story, companies: dict[str, tuple[int, Company]]) -> str:
    """As the store puts them together: all names, then tickers, then aliases."""
    parties = sorted({companies[party.company][0]: companies[party.company][1] for party in story.parties}.items())
    known = [company for _, company in parties]
    names = [*(c.name for c in known), *(c.ticker for c in known), *(alias for c in known for alias in c.aliases)]
    return "\n".join(name for name in names if name)


def _development_rows(numbered: Iterable[tuple[int, Story]], counted: Numbers) -> tuple[Rows, Rows]:
    developments: Rows = []
    sources: Rows = []
    for number, story in numbered:
        for development in story.developments:
            counted.developments += 1
            own = {"id": counted.developments, "story_id": number, "created_at": NOW, "announced": 1}
            developments.append({**own, **build_development_columns(development)})
            sources.extend(build_source_rows(counted.developments, development.sources))
    return developments, sources


def _story_audit(story: Story) -> Iterator[dict[str, Any]]:
    yield _audited("story added", story.slug, get_header(story))
    for development in story.developments:
        stood = replace(development, retraction_reason="")
        yield _audited("development added", story.slug, stood)
        if not development.is_valid:
            yield {**_audited("development retracted", story.slug, development), "before": to_audit_json(stood)}


def _audited(action: str, subject: str, after: Any) -> dict[str, Any]:
    return {
        "at": NOW,
        "actor": ACTOR,
        "action": action,
        "subject": subject,
        "before": "",
        "after": to_audit_json(after),
    }


def _put_audience(connection: Connection, industry: Industry, developments: int, posts: int) -> None:
    audience = Audience(industry)
    _put(connection, t.guild, [{"id": guild, "left_at": None} for guild in audience.guilds])
    _put(connection, t.destination, audience.destinations)
    _put(connection, t.follow, audience.follows(NOW - timedelta(days=1)))
    sent = posts_of(audience, developments, posts, NOW)
    while batch := list(islice(sent, 20_000)):
        _put(connection, t.post, [post for post, _ in batch])
        _put(connection, t.delivery, [delivery for _, delivery in batch])


def main() -> None:
    """Write one store, and say how long that took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    for name in ("stories", "developments", "companies", "follows"):
        parser.add_argument(f"--{name}", type=int, default=getattr(FULL, name))
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    size = Size(options.stories, options.developments, options.companies, options.follows)
    generate(options.out, size, seed=options.seed, posts=options.posts)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:,.0f} MB in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
