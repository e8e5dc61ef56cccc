"""A correction: every message that carries it is brought up to date, and none is sent for it."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import CannotSearch, MessageGone, Undeliverable
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import EVERYTHING
from bot.model.follow_settings import FollowSettings
from bot.model.story import Source
from bot.newsroom.desk import Desk
from bot.newsroom.story_writer import PublishOutcome
from bot.store import Store
from tests.store.looking import (
    LEASED_FOR,
    backlog,
    correct,
    health,
    is_due,
    lease,
    lost_answer,
    not_taken,
    publish,
    recover,
)
from tests.store.material import HandClock, channel, draft, more, news
from tests.store.publishing import RecordingPublisher


@pytest.fixture(autouse=True)
async def followed(subscriptions: Subscriptions) -> None:
    """Two channels follow everything."""
    for place in (1, 2):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)


def shown(publisher: RecordingPublisher) -> list[list[str]]:
    """What the messages say now, in the order in which they arrived."""
    return [publisher.shown[number] for number in sorted(publisher.shown)]


async def test_every_message_that_carries_it_is_edited_once(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, bell: asyncio.Event
) -> None:
    """In each channel, at once; others are left alone, nothing is sent, and then nothing is owed any more."""
    await publish(desk, "first", "second")
    await dispatcher.run_until_idle()
    bell.clear()
    assert await correct(desk, "first", "It was otherwise") == 2
    assert bell.is_set()
    assert (await backlog(store)).correction_count == 2
    for _ in range(2):
        await dispatcher.run_until_idle()
    assert sorted(post.destination.discord_id for post in publisher.edited) == [1, 2]
    assert all(post.is_correction and post.message_id == publisher.stands[post.key] for post in publisher.edited)
    assert sorted(shown(publisher)) == [["First news of second"]] * 2 + [["It was otherwise"]] * 2
    assert len(publisher.sent) == 4
    assert ((await backlog(store)).correction_count, (await backlog(store)).sent_count) == (0, 4)


async def test_the_same_correction_again_edits_nothing(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """Before it was edited or after; two different ones before an edit make one, which shows the last."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert [await correct(desk, "first", said) for said in ("Better", "Better", "Best", "Best")] == [2, 0, 2, 0]
    await dispatcher.run_until_idle()
    assert await correct(desk, "first", "Best") == 0
    await dispatcher.run_until_idle()
    assert len(publisher.edited) == 2
    assert shown(publisher) == [["Best"]] * 2


