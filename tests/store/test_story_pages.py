"""The page of a story is what its rows are, whatever is done to it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.errors import DealwireError, NotFound
from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.story import Source, Story
from bot.model.story_split import SplitParts
from bot.model.terms import Term, TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryHeader
from bot.newsroom.page_builder import StoryPageBuilder
from bot.newsroom.story_splitter import StorySplitter
from bot.store import Store, open_store, story_pages
from bot.store import tables as t
from tests.store.delivery import Delivery
from tests.store.material import HandClock, draft, expecting, more, news, url_of
from tests.store.material import event as expected
from tests.store.pages import find_stale_pages

SLUGS = ("first", "second", "third")
NAMES = ("Alpha", "Beta", "Gamma", "Delta")
DATES = ("2025-08", "2025-08-01", "by 2025-08", "2025-09-02", "2024")
STAGES = (None, Stage.TALKS, Stage.SIGNED, Stage.TERMINATED)


@dataclass(slots=True)
class Newsroom:
    """A store, and all that a desk does to its stories. Numbers choose what it is done to, so many steps are refused."""

    store: Store
    desk: Desk
    splitter: StorySplitter
    splits: list[int] = field(default_factory=list)
    serial: int = 0

    async def get(self, number: int) -> Story:
        async with self.store.read() as tx:
            slugs = await tx.stories.list_slugs()
            return await tx.stories.get(slugs[number % len(slugs)] if slugs else "none")

    def make_headline(self) -> str:
        self.serial += 1
        return f"News {self.serial}"

    async def publish(self, a: int, b: int) -> None:
        claim, stage = list(Claim)[b % 3], STAGES[a % 4]
        item = news(
            self.make_headline(), date=DATES[b % 5], claim=claim, stage=None if claim is Claim.DENIED else stage
        )
        slug = SLUGS[a % 3]
        with contextlib.suppress(NotFound):
            await self.desk.publish(more(slug, item), actor="test")
            return
        await self.desk.publish(draft(slug, item, parties=(NAMES[a % 4], NAMES[(a + 1) % 4])), actor="test")

    async def correct(self, a: int, b: int) -> None:
        story = await self.get(a)
        fields = ({"date": DATES[b % 5]}, {"headline": self.make_headline()}, {"stage": "agreed"}, {"claim": "denied"})
        key = story.developments[b % len(story.developments)].key
        await self.desk.correct(story.slug, key, fields[a % 4], actor="test")

    async def add_source(self, a: int, b: int) -> None:
        story = await self.get(a)
        async with self.desk.transaction("test") as writer:
            source = Source(f"Publisher {b}", date=PartialDate.parse(DATES[b % 5]))
            await writer.add_sources(story.slug, story.developments[b % len(story.developments)].key, [source])

    async def retract(self, a: int, b: int) -> None:
        story = await self.get(a)
        development = story.developments[b % len(story.developments)]
        if development.is_valid:
            await self.desk.retract(story.slug, development.key, "It was not so", actor="test")
        else:
            await self.desk.reinstate(development.id, actor="test")

    async def edit(self, a: int, b: int) -> None:
        story = await self.get(a)
        other = await self.get(b)
        changes: tuple[Callable[[StoryHeader], StoryHeader], ...] = (
            lambda header: replace(header, headline=f"Another headline {b}", summary="Another summary."),
            lambda header: replace(header, parties=(Party(NAMES[b % 4], "buyer"), Party(NAMES[(b + 1) % 4]))),
            lambda header: replace(header, related=(other.slug,)),
            lambda header: replace(header, kind=(Kind.STAKE, Kind.PLANT)[b % 2]),
        )
        await self.desk.edit_story(story.slug, changes[a % 4], actor="test")

    async def change_term(self, a: int, b: int) -> None:
        story = await self.get(a)
        if story.terms and b % 2:
            fields = ({"amount": str(b + 1)}, {"retracted": "A mistake"}, {"date": DATES[b % 5]})
            await self.desk.correct_term(story.terms[b % len(story.terms)].id, fields[a % 3], actor="test")
            return
        term = Term("", TermName.VALUE, Decimal(b + 1), "USD", Claim.REPORTED, Bound.ABOUT, sources=(Source("P"),))
        await self.desk.add_term(story.slug, term, actor="test")

    async def expect(self, a: int, b: int) -> None:
        story = await self.get(a)
        development = story.developments[b % len(story.developments)].key
        events = (
            expected(f"event-{b % 2}", "2026-Q2"),
            expected(f"event-{b % 2}", "2026-05"),
            expected(f"event-{b % 2}", "2026-Q2", outcome="happened", development=development),
            expected(f"event-{b % 2}", "2026-Q2", outcome="dropped"),
        )
        await self.desk.publish(expecting(more(story.slug), events[a % 4]), actor="test")

    async def merge(self, a: int, b: int) -> None:
        await self.desk.merge((await self.get(a)).slug, (await self.get(b)).slug, actor="test")

    async def unmerge(self, a: int, _b: int) -> None:
        await self.desk.unmerge(SLUGS[a % 3], actor="test")

    async def split(self, a: int, b: int) -> None:
        story, other = await self.get(a), await self.get(b)
        to_other = other.slug != story.slug
        opened = await self.splitter.begin(story.slug, other.slug if to_other else "")
        developments = frozenset(each.id for each in story.developments[b % 2 :: 2])
        events = frozenset(each.id for each in story.expected_events[a % 2 :])
        parts = SplitParts(developments, events, frozenset(term.id for term in story.terms[:1]))
        await self.splitter.change(opened.split.id, lambda split: replace(split, parts=parts))
        header = None if to_other else StoryHeader(f"Split off {b}", "A part of it.", Kind.STAKE)
        await self.splitter.split(opened.split.id, header, actor="test")
        self.splits.append(opened.split.id)

    async def undo_split(self, a: int, _b: int) -> None:
        if self.splits:
            await self.splitter.undo(self.splits[a % len(self.splits)], actor="test")

    async def change_company(self, a: int, b: int) -> None:
        await self.desk.add_companies([Company(NAMES[a % 4], (f"Alias {b % 3}",), "JP")], actor="test")

    async def derive(self, _a: int, _b: int) -> None:
        await self.desk.index_mentions()
        await self.desk.refresh_early_stories()


STEPS: tuple[Callable[[Newsroom, int, int], Awaitable[None]], ...] = (
    Newsroom.publish,
    Newsroom.publish,
    Newsroom.publish,
    Newsroom.correct,
    Newsroom.add_source,
    Newsroom.retract,
    Newsroom.edit,
    Newsroom.change_term,
    Newsroom.expect,
    Newsroom.merge,
    Newsroom.unmerge,
    Newsroom.split,
    Newsroom.undo_split,
    Newsroom.change_company,
    Newsroom.derive,
)
STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 11), st.integers(0, 11))


@contextlib.asynccontextmanager
async def open_newsroom(empty: bytes) -> AsyncIterator[Newsroom]:
    with tempfile.TemporaryDirectory() as folder:
        file, clock = Path(folder) / "dealwire.db", HandClock()
        file.write_bytes(empty)
        async with open_store(url_of(file), clock=clock) as store:
            desk = Desk(store, clock)
            yield Newsroom(store, desk, StorySplitter(store, desk, clock))


async def run(empty: bytes, steps: list[tuple[Callable[[Newsroom, int, int], Awaitable[None]], int, int]]) -> None:
    async with open_newsroom(empty) as newsroom:
        for number in range(3):
            await newsroom.publish(number, number)
        for step, a, b in steps:
            with contextlib.suppress(DealwireError):
                await step(newsroom, a, b)
            assert await find_stale_pages(newsroom.store) == []


@settings(max_examples=8, deadline=None)
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_pages_are_what_the_rows_are(
    empty: bytes, steps: list[tuple[Callable[..., Awaitable[None]], int, int]]
) -> None:
    """After every step of any sequence. Pages have room for three developments, so that some are left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story_pages, "PAGE_DEVELOPMENTS", 3)
        asyncio.run(run(empty, steps))


