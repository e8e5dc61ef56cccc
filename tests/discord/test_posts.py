"""The post: one message for a development in each place that follows, and a ping for the one role that was named."""

from __future__ import annotations

from simcord.builders import ChannelHandle

from tests.discord.seen import buttons, private, prose, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import a_story


async def test_every_following_place_gets_one_post(scene: Scene) -> None:
    """Channel, thread and DM alike; those that follow something else get none."""
    thread = ChannelHandle(
        scene.env, scene.guild, scene.env.backend.create_thread(scene.deals.id, "talk", scene.editor.id)
    )
    await scene.env.settle()
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.editor.slash(scene.deals, "follow", target="everything", channel=thread)
    await scene.editor.slash(scene.desk, "follow", target="toyota")
    await scene.reader.slash(scene.deals, "follow", target="contract-manufacturing")
    home = scene.reader.user.dm_channel
    before = len(home.history())
    outcome = await scene.publish(headline="They sign", stage="signed", source=[{"publisher": "Nikkei"}])
    await scene.send_posts()
    assert outcome.deliveries == 3
    assert len(scene.posts(scene.deals)) == len(scene.posts(thread)) == 1
    assert len(home.history()) == before + 1
    assert scene.posts(scene.desk) == []
    assert said(scene.posts(thread)[0]) == said(scene.posts(scene.deals)[0])


async def test_a_post_names_the_development_story_and_source(scene: Scene) -> None:
    """A post says what happened in which story and who says so."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(
        date="2025-09-14", headline="They sign", text="In full.", stage="signed", source=[{"publisher": "Nikkei"}]
    )
    await scene.send_posts()
    (post,) = scene.posts()
    shown = said(post)
    for expected in (
        "Nissan and Foxconn: EV production at Oppama",
        "They sign",
        "In full.",
        "In talks → **Signed**",
        "Reported · 14 Sept 2025",
        "Nikkei",
    ):
        assert expected in shown
    assert buttons(post) == {"Full story": True, "Follow": True, "Something wrong?": True}


async def test_the_button_of_a_post_opens_the_story_privately(scene: Scene) -> None:
    """The button of a post opens the full story for the clicker alone."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    opened = await scene.reader.click(scene.posts()[0], label="Full story")
    assert private(opened)
    assert "Foxconn reported not to be in concrete negotiations" in said(opened)


async def test_matching_follows_make_one_post_with_all_roles(scene: Scene) -> None:
    """Story, company, kind and everything, of one channel: one message that pings each named role once."""
    second = scene.guild.create_role("Second", mentionable=True)
    await scene.env.settle()
    for target, role in ((OPPAMA, scene.role), ("nissan", second), ("everything", scene.role)):
        await scene.editor.slash(scene.deals, "follow", target=target, mention=role)
    await scene.editor.slash(scene.deals, "follow", target="contract-manufacturing")
    await scene.publish()
    await scene.send_posts()
    (post,) = scene.posts()
    assert sorted(scene.pinged(post)) == sorted([str(scene.role.id), str(second.id)])
    assert prose(post)[0] == f"<@&{scene.role.id}> <@&{second.id}>"


async def test_only_the_named_role_may_be_pinged(scene: Scene) -> None:
    """Discord is told so in so many words: another role in the text could not ping, nor everyone, nor a user."""
    await scene.editor.slash(scene.deals, "follow", target="nissan", mention=scene.role)
    await scene.publish(headline=f"@everyone <@&{scene.guild.default_role.id}> <@{scene.editor.id}>")
    await scene.send_posts()
    body = scene.requests("POST", f"/channels/{scene.deals.id}/messages")[-1].json
    assert body["allowed_mentions"] == {"parse": [], "roles": [scene.role.id]}
    assert scene.pinged(scene.posts()[0]) == [str(scene.role.id)]


async def test_a_follow_without_a_role_pings_nobody(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="@here <@&1>")
    await scene.send_posts()
    body = scene.requests("POST", f"/channels/{scene.deals.id}/messages")[-1].json
    assert body["allowed_mentions"] == {"parse": [], "roles": []}
    assert scene.pinged(scene.posts()[0]) == []


async def test_a_post_carries_its_key_and_an_enforced_nonce(scene: Scene) -> None:
    """By these a repetition is known: by Discord for minutes, by the bot for ever."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    body = scene.requests("POST", f"/channels/{scene.deals.id}/messages")[-1].json
    assert body["enforce_nonce"] is True
    assert 0 < len(body["nonce"]) <= 25
    key = str(body["nonce"]).removeprefix("dw-")
    assert f"dw:post:{key}:{OPPAMA}" in str(body["components"])


async def test_nothing_old_is_posted(scene: Scene) -> None:
    """What was known before the follow is not announced; what comes after is."""
    await scene.publish(headline="Before")
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.send_posts()
    assert scene.posts() == []
    await scene.publish(headline="After")
    await scene.send_posts()
    assert [("After" in said(post), "Before" in said(post)) for post in scene.posts()] == [(True, False)]


async def test_a_repetition_and_a_silent_import_post_nothing(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="everything")
    await scene.publish(headline="Once")
    await scene.publish(headline="Once")
    await scene.tell(a_story("silent"))
    await scene.send_posts()
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_posts_of_a_channel_come_in_the_order_of_the_news(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="everything")
    for number in range(5):
        await scene.publish(headline=f"News {number}")
    await scene.send_posts()
    assert [f"News {number}" in said(post) for number, post in enumerate(scene.posts())] == [True] * 5


async def test_after_unfollow_nothing_new_comes(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.editor.slash(scene.deals, "unfollow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    assert scene.posts() == []


async def test_a_story_under_a_new_company_reaches_those_who_follow_it(scene: Scene) -> None:
    """A party that was only begun to be known is followed by its name from the next development on."""
    await scene.tell(a_story("first"))
    await scene.editor.slash(scene.deals, "follow", target="acme")
    await scene.tell(a_story("second", party=[{"company": "ACME"}]), announce=True)
    await scene.send_posts()
    assert "News of second" in said(scene.posts()[0])
