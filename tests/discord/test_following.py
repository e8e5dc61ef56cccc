"""Following: what, where, by whom, and what is said of it."""

from __future__ import annotations

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.model.follow import DestinationKind, TargetKind
from tests.discord.seen import buttons, check_limits, private, prose, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import a_story


def a_thread(scene: Scene, parent: ChannelHandle) -> ChannelHandle:
    """Return a public thread that the bot has seen open."""
    thread = scene.env.backend.create_thread(parent.id, "talk", scene.editor.id)
    return ChannelHandle(scene.env, scene.guild, thread)


TARGETS = [
    ("everything", TargetKind.EVERYTHING, ""),
    ("All", TargetKind.EVERYTHING, ""),
    ("hon hai", TargetKind.COMPANY, "Foxconn"),
    ("日産", TargetKind.COMPANY, "Nissan"),
    ("contract-manufacturing", TargetKind.KIND, "contract-manufacturing"),
    (OPPAMA, TargetKind.STORY, OPPAMA),
    ("oppama", TargetKind.STORY, OPPAMA),
]


@pytest.mark.parametrize(("typed", "kind", "value"), TARGETS)
async def test_a_channel_follows_what_was_named(scene: Scene, typed: str, kind: TargetKind, value: str) -> None:
    """By slug, name, alias, other script or kind, typed or as slash; the answer says so and shows a sample."""
    by_slash = await scene.editor.slash(scene.deals, "follow", target=typed)
    by_prefix = await scene.ask(f"!follow {typed}", by=scene.editor, at=scene.desk)
    assert private(by_slash)
    for answer, place in ((by_slash, scene.deals), (by_prefix, scene.desk)):
        assert f"<#{place.id}> now follows" in said(answer)
        assert "**Preview** of a post" in said(answer)
        check_limits(answer)
    follows = await scene.follows()
    assert [(follow.target.kind, follow.target.value) for follow in follows] == [(kind, value)] * 2
    assert [follow.destination.discord_id for follow in follows] == [scene.deals.id, scene.desk.id]
    assert {(follow.destination.kind, follow.created_by) for follow in follows} == {
        (DestinationKind.CHANNEL, scene.editor.id)
    }


async def test_the_sample_is_the_newest_development_and_pings_nobody(scene: Scene) -> None:
    """It shows what a post will look like, and says that the role will be pinged, without doing it."""
    await scene.publish(headline="Newest of Oppama", source=[{"publisher": "Nikkei"}])
    answer = await scene.editor.slash(scene.deals, "follow", target="nissan", mention=scene.role)
    assert "Newest of Oppama" in said(answer)
    assert "Nikkei" in said(answer)
    assert f"Posts ping <@&{scene.role.id}>" in said(answer)
    assert "first line pings the role" in said(answer)
    assert scene.pinged(answer) == []
    assert "Full story" in buttons(answer)


async def test_a_target_without_news_has_no_sample(scene: Scene) -> None:
    answer = said(await scene.editor.slash(scene.deals, "follow", target="bmw"))
    assert "now follows **BMW**" in answer
    assert "Sample" not in answer


@pytest.mark.parametrize(
    "typed",
    [
        "hon hai {0} {1}",
        "{0} {1} hon hai",
        "hon hai channel: {0} mention: {1}",
        "hon hai mention: @Deals channel: #news",
    ],
)
async def test_channel_and_role_can_be_typed_behind_the_target(scene: Scene, typed: str) -> None:
    """Channel and role can be typed behind a target of two words."""
    news = scene.guild.create_text_channel("news")
    await scene.env.settle()
    text = typed.format(news.mention, scene.role.mention).replace("#news", news.mention)
    answer = await scene.ask(f"!follow {text.replace('@Deals', 'Deals')}", by=scene.editor)
    (follow,) = await scene.follows()
    assert follow.target.value == "Foxconn"
    assert follow.destination.discord_id == news.id
    assert follow.settings.role_id == scene.role.id
    assert f"<#{news.id}> now follows **Foxconn**" in said(answer)
    assert scene.pinged(answer) == []


