"""A generated store is one that the program could have written; and what is read of a large one by index, or in part, is
what a plain look at all of it gives.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generate import NOW, generate
from benchmarks.invented import Size
from bot.cards.lists import list_card
from bot.cards.story import story_card
from bot.library.library import Library
from bot.library.story_lists import PAGE_SIZE
from bot.model.list_query import ListQuery, ListSubject
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import Store, listing, open_store
from tests.store.checker import find_inconsistencies
from tests.store.material import url_of
from tests.unit.cards.limits import full_text

SIZE = Size(stories=300, developments=3_000, companies=120, follows=300)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a generated store, made once: it is copied, never opened."""
    out = tmp_path_factory.mktemp("generated") / "small.db"
    generate(out, SIZE, seed=5, posts=400)
    return out


@pytest.fixture
async def large(made: Path, file: Path) -> AsyncIterator[Store]:
    shutil.copy(made, file)
    async with open_store(url_of(file), clock=lambda: NOW) as opened:
        yield opened


def looked_up(file: Path, statement: str, *values: Any) -> list[Any]:
    with contextlib.closing(sqlite3.connect(file)) as rows:
        return [row[0] if len(row) == 1 else row for row in rows.execute(statement, values)]


def rows_of(file: Path, table: str) -> list[Any]:
    return looked_up(file, f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - a table of ours


async def whole_stories(store: Store) -> list[Story]:
    async with store.read() as tx:
        found = [await tx.stories.find(slug) for slug in await tx.stories.list_slugs()]
    return [story for story in found if story is not None]


async def test_a_generated_store_is_complete_and_consistent(made: Path, file: Path) -> None:
    shutil.copy(made, file)
    assert await find_inconsistencies(file, owed=False) == []
    counts = [rows_of(file, name) for name in ("story", "development", "company", "follow")]
    assert [len(rows) for rows in counts] == [SIZE.stories, SIZE.developments, SIZE.companies, SIZE.follows]
    assert looked_up(file, "SELECT max(n) FROM (SELECT count(*) AS n FROM development GROUP BY story_id)")[0] >= 600


async def test_the_store_derives_the_same_values(large: Store) -> None:
    """Every story's derived fields, its parties' copies of them and its search row stay as they are when they are made anew."""
    tables = ("story", "party", "story_search")
    before = {name: rows_of(Path(large.name), name) for name in tables}
    async with large.write() as tx:
        for slug in await tx.stories.list_slugs():
            await tx.stories.refresh(slug, NOW)
    after = {name: rows_of(Path(large.name), name) for name in tables}
    assert [_sorted_names(row) for row in after.pop("story_search")] == [
        _sorted_names(row) for row in before.pop("story_search")
    ]
    assert after == before


def _sorted_names(row: tuple[str, str, str]) -> tuple[str, list[str], str]:
    return row[0], sorted(row[1].split("\n")), row[2]


async def test_companies_resolve_by_every_spelling_like_the_index(large: Store) -> None:
    async with large.read() as tx:
        for company in (await tx.companies.list_all())[:40]:
            spelled = [company.name.upper(), f" {company.name.lower()} ", *company.aliases]
            assert await tx.companies.resolve_names(spelled) == dict.fromkeys(spelled, company.name)
        assert await tx.companies.resolve_names(["nobody's company", ""]) == {}


def test_a_seed_decides_the_stories(made: Path, tmp_path: Path) -> None:
    twin, other = tmp_path / "twin.db", tmp_path / "other.db"
    generate(twin, SIZE, seed=5, posts=0)
    generate(other, Size(20, 100, 20, 20), seed=6, posts=0)
    said = "SELECT slug, headline, stage FROM story ORDER BY id LIMIT 20"
    assert looked_up(twin, said) == looked_up(made, said)
    assert looked_up(other, said) != looked_up(made, said)
    with pytest.raises(FileExistsError):
        generate(twin, SIZE)


_STORIES = "SELECT slug FROM story WHERE {} ORDER BY as_of_sort DESC, id"
_NEWS = (
    "SELECT development.id FROM development JOIN story ON story.id = story_id"
    " WHERE retracted = '' AND {} ORDER BY date_sort DESC, development.id DESC"
)
_OF_BUSIEST = (
    "EXISTS (SELECT 1 FROM party WHERE party.story_id = story.id AND company_id ="
    " (SELECT company_id FROM party GROUP BY 1 ORDER BY count(DISTINCT story_id) DESC LIMIT 1))"
)


def busiest(file: Path) -> str:
    name: str = looked_up(
        file,
        "SELECT name FROM company JOIN party ON company.id = company_id GROUP BY company_id"
        " ORDER BY count(DISTINCT story_id) DESC LIMIT 1",
    )[0]
    return name


@pytest.mark.parametrize(
    ("chosen", "condition"),
    [
        ({}, "1"),
        ({"deals_only": True}, "is_deal = 1"),
        ({"stage": Stage.SIGNED, "deals_only": True}, "stage = 'signed'"),
        ({"kind": Kind.SUPPLY, "deals_only": True}, "kind = 'supply'"),
        ({"kind": Kind.PLANT}, "kind = 'plant'"),
        ({"kind": Kind.PLANT, "deals_only": True}, "0"),
        ({"kind": Kind.SUPPLY, "stage": Stage.AGREED}, "kind = 'supply' AND stage = 'agreed'"),
        ({"company": True}, _OF_BUSIEST),
        ({"company": True, "deals_only": True}, f"is_deal = 1 AND {_OF_BUSIEST}"),
        ({"company": True, "kind": Kind.SUPPLY, "deals_only": True}, f"kind = 'supply' AND {_OF_BUSIEST}"),
    ],
)
async def test_pages_of_stories_are_slices_of_the_whole_list(
    large: Store, chosen: dict[str, Any], condition: str
) -> None:
    if chosen.get("company"):
        chosen = {**chosen, "company": busiest(Path(large.name))}
    expected = looked_up(Path(large.name), _STORIES.format(condition))
    listed: list[str] = []
    async with large.read() as tx:
        for offset in range(0, len(expected) + PAGE_SIZE, PAGE_SIZE):
            lines, total = await tx.listing.list_stories(**chosen, offset=offset, limit=PAGE_SIZE)
            assert total == len(expected)
            listed += [line.slug for line in lines]
    assert listed == expected


@pytest.mark.parametrize(
    ("chosen", "condition"),
    [
        ({}, "1"),
        ({"claim": Claim.DENIED}, "claim = 'denied'"),
        ({"stage": Stage.SIGNED}, "development.stage = 'signed'"),
        ({"stage": Stage.RUMOURED, "claim": Claim.REPORTED}, "development.stage = 'rumoured' AND claim = 'reported'"),
        ({"kind": Kind.SUPPLY}, "kind = 'supply'"),
        ({"company": True}, _OF_BUSIEST),
        ({"company": True, "claim": Claim.CONFIRMED}, f"claim = 'confirmed' AND {_OF_BUSIEST}"),
        ({"company": True, "kind": Kind.SUPPLY}, f"kind = 'supply' AND {_OF_BUSIEST}"),
    ],
)
async def test_pages_of_developments_are_slices_of_the_whole_list(
    large: Store, chosen: dict[str, Any], condition: str
) -> None:
    """Page 100 and the last among them."""
    if chosen.get("company"):
        chosen = {**chosen, "company": busiest(Path(large.name))}
    expected = looked_up(Path(large.name), _NEWS.format(condition))
    assert expected
    async with large.read() as tx:
        for page in {0, 1, 2, 7, 99, len(expected) // PAGE_SIZE}:
            news, total = await tx.listing.list_developments(**chosen, offset=page * PAGE_SIZE, limit=PAGE_SIZE)
            assert total == len(expected)
            assert [line.development.id for line in news] == expected[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]


async def test_a_list_longer_than_the_count_limit_says_so(large: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNT_LIMIT", 25)
    monkeypatch.setattr("bot.library.story_lists.COUNT_LIMIT", 25)
    library = Library(large)
    news, deals = (
        await library.get_list_page(ListQuery(ListSubject.DEVELOPMENTS), 99),
        await library.get_list_page(ListQuery()),
    )
    assert (news.total, news.has_more, news.pages, news.page) == (25, True, 3, 2)
    assert (deals.total, deals.has_more, deals.pages) == (25, True, 3)
    assert "the newest of more than 25 developments" in full_text(list_card(news))
    assert "the newest of more than 25 deals" in full_text(list_card(deals))


async def test_a_partial_story_derives_what_the_whole_derives(large: Store) -> None:
    """Stage, whether it is open, both sides of a dispute, the date; what was left out is counted."""
    left_out = 0
    for whole in await whole_stories(large):
        async with large.read() as tx:
            part = await tx.stories.find(whole.slug, newest_count=3)
        assert part is not None
        told = [(s.stage, s.is_open, s.dispute, s.as_of, s.parties, s.related_slugs) for s in (part, whole)]
        assert told[0] == told[1], whole.slug
        assert part.valid_developments[-3:] == whole.valid_developments[-3:]
        assert len(part.valid_developments) + part.omitted_count == len(whole.valid_developments)
        left_out += part.omitted_count
    assert left_out > SIZE.developments // 3


async def test_an_answer_holds_part_of_a_long_story_its_pages_all(large: Store) -> None:
    """The card counts what it does not show; whoever turns the pages of the full story, or asks in a terminal, misses nothing."""
    library = Library(large)
    slug = looked_up(
        Path(large.name),
        "SELECT slug FROM story JOIN development ON story.id = story_id GROUP BY story.id ORDER BY count(*) DESC LIMIT 1",
    )[0]
    answer, whole = (await library.show_story(slug)).story, await library.get_story(slug)
    assert whole.omitted_count == 0
    assert (
        len(whole.developments)
        == looked_up(
            Path(large.name), "SELECT count(*) FROM development JOIN story ON story.id = story_id WHERE slug = ?", slug
        )[0]
    )
    assert len(answer.developments) < len(whole.developments) // 2
    assert answer.omitted_count + len(answer.valid_developments) == len(whole.valid_developments)
    listed = len(whole.valid_developments) - (2 if whole.dispute else 0)
    on_card = re.search(
        r"\+(\d+) earlier developments in the full story", full_text(story_card(await library.show_story(slug)))
    )
    assert on_card is not None
    assert listed - 4 <= int(on_card[1]) < listed
