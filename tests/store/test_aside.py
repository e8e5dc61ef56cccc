"""Posts that Discord refuses for hours without a documented reason, and refusals that many channels have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.incidents import (
    INCIDENT_CHANNELS,
    INCIDENT_MESSAGE,
    INCIDENT_WINDOW,
    SET_ASIDE_MESSAGE,
    IncidentReport,
)
from bot.delivery.operator_queue import OWN_ERROR_ATTEMPTS, OperatorQueue
from bot.delivery.port import DestinationBlocked, MessageGone, TryAgain, Undeliverable, UnexplainedRefusal
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_report import DeliveryReason
from bot.model.follow import EVERYTHING
from bot.newsroom.desk import Desk
from bot.store import OutboxStats, Store
from tests.store.material import HandClock, channel, draft
from tests.store.publishing import RecordingPublisher

WHY = "Discord refuses it: Something new (999999)"


class Day:
    """Time that goes by in steps of five minutes, with news now and then."""

    def __init__(self, desk: Desk, dispatcher: Dispatcher, clock: HandClock) -> None:
        self._desk = desk
        self._dispatcher = dispatcher
        self._clock = clock
        self.told = 0

    async def tell(self) -> str:
        """News of a story of its own; its headline."""
        self.told += 1
        await self._desk.publish(draft(f"story-{self.told}"), actor="test")
        return f"First news of story-{self.told}"

    async def passes(self, hours: float, *, news: bool = False) -> None:
        """The dispatcher sends what is due; with ``news`` something is published every half hour."""
        for step in range(int(hours * 12)):
            if news and step % 6 == 0:
                await self.tell()
            await self._dispatcher.run_until_idle()
            self._clock.forward(minutes=5, seconds=1)


@pytest.fixture
def reports() -> list[IncidentReport]:
    return []


@pytest.fixture
def dispatcher(
    store: Store, publisher: RecordingPublisher, clock: HandClock, bell: asyncio.Event, reports: list[IncidentReport]
) -> Dispatcher:
    async def report(told: IncidentReport) -> bool:
        reports.append(told)
        return True

    return Dispatcher(store, publisher, clock, bell, report=report)


@pytest.fixture
def day(desk: Desk, dispatcher: Dispatcher, clock: HandClock) -> Day:
    return Day(desk, dispatcher, clock)


@pytest.fixture
def aside(store: Store, clock: HandClock) -> OperatorQueue:
    return OperatorQueue(store, clock)


async def backlog(store: Store) -> OutboxStats:
    async with store.read() as tx:
        return await tx.outbox.get_stats()


def always(refusal: Callable[[], Exception]) -> list[Exception]:
    """More refusals than any test needs."""
    return [refusal() for _ in range(1_000)]


def unlisted() -> Exception:
    return UnexplainedRefusal(WHY, in_doubt=False)


async def refused_in_one_channel(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day
) -> tuple[str, str]:
    """A post that one of two channels refuses for hours, and the headline of the next; ends with the first one set aside."""
    for number in (1, 2):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
    first = await day.tell()
    publisher.refuse_post(1, first, always(unlisted))
    second = await day.tell()
    await day.passes(5.5, news=True)
    assert publisher.headlines(1) == []
    assert (await backlog(store)).set_aside_count == 0
    await day.passes(1.5, news=True)
    return first, second


async def test_a_post_refused_for_hours_is_set_aside(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, reports: list[IncidentReport]
) -> None:
    """A post is set aside if it is refused for hours while others arrive.

    What waited behind it arrives, the desk is told once, and the figures count it.
    """
    first, second = await refused_in_one_channel(store, subscriptions, publisher, day)
    assert publisher.headlines(1)[0] == second
    assert first not in publisher.headlines(1)
    assert first in publisher.headlines(2)
    assert ((await backlog(store)).set_aside_count, (await backlog(store)).waiting_count) == (1, 0)
    assert reports == [IncidentReport(SET_ASIDE_MESSAGE, WHY)]
    assert publisher.warned == []
    async with store.read() as tx:
        story = await tx.stories.find("story-1")
        assert story is not None
        (fate,) = await tx.delivery_reports.build(story, 1)
        health = await tx.destination_health.get_health([1])
    assert (fate.reason_code, fate.detail) == (DeliveryReason.SET_ASIDE, WHY)
    assert (health[1].set_aside_count, health[1].failed_count, health[1].waiting_count) == (1, 0, 0)


async def test_the_operator_sends_it_again(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, aside: OperatorQueue
) -> None:
    first, _ = await refused_in_one_channel(store, subscriptions, publisher, day)
    (post,), count = await aside.list_oldest(5)
    assert (post.headlines, post.reason, post.destination.discord_id, count) == ((first,), WHY, 1, 1)
    publisher.refused_posts.clear()
    assert await aside.send_again(post.id, actor="test") == 1
    assert await aside.send_again(post.id, actor="test") == 0
    await day.passes(0.1)
    assert publisher.headlines(1).count(first) == 1
    assert (await backlog(store)).set_aside_count == 0


async def test_a_retried_post_is_set_aside_only_after_more_hours(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, aside: OperatorQueue
) -> None:
    """A post that is tried anew is set aside again only after it was refused for hours again."""
    await refused_in_one_channel(store, subscriptions, publisher, day)
    assert await aside.send_again(actor="test") == 1
    await day.passes(4, news=True)
    assert ((await backlog(store)).set_aside_count, (await backlog(store)).waiting_count > 0) == (0, True)


async def test_the_operator_drops_it(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, aside: OperatorQueue
) -> None:
    first, _ = await refused_in_one_channel(store, subscriptions, publisher, day)
    (post,), _ = await aside.list_oldest(5)
    assert await aside.drop(post.id, actor="test")
    assert not await aside.drop(post.id, actor="test")
    assert await aside.send_again(actor="test") == 0
    await day.passes(1)
    assert first not in publisher.headlines(1)
    assert ((await backlog(store)).set_aside_count, (await backlog(store)).failed_count) == (0, 1)


async def test_what_is_retracted_meanwhile_is_not_sent_again(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    day: Day,
    aside: OperatorQueue,
) -> None:
    await refused_in_one_channel(store, subscriptions, publisher, day)
    async with store.read() as tx:
        story = await tx.stories.find("story-1")
    assert story is not None
    await desk.retract("story-1", story.developments[0].key, "It was not so", actor="test")
    assert await aside.send_again(actor="test") == 0


async def test_an_outage_sets_nothing_aside(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, reports: list[IncidentReport]
) -> None:
    """However long nothing arrives anywhere, all of it comes when Discord is back; also what lags behind for a while."""
    for number in (1, 2, 3):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
    await day.passes(2, news=True)
    for number in (1, 2, 3):
        publisher.refuse(number, *always(unlisted))
    await day.passes(8, news=True)
    publisher.refusals_end(1)
    await day.passes(0.8, news=True)
    publisher.refusals_end(2)
    publisher.refusals_end(3)
    await day.passes(1)
    assert (await backlog(store)).set_aside_count == (await backlog(store)).waiting_count == 0
    told = {f"First news of story-{number + 1}" for number in range(day.told)}
    assert [set(publisher.headlines(number)) for number in (1, 2, 3)] == [told] * 3
    assert [len(publisher.headlines(number)) for number in (1, 2, 3)] == [len(told)] * 3
    assert reports == []


async def test_the_only_channel_is_not_held_up_for_ever(
    store: Store, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day
) -> None:
    """Nothing else can arrive to show that Discord takes posts: after hours the next post of the channel shows it."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    first = await day.tell()
    publisher.refuse_post(1, first, always(unlisted))
    await day.passes(9, news=True)
    told = [f"First news of story-{number + 1}" for number in range(1, day.told)]
    assert publisher.headlines(1) == told
    assert (await backlog(store)).set_aside_count == 1


