"""Check that everything in a store is consistent, with statements of its own on the database itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.model.follow import Follow
from bot.model.story import Story
from bot.model.text_folding import fold_words
from bot.store import open_store
from bot.store.row_values import to_date_sort
from tests.engines import SqliteDatabase, StoreDatabase
from tests.store.pages import find_stale_pages


async def find_inconsistencies(
    store_database: StoreDatabase | Path, slugs: str = "", *, folds: bool = False, owed: bool = True
) -> list[str]:
    """Return every place where the store is damaged or holds one half of a write without the other.

    Without ``owed`` it is not asked who should have been told of what. With ``folds`` a post may carry several developments. ``slugs`` limits the stories that are gone through to those whose slugs begin so. Assumes that every development was announced, and that the follows were made first and never stopped.

    Nobody may be writing. A path is that of a SQLite file.
    """
    database = SqliteDatabase(store_database) if isinstance(store_database, Path) else store_database
    async with open_store(database.url) as store:
        await store.check()
        async with store.read() as tx:
            chosen = [slug for slug in await tx.stories.list_slugs() if slug.startswith(slugs)]
            stories = [await tx.stories.find(slug) for slug in chosen]
            guilds = await tx.follows.list_guilds()
            follows = [follow for guild in guilds for follow in await tx.follows.list_in_guild(guild)]
        stale_pages = await find_stale_pages(store)
    whole = [story for story in stories if story is not None]
    return [
        *stale_pages,
        *database.find_damage(),
        *(problem for story in whole for problem in _check_story(database, story)),
        *(problem for story in whole if owed for problem in _check_deliveries(database, story, follows)),
        *_check_posts(database, most=1_000 if folds else 1),
        *_check_orphans(database),
    ]


def _check_story(database: StoreDatabase, story: Story) -> Iterator[str]:
    (row,) = database.query("SELECT * FROM story WHERE slug = :slug", slug=story.slug)
    derived = {
        "stage": story.stage.value if story.stage else None,
        "is_deal": int(story.kind.is_deal),
        "is_open": int(story.is_open),
        "disputed": int(story.dispute is not None),
        "as_of": str(story.as_of or ""),
        "as_of_sort": to_date_sort(story.as_of),
    }
    stored = row._mapping
    yield from (f"{story.slug}: {k} is {stored[k]!r}, not {v!r}" for k, v in derived.items() if stored[k] != v)
    search_rows = f"SELECT headline, names, body FROM story_search WHERE {database.search_id} = :id"  # noqa: S608 - a column
    matches = database.query(search_rows, id=row.id)
    if len(matches) != 1:
        yield f"{story.slug}: {len(matches)} search rows"
        return
    body = "\n".join([story.summary, *(part for d in story.valid_developments for part in (d.headline, d.text))])
    # Folded forms may stand behind it, of its own words.
    also = matches[0].body.removeprefix(body).split()
    if (matches[0].headline, matches[0].body[: len(body)]) != (story.headline, body):
        yield f"{story.slug}: the search row says something else"
    if not {*also} <= {*fold_words(f"{story.headline}\n{body}")}:
        yield f"{story.slug}: the search row has words that the story has not"
    if not {party.company for party in story.parties} <= set(matches[0].names.split("\n")):
        yield f"{story.slug}: the search row lacks a party"
    if not all(d.sources for d in story.developments):
        yield f"{story.slug}: a development has no source"
    yield from _check_audit(database, story)


def _check_audit(database: StoreDatabase, story: Story) -> Iterator[str]:
    entries = [row.action for row in database.query("SELECT action FROM audit WHERE subject = :slug", slug=story.slug)]
    came, came_retracted = _count_moved(database, story.slug)
    retracted = sum(not d.is_valid for d in story.developments)
    expected = {
        "story added": 1,
        "development added": len(story.developments) - came,
        "development retracted": retracted - came_retracted,
    }
    for action, count in expected.items():
        if entries.count(action) != count:
            yield f"{story.slug}: {entries.count(action)} times {action!r} in the audit, not {count}"
    for party in story.parties:
        added = "SELECT subject FROM audit WHERE action = 'company added' AND subject = :name"
        if len(database.query(added, name=party.company)) != 1:
            yield f"{party.company}: not once in the audit"


def _count_moved(database: StoreDatabase, slug: str) -> tuple[int, int]:
    """Return how many developments splits have moved into a story, less those moved out; and how many of them were retracted."""
    moves = database.query(
        "SELECT action, before, after FROM audit WHERE subject = :slug AND action LIKE '%: moved %'", slug=slug
    )
    came = came_retracted = 0
    for action, before, after in moves:
        is_in = action.endswith("in")
        developments = json.loads(after if is_in else before)["developments"]
        sign = 1 if is_in else -1
        came += sign * len(developments)
        came_retracted += sign * sum(bool(each["retracted"]) for each in developments)
    return came, came_retracted


def _check_deliveries(database: StoreDatabase, story: Story, follows: list[Follow]) -> Iterator[str]:
    wanted = {follow.destination.discord_id for follow in follows if follow.target.matches(story)}
    owed = (
        "SELECT discord_id FROM delivery JOIN destination ON destination.id = destination_id"
        " WHERE development_id = :id AND post_id IS NOT NULL ORDER BY discord_id"
    )
    for development in story.developments:
        actual = [row.discord_id for row in database.query(owed, id=development.id)]
        if actual != sorted(wanted):
            yield f"{story.slug} {development.key}: owed to {actual}, not to {sorted(wanted)}"


def _check_posts(database: StoreDatabase, most: int) -> Iterator[str]:
    lone = "SELECT id FROM post WHERE (SELECT count(*) FROM delivery WHERE post_id = post.id) NOT BETWEEN 1 AND :most"
    if database.query(lone, most=most):
        yield "a post carries none, or more than its own development"
    astray = "SELECT post.id FROM delivery JOIN post ON post.id = post_id WHERE post.destination_id <> delivery.destination_id"
    if database.query(astray):
        yield "a delivery goes with a post of another destination"
    unclear = (
        "SELECT id FROM post WHERE (state = 'sent') <> (message_id IS NOT NULL) OR shown > wanted"
        " OR (state = 'leased' OR state = 'sent' AND lease_until IS NOT NULL AND shown < wanted) <> (lease_until IS NOT NULL)"
    )
    if database.query(unclear):
        yield "a post's state and its columns differ"


def _check_orphans(database: StoreDatabase) -> Iterator[str]:
    lone = f"SELECT headline FROM story_search WHERE {database.search_id} NOT IN (SELECT id FROM story)"  # noqa: S608 - a column
    if database.query(lone):
        yield "a search row has no story"
    slugs = (
        "SELECT subject FROM audit WHERE action LIKE 'story%'"
        " AND subject NOT IN (SELECT slug FROM story UNION SELECT slug FROM joined)"
    )
    if database.query(slugs):
        yield "the audit knows a story that is not there"
    names = "SELECT name FROM company WHERE name NOT IN (SELECT subject FROM audit WHERE action = 'company added')"
    if database.query(names):
        yield "a company came in without an audit entry"
