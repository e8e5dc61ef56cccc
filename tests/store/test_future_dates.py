"""A development cannot be dated later than tomorrow; one that is stored already counts for nothing until its day comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.container import open_container
from bot.errors import InputError
from bot.library.answers import Answer
from bot.model.article import Article
from bot.model.dates import get_latest_date
from bot.model.feed import Trust
from bot.model.list_query import ListQuery, ListSubject
from bot.model.vocabulary import Stage
from bot.newsroom.importer import import_paths
from bot.settings import load_settings
from tests.store.delivery import Delivery
from tests.store.material import START, draft, more, news
from tests.store.newsroom import Newsroom
from tests.unit.newsdesk import development, story_file, write_files

LATEST = ListQuery(ListSubject.DEVELOPMENTS)
REFUSAL = "expected a date no later than tomorrow, not 3 Mar 2027; add what is still to come as an expected event"
KIA = development("2025-02-25", "Kia's EV Day", "confirmed", id="ev-day")


async def test_what_is_still_to_come_is_no_development(delivery: Delivery) -> None:
    """Kia's story goes up to 25 February 2025; it is the first of January 2026."""
    await delivery.publish(draft("kia", news("Kia's EV Day", date="2025-02-25", stage=None)))
    late = news("Kia unveils the EV2", date="2027-03-03", key="late", stage=None)
    with pytest.raises(InputError, match=rf"^date: {REFUSAL}$"):
        await delivery.desk.publish(more("kia", late), actor="test")
    with pytest.raises(InputError, match=REFUSAL):
        await delivery.desk.correct("kia", "2025-02-25-kia-s-ev-day", {"date": "2027-03-03"}, actor="test")
    async with delivery.store.read() as tx:
        items, total = await tx.listing.list_developments()
        story = await tx.stories.get("kia")
    assert (total, items[0].development.headline) == (1, "Kia's EV Day")
    assert str(story.as_of) == "2025-02-25"


@pytest.mark.parametrize(
    ("now", "latest"),
    [("2026-01-01T00:00:00+00:00", "2026-01-02"), ("2026-01-01T08:00:00+09:00", "2026-01-01")],
)
def test_tomorrow_is_counted_by_utc(now: str, latest: str) -> None:
    assert get_latest_date(datetime.fromisoformat(now)).isoformat() == latest


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_file_is_refused_by_file_key_and_hint(delivery: Delivery, tmp_path: Path, dry_run: bool) -> None:
    """A new story, and a longer version of a stored one; nothing of it is stored."""
    files: dict[str, str | bytes] = {
        "kia.toml": story_file("kia", KIA + development("2027-03-03", "Kia unveils the EV2", id="late"))
    }
    folder = write_files(tmp_path / "files", files)
    for _ in range(2):
        with pytest.raises(InputError, match=rf"kia\.toml.*development\[2\]\.date: {REFUSAL}"):
            await import_paths(delivery.store, delivery.desk, [folder], actor="test", dry_run=dry_run)
        async with delivery.store.read() as tx:
            story = await tx.stories.find("kia")
        assert story is None or len(story.developments) == 1
        await import_paths(
            delivery.store, delivery.desk, [write_files(tmp_path / "first", {"kia.toml": story_file("kia", KIA)})],
            actor="test",
        )  # fmt: skip


@pytest.fixture
async def early(delivery: Delivery) -> Delivery:
    """Store a development of the future, as earlier versions did, beside a bounded one whose period has begun."""
    await delivery.publish(draft("other", news("By the end of the year", date="by 2026", stage=None)))
    await delivery.publish(draft("kia", news("They talk", date="2025-02-25", stage=Stage.TALKS)))
    delivery.clock.now = datetime(2027, 3, 3, 12, tzinfo=UTC)
    await delivery.publish(more("kia", news("It is done", date="2027-03-03", key="late", stage=Stage.COMPLETED)))
    delivery.clock.now = START
    return delivery


async def test_a_stored_one_of_the_future_counts_for_nothing(early: Delivery) -> None:
    """It heads no list, sets no date and no stage; the full story keeps it, and its day brings it back."""
    assert await early.desk.refresh_early_stories() == 1
    assert await early.desk.refresh_early_stories() == 0
    for now, stage, as_of, headlines in (
        (START, Stage.TALKS, "2025-02-25", ["By the end of the year", "They talk"]),
        (datetime(2027, 3, 2, 12, tzinfo=UTC), Stage.COMPLETED, "2027-03-03", ["It is done", "By the end of the year"]),
    ):
        early.clock.now = now
        async with early.store.read() as tx:
            story = await tx.stories.get("kia")
            news_items, _ = await tx.listing.list_developments()
            filtered, _ = await tx.filtered_lists.list_developments(replace(LATEST, companies=("Alpha", "Beta")))
            lines, _ = await tx.listing.list_stories(company="Alpha")
        assert (story.stage, str(story.as_of), len(story.developments)) == (stage, as_of, 2)
        assert [item.development.headline for item in news_items][:2] == headlines
        assert news_items == filtered
        assert str(next(line.as_of for line in lines if line.slug == "kia")) == "2025-02-25"


async def test_a_stored_one_can_be_imported_and_retracted(early: Delivery, tmp_path: Path) -> None:
    """A file that the store has already changes nothing, and the desk can correct it."""
    assert not (await early.desk.publish(more("kia", news("It is done", date="2027-03-03", key="late", stage=Stage.COMPLETED)), actor="test")).is_changed  # fmt: skip
    outcome = await early.desk.correct("kia", "late", {"date": "2025-12-30"}, actor="test")
    assert (outcome.story.stage, str(outcome.story.as_of)) == (Stage.COMPLETED, "2025-12-30")


async def test_an_opened_store_is_put_right(early: Delivery) -> None:
    """Lists of stories read what is stored of them, which an earlier version wrote."""
    async with open_container(
        load_settings({"DATABASE_URL": early.database.url, "SEEDS": ""}), clock=lambda: START
    ) as container:
        answer = await container.services.library.ask("alpha", deals_first=True)
        page = await container.services.library.get_list_page(ListQuery())
    assert isinstance(answer, Answer)
    assert {line.slug: str(line.as_of) for line in page.lines} == {"kia": "2025-02-25", "other": "by 2026"}


async def test_an_article_of_the_future_goes_to_the_desk(delivery: Delivery) -> None:
    """Of a trusted feed, and surely of the story: its date is wrong, so an editor has to look at it."""
    await delivery.publish(draft("alpha-beta"))
    async with delivery.store.write() as tx:
        feed = await tx.feeds.add("https://press.example/feed", "press.example", START, title="Press", trust=Trust.AUTO)
        assert feed is not None
        article = Article("late", "They close", START + timedelta(days=300), "", "https://press.example/late")
        await tx.articles.ingest(feed.id, [article], START, fresh_since=START - timedelta(days=1))
    newsroom = Newsroom(delivery.store, delivery.desk, delivery.clock, feed.id)
    await newsroom.open_intake().run_once()
    assert await newsroom.list_published() == []
    async with delivery.store.read() as tx:
        assert await tx.reviews.count_waiting() == 1
