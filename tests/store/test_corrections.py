"""A correction: every message that carries it is brought up to date, and none is sent for it."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery.port import CannotSearch, MessageGone, Undeliverable
from bot.errors import NotAllowed, NotFound
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow_settings import FollowSettings
from bot.model.story import PUBLICATION_WITHDRAWN, Source
from bot.newsroom.desk import Desk
from bot.newsroom.story_writer import PublishOutcome
from tests.store.delivery import LEASE, Delivery, lost_answer, not_taken
from tests.store.material import draft, more, news
from tests.store.publishing import RecordingPublisher


@pytest.fixture(autouse=True)
async def follow_channels(delivery: Delivery) -> None:
    """Two channels follow everything."""
    for place in (1, 2):
        await delivery.follow_channel(place)


def shown(publisher: RecordingPublisher) -> list[list[str]]:
    """Return what the messages say now, in the order in which they arrived."""
    return [publisher.message_headlines[number] for number in sorted(publisher.message_headlines)]


async def test_every_message_that_carries_it_is_edited_once(delivery: Delivery) -> None:
    """In each channel, at once; others are left alone, nothing is sent, and then nothing is owed any more."""
    await delivery.publish_news("first", "second")
    await delivery.send_due()
    delivery.bell.clear()
    assert await delivery.correct("first", "It was otherwise") == 2
    assert delivery.bell.is_set()
    assert (await delivery.get_backlog()).correction_count == 2
    for _ in range(2):
        await delivery.send_due()
    assert sorted(post.destination.discord_id for post in delivery.publisher.edited_posts) == [1, 2]
    assert all(
        post.is_correction and post.message_id == delivery.publisher.message_ids[post.key]
        for post in delivery.publisher.edited_posts
    )
    assert sorted(shown(delivery.publisher)) == [["First news of second"]] * 2 + [["It was otherwise"]] * 2
    assert len(delivery.publisher.sent_posts) == 4
    assert ((await delivery.get_backlog()).correction_count, (await delivery.get_backlog()).sent_count) == (0, 4)


async def test_the_same_correction_again_edits_nothing(delivery: Delivery) -> None:
    """Before it was edited or after; two different ones before an edit make one, which shows the last."""
    await delivery.publish_news("first")
    await delivery.send_due()
    assert [await delivery.correct("first", said) for said in ("Better", "Better", "Best", "Best")] == [2, 0, 2, 0]
    await delivery.send_due()
    assert await delivery.correct("first", "Best") == 0
    await delivery.send_due()
    assert len(delivery.publisher.edited_posts) == 2
    assert shown(delivery.publisher) == [["Best"]] * 2


async def test_a_re_report_edits_no_message_of_another_development(delivery: Delivery) -> None:
    """A re-report with a new development edits no message of another development.

    What is new is posted; what stands is as it was.
    """
    await delivery.publish_news("first")
    await delivery.send_due()
    outcome = await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.send_due()
    assert (outcome.deliveries, outcome.edits, delivery.publisher.edited_posts) == (2, 0, [])


async def test_what_is_corrected_before_it_is_sent_is_sent_corrected(delivery: Delivery) -> None:
    """Also between two tries; no edit is needed."""
    delivery.refuse(1, not_taken())
    await delivery.publish_news("first")
    assert await delivery.correct("first", "Better") == 0
    await delivery.send_due()
    assert await delivery.correct("first", "Best") == 1
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert (delivery.publisher.headlines(2), delivery.publisher.headlines(1)) == (["Better"], ["Best"])
    assert [post.destination.discord_id for post in delivery.publisher.edited_posts] == [2]
    assert shown(delivery.publisher) == [["Best"]] * 2


async def test_a_correction_during_sending_edits_the_post_afterwards(delivery: Delivery) -> None:
    """A post that is corrected while it is being sent is edited after it arrived.

    The post that is under way carries what was known when it was leased.
    """
    gates = [delivery.publisher.close(place) for place in (1, 2)]
    await delivery.publish_news("first")
    async with asyncio.timeout(60):
        sending = asyncio.create_task(delivery.send_due())
        while len(delivery.publisher.attempted_posts) < 2:
            await asyncio.sleep(0)
        assert await delivery.correct("first", "Better") == 0
        for gate in gates:
            gate.set()
        await sending
        await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first"]
    assert shown(delivery.publisher) == [["Better"]] * 2
    assert len(delivery.publisher.edited_posts) == 2


async def test_what_is_corrected_during_an_edit_is_edited_again(delivery: Delivery) -> None:
    """The first edit does not settle the second correction."""
    await delivery.publish_news("first")
    await delivery.send_due()
    gate = delivery.publisher.close_edits(1)
    await delivery.correct("first", "Better")
    async with asyncio.timeout(60):
        editing = asyncio.create_task(delivery.send_due())
        while len(delivery.publisher.edited_posts) < 2:
            await asyncio.sleep(0)
        await delivery.correct("first", "Best")
        gate.set()
        await editing
        await delivery.send_due()
    assert shown(delivery.publisher) == [["Best"]] * 2
    assert [post.items[0].development.headline for post in delivery.publisher.edited_posts].count("Best") == 2
    assert (await delivery.get_backlog()).correction_count == 0


async def test_a_message_that_is_found_is_brought_up_to_date(delivery: Delivery) -> None:
    """Its sender never heard that it stood; it shows what was known then."""
    delivery.publisher.accepts_refused_posts = True
    delivery.refuse(1, lost_answer())
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.correct("first", "Better")
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert len(delivery.publisher.sent_to(1)) == len(delivery.publisher.searched_posts) == 1
    assert shown(delivery.publisher) == [["Better"]] * 2


async def test_a_message_that_could_not_be_found_is_edited_too(delivery: Delivery) -> None:
    """A message that could not be searched for is brought up to date too.

    Sent again under its nonce, Discord gives the message that stands, which says what was known then. It is counted.
    """
    delivery.publisher.accepts_refused_posts = True
    delivery.refuse(1, lost_answer())
    delivery.publisher.search_error = CannotSearch("the bot cannot read the history")
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.correct("first", "Better")
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert len(delivery.publisher.sent_to(1)) == 1
    assert shown(delivery.publisher) == [["Better"]] * 2
    assert ((await delivery.get_health(1)).doubtful_count, (await delivery.get_backlog()).doubtful_count) == (1, 1)


@pytest.mark.parametrize("restarted", [True, False])
async def test_an_unfinished_edit_is_made_by_the_next_process(restarted: bool, delivery: Delivery) -> None:
    """An edit that its process did not live to make is made by the next process.

    At its start, or else when the lease has run out, and not a moment before; nothing is looked for or sent.
    """
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.correct("first", "Better")
    assert len(await delivery.lease()) == 2
    assert not await delivery.is_due()
    if restarted:
        assert await delivery.recover() == 0
    else:
        delivery.clock.now += LEASE
    await delivery.send_due()
    assert shown(delivery.publisher) == [["Better"]] * 2
    assert (
        len(delivery.publisher.edited_posts),
        len(delivery.publisher.sent_posts),
        delivery.publisher.searched_posts,
    ) == (2, 2, [])


async def test_an_edit_that_failed_is_made_later(delivery: Delivery) -> None:
    """Whatever the failure was; a wait that Discord asked for is kept to the second."""
    await delivery.publish_news("first")
    await delivery.send_due()
    delivery.publisher.refuse_edits(1, not_taken(after=600), lost_answer(), LookupError("a bug"))
    await delivery.correct("first", "Better")
    await delivery.send_due()
    delivery.clock.forward(seconds=599)
    assert not await delivery.is_due()
    for seconds in (1, 60, 60):
        delivery.clock.forward(seconds=seconds)
        await delivery.send_due()
    assert shown(delivery.publisher) == [["Better"]] * 2
    assert [post.destination.discord_id for post in delivery.publisher.edited_posts].count(1) == 4
    assert ((await delivery.get_backlog()).sent_count, len(delivery.publisher.sent_posts)) == (2, 2)


@pytest.mark.parametrize("error", [MessageGone("the message was deleted"), Undeliverable("Discord refused it")])
async def test_a_deleted_or_refused_message_gets_no_correction(error: Exception, delivery: Delivery) -> None:
    """A message that is gone or refused is owed no correction any more.

    It is not posted again; it was sent and stays so.
    """
    await delivery.publish_news("first")
    await delivery.send_due()
    delivery.publisher.refuse_edits(1, error)
    await delivery.correct("first", "Better")
    for _ in range(2):
        await delivery.send_due()
        delivery.clock.forward(hours=1)
    figures = await delivery.get_backlog()
    assert (figures.correction_count, figures.sent_count, figures.failed_count) == (0, 2, 0)
    assert (len(delivery.publisher.edited_posts), len(delivery.publisher.sent_posts)) == (2, 2)


async def test_what_is_retracted_before_it_is_sent_is_not_sent(delivery: Delivery) -> None:
    """Also after a try that was surely not taken; whoever has it already sees it retracted."""
    delivery.refuse(1, not_taken())
    await delivery.publish_news("first", "second")
    await delivery.retract("second")
    await delivery.send_due()
    assert (await delivery.retract("first")).edits == 1
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert (delivery.publisher.headlines(1), delivery.publisher.headlines(2)) == ([], ["First news of first"])
    assert [post.items[0].development.retraction_reason for post in delivery.publisher.edited_posts] == [
        "It was not so"
    ]
    assert ((await delivery.get_backlog()).waiting_count, (await delivery.get_backlog()).sent_count) == (0, 1)


async def test_what_stands_after_all_is_sent_after_all(delivery: Delivery) -> None:
    """Also into a digest; whoever has it sees it unstruck, and nobody gets it twice."""
    await delivery.follow_channel(3, settings=FollowSettings(DeliveryMode.DAILY))
    delivery.refuse(1, not_taken())
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.retract("first")
    delivery.clock.forward(days=2)
    await delivery.send_due()
    assert [delivery.publisher.headlines(place) for place in (1, 2, 3)] == [[], ["First news of first"], []]
    await delivery.publish(more("first", news("First news of first", key="told")))
    delivery.clock.forward(days=2)
    await delivery.send_due()
    assert [delivery.publisher.headlines(place) for place in (1, 2, 3)] == [["First news of first"]] * 3
    assert delivery.publisher.edited_posts[-1].items[0].development.retraction_reason == ""


async def add_source(desk: Desk, source: Source) -> PublishOutcome:
    async with desk.transaction("test") as writer:
        return await writer.add_sources("first", "told", [source])


async def test_a_further_source_is_shown_and_told_to_nobody(delivery: Delivery) -> None:
    """Once, whether it is known by its link or by its title; taken back, it is gone."""
    await delivery.publish_news("first")
    await delivery.send_due()
    wire = Source("The Wire", "Told again", "https://wire.example/7")
    outcome = await add_source(delivery.desk, wire)
    again = await add_source(delivery.desk, Source("The Wire", "New title", wire.url))
    await add_source(delivery.desk, Source("The Slip", "No link"))
    same = await add_source(delivery.desk, Source("The Slip", "No link"))
    assert (outcome.edits, again.is_changed, same.is_changed) == (2, False, False)
    await delivery.send_due()
    assert len(delivery.publisher.sent_posts) == 2
    assert [s.publisher for s in delivery.publisher.edited_posts[-1].items[0].development.sources][-2:] == [
        "The Wire",
        "The Slip",
    ]
    async with delivery.desk.transaction("test") as writer:
        taken = await writer.remove_sources("first", "told", [wire])
    assert wire not in taken.story.developments[0].sources


async def test_what_may_stand_already_is_not_withdrawn(delivery: Delivery) -> None:
    """It is looked for, and shows that it was retracted."""
    delivery.publisher.accepts_refused_posts = True
    delivery.refuse(1, lost_answer())
    delivery.refuse(2, lost_answer())
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.retract("first")
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert len(delivery.publisher.searched_posts) == len(delivery.publisher.sent_posts) == 2
    assert [post.items[0].development.retraction_reason for post in delivery.publisher.edited_posts] == [
        "It was not so"
    ] * 2


async def test_one_edit_of_a_channel_is_under_way_at_a_time(delivery: Delivery) -> None:
    """Oldest first, for it has one limit for all of them; other channels' edits and new posts do not wait for it."""
    await delivery.publish(draft("many", *(news(f"News {n}", key=f"n{n}") for n in range(4))))
    await delivery.send_due()
    for n in range(4):
        await delivery.correct("many", f"Better {n}", key=f"n{n}")
    gate = delivery.publisher.close_edits(1)
    await delivery.publish_news("new")
    async with asyncio.timeout(60):
        working = asyncio.create_task(delivery.send_due())
        while [post.destination.discord_id for post in delivery.publisher.edited_posts].count(2) < 4 or len(
            delivery.publisher.sent_posts
        ) < 10:
            await asyncio.sleep(0)
        assert [post.destination.discord_id for post in delivery.publisher.edited_posts].count(1) == 1
        assert await delivery.lease() == ()
        gate.set()
        await working
    edits = [p.items[0].development.headline for p in delivery.publisher.edited_posts if p.destination.discord_id == 1]
    assert edits == [f"Better {n}" for n in range(4)]


async def test_a_publication_and_a_retraction_are_undone_once(delivery: Delivery) -> None:
    """By whoever clicks first; the second click changes nothing and says so."""
    await delivery.publish_news("first")
    async with delivery.store.read() as tx:
        (development,) = (await tx.stories.get("first")).developments
    withdrawn = await delivery.desk.withdraw_publication(development.id, actor="one")
    assert [new.retraction_reason for _, new in withdrawn.corrections] == [PUBLICATION_WITHDRAWN]
    with pytest.raises(NotAllowed, match="has already been retracted"):
        await delivery.desk.withdraw_publication(development.id, actor="two")
    again = await delivery.desk.reinstate(development.id, actor="one")
    assert (again.deliveries, again.edits) == (2, 0), "nothing was sent yet, so all is sent after all"
    with pytest.raises(NotAllowed, match="has already been undone"):
        await delivery.desk.reinstate(development.id, actor="two")
    with pytest.raises(NotFound):
        await delivery.desk.reinstate(development.id + 100, actor="two")
    async with delivery.store.read() as tx:
        entries = await tx.audit.list_entries("first")
    assert [entry.action for entry in entries][-2:] == ["development retracted", "development reinstated"]
