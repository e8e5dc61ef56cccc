"""Waiting posts, folded: after an outage everything comes, in few messages."""

from __future__ import annotations

import pytest

from bot.delivery.port import DestinationBlocked
from bot.model.follow_settings import FollowSettings
from tests.store.checker import find_inconsistencies
from tests.store.delivery import Delivery, lost_answer, not_taken
from tests.store.material import channel, company, draft, news
from tests.store.publishing import RecordingPublisher, headlines_of

SLUGS = [f"story-{number:02}" for number in range(12)]


@pytest.fixture(autouse=True)
async def follow_channels(delivery: Delivery) -> None:
    """Two channels follow everything."""
    for place in (1, 2):
        await delivery.follow_channel(place)


def said(*slugs: str) -> list[str]:
    return [f"First news of {slug}" for slug in slugs]


def messages(publisher: RecordingPublisher, place: int) -> list[list[str]]:
    """Return what arrived in a channel, message by message."""
    return [headlines_of(post) for post in publisher.sent_to(place)]


async def fold(delivery: Delivery) -> int:
    async with delivery.store.write() as tx:
        return await tx.folding.fold_waiting(delivery.clock())


async def test_more_than_five_waiting_posts_become_one_message(delivery: Delivery) -> None:
    """More than five posts that wait for a minute become one message.

    In the order in which they were owed; folded again, nothing changes; nothing of them is lost in the store.
    """
    await delivery.publish_news(*SLUGS[:6])
    delivery.clock.forward(minutes=1)
    assert await fold(delivery) == 10
    assert await fold(delivery) == 0
    await delivery.send_due()
    assert messages(delivery.publisher, 1) == messages(delivery.publisher, 2) == [said(*SLUGS[:6])]
    assert ((await delivery.get_backlog()).sent_count, (await delivery.get_backlog()).waiting_count) == (2, 0)
    counts = "SELECT count(*), count(DISTINCT post_id), count(DISTINCT development_id) FROM delivery"
    assert delivery.database.query(counts) == [(12, 2, 6)]
    await delivery.store.check()


@pytest.mark.parametrize(("count", "seconds"), [(5, 3_600), (6, 59.999), (12, 0)], ids=["five", "not yet", "a burst"])
async def test_few_or_new_ones_keep_their_own_messages(count: int, seconds: float, delivery: Delivery) -> None:
    """Five however old, and a burst however large."""
    await delivery.publish_news(*SLUGS[:count])
    delivery.clock.forward(seconds=seconds)
    await delivery.send_due()
    assert messages(delivery.publisher, 1) == [[headline] for headline in said(*SLUGS[:count])]


async def test_a_channel_is_folded_for_itself(delivery: Delivery) -> None:
    """One was blocked for an hour, the other got everything as it came; only the first has anything folded."""
    delivery.refuse(1, DestinationBlocked("give it Send Messages"))
    for slug in SLUGS[:7]:
        await delivery.publish_news(slug)
        await delivery.send_due()
    delivery.clock.forward(hours=1)
    await delivery.publish_news(SLUGS[7])
    await delivery.send_due()
    assert messages(delivery.publisher, 1) == [said(*SLUGS[:8])]
    assert messages(delivery.publisher, 2) == [[headline] for headline in said(*SLUGS[:8])]


async def test_what_is_in_doubt_keeps_its_own_message(delivery: Delivery) -> None:
    """It may stand already; that which only was not taken is folded with the others."""
    delivery.refuse(1, lost_answer())
    delivery.refuse(2, not_taken())
    await delivery.publish_news(*SLUGS[:8])
    for _ in range(2):
        await delivery.send_due()
        delivery.clock.forward(minutes=1)
    assert messages(delivery.publisher, 1) == [said(SLUGS[0]), said(*SLUGS[1:8])]
    assert messages(delivery.publisher, 2) == [said(*SLUGS[:8])]
    assert [headlines_of(post) for post in delivery.publisher.searched_posts] == [said(SLUGS[0])]


