"""Posts when Discord fails, refuses or is lost: none is lost, none stands twice, and who follows is told why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from simcord.backend import serializers

from bot.model.follow import DestinationKind, FollowState
from tests.discord.seen import said
from tests.discord.stage import Scene

DAY = 86_400


def messages(scene: Scene) -> str:
    """Return the path that posts of #deals go to."""
    return f"/channels/{scene.deals.id}/messages"


async def test_a_failed_post_is_retried_and_sent_once(scene: Scene) -> None:
    """A post that Discord answered with an error is tried again and stands once."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", messages(scene), status=503)
    await scene.publish()
    await scene.send_posts()
    assert scene.posts() == []
    assert "1 queued" in said(await scene.reader.slash(scene.deals, "status"))
    await scene.env.advance_time(10)
    await scene.send_posts()
    assert len(scene.posts()) == 1
    nonces = [request.json["nonce"] for request in scene.requests("POST", messages(scene))]
    assert len(nonces) == 2
    assert len(set(nonces)) == 1, "every try has the same nonce"


async def test_a_post_sent_despite_an_error_is_found_by_its_key(scene: Scene) -> None:
    """The answer was lost on the way: the bot reads the channel before it tries again, and sends nothing."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", messages(scene), status=503)
    await scene.publish()
    await scene.send_posts()
    body = scene.requests("POST", messages(scene))[-1].json
    arrived = scene.env.backend.create_message(
        scene.deals.id,
        scene.env.backend.bot_user.id,
        components=body["components"],
        flags=body["flags"],
    )
    await scene.env.advance_time(10)
    await scene.send_posts()
    assert [post.id for post in scene.posts()] == [arrived.id]
    assert "1 sent, 0 queued" in said(await scene.reader.slash(scene.deals, "status"))


async def test_a_post_is_found_in_a_busy_channel_despite_clock_skew(scene: Scene) -> None:
    """A message's time is Discord's, a post's is the machine's, which may be a minute ahead."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    clock, desk = scene.container.services.clock, scene.container.services.desk
    desk._clock = lambda: clock() + timedelta(minutes=1)
    scene.env.inject_error("POST", messages(scene), status=503)
    await scene.publish()
    arrived = scene.env.backend.create_message(scene.deals.id, scene.env.backend.bot_user.id, "not yet")
    await scene.env.advance_time(61)
    await scene.send_posts()
    body = scene.requests("POST", messages(scene))[-1].json
    arrived.components, arrived.content, arrived.flags = body["components"], "", body["flags"]
    for number in range(60):
        scene.env.backend.create_message(scene.deals.id, scene.reader.id, f"talk {number}")
    await scene.env.advance_time(10)
    await scene.send_posts()
    assert [post.id for post in scene.posts()] == [arrived.id]


async def test_somebody_elses_copy_of_a_post_is_not_taken_for_it(scene: Scene) -> None:
    """Another bot that repeats our components does not keep the post from arriving."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", messages(scene), status=503)
    await scene.publish()
    await scene.send_posts()
    body = scene.requests("POST", messages(scene))[-1].json
    other = scene.env.create_user("copycat", bot=True)
    scene.guild.add_member(other)
    scene.env.backend.create_message(scene.deals.id, other.id, components=body["components"], flags=body["flags"])
    await scene.env.advance_time(10)
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_following_again_resumes_a_forbidden_channel(scene: Scene) -> None:
    """The other channel gets its post; the reason stands in `following`; what was missed comes as well."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.editor.slash(scene.desk, "follow", target="nissan")
    scene.env.inject_error("POST", messages(scene), status=403, code=50013, message="Missing Permissions", times=None)
    await scene.publish()
    await scene.send_posts()
    assert len(scene.posts(scene.desk)) == 1
    listed = said(await scene.editor.slash(scene.deals, "following"))
    assert "Nothing arrives here:** the bot can't post there: give it Send Messages" in listed
    scene.env.backend.faults.clear()
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="Next")
    await scene.send_posts()
    assert ["Next" in said(post) for post in scene.posts()] == [False, True]
    assert "Nothing arrives" not in said(await scene.editor.slash(scene.deals, "following"))


async def test_the_follows_of_a_deleted_channel_stay_in_the_list(scene: Scene) -> None:
    """A channel that is gone stops its follows and stays in the list."""
    await scene.editor.slash(scene.desk, "follow", target="nissan")
    scene.env.backend.delete_channel(scene.desk.id)
    await scene.publish()
    await scene.send_posts()
    assert "the channel no longer exists" in said(await scene.editor.slash(scene.deals, "following"))


async def test_dms_that_were_closed_stop_the_follow(scene: Scene) -> None:
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    home = scene.reader.user.dm_channel
    scene.env.inject_error("POST", f"/channels/{home.id}/messages", status=403, code=50007)
    await scene.publish()
    await scene.send_posts()
    assert "DMs are closed" in said(await scene.reader.user.slash("following"))


async def test_a_message_that_discord_refuses_stops_no_other(scene: Scene) -> None:
    """A 400 is the message's fault, not the channel's."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", messages(scene), status=400, code=50035, message="Invalid Form Body")
    await scene.publish(headline="Bad")
    await scene.publish(headline="Good")
    await scene.send_posts()
    assert ["Good" in said(post) for post in scene.posts()] == [True]
    assert {follow.state for follow in await scene.follows()} == {FollowState.ACTIVE}


