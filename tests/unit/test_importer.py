"""Files into the store: only what is new is added, what differs is a correction, and all of it is audited."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.container import Container
from bot.errors import InputError
from bot.model.story import Story
from bot.newsroom.importer import ImportReport
from bot.store import AuditEntry
from bot.terminal.progress import ERASE_LINE, ProgressBar, ProgressLines
from tests.unit.newsdesk import (
    GOOD,
    NOW,
    SEEDS,
    content,
    development,
    exported,
    stories_of,
    story_file,
    take_in,
    take_in_text,
    write_files,
)

SLUG = "acme-roadworks"


async def take(container: Container, folder: Path, *developments: str, **face: str) -> Story:
    """Import a story of these developments, and give it as it now stands."""
    await take_in_text(container, folder, story_file(SLUG, "".join(developments), **face))
    return (await stories_of(container))[SLUG]


async def audited(container: Container, subject: str) -> list[AuditEntry]:
    """Return what the audit says of a story or a company."""
    async with container.services.store.read() as tx:
        return list(await tx.audit.list_entries(subject))


def dates_and_headlines(story: Story) -> list[tuple[str, str]]:
    """Return the dates and headlines of a story."""
    return [(str(d.date), d.headline) for d in story.developments]


async def test_importing_twice_changes_nothing(container: Container) -> None:
    """The seeds once more: not a row is different, not even the audit."""
    before = content(Path(container.services.store.name))
    assert await take_in(container, SEEDS) == ImportReport(files=len(list(SEEDS.glob("*.toml"))))
    assert content(Path(container.services.store.name)) == before


async def test_a_dry_run_reports_and_writes_nothing(empty_rooms: Container) -> None:
    before = content(Path(empty_rooms.services.store.name))
    would = await take_in(empty_rooms, SEEDS, dry_run=True)
    assert content(Path(empty_rooms.services.store.name)) == before
    assert would.stories_added == len(list(SEEDS.glob("*.toml"))) - 2
    assert would.feeds_added > 10
    assert would == await take_in(empty_rooms, SEEDS)


async def test_a_longer_version_adds_only_what_is_new(empty_rooms: Container, tmp_path: Path) -> None:
    old, new = development("2025-01", "Old news"), development("2025-02", "New news")
    first = await take(empty_rooms, tmp_path, old)
    report = await take_in_text(empty_rooms, tmp_path, story_file(SLUG, new + old))
    assert (report.developments_added, report.developments_corrected) == (1, 0)
    longer = (await stories_of(empty_rooms))[SLUG]
    assert dates_and_headlines(longer) == [("2025-01", "Old news"), ("2025-02", "New news")]
    assert longer.developments[0] == first.developments[0]


async def test_a_shorter_version_takes_nothing_away(empty_rooms: Container, tmp_path: Path) -> None:
    old, new = development("2025-01", "Old news"), development("2025-02", "New news")
    whole = await take(empty_rooms, tmp_path, old, new)
    assert await take(empty_rooms, tmp_path, old) == whole


async def test_a_difference_in_a_file_is_a_correction(empty_rooms: Container, tmp_path: Path) -> None:
    """The same date and headline is the same development; its claim and stage become what the file says."""
    await take(empty_rooms, tmp_path, development("2025-01", "Talks", stage="talks"))
    story = await take(empty_rooms, tmp_path, development("2025-01", "Talks", "confirmed", stage="agreed"))
    assert len(story.developments) == 1
    assert story.stage == "agreed"
    assert [entry.action for entry in await audited(empty_rooms, SLUG)] == [
        "story added", "development added", "development corrected",
    ]  # fmt: skip


async def test_an_id_identifies_a_development(empty_rooms: Container, tmp_path: Path) -> None:
    await take(empty_rooms, tmp_path, development("2025-01", "Tlaks", id="talks"))
    story = await take(empty_rooms, tmp_path, development("2025-01-07", "Talks", id="talks"))
    assert dates_and_headlines(story) == [("2025-01-07", "Talks")]


async def test_date_and_headline_identify_it_without_an_id(empty_rooms: Container, tmp_path: Path) -> None:
    await take(empty_rooms, tmp_path, development("2025-01", "Talks", id="talks"))
    story = await take(empty_rooms, tmp_path, development("2025-01", "Talks", text="More is known."))
    assert [(d.key, d.text) for d in story.developments] == [("talks", "More is known.")]


async def test_another_date_without_an_id_is_another_development(empty_rooms: Container, tmp_path: Path) -> None:
    await take(empty_rooms, tmp_path, development("2025-01", "Talks"))
    story = await take(empty_rooms, tmp_path, development("2025-02", "Talks"))
    assert dates_and_headlines(story) == [("2025-01", "Talks"), ("2025-02", "Talks")]
    assert len({d.key for d in story.developments}) == 2


async def test_a_known_development_takes_the_id_of_a_file(empty_rooms: Container, tmp_path: Path) -> None:
    await take(empty_rooms, tmp_path, development("2025-01", "Talks"))
    story = await take(empty_rooms, tmp_path, development("2025-01", "Talks", id="talks"))
    assert [d.key for d in story.developments] == ["talks"]


@pytest.mark.parametrize("swapped", [False, True])
async def test_an_id_takes_precedence_over_a_headline(empty_rooms: Container, tmp_path: Path, *, swapped: bool) -> None:
    """The id claims its development, so the headline that it had until now is news again."""
    await take(empty_rooms, tmp_path, development("2025-01", "First", id="one"))
    both = [development("2025-01", "First"), development("2025-02", "Second", id="one")]
    story = await take(empty_rooms, tmp_path, *(reversed(both) if swapped else both))
    assert dates_and_headlines(story) == [("2025-01", "First"), ("2025-02", "Second")]
    assert [d.key for d in story.developments][1] == "one"


async def test_a_corrected_headline_is_remembered(container: Container) -> None:
    """The seeds, which still have the old headline without knowing of the correction, bring no second development."""
    slug, key = "honda-nissan-merger", "mou"
    story = (await container.services.desk.correct(slug, key, {"headline": "A memorandum"}, actor="editor")).story
    old = development("by 2024-12", "Honda and Nissan agree a memorandum of understanding on integration", "confirmed")
    folder = write_files(Path(container.services.store.name).parent / "in", {"a.toml": _as_the_seed(story, old)})
    report = await take_in(container, folder)
    now = (await stories_of(container))[slug]
    assert report.developments_added == 0
    assert now.find_development(key) is not None
    assert dates_and_headlines(now) == dates_and_headlines(story)


async def test_two_developments_cannot_become_one_by_a_correction(empty_rooms: Container, tmp_path: Path) -> None:
    await take(empty_rooms, tmp_path, development("2025", "One", id="one"), development("2025", "Two", id="two"))
    before = content(Path(empty_rooms.services.store.name))
    with pytest.raises(
        InputError,
        match=r"^0\.toml: development: the story would have two developments dated 2025 with the headline 'Two'$",
    ):
        await take(empty_rooms, tmp_path, development("2025", "Two", id="one"))
    assert content(Path(empty_rooms.services.store.name)) == before


async def test_the_audit_says_who_when_what_it_was_and_what_it_is(container: Container, tmp_path: Path) -> None:
    await take_in(container, write_files(tmp_path / "a", {"a.toml": GOOD}))
    changed = GOOD.replace("The price was not told.", "The price was told.").replace("Acme to buy", "Acme buys")
    changed = changed.replace('bound = "about"\n', "")
    await take_in(container, write_files(tmp_path / "b", {"a.toml": changed}))
    entries = await audited(container, SLUG)
    assert {(entry.actor, entry.at, entry.subject) for entry in entries} == {("tester", NOW, SLUG)}
    assert [entry.action for entry in entries] == [
        "story added", "development added", "expected event added", "term added", "story changed", "development corrected",
        "term corrected",
    ]  # fmt: skip
    assert (entries[0].before, entries[0].after["headline"]) == (None, "Acme to buy Roadworks")
    assert (entries[4].before["headline"], entries[4].after["headline"]) == (
        "Acme to buy Roadworks",
        "Acme buys Roadworks",
    )
    assert (entries[5].before["text"], entries[5].after["text"]) == ("The price was not told.", "The price was told.")
    assert (entries[6].before["bound"], entries[6].after["bound"]) == ("about", None)
    assert [entry.action for entry in await audited(container, "Acme")] == ["company added"]


async def test_a_party_by_an_alias_is_the_known_company(container: Container, tmp_path: Path) -> None:
    """No second Foxconn: neither by alias, nor by spelling, nor by ticker."""
    parties = "".join(
        f'[[party]]\ncompany = "{name}"\nrole = "{n}"\n'
        for n, name in enumerate(["鴻海", "hon hai", "2317.TW", "FOXCONN", "Newcomer"])
    )
    await take_in_text(container, tmp_path, story_file(SLUG, parties))
    names = [party.company for party in (await stories_of(container))[SLUG].parties]
    assert names == ["Foxconn", "Foxconn", "Foxconn", "Foxconn", "Newcomer"]


async def test_a_new_company_in_two_spellings_is_one_company(empty_rooms: Container, tmp_path: Path) -> None:
    """Or the export would hold two companies of one name, which no import takes."""
    parties = '[[party]]\ncompany = "Acme Co."\n[[party]]\ncompany = "ACME CO"\nrole = "buyer"\n'
    await take_in_text(empty_rooms, tmp_path / "in", story_file(SLUG, parties))
    assert [p.company for p in (await stories_of(empty_rooms))[SLUG].parties] == ["Acme Co.", "Acme Co."]
    await take_in(empty_rooms, write_files(tmp_path / "out", dict(await exported(empty_rooms))))
    assert [entry.action for entry in await audited(empty_rooms, "Acme Co.")] == ["company added"]


async def test_an_alias_moves_from_one_company_to_another_in_one_file(empty_rooms: Container, tmp_path: Path) -> None:
    def companies_file(first: str, second: str) -> str:
        return f'[[company]]\nname = "A"\naliases = [{first}]\n[[company]]\nname = "B"\naliases = [{second}]\n'

    await take_in_text(empty_rooms, tmp_path, companies_file('"Shared"', ""))
    report = await take_in_text(empty_rooms, tmp_path, companies_file("", '"Shared"'))
    assert report.companies == 2
    assert await empty_rooms.services.library.resolve_company_name("shared") == "B"


async def test_stories_of_one_import_may_name_each_other(empty_rooms: Container, tmp_path: Path) -> None:
    def related(slug: str, other: str) -> str:
        return story_file(slug) + f'related = ["{other}"]\n'

    await take_in_text(empty_rooms, tmp_path, related("one", "two"), related("two", "one"))
    assert {slug: story.related_slugs for slug, story in (await stories_of(empty_rooms)).items()} == {
        "one": ("two",),
        "two": ("one",),
    }


async def test_list_and_story_agree_after_a_corrected_date(empty_rooms: Container, tmp_path: Path) -> None:
    """News that a correction moves to one day stands in one order, in the lists as on the page."""
    await take(empty_rooms, tmp_path, development("2025-03", "Not so", "denied", id="a"))
    await take(empty_rooms, tmp_path, development("2025-02", "It is so", "confirmed", id="b"))
    story = await take(empty_rooms, tmp_path, development("2025-03", "It is so", "confirmed", id="b"))
    async with empty_rooms.services.store.read() as tx:
        (line,) = await tx.listing.get_items([SLUG])
    assert (line.is_disputed, line.stage, line.as_of) == (story.dispute is not None, story.stage, story.as_of)


async def test_an_import_reports_its_progress(empty_rooms: Container) -> None:
    steps: list[tuple[int, int]] = []
    await take_in(empty_rooms, SEEDS, progress=lambda count, total: steps.append((count, total)))
    total = len(list(SEEDS.glob("*.toml")))
    assert steps == [(count, total) for count in range(1, total + 1)]


def test_progress_without_a_terminal_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Quick work says nothing."""
    now = [100.0]
    lines = ProgressLines("Importing", lambda: now[0])
    for count in range(1, 9):
        lines.show(count, 8)
        now[0] += 1.0
    assert capsys.readouterr().err.splitlines() == ["Importing: 4 of 8", "Importing: 7 of 8"]


