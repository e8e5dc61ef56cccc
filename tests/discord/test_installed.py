"""For people who installed the bot for themselves: on servers that it is not on, and in DMs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.follow import DestinationKind
from tests.discord.seen import private, said
from tests.discord.stage import Scene

EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}


def leave(scene: Scene) -> None:
    """Take the bot off the server, as its client sees it; people still ask there."""
    guild = scene.client.get_guild(scene.guild.id)
    assert guild is not None
    scene.client._connection._remove_guild(guild)


async def test_all_commands_but_the_desks_are_installed_everywhere(scene: Scene) -> None:
    """All but the desk is registered for servers people and dms."""
    tree = scene.client.tree
    for command in tree.get_commands():
        told = command.to_dict(tree)
        assert {key: told[key] for key in EVERYWHERE} == EVERYWHERE, command.name
    for command in tree.get_commands(guild=scene.client.get_guild(scene.guild.id)):
        told = command.to_dict(tree)
        assert {told[key] for key in EVERYWHERE} == {None}, "Discord lets no command of one server say this"


@pytest.mark.parametrize(
    ("command", "options", "expected"),
    [
        ("deal", {"query": "oppama"}, "EV production at Oppama"),
        ("latest", {}, "Latest developments"),
        ("timeline", {"query": "oppama"}, "In talks"),
        ("following", {}, "Nothing is followed here yet"),
        ("catchup", {}, "Nothing is followed here"),
        ("why", {"query": "oppama"}, "Oppama"),
        ("settings", {}, "your DMs"),
        ("status", {}, "**Stories** · 16"),
        ("data", {}, "**About you** · nothing"),
        ("unfollow", {"target": "nissan"}, "No follow matches “nissan”"),
    ],
)
async def test_every_command_answers_where_the_bot_is_not(
    scene: Scene, command: str, options: dict[str, Any], expected: str
) -> None:
    """By the editor, who has Manage Server there: it is not theirs to manage here."""
    leave(scene)
    answer = said(await scene.editor.slash(scene.deals, command, **options))
    assert expected in answer
    assert "About this server" not in answer


async def test_a_follow_where_the_bot_is_not_comes_by_dm_and_says_so(scene: Scene) -> None:
    leave(scene)
    answer = await scene.editor.slash(scene.deals, "follow", target="nissan")
    assert "Your DMs now follow **Nissan**" in said(answer)
    assert "The bot is not on this server, so posts come to your DMs." in said(answer)
    card = await scene.editor.slash(scene.deals, "deal", query="oppama")
    assert card.response is not None
    clicked = await scene.editor.click(card.response, label="Follow")
    assert private(clicked)
    assert "so posts come to your DMs" in said(clicked)
    assert {follow.destination.kind for follow in await scene.follows()} == {DestinationKind.DM}


@pytest.mark.parametrize("option", ["channel", "mention"])
async def test_channels_and_roles_of_foreign_servers_are_refused(scene: Scene, option: str) -> None:
    """A channel or role where the bot is not is refused in a sentence."""
    leave(scene)
    named = {"channel": scene.deals, "mention": scene.role}[option]
    answer = await scene.editor.slash(scene.deals, "follow", target="nissan", **{option: named})
    assert "The bot is not on this server, so it can't post in its channels" in said(answer)
    assert await scene.follows() == []


async def test_following_by_name_in_a_dm(scene: Scene) -> None:
    assert "Your DMs now follow" in said(await scene.reader.user.slash("follow", target="nissan"))
    assert "Timeline" in said(await scene.reader.user.slash("deal", query="oppama"))
    assert "your DMs" in said(await scene.reader.user.slash("following"))
