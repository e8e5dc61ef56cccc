"""A channel that refuses: who is told, what is shown, and how it goes on when it is mended."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.backend import serializers

from tests.discord.seen import said
from tests.discord.stage import Scene


def _payload(scene: Scene) -> Any:
    return serializers.channel_payload(scene.env.backend, scene.env.backend.get_channel(scene.deals.id))


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_refused_channel_is_shown_with_the_way_to_mend_it(scene: Scene, code: int) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=code)
    await scene.publish()
    await scene.send_posts()
    shown = said(await scene.editor.slash(scene.desk, "following"))
    assert "Nothing arrives here" in shown
    assert "give it" in shown
    assert "1 waiting" in shown


async def test_the_maker_of_the_follow_and_the_owner_are_told_once(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=50013, times=2)
    await scene.publish()
    await scene.send_posts()
    told = [said(m) for m in scene.editor.user.dm_channel.history()]
    assert sum("Posts can't be delivered" in text for text in told) == 1
    owner = [said(m) for m in scene.guild.owner.dm_channel.history()]
    assert sum("Posts can't be delivered" in text for text in owner) == 1
    await scene.container.services.subscriptions.retry_blocked(guild_id=scene.guild.id)
    await scene.send_posts()
    assert len(scene.editor.user.dm_channel.history()) == len(told)


async def test_a_mended_permission_resumes_with_what_was_missed(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=50013)
    await scene.publish(headline="First")
    await scene.send_posts()
    await scene.publish(headline="Second")
    await scene.send_posts()
    assert scene.posts() == []
    scene.env.backend.emit("CHANNEL_UPDATE", _payload(scene))
    await scene.env.settle()
    await scene.send_posts()
    assert ["First" in said(post) for post in scene.posts()] == [True, False]
    assert "Second" in said(scene.posts()[1])
    assert "Nothing arrives" not in said(await scene.editor.slash(scene.desk, "following"))


async def test_a_blocked_channel_is_tried_again_by_itself(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=50013)
    await scene.publish()
    await scene.send_posts()
    await scene.env.advance_time(16 * 60)
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_a_channel_that_is_gone_stops_its_follows(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=404, code=10003)
    await scene.publish()
    await scene.send_posts()
    shown = said(await scene.editor.slash(scene.desk, "following"))
    assert "the channel no longer exists" in shown
    assert (await scene.publish(headline="Another")).deliveries == 0


async def test_one_refused_channel_holds_up_no_other(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.editor.slash(scene.desk, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=50013)
    await scene.publish()
    await scene.send_posts()
    assert len(scene.posts(scene.desk)) == 1


async def test_a_doubt_without_a_readable_history_is_counted(scene: Scene) -> None:
    """Where the history cannot be read the doubt is counted and shown."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=500)
    await scene.publish()
    await scene.send_posts()
    scene.env.inject_error("GET", f"/channels/{scene.deals.id}/messages", status=403, code=50001)
    await scene.env.advance_time(30)
    await scene.send_posts()
    assert len(scene.posts()) == 1
    assert "1 resent where the channel history could not be read" in said(
        await scene.editor.slash(scene.desk, "following")
    )
    assert "1 post resent where the channel history could not be read" in said(
        await scene.editor.slash(scene.desk, "status")
    )
