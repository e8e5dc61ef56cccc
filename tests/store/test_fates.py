"""Why a development was posted to a channel, or was not: each rule."""

from __future__ import annotations

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.following import Following
from bot.delivery.port import Blocked, Undeliverable
from bot.model.fate import Fate, Rule
from bot.model.follow import EVERYTHING
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.looking import health, publish
from tests.store.material import START, HandClock, channel, company, draft, more, news
from tests.store.material import story as story_target
from tests.store.publishing import RecordingPublisher


async def fates(store: Store, following: Following, place: int = 1, slug: str = "first") -> list[Fate]:
    async with store.read() as session:
        found = await session.stories.get(slug)
    assert found is not None
    return list(await following.fates(found, place))


async def fate(store: Store, following: Following, place: int = 1) -> Fate:
    """Of a story's only development."""
    (only,) = await fates(store, following, place)
    return only


async def test_what_was_posted_gives_its_message_and_time(
    store: Store,
    desk: Desk,
    following: Following,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Though its follow has ended since."""
    made, _ = await following.follow(channel(1), EVERYTHING, by=1)
    await publish(desk, "first")
    clock.forward(minutes=2)
    await dispatcher.run_until_idle()
    await following.unfollow(made)
    found = await fate(store, following)
    assert (found.rule, found.at, found.reason) == (Rule.POSTED, clock(), "")
    assert found.message_id == publisher.stands[publisher.sent[0].key]
    assert found.development.headline == "First news of first"


async def test_what_waits_says_for_what(
    store: Store, desk: Desk, following: Following, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """Before it was tried there is nothing to say."""
    await following.follow(channel(1), EVERYTHING, by=1)
    publisher.refuse(1, Blocked("give it Send Messages"))
    await publish(desk, "first")
    assert ((await fate(store, following)).rule, (await fate(store, following)).reason) == (Rule.WAITING, "")
    await dispatcher.run_until_idle()
    found = await fate(store, following)
    assert (found.rule, found.message_id, found.reason) == (Rule.WAITING, 0, "give it Send Messages")


async def test_what_failed_says_why(
    store: Store, desk: Desk, following: Following, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """Discord refused it, or it was withdrawn."""
    await following.follow(channel(1), EVERYTHING, by=1)
    publisher.refuse(1, Undeliverable("Discord refuses this message"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    found = await fate(store, following)
    assert (found.rule, found.reason, found.at) == (Rule.FAILED, "Discord refuses this message", START)
    await publish(desk, "second")
    await desk.retract("second", "told", "It was not so", actor="test")
    (found,) = await fates(store, following, slug="second")
    assert (found.rule, found.reason) == (Rule.FAILED, "it was retracted before it was posted")
    assert (await health(store, 1)).last_failure == "it was retracted before it was posted"


async def test_what_nothing_here_follows_says_so(store: Store, desk: Desk, following: Following) -> None:
    """Whether the channel is known for another follow, or not at all."""
    await publish(desk, "first", "second")
    await following.follow(channel(1), story_target("second"), by=1)
    assert (await fate(store, following, 1)).rule is Rule.NO_FOLLOW
    assert (await fate(store, following, 99)).rule is Rule.NO_FOLLOW


@pytest.mark.parametrize(
    "target", [EVERYTHING, company("Alpha"), story_target("first")], ids=["all", "company", "story"]
)
async def test_what_was_known_before_the_follow_says_so(
    target: object, store: Store, desk: Desk, following: Following, dispatcher: Dispatcher, clock: HandClock
) -> None:
    """And what came in after it is posted, by whatever target it matches."""
    await publish(desk, "first")
    clock.forward(hours=1)
    await following.follow(channel(1), target, by=1)  # type: ignore[arg-type]  # a Target, as the parameters say
    clock.forward(hours=1)
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    before, after = await fates(store, following)
    assert (before.rule, before.at) == (Rule.BEFORE_FOLLOW, START)
    assert after.rule is Rule.POSTED


async def test_what_came_in_silently_says_so(store: Store, desk: Desk, following: Following, clock: HandClock) -> None:
    """It was followed, and the import announced nothing."""
    await following.follow(channel(1), EVERYTHING, by=1)
    clock.forward(hours=1)
    await desk.publish(draft("first"), actor="test", announce=False)
    assert (await fate(store, following)).rule is Rule.SILENT


async def test_what_came_while_the_follow_had_stopped_says_why_it_had(
    store: Store, desk: Desk, following: Following, clock: HandClock
) -> None:
    """What came when it was served again is on its way."""
    await following.follow(channel(1), EVERYTHING, by=1)
    await following.left(1)
    clock.forward(hours=1)
    await publish(desk, "first")
    found = await fate(store, following)
    assert (found.rule, found.reason) == (Rule.STOPPED, "the bot was removed from the server")
    await following.back(1)
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    assert [found.rule for found in await fates(store, following)] == [Rule.STOPPED, Rule.WAITING]


async def test_the_fates_of_two_channels_are_their_own(
    store: Store, desk: Desk, following: Following, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """One got it, the other refuses it."""
    for place in (1, 2):
        await following.follow(channel(place), EVERYTHING, by=1)
    publisher.refuse(2, Undeliverable("Discord refuses this message"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert [(await fate(store, following, place)).rule for place in (1, 2)] == [Rule.POSTED, Rule.FAILED]


async def test_the_health_of_a_channel_counts_its_own_posts(
    store: Store,
    desk: Desk,
    following: Following,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """One sent, one refused, one waiting; a channel that is not known has no health."""
    await following.follow(channel(1), EVERYTHING, by=1)
    await following.follow(channel(2), EVERYTHING, by=1)
    publisher.refuse(1, Undeliverable("Discord refuses this message"))
    await publish(desk, "first", "second")
    await dispatcher.run_until_idle()
    clock.forward(minutes=1)
    await publish(desk, "third")
    there = await health(store, 1)
    assert (there.waiting, there.oldest, there.sent, there.failed) == (1, clock(), 1, 1)
    assert (there.last_sent, there.last_failure, there.unsettled) == (START, "Discord refuses this message", 0)
    assert ((await health(store, 2)).sent, (await health(store, 2)).failed) == (2, 0)
    async with store.read() as session:
        assert await session.destinations.health([99]) == {}