async def test_other_channels_and_threads_can_follow(scene: Scene) -> None:
    """Another channel a thread and an announcement channel can follow."""
    thread, announcements = a_thread(scene, scene.deals), scene.guild.create_news_channel("announcements")
    await scene.env.settle()
    for place in (thread, announcements):
        await scene.editor.slash(scene.desk, "follow", target="nissan", channel=place)
    await scene.ask("!follow foxconn", by=scene.editor, at=thread)
    places = {(f.destination.discord_id, f.destination.kind) for f in await scene.follows()}
    assert places == {(thread.id, DestinationKind.THREAD), (announcements.id, DestinationKind.ANNOUNCEMENT)}
    await scene.publish()
    await scene.send_posts()
    assert len(scene.posts(thread)) == 1
    assert len(scene.posts(announcements)) == 1


async def test_following_in_a_dm_is_a_follow_by_dm(scene: Scene) -> None:
    home = scene.reader.user.dm_channel
    answers = await scene.hears("!follow nissan", at=home)
    await scene.reader.user.slash("follow", target="everything")
    assert {(f.destination.kind, f.target.display) for f in await scene.follows()} == {
        (DestinationKind.DM, "Nissan"),
        (DestinationKind.DM, "everything"),
    }
    assert any("Your DMs now follow **Nissan**" in said(answer) for answer in answers)


async def test_a_member_without_manage_server_follows_by_dm(scene: Scene) -> None:
    """Whichever way it is asked for; the channel gets nothing."""
    answer = await scene.reader.slash(scene.deals, "follow", target="nissan")
    assert "Your DMs now follow **Nissan**" in said(answer)
    assert private(answer)
    (follow,) = await scene.follows()
    assert (follow.destination.kind, follow.destination.discord_id) == (DestinationKind.DM, scene.reader.id)
    home = scene.reader.user.dm_channel
    assert "new developments arrive here" in said(home.history()[0])
    await scene.publish()
    await scene.send_posts()
    assert "Something new" in said(home.history()[-1])
    assert scene.posts() == []