async def test_follows_stop_on_removal_and_resume_on_return(scene: Scene) -> None:
    """What happened in between is not told afterwards."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    come_back = leave(scene)
    await scene.env.settle()
    (follow,) = await scene.follows()
    assert (follow.state, follow.reason) == (FollowState.STOPPED, "the bot was removed from the server")
    await scene.publish(headline="Meanwhile")
    come_back()
    await scene.env.settle()
    assert [follow.state for follow in await scene.follows()] == [FollowState.ACTIVE]
    await scene.publish(headline="Afterwards")
    await scene.send_posts()
    assert [("Afterwards" in said(p), "Meanwhile" in said(p)) for p in scene.posts()] == [(True, False)]


async def test_a_blocked_follow_stays_blocked_on_return(scene: Scene) -> None:
    """A follow that had stopped for another reason stays so when the bot is back."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", messages(scene), status=404, code=10003)
    await scene.publish()
    await scene.send_posts()
    come_back = leave(scene)
    await scene.env.settle()
    come_back()
    await scene.env.settle()
    assert [follow.state for follow in await scene.follows()] == [FollowState.STOPPED]


async def test_removal_and_return_are_noticed_at_startup(scene: Scene) -> None:
    """Removal and return while the bot was down are noticed at its start."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    come_back = leave(scene, unnoticed=True)
    await scene.restart()
    assert [follow.state for follow in await scene.follows()] == [FollowState.STOPPED]
    listening = list(scene.env.backend.subscribers)
    scene.env.backend.subscribers.clear()
    come_back()
    scene.env.backend.subscribers[:] = listening
    await scene.restart()
    assert [follow.state for follow in await scene.follows()] == [FollowState.ACTIVE]


async def test_an_outage_is_no_removal(scene: Scene) -> None:
    """A server that is unavailable for an hour keeps what it follows, and gets its post."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.backend.emit("GUILD_DELETE", {"id": str(scene.guild.id), "unavailable": True})
    await scene.env.settle()
    assert [follow.state for follow in await scene.follows()] == [FollowState.ACTIVE]
    await scene.publish()
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_follows_are_erased_thirty_days_after_removal(scene: Scene) -> None:
    """Not a day earlier; a follow by DM is the member's own, and stays."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    scene.env.backend.remove_guild(scene.guild.id)
    await scene.env.settle()
    await scene.env.advance_time(29.5 * DAY)
    assert len(await scene.follows()) == 2
    await scene.env.advance_time(1.5 * DAY)
    assert [follow.destination.kind for follow in await scene.follows()] == [DestinationKind.DM]


def leave(scene: Scene, *, unnoticed: bool = False) -> Callable[[], None]:
    """Remove the bot from the server; return a function that invites it there again, with all that was there."""
    backend = scene.env.backend
    guild = backend.get_guild(scene.guild.id)
    channels = {number: backend.channels[number] for number in guild.channel_ids}
    listening = list(backend.subscribers)
    if unnoticed:
        backend.subscribers.clear()
    backend.remove_guild(guild.id)
    backend.subscribers[:] = listening

    def come_back() -> None:
        backend.guilds[guild.id] = guild
        backend.channels.update(channels)
        backend.messages.update({number: {} for number in channels})
        # Only a server that was unavailable says that it is no longer so.
        joined = {k: v for k, v in serializers.guild_create_payload(backend, guild).items() if k != "unavailable"}
        backend.emit("GUILD_CREATE", joined)

    return come_back


async def test_a_dm_that_a_proxy_refuses_is_not_told_as_closed(scene: Scene) -> None:
    """Only Discord's own code says that somebody's DMs are closed."""
    scene.env.inject_error("POST", "/channels/*/messages", status=403, code=0, message="<html>")
    told = said(await scene.reader.slash(scene.deals, "follow", target="nissan"))
    assert "Discord isn't responding properly; try again in a minute." in told
    assert len(scene.env.errors) == 1
    assert await scene.follows() == []