@pytest.mark.parametrize("step", dict.fromkeys(STEPS), ids=lambda step: step.__name__)
def test_every_operation_writes_the_pages(step: Callable[..., Awaitable[None]], empty: bytes) -> None:
    """Each in every variety, on three stories that have events and terms."""
    before = [(Newsroom.publish, 0, 1), (Newsroom.expect, 0, 0), (Newsroom.change_term, 0, 0), (Newsroom.expect, 2, 1)]
    before += [(Newsroom.merge, 1, 2)] if step is Newsroom.unmerge else []
    before += [(Newsroom.split, 0, 1)] if step is Newsroom.undo_split else []
    asyncio.run(run(empty, [*before, *((step, a, b) for a, b in ((0, 0), (1, 1), (2, 2), (3, 5), (1, 2)))]))


async def forget_pages(store: Store, content: str = "") -> None:
    """Remove all pages, or spoil them with this content."""
    async with store.write() as tx:
        if content:
            await tx.connection.execute(update(t.story_page).values(content=content))
        else:
            await tx.story_pages.remove_all()


async def get_page(store: Store, slug: str) -> story_pages.StoryPage:
    return await store.read_in_thread(lambda tx: tx.story_pages.get(slug))


async def test_an_event_names_another_story_s_development(delivery: Delivery) -> None:
    """By the key that it has there, which a merge can change: then the page of the event's story is written too."""
    await delivery.publish_news("second", "third")
    await delivery.publish(expecting(draft("first"), expected("signing", "2026-Q2")))
    async with delivery.store.write() as tx:
        second = select(t.development.c.id).join(t.story).where(t.story.c.slug == "second").scalar_subquery()
        await tx.connection.execute(update(t.expected_event).values(outcome="happened", development_id=second))
        await tx.stories.refresh("first", delivery.clock())
    assert (await get_page(delivery.store, "first")).story.expected_events[0].development_key == "told"
    await delivery.desk.merge("second", "third", actor="test")
    assert (await get_page(delivery.store, "first")).story.expected_events[0].development_key == "told-2"


