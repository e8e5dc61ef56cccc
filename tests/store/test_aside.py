"""Posts that Discord refuses for hours without a documented reason, and refusals that many channels have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

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
from bot.model.delivery_report import DeliveryReason
from bot.store import Store
from tests.store.delivery import Delivery
from tests.store.material import HandClock, draft
from tests.store.publishing import RecordingPublisher

WHY = "Discord refused it: Something new (999999)"


class Day:
    """Time that goes by in steps, with news now and then."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.story_count = 0

    async def tell(self) -> str:
        """News of a story of its own; its headline."""
        self.story_count += 1
        await self._delivery.publish(draft(f"story-{self.story_count}"))
        return f"First news of story-{self.story_count}"

    async def passes(self, hours: float, *, news: bool = False) -> None:
        """Let the dispatcher send what is due; with ``news`` something is published every half hour.

        A step is five minutes, the longest that a young post waits for its next attempt; in hours it is a quarter.
        """
        minutes = 5 if hours < 1 else 15
        for step in range(int(hours * 60) // minutes):
            if news and step * minutes % 30 == 0:
                await self.tell()
            await self._delivery.send_due()
            self._delivery.clock.forward(minutes=minutes, seconds=1)


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
def day(delivery: Delivery) -> Day:
    return Day(delivery)


@pytest.fixture
def aside(delivery: Delivery) -> OperatorQueue:
    return OperatorQueue(delivery.store, delivery.clock)


def always(refusal: Callable[[], Exception]) -> list[Exception]:
    """More refusals than any test needs."""
    return [refusal() for _ in range(1_000)]


def unlisted() -> Exception:
    return UnexplainedRefusal(WHY, in_doubt=False)


async def refused_in_one_channel(delivery: Delivery, day: Day) -> tuple[str, str]:
    """Return a post that one of two channels refuses for hours, and the headline of the next; ends with the first one set aside."""
    for number in (1, 2):
        await delivery.follow_channel(number)
    first = await day.tell()
    delivery.publisher.refuse_post(1, first, always(unlisted))
    second = await day.tell()
    await day.passes(5.5, news=True)
    assert delivery.publisher.headlines(1) == []
    assert (await delivery.get_backlog()).set_aside_count == 0
    await day.passes(1.5, news=True)
    return first, second


async def test_a_post_refused_for_hours_is_set_aside(
    delivery: Delivery, day: Day, reports: list[IncidentReport]
) -> None:
    """A post is set aside if it is refused for hours while others arrive.

    What waited behind it arrives, the desk is told once, and the figures count it.
    """
    first, second = await refused_in_one_channel(delivery, day)
    assert delivery.publisher.headlines(1)[0] == second
    assert first not in delivery.publisher.headlines(1)
    assert first in delivery.publisher.headlines(2)
    assert ((await delivery.get_backlog()).set_aside_count, (await delivery.get_backlog()).waiting_count) == (1, 0)
    assert reports == [IncidentReport(SET_ASIDE_MESSAGE, WHY)]
    assert delivery.publisher.warnings == []
    async with delivery.store.read() as tx:
        story = await tx.stories.find("story-1")
        assert story is not None
        (fate,) = await tx.delivery_reports.build(story, 1)
        health = await tx.destination_health.get_health([1])
    assert (fate.reason_code, fate.detail) == (DeliveryReason.SET_ASIDE, WHY)
    assert (health[1].set_aside_count, health[1].failed_count, health[1].waiting_count) == (1, 0, 0)


async def test_the_operator_sends_it_again(delivery: Delivery, day: Day, aside: OperatorQueue) -> None:
    first, _ = await refused_in_one_channel(delivery, day)
    (post,), count = await aside.list_oldest(5)
    assert (post.headlines, post.reason, post.destination.discord_id, count) == ((first,), WHY, 1, 1)
    delivery.publisher.post_refusals.clear()
    assert await aside.send_again(post.id, actor="test") == 1
    assert await aside.send_again(post.id, actor="test") == 0
    await day.passes(0.1)
    assert delivery.publisher.headlines(1).count(first) == 1
    assert (await delivery.get_backlog()).set_aside_count == 0


async def test_a_retried_post_is_set_aside_only_after_more_hours(
    delivery: Delivery, day: Day, aside: OperatorQueue
) -> None:
    """A post that is tried anew is set aside again only after it was refused for hours again."""
    await refused_in_one_channel(delivery, day)
    assert await aside.send_again(actor="test") == 1
    await day.passes(4, news=True)
    assert ((await delivery.get_backlog()).set_aside_count, (await delivery.get_backlog()).waiting_count > 0) == (
        0,
        True,
    )


async def test_the_operator_drops_it(delivery: Delivery, day: Day, aside: OperatorQueue) -> None:
    first, _ = await refused_in_one_channel(delivery, day)
    (post,), _ = await aside.list_oldest(5)
    assert await aside.drop(post.id, actor="test")
    assert not await aside.drop(post.id, actor="test")
    assert await aside.send_again(actor="test") == 0
    await day.passes(1)
    assert first not in delivery.publisher.headlines(1)
    assert ((await delivery.get_backlog()).set_aside_count, (await delivery.get_backlog()).failed_count) == (0, 1)


async def test_what_is_retracted_meanwhile_is_not_sent_again(
    delivery: Delivery, day: Day, aside: OperatorQueue
) -> None:
    await refused_in_one_channel(delivery, day)
    async with delivery.store.read() as tx:
        story = await tx.stories.find("story-1")
    assert story is not None
    await delivery.desk.retract("story-1", story.developments[0].key, "It was not so", actor="test")
    assert await aside.send_again(actor="test") == 0


async def test_an_outage_sets_nothing_aside(delivery: Delivery, day: Day, reports: list[IncidentReport]) -> None:
    """However long nothing arrives anywhere, all of it comes when Discord is back; also what lags behind for a while."""
    for number in (1, 2, 3):
        await delivery.follow_channel(number)
    await day.passes(2, news=True)
    for number in (1, 2, 3):
        delivery.refuse(number, *always(unlisted))
    await day.passes(8, news=True)
    delivery.publisher.end_refusals(1)
    await day.passes(0.8, news=True)
    delivery.publisher.end_refusals(2)
    delivery.publisher.end_refusals(3)
    await day.passes(1)
    assert (await delivery.get_backlog()).set_aside_count == (await delivery.get_backlog()).waiting_count == 0
    told = {f"First news of story-{number + 1}" for number in range(day.story_count)}
    assert [set(delivery.publisher.headlines(number)) for number in (1, 2, 3)] == [told] * 3
    assert [len(delivery.publisher.headlines(number)) for number in (1, 2, 3)] == [len(told)] * 3
    assert reports == []


async def test_the_only_channel_is_not_held_up_for_ever(delivery: Delivery, day: Day) -> None:
    """Nothing else can arrive to show that Discord takes posts: after hours the next post of the channel shows it."""
    await delivery.follow_channel(1)
    first = await day.tell()
    delivery.publisher.refuse_post(1, first, always(unlisted))
    await day.passes(9, news=True)
    told = [f"First news of story-{number + 1}" for number in range(1, day.story_count)]
    assert delivery.publisher.headlines(1) == told
    assert (await delivery.get_backlog()).set_aside_count == 1


async def test_a_correction_refused_for_hours_is_made_later(delivery: Delivery, day: Day) -> None:
    """A correction that is refused for hours waits and is made.

    The message stands: it is neither set aside nor given up, and is tried ever more seldom.
    """
    await delivery.follow_channel(1)
    await day.tell()
    await day.passes(0.1)
    async with delivery.store.read() as tx:
        story = await tx.stories.find("story-1")
    assert story is not None
    await delivery.correct("story-1", "Corrected", key=story.developments[0].key)
    delivery.publisher.refuse_edits(1, *always(unlisted))
    await day.passes(7, news=True)
    tries = len(delivery.publisher.edited_posts)
    await day.passes(6, news=True)
    assert 3 <= len(delivery.publisher.edited_posts) - tries <= 13
    assert ((await delivery.get_backlog()).set_aside_count, (await delivery.get_backlog()).correction_count) == (0, 1)
    delivery.publisher.end_refusals(1)
    await day.passes(2)
    assert delivery.publisher.message_headlines[delivery.publisher.sent_posts[0].message_id or 1_001] == ["Corrected"]


async def test_a_post_that_cannot_be_made_is_set_aside(
    delivery: Delivery, day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    """A post that cannot be made is set aside and delays no other.

    By an internal error of the bot, which no waiting mends.
    """
    await delivery.follow_channel(1)
    first = await day.tell()
    delivery.publisher.refuse_post(1, first, always(lambda: IndexError("a bug")))
    second = await day.tell()
    await day.passes(2)
    assert delivery.publisher.headlines(1) == [second]
    assert (await delivery.get_backlog()).set_aside_count == 1
    assert (
        sum(post.key == delivery.publisher.attempted_posts[0].key for post in delivery.publisher.attempted_posts)
        == OWN_ERROR_ATTEMPTS
    )


@pytest.mark.parametrize(
    "refusal", [DestinationBlocked, Undeliverable, lambda why: UnexplainedRefusal(why, in_doubt=False)]
)
async def test_the_same_refusal_in_ten_channels_is_one_incident(
    refusal: Callable[[str], Exception],
    delivery: Delivery,
    day: Day,
    reports: list[IncidentReport],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is reported once, in the log too, and nobody is written to."""
    for number in range(1, 31):
        await delivery.follow_channel(number)
        delivery.refuse(number, *(refusal(WHY) for _ in range(3)))
    await day.tell()
    with caplog.at_level("INFO"):
        await day.passes(0.2)
    assert reports == [IncidentReport(INCIDENT_MESSAGE, WHY)]
    assert delivery.publisher.warnings == []
    assert sum(WHY in record.getMessage() for record in caplog.records) == INCIDENT_CHANNELS


async def test_an_incident_that_lasts_is_reported_once(
    delivery: Delivery, day: Day, reports: list[IncidentReport]
) -> None:
    """Blocked channels are tried ever more seldom. A channel that is refused by itself meanwhile is told of."""
    for number in range(1, 13):
        await delivery.follow_channel(number)
        delivery.refuse(number, *always(lambda: DestinationBlocked(WHY)))
    await day.tell()
    for _ in range(30):
        await delivery.send_due()
        delivery.clock.forward(hours=1)
    assert reports == [IncidentReport(INCIDENT_MESSAGE, WHY)]
    assert delivery.publisher.warnings == []
    await delivery.follow_channel(20, created_by=2)
    delivery.refuse(20, DestinationBlocked(WHY))
    await day.tell()
    await delivery.send_due()
    assert delivery.publisher.warnings == [(20, (2,), WHY)]
    for number in range(31, 41):
        await delivery.follow_channel(number)
        delivery.refuse(number, DestinationBlocked(WHY))
    await day.tell()
    await delivery.send_due()
    assert reports == [IncidentReport(INCIDENT_MESSAGE, WHY)] * 2


async def test_messages_that_were_deleted_are_no_incident(
    delivery: Delivery, day: Day, reports: list[IncidentReport]
) -> None:
    """A correction finds nothing to correct there, and all that is new arrives."""
    for number in range(1, 13):
        await delivery.follow_channel(number)
        delivery.publisher.refuse_edits(number, MessageGone("the message was deleted"))
    await day.tell()
    await day.passes(0.1)
    async with delivery.store.read() as tx:
        story = await tx.stories.find("story-1")
    assert story is not None
    await delivery.correct("story-1", "Corrected", key=story.developments[0].key)
    await day.passes(0.1)
    assert len(delivery.publisher.edited_posts) == 12
    assert reports == []


async def test_a_channel_that_is_alone_with_its_refusal_is_told_of(
    delivery: Delivery, day: Day, reports: list[IncidentReport]
) -> None:
    """So are nine."""
    for number in range(1, INCIDENT_CHANNELS):
        await delivery.follow_channel(number, created_by=number)
        delivery.refuse(number, DestinationBlocked(WHY))
    await day.tell()
    await day.passes(0.1)
    assert sorted(delivery.publisher.warnings) == [(number, (number,), WHY) for number in range(1, INCIDENT_CHANNELS)]
    assert reports == []


async def test_refusals_that_come_far_apart_are_no_incident(
    delivery: Delivery, day: Day, reports: list[IncidentReport]
) -> None:
    for number in range(1, 31):
        await delivery.follow_channel(number, created_by=number)
        delivery.refuse(number, DestinationBlocked(WHY))
        await day.tell()
        await day.passes(0.1)
        delivery.clock.forward(seconds=INCIDENT_WINDOW.total_seconds())
    assert reports == []
    assert len(delivery.publisher.warnings) == 30


async def test_waiting_because_discord_asks_to_is_no_incident(
    delivery: Delivery, day: Day, reports: list[IncidentReport]
) -> None:
    for number in range(1, 31):
        await delivery.follow_channel(number)
        delivery.refuse(number, TryAgain("Discord asked the bot to wait", in_doubt=False, retry_after=1.0))
    await day.tell()
    await day.passes(0.2)
    assert reports == []
    assert len(delivery.publisher.sent_posts) == 30


async def test_a_report_that_cannot_be_given_is_given_later(delivery: Delivery) -> None:
    given: list[IncidentReport] = []
    answers = iter([False, True])

    async def report(told: IncidentReport) -> bool:
        given.append(told)
        return next(answers)

    dispatcher = Dispatcher(delivery.store, delivery.publisher, delivery.clock, delivery.bell, report=report)
    for number in range(1, 11):
        await delivery.follow_channel(number)
        delivery.refuse(number, unlisted())
    day = Day(replace(delivery, dispatcher=dispatcher))
    await day.tell()
    await day.passes(0.3)
    assert given == [IncidentReport(INCIDENT_MESSAGE, WHY)] * 2
