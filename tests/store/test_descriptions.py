"""For which stage of a deal its headline and summary were written: kept with each change, and found out of older stores."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.model.dates import PartialDate
from bot.model.stages import DescriptionPart
from bot.model.story import DescribedState, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.description_check import find_description_faults
from bot.newsroom.drafts import StoryDraft
from bot.store import Store, open_store
from tests.store.delivery import Delivery
from tests.store.material import draft, more, news, url_of

TALKS = news("They talk", date="2025-08", stage=Stage.TALKS, key="talks")
SIGNED = news("They sign", date="2025-09", claim=Claim.CONFIRMED, stage=Stage.SIGNED, key="signed")


async def get(store: Store, slug: str = "deal") -> Story:
    async with store.read() as tx:
        return await tx.stories.get(slug)


async def list_titles(store: Store) -> list[str]:
    async with store.read() as tx:
        items, _ = await tx.listing.list_stories()
    return [item.title for item in items]


def with_texts(
    parts: StoryDraft, *, headline: str = "The story deal", summary: str = "What deal is about."
) -> StoryDraft:
    """Return the draft with this headline and summary."""
    assert parts.header is not None
    return replace(parts, header=replace(parts.header, headline=headline, summary=summary))


async def test_a_change_of_stage_outdates_headline_and_summary(delivery: Delivery) -> None:
    await delivery.publish(draft("deal", TALKS))
    await delivery.publish(more("deal", SIGNED))
    story = await get(delivery.store)
    assert story.described_state == DescribedState(Stage.TALKS, PartialDate(2025, 8))
    assert (story.is_description_outdated, story.title) == (True, "They sign")
    assert await list_titles(delivery.store) == ["They sign"]


async def test_a_file_with_new_texts_updates_them(delivery: Delivery) -> None:
    """One with the texts of before does not, although it has the development."""
    await delivery.publish(draft("deal", TALKS))
    await delivery.publish(draft("deal", TALKS, SIGNED))
    assert (await get(delivery.store)).is_description_outdated
    await delivery.publish(with_texts(draft("deal", TALKS, SIGNED), summary="They have signed."))
    assert not (await get(delivery.store)).is_description_outdated
    assert await list_titles(delivery.store) == ["The story deal"]


async def test_a_file_can_bring_a_headline_of_a_stage_before(delivery: Delivery) -> None:
    """Such as an export of a story that nobody has updated: no date is made up for it."""
    await delivery.publish(with_texts(draft("deal", TALKS, SIGNED), headline="Alpha and Beta in talks over a merger"))
    story = await get(delivery.store)
    assert story.described_state == DescribedState(Stage.TALKS)
    assert story.title == "They sign"


async def test_the_first_stage_of_a_deal_outdates_nothing(delivery: Delivery) -> None:
    """The next one does."""
    await delivery.publish(draft("deal", news("A beginning")))
    await delivery.publish(more("deal", TALKS))
    assert not (await get(delivery.store)).is_description_outdated
    await delivery.publish(more("deal", SIGNED))
    assert (await get(delivery.store)).is_description_outdated


async def test_a_stage_that_comes_back_needs_no_new_texts(delivery: Delivery) -> None:
    await delivery.publish(draft("deal", TALKS))
    await delivery.publish(more("deal", SIGNED))
    await delivery.desk.retract("deal", "signed", "A mistake", actor="test")
    assert not (await get(delivery.store)).is_description_outdated


async def test_what_is_no_deal_is_never_outdated(delivery: Delivery) -> None:
    await delivery.publish(draft("plant", kind=Kind.PLANT))
    await delivery.publish(more("plant", news("It opens")))
    assert not (await get(delivery.store, "plant")).is_description_outdated


async def test_a_merge_and_its_undoing_keep_what_each_describes(delivery: Delivery) -> None:
    await delivery.publish(draft("deal", TALKS))
    await delivery.publish(draft("other", SIGNED))
    before = [await get(delivery.store, slug) for slug in ("other", "deal")]
    merged = await delivery.desk.merge("other", "deal", actor="test")
    assert (merged.is_description_outdated, merged.title) == (True, "They sign")
    assert [*await delivery.desk.unmerge("other", actor="test")] == before


async def test_the_check_names_what_is_outdated_and_what_contradicts(delivery: Delivery) -> None:
    await delivery.publish(draft("deal", TALKS))
    await delivery.publish(more("deal", SIGNED))
    summary = "Alpha and Beta are in talks over a merger."
    await delivery.publish(with_texts(draft("wrong", SIGNED, parties=("Alpha",)), summary=summary))
    await delivery.publish(draft("right", SIGNED, parties=("Beta",)))
    faults = await find_description_faults(delivery.store)
    assert {(fault.story.slug, fault.part, fault.stated_stage) for fault in faults} == {
        ("deal", DescriptionPart.BOTH, Stage.TALKS),
        ("wrong", DescriptionPart.SUMMARY, Stage.TALKS),
    }


async def test_an_older_store_learns_it_from_its_audit(delivery: Delivery, file: Path) -> None:
    """Also what was corrected and merged since the texts were written; a story with new texts is up to date."""
    for slug in ("deal", "updated", "corrected", "target", "same"):
        await delivery.publish(draft(slug, TALKS))
    await delivery.publish(draft("source", SIGNED))
    delivery.clock.forward(hours=1)
    for slug in ("deal", "updated"):
        await delivery.publish(more(slug, SIGNED))
    await delivery.publish(more("same", news("Plain news")))
    await delivery.desk.correct("corrected", "talks", {"stage": "agreed"}, actor="test")
    await delivery.desk.merge("source", "target", actor="test")
    delivery.clock.forward(hours=1)
    await delivery.publish(with_texts(draft("updated", TALKS, SIGNED), headline="They have signed"))
    async with delivery.store.read() as tx:
        slugs = await tx.stories.list_slugs()
    before = {slug: await get(delivery.store, slug) for slug in slugs}
    assert {slug for slug, story in before.items() if story.is_description_outdated} == {"deal", "corrected", "target"}
    downgrade_and_upgrade(file)
    async with open_store(url_of(file)) as store:
        assert {slug: await get(store, slug) for slug in slugs} == before
        assert sorted(await list_titles(store)) == sorted(story.title for story in before.values())


def downgrade_and_upgrade(file: Path) -> None:
    """Take the columns of this step away from a store, and let the migration add them again."""
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("DROP INDEX ix_story_outdated")
        for column in ("described_stage", "described_as_of", "current_headline"):
            rows.execute(f"ALTER TABLE story DROP COLUMN {column}")
    step = import_module("bot.store.migrations.versions.s0026_described")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step.upgrade()
    engine.dispose()
