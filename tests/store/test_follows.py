"""Follows: made, renewed, ended; a server that the bot leaves, comes back to, or stays away from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.port import DestinationGone
from bot.delivery.retention import GUILD_RETENTION, Retention
from bot.delivery.subscriptions import Subscriptions, pick_follow
from bot.errors import NotFound
from bot.model.follow import EVERYTHING, FollowState
from bot.model.follow_settings import FollowSettings
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryHeader
from tests.engines import StoreDatabase
from tests.store.delivery import Delivery
from tests.store.material import HandClock, channel, company, direct, draft, kind, story

#: Every table that may hold something of a server or a user.
OF_OTHERS = ("guild", "destination", "follow", "post", "delivery")


def kept(database: StoreDatabase) -> dict[str, int]:
    """Return the rows that are stored about servers and users, table by table."""
    return {table: database.count(table) for table in OF_OTHERS}


def states(follows: tuple[object, ...]) -> list[object]:
    return [getattr(follow, "state", None) for follow in follows]


@pytest.fixture(autouse=True)
async def publish_a_story(delivery: Delivery) -> None:
    """Publish a story with two companies that nobody follows yet."""
    await delivery.publish(draft("alpha-beta"))


async def test_a_follow_is_given_back_as_it_was_made(delivery: Delivery) -> None:
    """With what is shown of its target: a company's name, a story's headline, a kind's word."""
    targets = (EVERYTHING, company("Alpha"), story("alpha-beta"), kind(Kind.JOINT_VENTURE))
    made = [
        await delivery.subscriptions.follow(channel(1), target, created_by=7, settings=FollowSettings(role_id=9))
        for target in targets
    ]
    assert all(new for _, new in made)
    assert (
        await delivery.subscriptions.list_in_destination(1)
        == await delivery.subscriptions.list_in_guild(1)
        == tuple(follow for follow, _ in made)
    )
    shown = [follow.target.display for follow, _ in made]
    assert shown == ["everything", "Alpha", "The story alpha-beta", "Joint venture"]
    assert {(f.created_by, f.created_at, f.settings.role_id, f.state) for f, _ in made} == {
        (7, delivery.clock(), 9, FollowState.ACTIVE)
    }


async def test_following_again_only_changes_the_role(subscriptions: Subscriptions) -> None:
    """The same follow again is the same follow with the new role. Its number, maker and time stay."""
    first, _ = await subscriptions.follow(
        channel(1), company("Alpha"), created_by=7, settings=FollowSettings(role_id=9)
    )
    again, new = await subscriptions.follow(
        channel(1), company("Alpha"), created_by=8, settings=FollowSettings(role_id=10)
    )
    assert not new
    assert (again.id, again.created_by, again.settings.role_id) == (first.id, 7, 10)
    assert len(await subscriptions.list_in_destination(1)) == 1


async def test_a_follow_that_had_stopped_is_renewed(delivery: Delivery) -> None:
    """Resumed, and the reason is forgotten."""
    await delivery.follow_channel(1)
    async with delivery.store.write() as tx:
        await tx.follows.stop_in_destination(1, "the channel no longer exists")
    again, new = await delivery.subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    assert (new, again.state, again.reason) == (False, FollowState.ACTIVE, "")


@pytest.mark.parametrize("target", [company("Nobody"), story("no-such-story")], ids=["a company", "a story"])
async def test_what_is_not_known_cannot_be_followed(
    target: object, subscriptions: Subscriptions, database: StoreDatabase
) -> None:
    """Nothing is stored about who asked."""
    with pytest.raises(NotFound):
        await subscriptions.follow(channel(1), target, created_by=1)  # type: ignore[arg-type]  # a Target, as the parameters say
    assert kept(database) == dict.fromkeys(OF_OTHERS, 0)


async def test_an_ended_follow_is_gone_and_the_others_stay(subscriptions: Subscriptions) -> None:
    """Ended again, it changes nothing."""
    first, _ = await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    second, _ = await subscriptions.follow(channel(1), company("Alpha"), created_by=1)
    await subscriptions.unfollow(first)
    await subscriptions.unfollow(first)
    assert await subscriptions.list_in_destination(1) == (second,)


async def test_a_follow_is_found_by_number_target_or_label(subscriptions: Subscriptions) -> None:
    """A follow is picked by its number, by its target, or by what is shown of it.

    However it is spelled; what means none of them is not found.
    """
    one, _ = await subscriptions.follow(channel(1), company("Alpha"), created_by=1)
    other, _ = await subscriptions.follow(channel(1), story("alpha-beta"), created_by=1)
    follows = await subscriptions.list_in_destination(1)
    for typed in (f"follow:{other.id}", "ALPHA-BETA", " the story alpha-beta "):
        assert pick_follow(follows, typed, None) == other
    assert pick_follow(follows, "something else", company("Alpha")) == one
    with pytest.raises(NotFound, match="Gamma"):
        pick_follow(follows, "Gamma", company("Gamma"))


