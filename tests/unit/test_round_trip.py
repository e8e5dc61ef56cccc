"""What an export writes, an import takes back without change."""

from __future__ import annotations

import asyncio
import shutil
import tomllib
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from hypothesis import example, given, settings

from bot.container import Container
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.desk import Desk
from bot.newsroom.story_files import dump_story, read_file
from bot.store.engines.sqlite.database import SqliteDatabase
from bot.store.store import Store
from bot.terminal.import_export import export_command
from tests.unit.newsdesk import NOW, SEEDS, exported, rooms_settings, stories_of, story_file, take_in, write_files
from tests.unit.strategies import stories

END_OF_TIME = datetime(9999, 12, 30, tzinfo=UTC)
_fresh = count()


@settings(max_examples=30, deadline=None)  # each opens a store of its own
@given(story=stories)
@example(story=Story("a", '"""\\"', "a\n\n\\\n'''", Kind.STAKE))
def test_any_story_survives_export_and_import(bare: Path, story: Story) -> None:
    """Quotes, backslashes, emoji, other scripts and line breaks are in the next export as they were in the file."""
    folder = bare.parent / f"round-{next(_fresh)}"
    text = dump_story(story)
    path = write_files(folder, {"story.toml": text}) / "story.toml"
    assert asyncio.run(_through_the_store(bare, path)) == text
    shutil.rmtree(folder)


async def _through_the_store(bare: Path, path: Path) -> str:
    store = Path(shutil.copy(bare, path.with_name("store.db")))
    draft = read_file(path).story
    assert draft is not None
    async with SqliteDatabase(store) as database:
        # All dates of the calendar are in the past.
        store_of_then = Store(database, clock=lambda: END_OF_TIME)
        desk = Desk(store_of_then, clock=lambda: NOW)
        await desk.publish(draft, actor="tester")
        assert not (await desk.publish(draft, actor="tester")).is_changed, "the same file again was taken for a change"
        async with store_of_then.read() as tx:
            story = await tx.stories.find(draft.slug)
    assert story is not None
    return dump_story(story)


async def test_the_seeds_come_back_byte_for_byte(container: Container, empty_rooms: Container, tmp_path: Path) -> None:
    """An export taken into a fresh store exports the same files."""
    first = await exported(container)
    assert len(first) == len(list(SEEDS.glob("*.toml")))
    await take_in(empty_rooms, write_files(tmp_path / "out", dict(first)))
    assert await exported(empty_rooms) == first


async def test_an_export_taken_back_into_its_own_store_changes_nothing(container: Container, tmp_path: Path) -> None:
    before = await container.services.store.get_revision()
    report = await take_in(container, write_files(tmp_path / "out", dict(await exported(container))))
    assert (report.companies, report.stories_added, report.stories_changed, report.developments_corrected) == (0,) * 4
    assert await container.services.store.get_revision() == before


async def test_what_editors_did_to_a_story_is_in_its_export(
    container: Container, empty_rooms: Container, tmp_path: Path
) -> None:
    """A correction and a retraction come back with their words, and the story stands where it stood."""
    desk, slug = container.services.desk, "honda-nissan-merger"
    await desk.correct(slug, "mou", {"headline": "Honda and Nissan sign a memorandum"}, actor="editor")
    await desk.retract(slug, "mou-terminated", "Reported by mistake.", actor="editor")
    await take_in(empty_rooms, write_files(tmp_path / "out", dict(await exported(container))))
    original, imported = (await stories_of(container))[slug], (await stories_of(empty_rooms))[slug]
    assert dump_story(imported) == dump_story(original)
    assert (imported.stage, imported.is_open) == (original.stage, original.is_open) == (Stage.AGREED, True)


async def test_the_command_writes_every_story_and_the_companies(container: Container, tmp_path: Path) -> None:
    database = Path(shutil.copy(Path(container.services.store.name), tmp_path / "copy.db"))
    assert await export_command(rooms_settings(database), tmp_path / "out") == 0
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert files == await exported(container)


async def test_a_story_called_companies_overwrites_nothing(empty_rooms: Container, tmp_path: Path) -> None:
    """Its slug is as good as another; both files come back."""
    story = story_file("companies") + '[[party]]\ncompany = "Acme"\n'
    companies = '[[company]]\nname = "Acme"\naliases = ["Acme Roadworks"]\n'
    await take_in(empty_rooms, write_files(tmp_path / "in", {"a.toml": story, "b.toml": companies}))
    await export_command(rooms_settings(Path(empty_rooms.services.store.name)), tmp_path / "out")
    read = [read_file(path) for path in (tmp_path / "out").iterdir()]
    assert [file.story.slug for file in read if file.story] == ["companies"]
    assert [company.aliases for file in read for company in file.companies] == [("Acme Roadworks",)]


def test_an_export_has_the_formats_keys_in_their_order() -> None:
    news = Development("signed", PartialDate(2025, 8), "Signed", Claim.CONFIRMED, stage=Stage.SIGNED)
    data = tomllib.loads(dump_story(Story("a", "A story", "About it.", Kind.STAKE, (Party("Acme"),), (news,))))
    assert list(data) == ["slug", "headline", "summary", "kind", "party", "development"]
    assert data["party"] == [{"company": "Acme"}]
    assert list(data["development"][0].items()) == [
        ("id", "signed"), ("date", "2025-08"), ("headline", "Signed"), ("claim", "confirmed"), ("stage", "signed"),
    ]  # fmt: skip