async def test_a_former_slug_leads_to_the_page(delivery: Delivery) -> None:
    await delivery.publish_news("first", "second")
    await delivery.desk.merge("second", "first", actor="test")
    assert (await get_page(delivery.store, "second")).story.slug == "first"
    with pytest.raises(NotFound):
        await get_page(delivery.store, "third")


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '["a","b","merger",null,[],[],[],[],[],0]'])
async def test_without_a_page_the_rows_are_read(delivery: Delivery, content: str) -> None:
    """Also if it is damaged. The revision is not known then, so nothing is cached by it."""
    story = (await delivery.publish(draft("first", news("Begun")))).story
    await forget_pages(delivery.store, content)
    assert await get_page(delivery.store, "first") == (story, None)
    await forget_pages(delivery.store)
    assert await StoryPageBuilder(delivery.store).build_batch() == 1


async def test_missing_pages_are_built(delivery: Delivery) -> None:
    """A few at a time, the newest stories first; then nothing is left to do."""
    await delivery.publish_news(*SLUGS)
    await forget_pages(delivery.store)
    builder = StoryPageBuilder(delivery.store)
    assert [await builder.build_batch(2) for _ in range(3)] == [2, 1, 0]
    assert await find_stale_pages(delivery.store) == []
    async with delivery.store.write() as tx:
        await tx.connection.execute(update(t.story_page).values(format=0))
    assert await builder.build_batch(5) == 3


async def test_a_change_gives_its_page_another_revision(delivery: Delivery) -> None:
    """Other pages keep theirs. What is cached by a page's revision is therefore never of an older page."""
    await delivery.publish_news("first", "second")
    before = [(await get_page(delivery.store, slug)).revision for slug in SLUGS[:2]]
    await delivery.correct("second", "Second news")
    after = [(await get_page(delivery.store, slug)).revision for slug in SLUGS[:2]]
    assert after[0] == before[0]
    assert after[1] == await delivery.store.get_revision()
    assert after[1] != before[1]


async def test_refreshing_a_story_alone_advances_the_revision(delivery: Delivery) -> None:
    """A writer that forgets to advance the revision cannot leave two pages of one."""
    await delivery.publish_news("first")
    before = await delivery.store.get_revision()
    async with delivery.store.write() as tx:
        await tx.stories.refresh("first", delivery.clock())
    assert (await get_page(delivery.store, "first")).revision == await delivery.store.get_revision() == before + 1


async def test_a_write_that_fails_changes_no_page(delivery: Delivery) -> None:
    await delivery.publish_news("first")
    before = await get_page(delivery.store, "first")
    with contextlib.suppress(LookupError):
        async with delivery.desk.transaction("test") as writer:
            await writer.publish(more("first", news("Not so")))
            raise LookupError
    assert await get_page(delivery.store, "first") == before


async def test_other_processes_see_the_page(delivery: Delivery) -> None:
    """One of another process is the same row."""
    await delivery.publish_news("first")
    async with open_store(delivery.database.url, clock=delivery.clock) as other:
        await Desk(other, delivery.clock).correct("first", "told", {"headline": "Corrected"}, actor="other")
    assert (await get_page(delivery.store, "first")).story.developments[0].headline == "Corrected"


async def test_what_is_still_to_come_counts_from_its_day_on(delivery: Delivery) -> None:
    """A page holds no day: what is derived from it is derived when it is read."""
    await delivery.publish(draft("first", news("Begun", key="a"), news("Signed", key="b", date="2025-09")))
    async with delivery.store.write() as tx:
        later = {"date": "2026-02-01", "date_sort": 20260201}
        await tx.connection.execute(update(t.development).where(t.development.c.key == "b").values(later))
        await tx.stories.refresh("first", delivery.clock())
    assert str((await get_page(delivery.store, "first")).story.as_of) == "2025-08"
    delivery.clock.forward(days=40)
    assert str((await get_page(delivery.store, "first")).story.as_of) == "2026-02-01"
    assert await find_stale_pages(delivery.store) == []


async def test_a_story_that_is_gone_has_no_page(delivery: Delivery) -> None:
    await delivery.publish_news("first", "second")
    await delivery.desk.merge("second", "first", actor="test")
    async with delivery.store.read() as tx:
        assert len((await tx.connection.execute(select(t.story_page.c.story_id))).all()) == 1