async def test_a_correction_refused_for_hours_is_made_later(
    store: Store, desk: Desk, subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day
) -> None:
    """A correction that is refused for hours waits and is made.

    The message stands: it is neither set aside nor given up, and is tried ever more seldom.
    """
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    await day.tell()
    await day.passes(0.1)
    async with store.read() as tx:
        story = await tx.stories.find("story-1")
    assert story is not None
    await desk.correct("story-1", story.developments[0].key, {"headline": "Corrected"}, actor="test")
    publisher.refuse_edits(1, *always(unlisted))
    await day.passes(7, news=True)
    tries = len(publisher.edited)
    await day.passes(6, news=True)
    assert 3 <= len(publisher.edited) - tries <= 13
    assert ((await backlog(store)).set_aside_count, (await backlog(store)).correction_count) == (0, 1)
    publisher.refusals_end(1)
    await day.passes(2)
    assert publisher.shown[publisher.sent[0].message_id or 1_001] == ["Corrected"]


async def test_a_post_that_cannot_be_made_is_set_aside(
    store: Store,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    day: Day,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A post that cannot be made is set aside and delays no other.

    By an error of the bot's own, which no waiting mends.
    """
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    first = await day.tell()
    publisher.refuse_post(1, first, always(lambda: IndexError("a bug")))
    second = await day.tell()
    await day.passes(2)
    assert publisher.headlines(1) == [second]
    assert (await backlog(store)).set_aside_count == 1
    assert sum(post.key == publisher.tried[0].key for post in publisher.tried) == OWN_ERROR_ATTEMPTS


@pytest.mark.parametrize(
    "refusal", [DestinationBlocked, Undeliverable, lambda why: UnexplainedRefusal(why, in_doubt=False)]
)
async def test_the_same_refusal_in_ten_channels_is_one_incident(
    refusal: Callable[[str], Exception],
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    day: Day,
    reports: list[IncidentReport],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is reported once, in the log too, and nobody is written to."""
    for number in range(1, 31):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse(number, *(refusal(WHY) for _ in range(3)))
    await day.tell()
    with caplog.at_level("INFO"):
        await day.passes(0.2)
    assert reports == [IncidentReport(INCIDENT_MESSAGE, WHY)]
    assert publisher.warned == []
    assert sum(WHY in record.getMessage() for record in caplog.records) == INCIDENT_CHANNELS


async def test_an_incident_that_lasts_is_reported_once(
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    day: Day,
    dispatcher: Dispatcher,
    clock: HandClock,
    reports: list[IncidentReport],
) -> None:
    """Blocked channels are tried ever more seldom. A channel that is refused by itself meanwhile is told of."""
    for number in range(1, 13):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse(number, *always(lambda: DestinationBlocked(WHY)))
    await day.tell()
    for _ in range(30):
        await dispatcher.run_until_idle()
        clock.forward(hours=1)
    assert reports == [IncidentReport(INCIDENT_MESSAGE, WHY)]
    assert publisher.warned == []
    await subscriptions.follow(channel(20), EVERYTHING, created_by=2)
    publisher.refuse(20, DestinationBlocked(WHY))
    await day.tell()
    await dispatcher.run_until_idle()
    assert publisher.warned == [(20, (2,), WHY)]
    for number in range(31, 41):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse(number, DestinationBlocked(WHY))
    await day.tell()
    await dispatcher.run_until_idle()
    assert reports == [IncidentReport(INCIDENT_MESSAGE, WHY)] * 2


async def test_messages_that_were_deleted_are_no_incident(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    day: Day,
    reports: list[IncidentReport],
) -> None:
    """A correction finds nothing to correct there, and all that is new arrives."""
    for number in range(1, 13):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse_edits(number, MessageGone("the message was deleted"))
    await day.tell()
    await day.passes(0.1)
    async with store.read() as tx:
        story = await tx.stories.find("story-1")
    assert story is not None
    await desk.correct("story-1", story.developments[0].key, {"headline": "Corrected"}, actor="test")
    await day.passes(0.1)
    assert len(publisher.edited) == 12
    assert reports == []


async def test_a_channel_that_is_alone_with_its_refusal_is_told_of(
    subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, reports: list[IncidentReport]
) -> None:
    """So are nine."""
    for number in range(1, INCIDENT_CHANNELS):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=number)
        publisher.refuse(number, DestinationBlocked(WHY))
    await day.tell()
    await day.passes(0.1)
    assert sorted(publisher.warned) == [(number, (number,), WHY) for number in range(1, INCIDENT_CHANNELS)]
    assert reports == []


