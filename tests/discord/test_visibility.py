"""A public answer shows only what everybody in its channel sees; the rest is opened by a button, for whoever clicks."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.model.follow import DestinationKind
from tests.discord.seen import buttons, check_limits, message_of, parts, private, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import a_story

SHOW = "Show me"
SECRET = "Merger Target"


@pytest.fixture
async def hidden(scene: Scene) -> ChannelHandle:
    """Return a channel of the editors alone, which follows a company; its name and the company are nobody else's business."""
    seen = discord.PermissionOverwrite(view_channel=True)
    overwrites: dict[Any, discord.PermissionOverwrite] = {
        scene.guild.default_role: discord.PermissionOverwrite(view_channel=False),
        scene.guild.roles["Editors"]: seen,
        scene.client.user: seen,
    }
    channel = scene.guild.create_text_channel("merger-room", overwrites=overwrites)
    await scene.env.settle()
    await scene.tell(a_story("secret", headline=f"{SECRET} is bought", party=[{"company": SECRET, "role": "target"}]))
    await scene.editor.slash(channel, "follow", target=SECRET)
    return channel


def everything_in(shown: Any) -> str:
    """Return what somebody reads in a message, menus with their choices and descriptions too."""
    return f"{said(shown)} {[part.get('options') for part in parts(shown)]}"


def shows_nothing_hidden(shown: Any, hidden: ChannelHandle) -> None:
    """Fail if the message tells the company, the channel's name or the channel."""
    text = everything_in(shown)
    assert not [secret for secret in (SECRET, "merger-room", str(hidden.id)) if secret in text]


async def test_typed_following_opens_what_others_do_not_see_in_private(scene: Scene, hidden: ChannelHandle) -> None:
    public = await scene.ask("!following", by=scene.editor)
    shows_nothing_hidden(public, hidden)
    assert buttons(public) == {SHOW: True}
    opened = await scene.editor.click(public, label=SHOW)
    assert private(opened)
    assert f"**{SECRET}**" in said(opened)
    assert "merger-room" in everything_in(opened)
    by_reader = await scene.reader.click(public, label=SHOW)
    assert private(by_reader)
    shows_nothing_hidden(by_reader, hidden)