async def test_a_server_is_owed_nothing_while_the_bot_is_away(delivery: Delivery, retention: Retention) -> None:
    """A server that the bot leaves is owed nothing until the bot is back.

    Another server's follows go on; nothing that came in meanwhile is owed later.
    """
    await delivery.follow_channel(1, guild=1)
    await delivery.follow_channel(2, guild=2)
    await retention.record_guild_left(1)
    assert states(await delivery.subscriptions.list_in_guild(1)) == [FollowState.STOPPED]
    assert (await delivery.publish(draft("meanwhile"))).deliveries == 1
    await retention.record_guild_returned(1)
    assert states(await delivery.subscriptions.list_in_guild(1)) == [FollowState.ACTIVE]
    assert (await delivery.publish(draft("afterwards"))).deliveries == 2


async def test_other_stopped_follows_stay_stopped_on_return(delivery: Delivery, retention: Retention) -> None:
    """A follow that had stopped for another reason stays stopped when the bot is back.

    A channel that was gone before is still gone.
    """
    await delivery.follow_channel(1)
    await delivery.follow_channel(2)
    async with delivery.store.write() as tx:
        await tx.follows.stop_in_destination(1, "the channel no longer exists")
    await retention.record_guild_left(1)
    await retention.record_guild_returned(1)
    assert states(await delivery.subscriptions.list_in_guild(1)) == [FollowState.STOPPED, FollowState.ACTIVE]


async def test_a_post_sent_during_removal_keeps_no_follow_stopped(delivery: Delivery, retention: Retention) -> None:
    """A post that was on its way when the bot was removed does not keep its follows stopped.

    It cannot arrive any more; the follows had stopped by the removal, and come back with the bot.
    """
    await delivery.follow_channel(1)
    await delivery.publish(draft("under-way"))
    await retention.record_guild_left(1)
    delivery.refuse(1, DestinationGone("the bot is not on the server"))
    await delivery.send_due()
    await retention.record_guild_returned(1)
    assert states(await delivery.subscriptions.list_in_guild(1)) == [FollowState.ACTIVE]


async def test_a_server_is_erased_30_days_after_the_bot_left_it(
    delivery: Delivery, retention: Retention, database: StoreDatabase
) -> None:
    """Not a moment before; then nothing of it is left, its posts and deliveries neither; others keep theirs."""
    await delivery.follow_channel(1, guild=1)
    await delivery.follow_channel(2, guild=2)
    await delivery.publish(draft("news"))
    await retention.record_guild_left(1)
    before = kept(database)
    delivery.clock.now += GUILD_RETENTION - timedelta(microseconds=1)
    assert await retention.erase_expired_guilds() == 0
    assert kept(database) == before
    delivery.clock.now += timedelta(microseconds=1)
    assert await retention.erase_expired_guilds() == 1
    assert kept(database) == {"guild": 0, "destination": 1, "follow": 1, "post": 1, "delivery": 1}
    assert await retention.erase_expired_guilds() == 0
    assert len(await delivery.subscriptions.list_in_guild(2)) == 1
    assert timedelta(days=30) == GUILD_RETENTION


async def test_a_server_that_the_bot_came_back_to_is_not_erased(delivery: Delivery, retention: Retention) -> None:
    """However long ago it had left; only a second departure counts, from its own day."""
    await delivery.follow_channel(1)
    await retention.record_guild_left(1)
    delivery.clock.forward(days=29)
    await retention.record_guild_returned(1)
    delivery.clock.forward(days=365)
    assert await retention.erase_expired_guilds() == 0
    await retention.record_guild_left(1)
    delivery.clock.forward(days=29)
    assert await retention.erase_expired_guilds() == 0
    delivery.clock.forward(days=1)
    assert await retention.erase_expired_guilds() == 1


async def test_nothing_is_kept_for_ever_about_a_server_without_follows(
    retention: Retention, clock: HandClock, database: StoreDatabase
) -> None:
    """That the bot was removed from it is no reason to remember it."""
    await retention.record_guild_left(5)
    clock.forward(days=31)
    await retention.erase_expired_guilds()
    assert kept(database) == dict.fromkeys(OF_OTHERS, 0)


async def test_a_server_is_greeted_once_until_it_is_erased(
    subscriptions: Subscriptions, retention: Retention, clock: HandClock, database: StoreDatabase
) -> None:
    """30 days after the bot was removed nothing is stored about it, and a new invitation is a new acquaintance."""
    assert [await retention.record_guild_greeted(5) for _ in range(2)] == [True, False]
    await subscriptions.follow(channel(1, guild=6), EVERYTHING, created_by=1)
    await retention.record_guild_left(6)
    await retention.record_guild_returned(6)
    assert [await retention.record_guild_greeted(6) for _ in range(2)] == [True, False]
    await retention.reconcile(present_guild_ids={6}, is_ours=lambda _guild: True)
    clock.forward(days=29)
    await retention.record_guild_returned(5)
    assert not await retention.record_guild_greeted(5)
    await retention.record_guild_left(5)
    clock.forward(days=31)
    assert await retention.erase_expired_guilds() == 1
    assert await retention.record_guild_greeted(5)


