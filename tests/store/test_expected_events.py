"""Expected events are added, moved and settled, each change is in the audit, and a merge carries them over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import InputError
from bot.model.expected_event import ExpectedDate, ExpectedOutcome
from bot.model.story import Story
from bot.newsroom.drafts import StoryDraft
from tests.store.delivery import Delivery
from tests.store.material import draft, event, expecting, more, news


async def get(delivery: Delivery, slug: str = "alpha-beta") -> Story:
    async with delivery.store.read() as tx:
        return await tx.stories.get(slug)


async def actions(delivery: Delivery, slug: str = "alpha-beta") -> list[str]:
    """Return what the audit says of a story's expected events."""
    async with delivery.store.read() as tx:
        entries = await tx.audit.list_entries(slug)
    return [entry.action for entry in entries if entry.action.startswith("expected event")]


@pytest.fixture
async def story(delivery: Delivery) -> StoryDraft:
    """Store a story that expects a closing."""
    written = expecting(draft("alpha-beta", news("Signed", key="signed")), event("closing", "2026-Q2"))
    await delivery.publish(written)
    return written


async def test_the_same_draft_again_changes_nothing(delivery: Delivery, story: StoryDraft) -> None:
    outcome = await delivery.desk.publish(story, actor="test")
    assert not outcome.is_changed
    assert await actions(delivery) == ["expected event added"]


async def test_a_longer_version_adds_only_what_is_new(delivery: Delivery, story: StoryDraft) -> None:
    outcome = await delivery.publish_events(*story.expected_events, event("launch", "2026-03-01"))
    assert [str(e.date) for e in outcome.story.expected_events] == ["2026-03-01", "2026-Q2"]
    assert await actions(delivery) == ["expected event added"] * 2


async def test_a_new_date_is_a_move_that_the_audit_keeps(delivery: Delivery, story: StoryDraft) -> None:
    await delivery.publish_events(event("closing", "2026-09-30"))
    moved = await get(delivery)
    assert [str(e.date) for e in moved.expected_events] == ["2026-09-30"]
    async with delivery.store.read() as tx:
        last = (await tx.audit.list_entries("alpha-beta"))[-1]
    assert (last.action, last.before["date"], last.after["date"]) == ("expected event moved", "2026-Q2", "2026-09-30")


async def test_an_event_with_another_id_is_known_by_its_name(delivery: Delivery, story: StoryDraft) -> None:
    """A file may call what the desk entered by an id of its own."""
    outcome = await delivery.publish_events(event("closing-of-the-deal", "2026-Q2", "The closing"))
    assert [e.key for e in outcome.story.expected_events] == ["closing-of-the-deal"]


async def test_what_happened_or_was_dropped_is_open_no_more(delivery: Delivery, story: StoryDraft) -> None:
    await delivery.publish_events(event("closing", "2026-Q2", outcome="happened", development="signed"))
    happened = await get(delivery)
    assert happened.open_events == ()
    assert happened.expected_events[0].development_key == "signed"
    await delivery.publish_events(event("closing", "2026-Q2", outcome="dropped"))
    await delivery.publish_events(event("closing", "2026-Q2"))
    assert (await get(delivery)).open_events
    words = ("added", "happened", "dropped", "reopened")
    assert await actions(delivery) == [f"expected event {word}" for word in words]


async def test_what_only_a_retracted_development_shows_is_open(delivery: Delivery, story: StoryDraft) -> None:
    await delivery.publish_events(event("closing", "2026-Q2", outcome="happened", development="signed"))
    await delivery.desk.retract("alpha-beta", "signed", "A mistake", actor="test")
    retracted = await get(delivery)
    assert [e.key for e in retracted.open_events] == ["closing"]
    assert retracted.expected_events[0].outcome is ExpectedOutcome.HAPPENED


async def test_a_result_must_be_a_development_of_the_story(delivery: Delivery, story: StoryDraft) -> None:
    with pytest.raises(InputError, match=r"expected\[1\]\.development: no development has the id 'closed'"):
        await delivery.publish_events(event("closing", "2026-Q2", outcome="happened", development="closed"))


async def test_a_result_follows_the_id_of_its_development(delivery: Delivery, story: StoryDraft) -> None:
    await delivery.publish_events(event("closing", "2026-Q2", outcome="happened", development="signed"))
    await delivery.desk.publish(more("alpha-beta", news("Signed", key="signed-and-sealed")), actor="test")
    assert [e.development_key for e in (await get(delivery)).expected_events] == ["signed-and-sealed"]


@pytest.fixture
async def merged(delivery: Delivery, story: StoryDraft) -> StoryDraft:
    """Merge another story, with an event of the same id, into the first."""
    other = expecting(
        draft("other", news("It opens", key="opens")),
        event("closing", "2026-01-10", "It opens", "happened", "opens"),
        event("party", "2026-05-01"),
    )
    await delivery.publish(other)
    await delivery.desk.merge("other", "alpha-beta", actor="test")
    return other


async def test_a_merge_carries_expected_events_over(delivery: Delivery, merged: StoryDraft) -> None:
    events = (await get(delivery)).expected_events
    assert [(e.key, e.development_key) for e in events] == [("closing-2", "opens"), ("party", ""), ("closing", "")]
    await delivery.store.check()


async def test_a_file_of_a_merged_story_changes_nothing(delivery: Delivery, merged: StoryDraft) -> None:
    before = await get(delivery)
    assert not (await delivery.desk.publish(merged, actor="test")).is_changed
    await delivery.desk.publish(
        expecting(merged, replace(merged.expected_events[1], date=ExpectedDate.parse("2026-05-02"))), actor="test"
    )
    after = await get(delivery)
    assert [str(e.date) for e in after.expected_events] == ["2026-01-10", "2026-05-02", "2026-Q2"]
    assert [e.id for e in after.expected_events] == [e.id for e in before.expected_events]


async def test_a_longer_file_of_a_merged_story_adds_its_result(delivery: Delivery, merged: StoryDraft) -> None:
    held = news("The party is held", key="held", date="2026-01-01")
    longer = replace(merged, developments=(*merged.developments, held))
    party = replace(merged.expected_events[1], outcome=ExpectedOutcome.HAPPENED, development_key="held")
    outcome = await delivery.desk.publish(expecting(longer, merged.expected_events[0], party), actor="test")
    assert [d.headline for d in outcome.new_developments] == ["The party is held"]
    assert [e.development_key for e in outcome.story.expected_events] == ["opens", "held", ""]


async def test_an_undone_merge_gives_expected_events_back(delivery: Delivery, merged: StoryDraft) -> None:
    """What was marked with a development of the other story meanwhile is still known to have happened."""
    await delivery.publish_events(event("party", "2026-05-01", outcome="happened", development="signed"))
    source, target = await delivery.desk.unmerge("other", actor="test")
    assert [(e.key, e.development_key) for e in source.expected_events] == [("closing", "opens"), ("party", "")]
    assert source.expected_events[1].outcome is ExpectedOutcome.HAPPENED
    assert [e.key for e in target.expected_events] == ["closing"]
    await delivery.store.check()


async def test_stories_that_expect_the_same_are_not_merged(delivery: Delivery, story: StoryDraft) -> None:
    await delivery.publish(expecting(draft("other", news("Elsewhere")), event("end", "2026-Q2", "The closing")))
    with pytest.raises(InputError, match=r"both expect 'The closing' \(Q2 2026\)"):
        await delivery.desk.merge("other", "alpha-beta", actor="test")