async def test_the_same_follow_twice_is_one(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    again = await scene.editor.slash(scene.deals, "follow", target="Nissan Motor")
    assert "already follows **Nissan**" in said(again)
    assert len(await scene.follows()) == 1


async def test_the_same_follow_with_another_role_changes_the_role(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.editor.slash(scene.deals, "follow", target="nissan", mention=scene.role)
    (follow,) = await scene.follows()
    assert follow.settings.role_id == scene.role.id


async def test_the_follow_button_follows_here_or_by_dm(scene: Scene) -> None:
    """The channel for those who may decide for it, their own DMs for everybody else."""
    answer = await scene.ask("!deal oppama")
    by_editor = await scene.editor.click(answer, label="Follow")
    by_reader = await scene.reader.click(answer, label="Follow")
    assert f"<#{scene.deals.id}> now follows" in said(by_editor)
    assert "Your DMs now follow" in said(by_reader)
    assert private(by_editor)
    assert private(by_reader)
    assert {(f.destination.kind, f.target.value) for f in await scene.follows()} == {
        (DestinationKind.CHANNEL, OPPAMA),
        (DestinationKind.DM, OPPAMA),
    }


async def test_unfollow_ends_it_in_the_channel_it_is_typed_in(scene: Scene) -> None:
    for channel in (scene.deals, scene.desk):
        await scene.editor.slash(channel, "follow", target="nissan")
    answer = await scene.ask("!unfollow 日産", by=scene.editor)
    assert f"<#{scene.deals.id}> no longer follows **Nissan**" in said(answer)
    (left,) = await scene.follows()
    assert left.destination.discord_id == scene.desk.id
    await scene.ask(f"!unfollow nissan {scene.desk.mention}", by=scene.editor)
    assert await scene.follows() == []
    assert "No follow matches “nissan”" in said(await scene.ask("!unfollow nissan", by=scene.editor))


async def test_unfollow_by_id_works_from_anywhere(scene: Scene) -> None:
    """Unfollow by the number that is offered works from anywhere."""
    await scene.editor.slash(scene.deals, "follow", target="everything")
    (offer,) = await scene.editor.autocomplete(scene.desk, "unfollow", "target", "")
    await scene.editor.slash(scene.desk, "unfollow", target=offer["value"])
    assert await scene.follows() == []


async def test_a_story_that_was_renamed_is_unfollowed_by_what_is_shown(scene: Scene) -> None:
    await scene.tell(a_story("supply", headline="Acme supplies Bolt"))
    await scene.editor.slash(scene.deals, "follow", target="Acme supplies Bolt")
    await scene.tell(a_story("supply", headline="Acme supplies nobody"))
    assert "Acme supplies nobody" in said(await scene.ask("!following"))
    await scene.ask("!unfollow acme supplies nobody", by=scene.editor)
    assert await scene.follows() == []


async def test_a_reader_cannot_end_what_the_server_follows(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    (follow,) = await scene.follows()
    for typed in ("nissan", f"follow:{follow.id}", f"nissan {scene.deals.mention}"):
        assert "You need Manage Server" in said(await scene.ask(f"!unfollow {typed}"))
    assert "No follow matches" in said(await scene.ask("!unfollow foxconn"))
    assert len(await scene.follows()) == 1


async def test_a_member_ends_their_own_follow_by_dm_from_the_server(scene: Scene) -> None:
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    answer = await scene.reader.slash(scene.deals, "unfollow", target="nissan")
    assert "Your DMs no longer follow **Nissan**" in said(answer)
    assert await scene.follows() == []


async def test_following_lists_channels_targets_and_roles(scene: Scene) -> None:
    assert "Nothing is followed here yet" in said(await scene.ask("!following"))
    await scene.editor.slash(scene.deals, "follow", target="nissan", mention=scene.role)
    await scene.editor.slash(scene.desk, "follow", target="everything")
    listed = await scene.reader.slash(scene.deals, "following")
    shown = said(listed)
    for expected in ("2 follows", f"<#{scene.deals.id}>", "**Nissan**", f"pings <@&{scene.role.id}>", "**everything**"):
        assert expected in shown
    assert private(listed)
    assert scene.pinged(listed) == []


async def test_following_in_a_dm_lists_ones_own(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="foxconn")
    await scene.reader.user.slash("follow", target="nissan")
    listed = said(await scene.reader.user.slash("following"))
    assert "Nissan" in listed
    assert "Foxconn" not in listed


async def test_channels_that_the_reader_cannot_see_are_not_listed(scene: Scene) -> None:
    hidden = scene.guild.create_text_channel(
        "secret", overwrites={scene.reader: discord.PermissionOverwrite(view_channel=False)}
    )
    await scene.env.settle()
    await scene.editor.slash(scene.deals, "follow", target="nissan", channel=hidden)
    assert "Nothing is followed here yet" in said(await scene.ask("!following"))
    assert f"<#{hidden.id}>" in said(await scene.editor.slash(scene.deals, "following"))
    assert await scene.reader.autocomplete(scene.deals, "unfollow", "target", "nis") == []


async def test_many_follows_come_in_pages(scene: Scene) -> None:
    channels = [scene.guild.create_text_channel(f"wire-{number}") for number in range(15)]
    await scene.env.settle()
    for channel in channels:
        await scene.editor.slash(scene.deals, "follow", target="nissan", channel=channel)
    listed = await scene.editor.slash(scene.deals, "following")
    assert "15 follows · Page 1 of 2" in said(listed)
    assert listed.response is not None
    second = await scene.editor.click(listed.response, label="Next")
    assert "Page 2 of 2" in said(second)
    shown = [f"<#{channel.id}>" for channel in channels]
    assert second.response is not None
    assert sum(mention in "\n".join(prose(second)) for mention in shown) == 7
    check_limits(second)