async def test_a_re_report_edits_no_message_of_another_development(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """A re-report with a new development edits no message of another development.

    What is new is posted; what stands is as it was.
    """
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    outcome = await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    assert (outcome.deliveries, outcome.edits, publisher.edited) == (2, 0, [])


async def test_what_is_corrected_before_it_is_sent_is_sent_corrected(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Also between two tries; no edit is needed."""
    publisher.refuse(1, not_taken())
    await publish(desk, "first")
    assert await correct(desk, "first", "Better") == 0
    await dispatcher.run_until_idle()
    assert await correct(desk, "first", "Best") == 1
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert (publisher.headlines(2), publisher.headlines(1)) == (["Better"], ["Best"])
    assert [post.destination.discord_id for post in publisher.edited] == [2]
    assert shown(publisher) == [["Best"]] * 2


async def test_a_correction_during_sending_edits_the_post_afterwards(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """A post that is corrected while it is being sent is edited after it arrived.

    The post that is under way carries what was known when it was leased.
    """
    gates = [publisher.close(place) for place in (1, 2)]
    await publish(desk, "first")
    async with asyncio.timeout(5):
        sending = asyncio.create_task(dispatcher.run_until_idle())
        while len(publisher.tried) < 2:
            await asyncio.sleep(0)
        assert await correct(desk, "first", "Better") == 0
        for gate in gates:
            gate.set()
        await sending
        await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first"]
    assert shown(publisher) == [["Better"]] * 2
    assert len(publisher.edited) == 2


async def test_what_is_corrected_during_an_edit_is_edited_again(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """The first edit does not settle the second correction."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    gate = publisher.close_edits(1)
    await correct(desk, "first", "Better")
    async with asyncio.timeout(5):
        editing = asyncio.create_task(dispatcher.run_until_idle())
        while len(publisher.edited) < 2:
            await asyncio.sleep(0)
        await correct(desk, "first", "Best")
        gate.set()
        await editing
        await dispatcher.run_until_idle()
    assert shown(publisher) == [["Best"]] * 2
    assert [post.items[0].development.headline for post in publisher.edited].count("Best") == 2
    assert (await backlog(store)).correction_count == 0


async def test_a_message_that_is_found_is_brought_up_to_date(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Its sender never heard that it stood; it shows what was known then."""
    publisher.takes_all_the_same = True
    publisher.refuse(1, lost_answer())
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await correct(desk, "first", "Better")
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert len(publisher.sent_to(1)) == len(publisher.looked_for) == 1
    assert shown(publisher) == [["Better"]] * 2


async def test_a_message_that_could_not_be_found_is_edited_too(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A message that could not be searched for is brought up to date too.

    Sent again under its nonce, Discord gives the message that stands, which says what was known then. It is counted.
    """
    publisher.takes_all_the_same = True
    publisher.refuse(1, lost_answer())
    publisher.cannot_look = CannotSearch("the bot cannot read the history")
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await correct(desk, "first", "Better")
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert len(publisher.sent_to(1)) == 1
    assert shown(publisher) == [["Better"]] * 2
    assert ((await health(store, 1)).doubtful_count, (await backlog(store)).doubtful_count) == (1, 1)


@pytest.mark.parametrize("restarted", [True, False])
async def test_an_unfinished_edit_is_made_by_the_next_process(
    restarted: bool, store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """An edit that its process did not live to make is made by the next process.

    At its start, or else when the lease has run out, and not a moment before; nothing is looked for or sent.
    """
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await correct(desk, "first", "Better")
    assert len(await lease(store, clock)) == 2
    assert not await is_due(store, clock)
    if restarted:
        assert await recover(store, clock) == 0
    else:
        clock.now += LEASED_FOR
    await dispatcher.run_until_idle()
    assert shown(publisher) == [["Better"]] * 2
    assert (len(publisher.edited), len(publisher.sent), publisher.looked_for) == (2, 2, [])


async def test_an_edit_that_failed_is_made_later(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Whatever the failure was; a wait that Discord asked for is kept to the second."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    publisher.refuse_edits(1, not_taken(after=600), lost_answer(), LookupError("a bug"))
    await correct(desk, "first", "Better")
    await dispatcher.run_until_idle()
    clock.forward(seconds=599)
    assert not await is_due(store, clock)
    for seconds in (1, 60, 60):
        clock.forward(seconds=seconds)
        await dispatcher.run_until_idle()
    assert shown(publisher) == [["Better"]] * 2
    assert [post.destination.discord_id for post in publisher.edited].count(1) == 4
    assert ((await backlog(store)).sent_count, len(publisher.sent)) == (2, 2)


@pytest.mark.parametrize("error", [MessageGone("the message was deleted"), Undeliverable("Discord refuses it")])
async def test_a_deleted_or_refused_message_gets_no_correction(
    error: Exception, store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A message that is gone or refused is owed no correction any more.

    It is not posted again; it was sent and stays so.
    """
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    publisher.refuse_edits(1, error)
    await correct(desk, "first", "Better")
    for _ in range(2):
        await dispatcher.run_until_idle()
        clock.forward(hours=1)
    figures = await backlog(store)
    assert (figures.correction_count, figures.sent_count, figures.failed_count) == (0, 2, 0)
    assert (len(publisher.edited), len(publisher.sent)) == (2, 2)


async def test_what_is_retracted_before_it_is_sent_is_not_sent(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Also after a try that was surely not taken; whoever has it already sees it retracted."""
    publisher.refuse(1, not_taken())
    await publish(desk, "first", "second")
    await desk.retract("second", "told", "It was not so", actor="test")
    await dispatcher.run_until_idle()
    assert (await desk.retract("first", "told", "It was not so", actor="test")).edits == 1
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert (publisher.headlines(1), publisher.headlines(2)) == ([], ["First news of first"])
    assert [post.items[0].development.retraction_reason for post in publisher.edited] == ["It was not so"]
    assert ((await backlog(store)).waiting_count, (await backlog(store)).sent_count) == (0, 1)


async def test_what_stands_after_all_is_sent_after_all(
    desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Also into a digest; whoever has it sees it unstruck, and nobody gets it twice."""
    await subscriptions.follow(channel(3), EVERYTHING, created_by=1, settings=FollowSettings(DeliveryMode.DAILY))
    publisher.refuse(1, not_taken())
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await desk.retract("first", "told", "It was not so", actor="test")
    clock.forward(days=2)
    await dispatcher.run_until_idle()
    assert [publisher.headlines(place) for place in (1, 2, 3)] == [[], ["First news of first"], []]
    await desk.publish(more("first", news("First news of first", key="told")), actor="test")
    clock.forward(days=2)
    await dispatcher.run_until_idle()
    assert [publisher.headlines(place) for place in (1, 2, 3)] == [["First news of first"]] * 3
    assert publisher.edited[-1].items[0].development.retraction_reason == ""


async def add_source(desk: Desk, source: Source) -> PublishOutcome:
    async with desk.transaction("test") as writer:
        return await writer.add_sources("first", "told", [source])


async def test_a_further_source_is_shown_and_told_to_nobody(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """Once, whether it is known by its link or by its title; taken back, it is gone."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    wire = Source("The Wire", "Told again", "https://wire.example/7")
    outcome = await add_source(desk, wire)
    again = await add_source(desk, Source("The Wire", "New title", wire.url))
    await add_source(desk, Source("The Slip", "No link"))
    same = await add_source(desk, Source("The Slip", "No link"))
    assert (outcome.edits, again.is_changed, same.is_changed) == (2, False, False)
    await dispatcher.run_until_idle()
    assert len(publisher.sent) == 2
    assert [s.publisher for s in publisher.edited[-1].items[0].development.sources][-2:] == ["The Wire", "The Slip"]
    async with desk.transaction("test") as writer:
        taken = await writer.remove_sources("first", "told", [wire])
    assert wire not in taken.story.developments[0].sources


async def test_what_may_stand_already_is_not_withdrawn(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """It is looked for, and shows that it was retracted."""
    publisher.takes_all_the_same = True
    publisher.refuse(1, lost_answer())
    publisher.refuse(2, lost_answer())
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await desk.retract("first", "told", "It was not so", actor="test")
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert len(publisher.looked_for) == len(publisher.sent) == 2
    assert [post.items[0].development.retraction_reason for post in publisher.edited] == ["It was not so"] * 2


async def test_one_edit_of_a_channel_is_under_way_at_a_time(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Oldest first, for it has one limit for all of them; other channels' edits and new posts do not wait for it."""
    await desk.publish(draft("many", *(news(f"News {n}", key=f"n{n}") for n in range(4))), actor="test")
    await dispatcher.run_until_idle()
    for n in range(4):
        await desk.correct("many", f"n{n}", {"headline": f"Better {n}"}, actor="test")
    gate = publisher.close_edits(1)
    await publish(desk, "new")
    async with asyncio.timeout(5):
        working = asyncio.create_task(dispatcher.run_until_idle())
        while [post.destination.discord_id for post in publisher.edited].count(2) < 4 or len(publisher.sent) < 10:
            await asyncio.sleep(0)
        assert [post.destination.discord_id for post in publisher.edited].count(1) == 1
        assert await lease(store, clock) == ()
        gate.set()
        await working
    edits = [p.items[0].development.headline for p in publisher.edited if p.destination.discord_id == 1]
    assert edits == [f"Better {n}" for n in range(4)]
