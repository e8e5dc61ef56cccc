"""The greeting: once in the system channel of a server that the bot joins, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest
from simcord.builders import ChannelHandle

from tests.discord.seen import buttons, check_limits, private, said
from tests.discord.stage import Scene, Stage

GREETING = "Hello, I'm TestBot"


async def join_with_system_channel(scene: Scene, channel: ChannelHandle | None = None) -> None:
    """Make a channel the server's system channel, #deals by default, and start the bot as one that has just joined.

    It has joined the scene's server before that had any channels.
    """
    await scene.container.services.retention.erase_guild(scene.guild.id)
    await start_with_system_channel(scene, channel)


async def start_with_system_channel(scene: Scene, channel: ChannelHandle | None = None) -> None:
    """Make a channel the server's system channel, #deals by default, and start the bot again."""
    scene.env.backend.guilds[scene.guild.id].system_channel_id = (channel or scene.deals).id
    await scene.restart()


async def test_a_server_is_greeted_in_its_system_channel(scene: Scene) -> None:
    """With how to ask, how to get news, and buttons for a first try."""
    await join_with_system_channel(scene)
    (greeting,) = scene.own()
    assert GREETING in said(greeting)
    assert "`!deal nissan foxconn`" in said(greeting)
    assert "`/follow` in the channel" in said(greeting)
    assert {"Follow everything", "Try it: a deal", "Help"} <= set(buttons(greeting))
    assert scene.pinged(greeting) == []
    assert scene.own(scene.desk) == []
    check_limits(greeting)


async def test_nobody_is_sent_a_dm(scene: Scene) -> None:
    await join_with_system_channel(scene)
    assert scene.requests("POST", "/users/@me/channels") == []


async def test_its_buttons_answer_whoever_clicks(scene: Scene) -> None:
    """A manager's channel follows, anybody else gets it by DM; help is private."""
    await join_with_system_channel(scene)
    (greeting,) = scene.own()
    assert "What TestBot can do" in said(await scene.reader.click(greeting, label="Help"))
    by_editor = await scene.editor.click(greeting, label="Follow everything")
    by_reader = await scene.reader.click(greeting, label="Follow everything")
    assert f"<#{scene.deals.id}> now follows **everything**" in said(by_editor)
    assert "Your DMs now follow **everything**" in said(by_reader)
    assert private(by_editor)
    assert private(by_reader)


async def test_a_server_is_greeted_once(scene: Scene) -> None:
    """Whatever comes later: a restart, or another system channel."""
    await join_with_system_channel(scene)
    await scene.restart()
    await start_with_system_channel(scene, scene.desk)
    assert len(scene.own()) == 1
    assert scene.own(scene.desk) == []


@pytest.mark.parametrize("missing", ["system channel", "send_messages", "view_channel"])
async def test_a_server_without_a_channel_for_it_is_not_greeted(scene: Scene, missing: str) -> None:
    """Then it is greeted nowhere, and not later either."""
    if missing != "system channel":
        await join_with_system_channel(
            scene, scene.guild.create_text_channel("closed", overwrites=scene.lacking(**{missing: False}))
        )
    await start_with_system_channel(scene)
    assert scene.own() == []


async def test_a_server_that_has_long_known_the_bot_is_not_greeted(scene: Scene) -> None:
    """As after an upgrade from a version without greetings."""
    await scene.env.advance_time(timedelta(days=2).total_seconds())
    await join_with_system_channel(scene)
    assert scene.own() == []


async def test_the_greeting_speaks_the_servers_language(stage: Stage) -> None:
    async with stage.open() as scene:
        scene.env.backend.guilds[scene.guild.id].preferred_locale = "de"
        await join_with_system_channel(scene)
        (greeting,) = scene.own()
        assert "Hallo, ich bin TestBot" in said(greeting)
        check_limits(greeting)


async def test_a_greeting_that_discord_refuses_keeps_the_bot_from_nothing(scene: Scene) -> None:
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=50013)
    await join_with_system_channel(scene)
    assert scene.own() == []
    assert "EV production at Oppama" in said(await scene.ask("!deal nissan foxconn"))


async def test_an_empty_store_offers_nothing_to_try(blank: Scene) -> None:
    await join_with_system_channel(blank)
    (greeting,) = blank.own()
    assert set(buttons(greeting)) == {"Follow everything", "Help"}
    assert isinstance(greeting, discord.Message)