def _as_the_seed(story: Story, developments: str) -> str:
    return story_file(story.slug, developments, headline=story.headline, summary=story.summary, kind=story.kind.value)


FEEDS = '[[feed]]\nurl = "https://a.example/feed"\ntitle = "A"\n[[feed]]\nurl = "https://b.example/"\ntrust = "auto"\n'


async def test_importing_feeds_twice_changes_nothing(empty_rooms: Container, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"feeds.toml": FEEDS, "story.toml": story_file(SLUG)})
    report = await take_in(empty_rooms, folder)
    assert (report.feeds_added, report.stories_added) == (2, 1)
    before = content(Path(empty_rooms.services.store.name))
    assert await take_in(empty_rooms, folder) == ImportReport(files=2)
    assert content(Path(empty_rooms.services.store.name)) == before


async def test_a_feed_at_a_forbidden_port_refuses_the_import(empty_rooms: Container, tmp_path: Path) -> None:
    bad = '[[feed]]\nurl = "https://a.example/"\n[[feed]]\nurl = "https://a.example:25/"\n'
    folder = write_files(tmp_path / "in", {"a.toml": FEEDS, "feeds.toml": bad, "story.toml": story_file(SLUG)})
    before = content(Path(empty_rooms.services.store.name))
    with pytest.raises(
        InputError, match=r"^feeds\.toml:4: feed\[2\]\.url: Port 25 in https://a\.example:25/ isn.t allowed"
    ):
        await take_in(empty_rooms, folder)
    assert content(Path(empty_rooms.services.store.name)) == before


def test_a_bar_is_drawn_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    bar = ProgressBar("Importing", lambda: now[0])
    for count in (0, 4, 8):
        bar.show(count, 8)
        bar.show(count, 8)
        now[0] += 1.0
    bar.show(9, None)
    drawn = capsys.readouterr().err.split(ERASE_LINE)
    assert drawn == [
        "",
        f"Importing [{'.' * 30}] 0 of 8",
        f"Importing [{'#' * 15}{'.' * 15}] 4 of 8",
        f"Importing [{'#' * 30}] 8 of 8",
        "Importing 9",
    ]
