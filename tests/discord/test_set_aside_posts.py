"""Posts that are set aside, as the desk sees them: counted, listed, sent again and dropped."""

from __future__ import annotations

from typing import Any

from bot.delivery.incidents import INCIDENT_MESSAGE, IncidentReport
from bot.platforms.discord.desk_channel import DeskChannel
from tests.discord.seen import buttons, check_limits, message_of, private, said
from tests.discord.stage import Scene

WHY = "Discord refused it: **Something** new (999999)"


async def set_aside(scene: Scene, count: int = 1) -> None:
    """So many posts of #deals are set aside."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    services = scene.container.services
    for number in range(count):
        await scene.publish(headline=f"News {number}")
    now = services.clock()
    async with services.store.write() as tx:
        for _ in range(count):
            (post,) = await tx.outbox.lease_due(now, now, 1)
            await tx.set_aside_posts.set_aside(post.id, WHY, now)


async def listed(scene: Scene) -> Any:
    """Return what the button below the status shows the editor."""
    status = await scene.editor.slash(scene.desk, "status")
    return await scene.editor.click(message_of(status), label="Posts set aside")


async def test_the_status_counts_set_aside_posts(scene: Scene) -> None:
    """The status counts them and offers nothing where there are none."""
    status = await scene.editor.slash(scene.desk, "status")
    assert "Set aside" not in said(status)
    assert buttons(status) == {}
    await set_aside(scene, 2)
    status = await scene.editor.slash(scene.desk, "status")
    assert "**Set aside** · 2 posts" in said(status)
    assert "0 sent, 0 queued, 0 failed" in said(status)


async def test_an_editor_sends_one_again(scene: Scene) -> None:
    """It arrives once, and is in the list no more; the reason is shown as it was written."""
    await set_aside(scene)
    shown = await listed(scene)
    assert "1 post set aside" in said(shown)
    assert f"<#{scene.deals.id}> · News 0" in said(shown)
    assert "\\*\\*Something\\*\\* new \\(999999)" in said(shown)
    assert private(shown)
    check_limits(shown)
    after = await scene.editor.click(shown.response, label="Send again")
    assert "1 post will be sent again." in said(after)
    assert "No posts are set aside." in said(after)
    await scene.send_posts()
    assert ["News 0" in said(post) for post in scene.posts()] == [True]


async def test_an_editor_drops_one(scene: Scene) -> None:
    await set_aside(scene)
    shown = await listed(scene)
    assert "The post was dropped." in said(await scene.editor.click(shown.response, label="Drop"))
    await scene.send_posts()
    assert scene.posts() == []
    why = said(await scene.editor.slash(scene.deals, "why", query="nissan foxconn oppama"))
    assert "could not be delivered" in why
    assert "the desk dropped it" in why


async def test_many_are_listed_in_part_and_sent_again_at_once(scene: Scene) -> None:
    await set_aside(scene, 7)
    shown = await listed(scene)
    assert "7 posts set aside" in said(shown)
    assert "+2 more" in said(shown)
    check_limits(shown)
    assert "7 posts will be sent again." in said(await scene.editor.click(shown.response, label="Send all again"))
    await scene.send_posts()
    assert len(scene.posts()) == 7


async def test_a_reader_may_not_list_them(scene: Scene) -> None:
    await set_aside(scene)
    status = await scene.reader.slash(scene.deals, "status")
    refused = said(await scene.reader.click(message_of(status), label="Posts set aside"))
    assert "Only the desk can do this" in refused


async def test_followers_see_that_a_post_is_set_aside(scene: Scene) -> None:
    await set_aside(scene)
    assert "1 set aside" in said(await scene.editor.slash(scene.deals, "following"))
    why = said(await scene.editor.slash(scene.deals, "why", query="nissan foxconn oppama"))
    assert "not posted: set aside after repeated failures; the desk decides" in why


async def test_the_desks_channel_is_told_of_an_incident(scene: Scene) -> None:
    """In one message, whose text from outside is shown as it was written; not before there is a channel to tell."""
    await scene.restart(desk_channel_id=1)
    told = DeskChannel(scene.client, scene.container.services)
    assert not await told.report_incident(IncidentReport(INCIDENT_MESSAGE, WHY))
    await scene.restart(desk_channel_id=scene.desk.id)
    told = DeskChannel(scene.client, scene.container.services)
    assert await told.report_incident(IncidentReport(INCIDENT_MESSAGE, WHY))
    (message,) = scene.own(scene.desk)
    assert "Posts can't be delivered in ten or more channels, all for the same reason:" in said(message)
    assert "\\*\\*Something\\*\\* new \\(999999)" in said(message)
    assert list(buttons(message)) == ["Posts set aside"]
    scene.env.inject_error("POST", f"/channels/{scene.desk.id}/messages", status=403, code=0)
    assert not await told.report_incident(IncidentReport(INCIDENT_MESSAGE, WHY))


async def test_without_a_desks_channel_the_log_has_it(scene: Scene) -> None:
    assert await DeskChannel(scene.client, scene.container.services).report_incident(
        IncidentReport(INCIDENT_MESSAGE, WHY)
    )
    assert scene.own(scene.desk) == []
