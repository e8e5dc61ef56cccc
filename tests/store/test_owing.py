"""Who is owed what: one delivery for every development and destination whose follows match."""

from __future__ import annotations

import pytest

from bot.model.follow import EVERYTHING, Target
from bot.model.follow_settings import FollowSettings
from bot.model.vocabulary import Claim, Kind
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.engines import StoreDatabase
from tests.store.delivery import Delivery
from tests.store.material import START, channel, company, direct, draft, kind, more, news, story

MINE = channel(1)


async def waiting(store: Store) -> int:
    async with store.read() as tx:
        return (await tx.outbox.get_stats()).waiting_count


async def test_two_follows_in_a_channel_make_one_post(delivery: Delivery) -> None:
    """Two follows in one channel make one post that pings both roles.

    Each role once, in the order of the follows; a follow that pings nobody adds none.
    """
    await delivery.publish(draft("old"))
    for target, role in ((EVERYTHING, 71), (company("Alpha"), 72), (company("Beta"), 71), (kind(Kind.MERGER), 0)):
        await delivery.subscriptions.follow(MINE, target, created_by=1, settings=FollowSettings(role_id=role))
    outcome = await delivery.publish(draft("alpha-beta"))
    await delivery.send_due()
    assert outcome.deliveries == 1
    assert [post.role_ids for post in delivery.publisher.sent_posts] == [(71, 72)]
    assert delivery.publisher.headlines(1) == ["First news of alpha-beta"]


async def test_a_development_is_owed_once(delivery: Delivery) -> None:
    """A development is owed once, however often it is published.

    Published again before and after it was sent, and with a new source: one post, once sent.
    """
    await delivery.subscriptions.follow(MINE, EVERYTHING, created_by=1)
    assert (await delivery.desk.publish(draft(), actor="one paper")).deliveries == 1
    assert (await delivery.desk.publish(draft(), actor="another paper")).deliveries == 0
    await delivery.send_due()
    assert (await delivery.desk.publish(draft(), actor="a third")).deliveries == 0
    await delivery.send_due()
    assert len(delivery.publisher.attempted_posts) == 1


async def test_owing_again_what_is_owed_owes_nothing(delivery: Delivery) -> None:
    """Only to a destination that did not have it yet."""
    await delivery.subscriptions.follow(MINE, EVERYTHING, created_by=1)
    published = await delivery.publish(draft())
    await delivery.follow_channel(2)
    async with delivery.store.write() as tx:
        wanting = await tx.subscribers.find(published.story, published.new_developments[0])
        assert await tx.deliveries.enqueue(published.new_developments[0].id, wanting, START) == 1
        assert await tx.deliveries.enqueue(published.new_developments[0].id, wanting, START) == 0
    assert await waiting(delivery.store) == 2


async def test_each_development_has_its_own_post(delivery: Delivery) -> None:
    """Each development of a story goes out in a post of its own.

    Oldest first, and the post names no other development.
    """
    await delivery.subscriptions.follow(MINE, EVERYTHING, created_by=1)
    await delivery.publish(draft("alpha-beta", news("Second", date="2025-09"), news("First")))
    await delivery.send_due()
    assert [[c.development.headline for c in post.items] for post in delivery.publisher.sent_posts] == [
        ["First"],
        ["Second"],
    ]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (EVERYTHING, {"merger-of-alpha", "plant-of-gamma"}),
        (company("Alpha"), {"merger-of-alpha"}),
        (company("Gamma"), {"plant-of-gamma"}),
        (story("plant-of-gamma"), {"plant-of-gamma"}),
        (kind(Kind.MERGER), {"merger-of-alpha"}),
        (kind(Kind.SUPPLY), set()),
    ],
    ids=["everything", "a company", "another company", "a story", "a kind", "a kind of none"],
)
async def test_a_follow_is_owed_what_its_target_meets_and_nothing_else(
    target: Target, expected: set[str], delivery: Delivery
) -> None:
    """And only what came in after it was made."""
    await delivery.publish(draft("merger-of-alpha", parties=("Alpha", "Beta")))
    await delivery.publish(draft("plant-of-gamma", kind=Kind.PLANT, parties=("Gamma",)))
    await delivery.subscriptions.follow(direct(5), target, created_by=5)
    for slug in ("merger-of-alpha", "plant-of-gamma"):
        await delivery.publish(more(slug, news(f"More of {slug}", date="2025-09")))
    await delivery.send_due()
    assert {c.story.slug for post in delivery.publisher.sent_posts for c in post.items} == expected
    assert delivery.publisher.headlines(5) == sorted(f"More of {slug}" for slug in expected)


