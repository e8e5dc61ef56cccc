"""What was posted is corrected in place, also days later; what waited comes folded; why something came or did not."""

from __future__ import annotations

from datetime import timedelta

import discord
from simcord.builders import ChannelHandle

from tests.discord.seen import menus, said
from tests.discord.stage import OPPAMA, Scene

DAY = timedelta(days=1).total_seconds()


async def _posted(scene: Scene, headline: str = "Talks reopened") -> str:
    """Return a development that stands in #deals; its key."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    outcome = await scene.publish(headline=headline)
    await scene.send_posts()
    assert len(scene.posts()) == 1
    return outcome.new_developments[0].key


async def test_a_correction_edits_the_post_of_the_development(scene: Scene) -> None:
    """A correction edits the message that carried the development."""
    key = await _posted(scene)
    before = scene.posts()[0].id
    outcome = await scene.container.services.desk.correct(
        OPPAMA, key, {"headline": "Talks taken up again"}, actor="test"
    )
    assert outcome.edits == 1
    await scene.send_posts()
    (post,) = scene.posts()
    assert post.id == before
    assert "Talks taken up again" in said(post)
    assert "Talks reopened" not in said(post)


async def test_a_correction_days_later_still_reaches_its_message(scene: Scene) -> None:
    key = await _posted(scene)
    await scene.env.advance_time(5 * DAY)
    await scene.container.services.desk.correct(OPPAMA, key, {"claim": "confirmed"}, actor="test")
    await scene.send_posts()
    assert "Confirmed" in said(scene.posts()[0])


async def test_a_retraction_strikes_the_post_through_and_says_why(scene: Scene) -> None:
    key = await _posted(scene)
    await scene.container.services.desk.retract(OPPAMA, key, "The source withdrew it", actor="test")
    await scene.send_posts()
    shown = said(scene.posts()[0])
    assert "~~Talks reopened~~" in shown
    assert "The source withdrew it" in shown


async def test_a_correction_pings_nobody_again(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan", mention=scene.role)
    key = (await scene.publish()).new_developments[0].key
    await scene.send_posts()
    await scene.container.services.desk.correct(OPPAMA, key, {"headline": "Mended"}, actor="test")
    await scene.send_posts()
    edit = scene.requests("PATCH", f"/messages/{scene.posts()[0].id}")[-1]
    assert (
        edit.json["allowed_mentions"] == {"parse": [], "replied_user": True}
        or edit.json["allowed_mentions"]["parse"] == []
    )


async def test_every_channel_that_had_the_development_is_corrected(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.editor.slash(scene.desk, "follow", target="everything")
    key = (await scene.publish()).new_developments[0].key
    await scene.send_posts()
    await scene.container.services.desk.correct(OPPAMA, key, {"headline": "Mended"}, actor="test")
    await scene.send_posts()
    assert all("Mended" in said(scene.posts(channel)[0]) for channel in (scene.deals, scene.desk))


async def test_a_limit_on_edits_of_old_messages_is_waited_for(scene: Scene) -> None:
    key = await _posted(scene)
    await scene.container.services.desk.correct(OPPAMA, key, {"headline": "Mended"}, actor="test")
    scene.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=30046)
    await scene.send_posts()
    assert "Mended" not in said(scene.posts()[0])
    await scene.env.advance_time(700)
    await scene.send_posts()
    assert "Mended" in said(scene.posts()[0])


async def test_a_correction_of_a_deleted_message_is_owed_no_more(scene: Scene) -> None:
    key = await _posted(scene)
    post = scene.posts()[0]
    await scene.client.http.delete_message(post.channel.id, post.id)
    await scene.container.services.desk.correct(OPPAMA, key, {"headline": "Mended"}, actor="test")
    await scene.send_posts()
    assert (await scene.container.services.delivery_monitor.get_stats()).outbox.correction_count == 0
    assert scene.posts() == []


async def test_what_was_retracted_before_it_was_posted_is_not_posted(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    key = (await scene.publish()).new_developments[0].key
    await scene.container.services.desk.retract(OPPAMA, key, "A mistake", actor="test")
    await scene.send_posts()
    assert scene.posts() == []
    why = said(await scene.reader.slash(scene.deals, "why", query=OPPAMA))
    assert "it was retracted before it was posted" in why


async def _wait_out(scene: Scene, count: int) -> None:
    """So many developments come in while nothing can be posted, for longer than a minute."""
    await scene.editor.slash(scene.deals, "follow", target="everything")
    for number in range(count):
        slug = OPPAMA if number % 2 else "honda-nissan-merger"
        await scene.publish(slug, headline=f"Missed {number}", date="2025-10")
    await scene.env.advance_time(90)


async def test_more_than_five_late_developments_share_a_message(scene: Scene) -> None:
    """After an outage more than five come in one message with every headline."""
    await _wait_out(scene, 7)
    await scene.send_posts()
    (post,) = scene.posts()
    assert all(f"Missed {number}" in said(post) for number in range(7))
    assert len(next(iter(menus(post).values()))) == 2


async def test_five_that_waited_come_as_five(scene: Scene) -> None:
    await _wait_out(scene, 5)
    await scene.send_posts()
    assert len(scene.posts()) == 5


async def test_a_burst_that_did_not_wait_is_not_folded(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="everything")
    for number in range(7):
        await scene.publish(headline=f"Burst {number}")
    await scene.send_posts()
    assert len(scene.posts()) == 7


async def test_a_folded_post_is_corrected_too(scene: Scene) -> None:
    await _wait_out(scene, 7)
    await scene.send_posts()
    story = await scene.container.services.library.get_story(OPPAMA)
    key = next(d.key for d in story.developments if d.headline == "Missed 3")
    await scene.container.services.desk.correct(OPPAMA, key, {"headline": "Mended 3"}, actor="test")
    await scene.send_posts()
    shown = said(scene.posts()[0])
    assert "Mended 3" in shown
    assert "Missed 4" in shown


async def test_why_names_for_each_development_the_rule_that_decided(scene: Scene) -> None:
    await scene.publish(headline="Known before")
    await scene.env.advance_time(60)
    await _posted(scene, "Posted here")
    shown = said(await scene.reader.slash(scene.deals, "why", query=OPPAMA)).split("Known before")
    assert f"https://discord.com/channels/{scene.guild.id}/{scene.deals.id}/{scene.posts()[0].id}" in shown[0]
    assert "it was already known when the follow was created" in shown[1]


async def test_why_names_a_silent_import_and_a_missing_follow(scene: Scene) -> None:
    """Why tells a silent import and a channel without a follow."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.env.advance_time(60)
    story = await scene.container.services.library.get_story(OPPAMA)
    development = {"date": "2025-11", "headline": "Came silently", "claim": "reported"}
    data = {"slug": OPPAMA, "headline": story.headline, "summary": story.summary, "kind": story.kind.value}
    parties = [{"company": party.company, "role": party.role} for party in story.parties]
    await scene.tell({**data, "party": parties, "development": [development]})
    assert "imported without announcements" in said(await scene.ask(f"!why {OPPAMA}"))
    assert "nothing here follows the story" in said(await scene.ask(f"!why {OPPAMA}", at=scene.desk))


async def test_why_hides_channels_that_the_user_cannot_see(scene: Scene) -> None:
    """Why shows nothing of a channel that the asker cannot see."""
    hidden = _hidden(scene)
    shown = said(await scene.ask(f"!why {OPPAMA} <#{hidden.id}>"))
    assert "View Channel" in shown


def _hidden(scene: Scene) -> ChannelHandle:
    everyone = discord.PermissionOverwrite(view_channel=False)
    return scene.guild.create_text_channel("hidden", overwrites={scene.guild.default_role: everyone})