async def test_a_typed_following_is_public_if_everybody_sees_all(scene: Scene) -> None:
    """Also in a channel that only some see, of what that channel follows, and for somebody who sees no more than all."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    assert "**Nissan**" in said(await scene.ask("!following", by=scene.editor))


async def test_a_hidden_channel_is_no_secret_in_itself(scene: Scene, hidden: ChannelHandle) -> None:
    assert SECRET in said(await scene.ask("!following", by=scene.editor, at=hidden))
    assert SECRET in said(await scene.ask(f"!why secret {hidden.mention}", by=scene.editor, at=hidden))
    shows_nothing_hidden(await scene.ask("!following"), hidden)


async def test_one_member_who_does_not_see_a_channel_is_enough(scene: Scene) -> None:
    nearly = scene.guild.create_text_channel(
        "nearly", overwrites={scene.reader: discord.PermissionOverwrite(view_channel=False)}
    )
    await scene.env.settle()
    await scene.editor.slash(nearly, "follow", target="nissan")
    assert buttons(await scene.ask("!following", by=scene.editor)) == {SHOW: True}


@pytest.mark.parametrize(("command", "told"), [("status", "Stories"), ("data", "About you")])
async def test_typed_status_and_data_are_opened_in_private(scene: Scene, command: str, told: str) -> None:
    public = await scene.ask(f"!{command}")
    assert told not in said(public)
    await scene.restart()
    opened = await scene.reader.click(public, label=SHOW)
    assert private(opened)
    assert told in said(opened)
    assert told in said(await scene.reader.slash(scene.deals, command))
    assert told in said(await scene.ask(f"!{command}", at=scene.reader.user.dm_channel))


async def test_data_shows_each_who_clicks_their_own(scene: Scene) -> None:
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    public = await scene.ask("!data")
    assert "1 follow by DM" in said(await scene.reader.click(public, label=SHOW))
    by_editor = await scene.editor.click(public, label=SHOW)
    assert "1 follow by DM" not in said(by_editor)
    assert "Erase this server's data" in buttons(by_editor)
    assert "Erase this server's data" not in buttons(await scene.reader.click(public, label=SHOW))


async def test_typed_why_about_a_hidden_channel_is_opened_in_private(scene: Scene, hidden: ChannelHandle) -> None:
    public = await scene.ask(f"!why secret <#{hidden.id}>", by=scene.editor)
    shows_nothing_hidden(public, hidden)
    await scene.restart()
    opened = await scene.editor.click(public, label=SHOW)
    assert private(opened)
    assert f"<#{hidden.id}>" in said(opened)
    refused = await scene.reader.click(public, label=SHOW)
    assert "You need View Channel" in said(refused)
    shows_nothing_hidden(refused, hidden)


async def test_why_on_a_private_thread_takes_access_to_it(scene: Scene) -> None:
    thread = private_thread(scene)
    await scene.env.settle()
    assert "You need View Channel" in said(await scene.ask(f"!why {OPPAMA} {thread.mention}"))
    scene.env.backend.add_thread_member(thread.id, scene.reader.id)
    by_slash = await scene.reader.slash(scene.deals, "why", query=OPPAMA, channel=thread)
    assert f"<#{thread.id}>" in said(by_slash)
    typed = await scene.ask(f"!why {OPPAMA} {thread.mention}")
    assert f"<#{thread.id}>" not in said(typed)
    assert f"<#{thread.id}>" in said(await scene.reader.click(typed, label=SHOW))
    outsider = scene.guild.add_member(scene.env.create_user("outsider"))
    assert "You need View Channel" in said(await outsider.click(typed, label=SHOW))


async def test_those_with_manage_threads_see_private_threads(scene: Scene) -> None:
    thread = private_thread(scene)
    keepers = scene.guild.create_role("Keepers", permissions=discord.Permissions(manage_threads=True))
    keeper = scene.guild.add_member(scene.env.create_user("keeper"), roles=[keepers])
    await scene.env.settle()
    assert f"<#{thread.id}>" in said(await keeper.slash(scene.deals, "why", query=OPPAMA, channel=thread))


async def test_what_a_private_thread_follows_is_shown_to_its_members(scene: Scene) -> None:
    """An editor who is not in it cannot list, manage, end or make its follows either."""
    insider = scene.guild.add_member(scene.env.create_user("insider"), roles=[scene.guild.roles["Editors"]])
    thread = private_thread(scene, insider.id)
    await scene.env.settle()
    await insider.slash(thread, "follow", target="foxconn")
    (follow,) = await scene.follows()
    assert follow.destination.kind is DestinationKind.THREAD
    assert "Foxconn" in said(await insider.slash(scene.deals, "following"))
    assert buttons(await scene.ask("!following", by=insider)) == {SHOW: True}
    listed = await insider.slash(thread, "following")
    assert "Foxconn" not in said(await scene.editor.slash(scene.deals, "following"))
    assert "No follow matches" in said(await scene.ask(f"!unfollow follow:{follow.id}", by=scene.editor))
    assert await scene.editor.autocomplete(scene.deals, "unfollow", "target", "fox") == []
    for command in ("follow", "unfollow"):
        refused = await scene.ask(f"!{command} foxconn {thread.mention}", by=scene.editor)
        assert "View Channel" in said(refused), command
    assert len(await scene.follows()) == 1
    assert private(listed)


async def test_follow_typed_for_a_hidden_channel_says_nothing_of_it(scene: Scene, hidden: ChannelHandle) -> None:
    """Only that it is done; a button opens it for those who manage the server and see the channel."""
    await scene.editor.slash(hidden, "follow", target="nissan", words="lawsuit")
    public = await scene.ask(f"!follow nissan <#{hidden.id}>", by=scene.editor)
    assert "lawsuit" not in said(public)
    shows_nothing_hidden(public, hidden)
    check_limits(public)
    opened = await scene.editor.click(public, label=SHOW)
    assert private(opened)
    assert "lawsuit" in said(opened)
    assert "Manage Server" in said(await scene.reader.click(public, label=SHOW))
    ended = await scene.ask(f"!unfollow nissan <#{hidden.id}>", by=scene.editor)
    shows_nothing_hidden(ended, hidden)
    assert "Done." in said(ended)
    assert [follow.target.display for follow in await scene.follows()] == [SECRET]


async def test_what_somebody_follows_by_dm_is_their_own(scene: Scene) -> None:
    await scene.reader.slash(scene.deals, "follow", target="nissan", words="lawsuit")
    public = await scene.ask("!follow nissan")
    assert "lawsuit" not in said(public)
    assert "lawsuit" in said(await scene.reader.click(public, label=SHOW))
    assert "somebody else" in said(await scene.editor.click(public, label=SHOW))
    assert "Nissan" not in said(await scene.ask("!unfollow nissan"))
    assert await scene.follows() == []


async def test_names_of_hidden_channels_cannot_be_guessed(scene: Scene, hidden: ChannelHandle) -> None:
    """A channel that is there and hidden is answered like one that is not there."""
    guesses = [said(await scene.ask(f"!why {OPPAMA} channel: {name}")) for name in ("merger-room", "merger-hall")]
    assert guesses[0].replace("merger-room", "merger-hall") == guesses[1]


async def test_only_managers_see_follows_of_deleted_channels(scene: Scene, hidden: ChannelHandle) -> None:
    """A follow of a deleted channel is shown to managers alone."""
    scene.env.backend.delete_channel(hidden.id)
    await scene.env.settle()
    shows_nothing_hidden(await scene.reader.slash(scene.deals, "following"), hidden)
    shows_nothing_hidden(await scene.ask("!following", by=scene.editor), hidden)
    assert SECRET in said(await scene.editor.slash(scene.deals, "following"))


async def test_a_refusal_does_not_name_a_hidden_channel(scene: Scene) -> None:
    everyone = discord.PermissionOverwrite(view_channel=False)
    editors = discord.PermissionOverwrite(view_channel=True)
    hidden = scene.guild.create_text_channel(
        "no-bots", overwrites={scene.guild.default_role: everyone, scene.guild.roles["Editors"]: editors}
    )
    await scene.env.settle()
    public = await scene.ask(f"!follow nissan <#{hidden.id}>", by=scene.editor)
    assert "the bot needs View Channel" in said(public)
    assert str(hidden.id) not in said(public)
    by_slash = await scene.editor.slash(scene.deals, "follow", target="nissan", channel=hidden)
    assert f"<#{hidden.id}>" in said(by_slash)
    assert message_of(by_slash).flags.ephemeral


def private_thread(scene: Scene, *members: int) -> ChannelHandle:
    """Return a private thread in #deals with the bot, and with these members."""
    bot_id = scene.env.backend.bot_user.id
    thread = scene.env.backend.create_thread(
        scene.deals.id, "whispers", bot_id, type=discord.ChannelType.private_thread.value
    )
    for member in members:
        scene.env.backend.add_thread_member(thread.id, member)
    return ChannelHandle(scene.env, scene.guild, thread)