async def test_what_happened_while_the_bot_was_away_is_caught_up_with(
    subscriptions: Subscriptions, retention: Retention
) -> None:
    """Servers it was removed from stop, those it is on again are served, and other shards' servers are left alone."""
    for guild in (1, 2, 3):
        await subscriptions.follow(channel(guild, guild=guild), EVERYTHING, created_by=1)
    await retention.record_guild_left(2)
    await retention.reconcile(present_guild_ids={2}, is_ours=lambda guild: guild != 3)
    found = {guild: states(await subscriptions.list_in_guild(guild)) for guild in (1, 2, 3)}
    assert found == {1: [FollowState.STOPPED], 2: [FollowState.ACTIVE], 3: [FollowState.ACTIVE]}


async def test_catching_up_again_does_not_put_off_the_erasure(delivery: Delivery, retention: Retention) -> None:
    """The 30 days count from the first time that the bot was seen to be gone."""
    await delivery.follow_channel(1)
    for _ in range(30):
        await retention.reconcile(present_guild_ids=(), is_ours=lambda _guild: True)
        delivery.clock.forward(days=1)
    assert await retention.erase_expired_guilds() == 1


async def test_a_server_or_a_user_can_have_everything_erased(
    delivery: Delivery, retention: Retention, database: StoreDatabase
) -> None:
    """At once, with what is owed to them; a user's follows by DM are none of a server's."""
    await delivery.follow_channel(1, guild=1, created_by=5)
    await delivery.subscriptions.follow(channel(1, guild=1), company("Alpha"), created_by=5)
    await delivery.subscriptions.follow(direct(5), EVERYTHING, created_by=5)
    await delivery.publish(draft("news"))
    await retention.record_guild_left(1)
    assert await retention.erase_guild(1) == 2
    assert len(await delivery.subscriptions.list_in_destination(5)) == 1
    assert await retention.erase_user(5) == 1
    assert await retention.erase_user(5) == 0
    assert kept(database) == dict.fromkeys(OF_OTHERS, 0)
    assert (await delivery.publish(draft("more-news"))).deliveries == 0


async def test_figures_count_what_is_served(
    delivery: Delivery, retention: Retention, delivery_monitor: DeliveryMonitor
) -> None:
    """Stopped follows are none of the figure; the backlog says since when the oldest post waits."""
    await delivery.follow_channel(1)
    await delivery.follow_channel(2, guild=2)
    await retention.record_guild_left(2)
    await delivery.publish(draft("news"))
    figures = await delivery_monitor.get_stats()
    assert (figures.story_count, figures.follow_count, figures.outbox.waiting_count) == (2, 1, 1)
    assert figures.outbox.oldest_waiting_at is not None


async def test_a_server_that_cannot_catch_up_delays_no_other(
    subscriptions: Subscriptions, retention: Retention, database: StoreDatabase
) -> None:
    """A server that cannot be caught up with keeps no other back.

    Neither when servers are compared nor when they are erased; the error is raised in the end.
    """
    for guild in (1, 2, 3):
        await subscriptions.follow(channel(guild, guild=guild), EVERYTHING, created_by=1)
    database.refuse("UPDATE ON follow", "NEW.destination_id = (SELECT id FROM destination WHERE discord_id = 1)")
    with pytest.raises(IntegrityError):
        await retention.reconcile(present_guild_ids={2}, is_ours=lambda _guild: True)
    found = {guild: states(await subscriptions.list_in_guild(guild)) for guild in (1, 2, 3)}
    assert found == {1: [FollowState.ACTIVE], 2: [FollowState.ACTIVE], 3: [FollowState.STOPPED]}


async def test_one_server_that_cannot_be_erased_keeps_no_other(
    delivery: Delivery, retention: Retention, database: StoreDatabase
) -> None:
    for guild in (1, 2):
        await delivery.follow_channel(guild, guild=guild)
        await retention.record_guild_left(guild)
    database.refuse("DELETE ON destination", "OLD.discord_id = 1")
    delivery.clock.now += GUILD_RETENTION
    with pytest.raises(IntegrityError):
        await retention.erase_expired_guilds()
    assert [len(await delivery.subscriptions.list_in_guild(guild)) for guild in (1, 2)] == [1, 0]


async def test_unreadable_settings_affect_only_their_own_follow(delivery: Delivery, database: StoreDatabase) -> None:
    """Settings that cannot be read keep a development from nobody else, and publishing goes on."""
    for guild in (1, 2):
        await delivery.follow_channel(guild, guild=guild)
    database.execute("UPDATE follow SET \"only\" = 'no-such-word' WHERE id = 1")
    outcome = await delivery.publish(draft("news"))
    assert outcome.deliveries == 1


async def test_more_than_a_hundred_stories_may_have_one_headline(desk: Desk) -> None:
    """As far as letters of the Latin alphabet go: those in other scripts have none in their slugs."""
    face = StoryHeader("日産と鴻海", "要約", Kind.OTHER)
    slugs = {(await desk.open_story(face, actor="test")).story.slug for _ in range(102)}
    assert len(slugs) == 102
