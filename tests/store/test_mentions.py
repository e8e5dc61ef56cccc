"""Which companies a story mentions: derived with every write of a text, and again when names change."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.errors import InputError
from bot.model.company import Company, Party
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft
from bot.store import Store, open_store
from tests.store.material import HandClock, draft, more, news, url_of

BMW, VOLKSWAGEN = Company("BMW", ticker="BMW.DE"), Company("Volkswagen", ("VW",))


@pytest.fixture
async def known(desk: Desk) -> Desk:
    await desk.add_companies([BMW, VOLKSWAGEN, Company("Northvolt"), Company("Target")], actor="test")
    return desk


def with_header(story: StoryDraft, headline: str = "", summary: str = "") -> StoryDraft:
    """Return the draft of a story with another headline or summary."""
    assert story.header is not None
    header = story.header
    return replace(
        story, header=replace(header, headline=headline or header.headline, summary=summary or header.summary)
    )


async def mentions(store: Store, slug: str = "alpha-beta") -> list[str]:
    async with store.read() as tx:
        return list(await tx.mentions.get_companies(slug))


async def mentions_of(store: Store, headline: str, slug: str = "alpha-beta") -> list[str]:
    """Return the companies for which a follower gets a development."""
    async with store.read() as tx:
        story = await tx.stories.get(slug)
        (development,) = [each for each in story.developments if each.headline == headline]
        return list(await tx.mentions.get_companies(slug, development.id))


async def test_headline_summary_and_developments_mention(known: Desk, store: Store) -> None:
    story = with_header(draft("alpha-beta", news("Northvolt supplies")), summary="VW's plans and those of BMW.")
    await known.publish(story, actor="test")
    assert await mentions(store) == ["BMW", "Northvolt", "Volkswagen"]


async def test_a_party_is_no_mention(known: Desk, store: Store) -> None:
    await known.publish(draft("alpha-beta", news("BMW talks to Beta"), parties=("BMW", "Beta")), actor="test")
    assert await mentions(store) == []


async def test_a_word_that_is_also_a_name_is_no_mention(known: Desk, store: Store) -> None:
    await known.publish(draft("alpha-beta", news("Alpha misses its target")), actor="test")
    assert await mentions(store) == []


async def test_titles_of_sources_do_not_mention(known: Desk, store: Store) -> None:
    development = news("A plant opens")
    (source,) = development.sources
    sources = (replace(source, title="BMW, Northvolt and others: the week in cars"),)
    await known.publish(draft("alpha-beta", replace(development, sources=sources)), actor="test")
    assert await mentions(store) == []


async def test_a_development_is_mentioned_by_its_own_text(known: Desk, store: Store) -> None:
    """What another development says does not make every later one news about that company."""
    story = with_header(draft("alpha-beta", news("BMW joins"), news("Alpha waits")), summary="Northvolt helps.")
    await known.publish(story, actor="test")
    assert await mentions_of(store, "BMW joins") == ["BMW", "Northvolt"]
    assert await mentions_of(store, "Alpha waits") == ["Northvolt"]


async def test_a_correction_changes_the_mentions(known: Desk, store: Store) -> None:
    await known.publish(draft("alpha-beta", news("BMW joins", key="one"), news("VW joins", key="two")), actor="test")
    await known.correct("alpha-beta", "one", {"headline": "Northvolt joins", "text": ""}, actor="test")
    assert await mentions(store) == ["Northvolt", "Volkswagen"]


async def test_a_retracted_development_mentions_nobody(known: Desk, store: Store) -> None:
    await known.publish(draft("alpha-beta", news("BMW joins", key="one"), news("VW joins")), actor="test")
    await known.retract("alpha-beta", "one", "It was an error.", actor="test")
    assert await mentions(store) == ["Volkswagen"]
    await known.publish(more("alpha-beta", news("BMW joins", key="one")), actor="test")
    assert await mentions(store) == ["BMW", "Volkswagen"]


async def test_an_edited_story_has_other_mentions(known: Desk, store: Store) -> None:
    await known.publish(with_header(draft(), summary="BMW watches."), actor="test")
    await known.edit_story("alpha-beta", lambda header: replace(header, summary="VW watches."), actor="test")
    assert await mentions(store) == ["Volkswagen"]
    parties = (Party("Alpha"), Party("Volkswagen", "buyer"))
    await known.edit_story("alpha-beta", lambda header: replace(header, parties=parties), actor="test")
    assert await mentions(store) == []
    await known.edit_story("alpha-beta", lambda header: replace(header, parties=parties[:1]), actor="test")
    assert await mentions(store) == ["Volkswagen"]


async def test_mentions_follow_a_merge_and_its_undoing(known: Desk, store: Store) -> None:
    await known.publish(draft("first", news("BMW joins"), parties=("Alpha",)), actor="test")
    await known.publish(draft("second", news("VW joins"), parties=("Northvolt",)), actor="test")
    await known.merge("first", "second", actor="test")
    assert await mentions(store, "second") == ["BMW", "Volkswagen"]
    await known.unmerge("first", actor="test")
    assert (await mentions(store, "first"), await mentions(store, "second")) == (["BMW"], ["Volkswagen"])


async def test_a_new_company_is_mentioned_by_older_stories(desk: Desk, store: Store) -> None:
    await desk.publish(draft("alpha-beta", news("Kia's day")), actor="test")
    assert await mentions(store) == []
    await desk.publish(draft("other", parties=("Kia",)), actor="test")
    assert await mentions(store) == ["Kia"]


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("Bayerische Motoren Werke", "Bayerische Motoren Werke joins"),
        ("宝马", "奔驰和宝马在中国合作"),
        ("Škoda", "Skoda joins"),
        ("Peñalara", "Peñalaras Filialen"),
    ],
)
async def test_a_new_alias_is_found_in_older_stories(known: Desk, store: Store, alias: str, text: str) -> None:
    await known.publish(draft("alpha-beta", news(text)), actor="test")
    assert await mentions(store) == []
    await known.add_companies([replace(BMW, aliases=(alias,))], actor="test")
    assert await mentions(store) == ["BMW"]
    await known.add_companies([BMW], actor="test")
    assert await mentions(store) == [], "the alias is gone"


async def test_a_new_ticker_is_found_in_older_stories(known: Desk, store: Store) -> None:
    await known.publish(draft("alpha-beta", news("A cell maker (XYZQ) joins")), actor="test")
    await known.add_companies([Company("Northvolt", ticker="XYZQ")], actor="test")
    assert await mentions(store) == ["Northvolt"]


async def test_a_longer_name_takes_the_place_of_a_shorter(known: Desk, store: Store) -> None:
    await known.publish(draft("alpha-beta", news("Northvolt Drei joins")), actor="test")
    assert await mentions(store) == ["Northvolt"]
    await known.add_companies([Company("Northvolt Drei")], actor="test")
    assert await mentions(store) == ["Northvolt Drei"]


async def test_many_affected_stories_wait_in_a_queue(known: Desk, store: Store, clock: HandClock) -> None:
    """The transaction that changes a name stays short; another process can work off the rest."""
    for number in range(30):
        await known.publish(draft(f"story-{number}", news("Kia's day")), actor="test")
    await known.add_companies([Company("Kia")], actor="test")
    slugs = [f"story-{number}" for number in range(30)]
    assert sum([await mentions(store, slug) == ["Kia"] for slug in slugs]) == 20
    assert await Desk(store, clock).index_mentions() == 10
    assert all([await mentions(store, slug) == ["Kia"] for slug in slugs])
    assert await known.index_mentions() == 0


async def test_names_that_were_rolled_back_are_forgotten(known: Desk, store: Store) -> None:
    async def publish_both() -> None:
        async with known.transaction("test") as writer:
            await writer.publish(draft("one", news("First"), parties=("Kia",)))
            await writer.publish(replace(draft("two"), developments=(news("Same"), news("Same"))))

    with pytest.raises(InputError):
        await publish_both()
    await known.publish(draft("alpha-beta", news("Kia's day")), actor="test")
    assert await mentions(store) == []


async def test_stories_of_an_older_store_are_queued(known: Desk, store: Store, file: Path) -> None:
    await known.publish(with_header(draft(), summary="BMW watches."), actor="test")
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("DROP TABLE mention")
        rows.execute("DROP TABLE mention_queue")
        rows.execute("ALTER TABLE delivery DROP COLUMN mentions")
    upgrade(file)
    async with open_store(url_of(file)) as upgraded:
        assert await mentions(upgraded) == []
        assert await Desk(upgraded, HandClock()).index_mentions() == 1
        assert await mentions(upgraded) == ["BMW"]


def upgrade(file: Path) -> None:
    """Run the one migration."""
    step = import_module("bot.store.migrations.versions.s0018_mentions")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step.upgrade()
    engine.dispose()