async def test_a_change_or_a_silent_import_is_owed_to_nobody(delivery: Delivery) -> None:
    """Neither is a correction, a retraction, or a development that comes in retracted."""
    await delivery.subscriptions.follow(MINE, EVERYTHING, created_by=1)
    await delivery.desk.publish(draft("quiet", news("Told quietly", key="told")), actor="test", announce=False)
    await delivery.correct("quiet", "Told better")
    await delivery.retract("quiet")
    await delivery.publish(more("quiet", news("Gone", retracted="Never happened", claim=Claim.DENIED)))
    assert await waiting(delivery.store) == 0


async def test_a_stopped_follow_is_owed_nothing_until_it_is_renewed(delivery: Delivery) -> None:
    """Nor is it given later what came in meanwhile; another follow of the same channel may still match."""
    await delivery.publish(draft("old"))
    await delivery.subscriptions.follow(MINE, company("Alpha"), created_by=1)
    async with delivery.store.write() as tx:
        await tx.follows.stop_in_destination(MINE.discord_id, "the channel no longer exists")
    assert (await delivery.publish(draft("meanwhile"))).deliveries == 0
    await delivery.subscriptions.follow(MINE, company("Alpha"), created_by=1)
    assert await waiting(delivery.store) == 0
    assert (await delivery.publish(draft("afterwards"))).deliveries == 1


async def test_what_a_follow_was_owed_still_arrives_when_it_is_ended(delivery: Delivery) -> None:
    """Nothing more does."""
    follow, _ = await delivery.subscriptions.follow(MINE, EVERYTHING, created_by=1)
    await delivery.publish(draft("before"))
    await delivery.subscriptions.unfollow(follow)
    await delivery.publish(draft("after"))
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of before"]


async def test_a_post_has_one_nonce_that_discord_takes(delivery: Delivery) -> None:
    """At most 25 characters, no two alike, made of the key that the message carries, the same at every start."""
    for place in range(1, 13):
        await delivery.follow_channel(place)
    await delivery.publish(draft())
    await delivery.send_due()
    nonces = [post.nonce for post in delivery.publisher.sent_posts]
    assert len(nonces) == len(set(nonces)) == 12
    assert all(0 < len(nonce) <= 25 and nonce.isascii() for nonce in nonces)
    assert all(post.key in post.nonce for post in delivery.publisher.sent_posts)


async def test_many_channels_are_owed_in_one_transaction(desk: Desk, database: StoreDatabase) -> None:
    """A thousand destinations, each with a delivery and a post of its own."""
    database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
        " INSERT INTO destination (id, place, discord_id, guild_id) SELECT i, 'channel', i, i FROM n",
        "INSERT INTO follow (destination_id, target_kind, target_key, created_by, created_at)"
        " SELECT id, 'everything', 'everything', 1, '2026-01-01T00:00:00.000000Z' FROM destination",
    )
    assert (await desk.publish(draft(), actor="test")).deliveries == 1_000
    pairs = database.query(
        "SELECT count(DISTINCT delivery.destination_id), count(DISTINCT post_id) FROM delivery"
        " JOIN post ON post.id = post_id AND post.destination_id = delivery.destination_id"
    )
    assert pairs == [(1_000, 1_000)]