async def test_refusals_that_come_far_apart_are_no_incident(
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    day: Day,
    clock: HandClock,
    reports: list[IncidentReport],
) -> None:
    for number in range(1, 31):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=number)
        publisher.refuse(number, DestinationBlocked(WHY))
        await day.tell()
        await day.passes(0.1)
        clock.forward(seconds=INCIDENT_WINDOW.total_seconds())
    assert reports == []
    assert len(publisher.warned) == 30


async def test_waiting_because_discord_asks_to_is_no_incident(
    subscriptions: Subscriptions, publisher: RecordingPublisher, day: Day, reports: list[IncidentReport]
) -> None:
    for number in range(1, 31):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse(number, TryAgain("Discord asks to wait", in_doubt=False, retry_after=1.0))
    await day.tell()
    await day.passes(0.2)
    assert reports == []
    assert len(publisher.sent) == 30


async def test_a_report_that_cannot_be_given_is_given_later(
    store: Store,
    publisher: RecordingPublisher,
    clock: HandClock,
    subscriptions: Subscriptions,
    desk: Desk,
    bell: asyncio.Event,
) -> None:
    given: list[IncidentReport] = []
    answers = iter([False, True])

    async def report(told: IncidentReport) -> bool:
        given.append(told)
        return next(answers)

    dispatcher = Dispatcher(store, publisher, clock, bell, report=report)
    for number in range(1, 11):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse(number, unlisted())
    await Day(desk, dispatcher, clock).tell()
    await Day(desk, dispatcher, clock).passes(0.3)
    assert given == [IncidentReport(INCIDENT_MESSAGE, WHY)] * 2