async def test_what_is_under_way_keeps_its_own_message(delivery: Delivery) -> None:
    """Folded is only what waits behind it."""
    await delivery.publish_news(*SLUGS[:7])
    delivery.clock.forward(minutes=1)
    async with delivery.store.write() as tx:
        leased = await tx.outbox.lease_due(delivery.clock(), delivery.clock(), 2)
        assert await tx.folding.fold_waiting(delivery.clock()) == 10
    assert [headlines_of(post) for post in leased] == [said(SLUGS[0])] * 2
    await delivery.send_due()
    assert messages(delivery.publisher, 1) == [said(SLUGS[0]), said(*SLUGS[1:7])]


async def test_what_comes_while_a_folded_post_waits_is_folded_with_it(delivery: Delivery) -> None:
    """As soon as it is more than five again."""
    await delivery.publish_news(*SLUGS[:6])
    delivery.clock.forward(minutes=1)
    assert await fold(delivery) == 10
    await delivery.publish_news(*SLUGS[6:11])
    assert await fold(delivery) == 10
    await delivery.send_due()
    assert messages(delivery.publisher, 1) == [said(*SLUGS[:11])]


async def test_a_folded_message_pings_all_their_roles_once(delivery: Delivery) -> None:
    """In the order in which the posts would have."""
    names = ("Alpha", "Beta", "Gamma")
    await delivery.desk.publish(draft("old", parties=names), actor="test", announce=False)
    for number, name in enumerate(names):
        await delivery.subscriptions.follow(
            channel(1), company(name), created_by=1, settings=FollowSettings(role_id=70 + number)
        )
    for number in range(6):
        await delivery.publish(draft(f"s-{number}", parties=(names[2 - number % 3], "Other")))
    delivery.clock.forward(minutes=1)
    await delivery.send_due()
    assert [post.role_ids for post in delivery.publisher.sent_to(1)] == [(72, 71, 70)]
    assert [post.role_ids for post in delivery.publisher.sent_to(2)] == [()]


@pytest.mark.parametrize(("count", "length", "expected"), [(60, 20, 3), (30, 200, 5)], ids=["many", "long"])
async def test_headlines_that_do_not_fit_one_message_make_several(
    count: int, length: int, expected: int, delivery: Delivery
) -> None:
    """Each headline is there, once, in its order."""
    headlines = [f"{number:02} ".ljust(length, "x") for number in range(count)]
    await delivery.publish(draft("long", *(news(headline) for headline in headlines)))
    delivery.clock.forward(minutes=1)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == delivery.publisher.headlines(2) == headlines
    assert len(messages(delivery.publisher, 1)) == expected
    assert max(sum(map(len, message)) for message in messages(delivery.publisher, 1)) <= 1_400


async def test_a_folded_message_is_corrected(delivery: Delivery) -> None:
    """By one edit, which shows all that it carries; what was corrected before it was sent needs none."""
    await delivery.publish_news(*SLUGS[:6])
    await delivery.correct(SLUGS[4], "Corrected before")
    delivery.clock.forward(minutes=1)
    await delivery.send_due()
    assert delivery.publisher.edited_posts == []
    assert await delivery.correct(SLUGS[2], "Corrected after") == 2
    await delivery.send_due()
    first = said(*SLUGS[:6])
    expected = [*first[:2], "Corrected after", first[3], "Corrected before", first[5]]
    assert list(delivery.publisher.message_headlines.values()) == [expected] * 2
    assert len(delivery.publisher.edited_posts) == len(delivery.publisher.sent_posts) == 2


async def test_a_folded_post_is_withdrawn_if_all_is_retracted(delivery: Delivery) -> None:
    """A folded post is withdrawn only if everything in it is retracted.

    While one development stands, the post is sent with all.
    """
    await delivery.publish_news(*SLUGS[:6])
    delivery.clock.forward(minutes=1)
    await fold(delivery)
    for slug in SLUGS[:5]:
        await delivery.retract(slug)
    assert (await delivery.get_backlog()).waiting_count == 2
    assert await delivery.is_due()
    await delivery.retract(SLUGS[5])
    assert (await delivery.get_backlog()).waiting_count == 0
    await delivery.send_due()
    assert delivery.publisher.attempted_posts == []


async def test_a_store_with_folded_posts_is_whole(delivery: Delivery) -> None:
    """Every development is owed to every channel, by one post."""
    await delivery.publish_news(*SLUGS)
    delivery.clock.forward(minutes=1)
    await fold(delivery)
    assert await find_inconsistencies(delivery.database, folds=True) == []
