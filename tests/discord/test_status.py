"""Status and data; and what becomes of an error that nobody expected."""

from __future__ import annotations

import asyncio
import json
import logging
import re

import discord
import pytest

from bot.cards.components import Card, button
from bot.cards.simple_cards import erase_prompt_card
from bot.delivery.retention import Retention
from bot.logs import JsonFormatter
from bot.platforms.discord.client import Dealwire
from tests.discord.seen import buttons, erase, private, said
from tests.discord.stage import Scene

ERASE_SERVER = "Erase this server's data"
ERASE_ME = "Erase my data"


async def test_status_says_how_the_bot_is(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    answer = await scene.reader.slash(scene.deals, "status")
    shown = said(answer)
    for expected in (
        "**Stories** · 16",
        "**Follows** · 1",
        "1 sent, 0 queued, 0 failed",
        "on, with `!`",
        "**Feeds** · 16",
        "**The desk's queue** · 0 articles, 0 reader reports",
    ):
        assert expected in shown
    assert f"version {scene.container.services.version}" in shown
    assert private(answer)
    assert said(await scene.ask("!status"))
    assert said(await scene.reader.user.slash("status"))


async def test_data_says_what_is_stored_about_server_and_asker(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "follow", target="toyota")
    answer = await scene.reader.slash(scene.deals, "data")
    shown = said(answer)
    for expected in (
        "What is stored",
        "**About this server** · 1 follow",
        "**About you** · 1 follow",
        "**Messages** · none",
        "30 days",
    ):
        assert expected in shown
    assert private(answer)


async def test_data_in_a_dm_speaks_of_the_asker_only(scene: Scene) -> None:
    shown = await scene.reader.user.slash("data")
    assert "About this server" not in said(shown)
    assert buttons(shown) == {ERASE_ME: False}


async def test_erasing_oneself_ends_ones_follows_by_dm_and_no_other(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "follow", target="toyota")
    answer = await scene.reader.slash(scene.deals, "data")
    assert buttons(answer) == {ERASE_ME: True}, "a reader is not offered to erase the server"
    assert answer.response is not None
    assert "Erased: 1 follow" in said(await erase(scene.reader, answer.response, ERASE_ME))
    assert [follow.target.value for follow in await scene.follows()] == ["Nissan"]


async def test_erasing_a_server_ends_all_that_it_follows(scene: Scene) -> None:
    """What was on its way is gone too; the members' own follows stay."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.reader.slash(scene.deals, "follow", target="toyota")
    await scene.publish()
    answer = await scene.editor.slash(scene.deals, "data")
    assert answer.response is not None
    assert "Erased: 1 follow" in said(await erase(scene.editor, answer.response, ERASE_SERVER))
    assert [follow.target.value for follow in await scene.follows()] == ["Toyota"]
    await scene.send_posts()
    assert scene.posts() == []


async def test_a_reader_cannot_erase_a_server_by_a_button(scene: Scene) -> None:
    """Answers of earlier versions stand in public: the button asks who clicks it."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    channel = scene.client.get_channel(scene.deals.id)
    assert isinstance(channel, discord.TextChannel)
    public = await channel.send(view=Card(discord.ui.ActionRow(button(ERASE_SERVER, "dw:erase:server"))))
    clicked = await scene.reader.click(public, label=ERASE_SERVER)
    assert "You need Manage Server" in said(clicked)
    question = await channel.send(view=erase_prompt_card("Erase?", "server"))
    assert "You need Manage Server" in said(await scene.reader.click(question, label="Erase for good"))
    assert private(clicked)
    assert len(await scene.follows()) == 1


@pytest.mark.parametrize("way", ["prefix", "slash", "mention", "click"])
async def test_the_unexpected_gets_a_reference_that_the_log_has_too(
    scene: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """A bug is told in one sentence without its insides, and found in the log by what the sentence names."""
    answer = await scene.ask("!deal oppama")

    async def broken(*_args: object, **_kwargs: object) -> None:
        raise LookupError("the insides")

    for name in ("answer", "get_story"):
        monkeypatch.setattr(scene.container.services.library, name, broken)
    with caplog.at_level(logging.ERROR, "bot"):
        if way == "slash":
            told = said(await scene.reader.slash(scene.deals, "deal", query="nissan"))
        elif way == "click":
            told = said(await scene.reader.click(answer, label="Full story"))
        else:
            told = said(await scene.ask("!deal nissan" if way == "prefix" else f"{scene.mention} nissan"))
    match = re.search(r"Something went wrong. Error reference: ([0-9a-f]{6})\.", told)
    assert match
    assert "insides" not in told
    record = scene.expected_bug()
    assert match[1] in record.getMessage()
    assert json.loads(JsonFormatter().format(record))["reference"] == match[1]
    assert match[1] in caplog.text
    assert "LookupError: the insides" in caplog.text


async def test_the_next_command_after_a_bug_answers(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_kwargs: object) -> None:
        raise LookupError

    with monkeypatch.context() as patched:
        patched.setattr(scene.container.services.library, "answer", broken)
        await scene.ask("!deal nissan")
    scene.expected_bug()
    assert "EV production at Oppama" in said(await scene.ask("!deal nissan"))


async def test_the_daily_erasing_has_ended_before_the_bot_has(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is closed next, and nothing may still be at work in it."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def erase_expired_guilds(_retention: Retention) -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
            return 0
        finally:
            for _ in range(3):
                await asyncio.sleep(0)
            ended.set()

    monkeypatch.setattr(Retention, "erase_expired_guilds", erase_expired_guilds)
    client = Dealwire(scene.container.services)
    await client.load_extension("cogs.data")
    await begun.wait()
    await client.unload_extension("cogs.data")
    assert ended.is_set()
