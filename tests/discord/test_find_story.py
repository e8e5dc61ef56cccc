"""The message menu "Find the story": any message, whatever it says it with."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from tests.discord.seen import private, prose, said
from tests.discord.stage import Scene

MENU = "Find the story"


async def found(scene: Scene, message: Any) -> Any:
    """Return what the menu says to the reader."""
    where = next(channel for channel in (scene.deals, scene.desk) if channel.id == message.channel.id)
    answer = await scene.reader.context_menu(where, MENU, message)
    assert private(answer)
    return answer


@pytest.mark.parametrize(
    "text",
    [
        "Have you seen this? Nissan and Foxconn are said to talk about Oppama again.",
        "日産と鴻海、追浜で交渉か",
        f"{'It rained all day. ' * 20}Nissan and Foxconn are said to talk about EV production at Oppama. {'So it goes. ' * 9}",
        f"{'then it rained and ' * 20}nissan and foxconn talk about oppama {'and it rained ' * 9}",
        f"{'雨が降った。' * 60}日産と鴻海、追浜で交渉か。",
        "nothing here\n" * 30 + "nissan foxconn oppama",
        "long " * 60 + "\nanyway: nissan foxconn oppama",
        "https://news.example/cars/2025/08/nissan-foxconn-oppama-talks-12345.html",
        "[what a title](https://news.example/nissan-and-foxconn-at-oppama)",
    ],
)
async def test_a_message_is_found_by_what_it_says(scene: Scene, text: str) -> None:
    message = await scene.editor.send(scene.desk, text)
    assert "EV production at Oppama" in prose(await found(scene, message))[0]


@pytest.mark.parametrize(
    "text",
    [
        "hello everybody, how are you today?",
        "for what it is worth, the new one is better",
        "<@1> 👍",
        "https://x.example",
    ],
)
async def test_a_message_of_something_else_finds_nothing(scene: Scene, text: str) -> None:
    message = await scene.editor.send(scene.desk, text)
    answer = said(await found(scene, message))
    assert "No story matches" in answer or "no text that could identify a story" in answer


async def test_embeds_and_components_are_read_as_well(scene: Scene) -> None:
    """News bots post embeds; newer ones Components V2."""
    channel = scene.client.get_channel(scene.desk.id)
    assert isinstance(channel, discord.TextChannel)
    embed = discord.Embed(title="EasyPark buys Parkopedia", description="The deal is done.")
    assert "EasyPark Group buys Parkopedia" in said(await found(scene, await channel.send(embed=embed)))
    view = ui.LayoutView()
    view.add_item(ui.Container(ui.TextDisplay("Renault names three electric vans")))
    assert "electric vans" in prose(await found(scene, await channel.send(view=view)))[0]


async def test_the_bots_own_cards_and_posts_are_their_story(scene: Scene) -> None:
    card = await scene.ask("!deal honda nissan merger")
    assert "Honda and Nissan end their merger talks" in prose(await found(scene, card))[0]
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish(headline="Nothing that names anybody")
    await scene.send_posts()
    assert "EV production at Oppama" in prose(await found(scene, scene.posts()[0]))[0]
