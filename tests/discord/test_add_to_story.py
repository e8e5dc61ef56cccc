"""A message that an editor picks becomes a development."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest
from simcord.backend import serializers
from simcord.enums import AppCommandType, InteractionType
from simcord.results import InteractionResult

from tests.discord.seen import OpenForm, message_of, said
from tests.discord.stage import OPPAMA, Scene, Stage
from tests.feeds.local import publishing

ADD = "Add to a story"


async def picked(scene: Scene, message: discord.Message) -> InteractionResult:
    """Pick, as the editor, the command from the message's menu.

    As the real one does, it names the server of the command, which the simulated one leaves out.
    """
    editor, backend = scene.editor, scene.env.backend
    stored = backend.get_message(scene.desk.id, message.id)
    root = editor._resolve_root(ADD, AppCommandType.MESSAGE, scene.desk.id)
    data = {
        "id": root["id"],
        "name": ADD,
        "type": AppCommandType.MESSAGE,
        "guild_id": str(scene.guild.id),
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): dict(serializers.message_payload(backend, stored))}},
    }
    return await editor._dispatch_interaction(InteractionType.APPLICATION_COMMAND, scene.desk, data)


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    async with stage.open(FEED_ALLOW="127.0.0.1", EMBEDDINGS="none") as opened:
        yield opened


async def test_without_a_link_the_form_opens_with_the_text(scene: Scene) -> None:
    message = await scene.reader.send(scene.desk, "Oppama is signed")
    form = OpenForm(await picked(scene, message))
    assert form.text("Headline") == "Oppama is signed"
    assert "Published" in said(await scene.submit(form, story=OPPAMA))


@pytest.mark.parametrize("brackets", ["{}", "({})"], ids=["plain", "in brackets"])
async def test_a_link_is_read_as_if_it_was_pasted(scene: Scene, brackets: str) -> None:
    async with publishing() as publishers:
        page = "<html><head><title>Nissan and Foxconn sign for Oppama</title></head><body><p>They do.</p></body></html>"
        publishers.says("/a", page, headers={"Content-Type": "text/html"})
        link = publishers.url("/a", "127.0.0.1")
        card = await picked(scene, await scene.reader.send(scene.desk, f"Look {brackets.format(link)}"))
        assert "Nissan and Foxconn sign for Oppama" in said(card)
        told = await scene.editor.click(message_of(card), label="Publish")
        assert "Published “Nissan and Foxconn sign for Oppama”" in said(told)
    story = await scene.container.services.library.get_story(OPPAMA)
    assert [source.url for source in story.developments[-1].sources] == [link]


async def test_of_an_unreadable_page_the_message_is_the_headline(scene: Scene) -> None:
    async with publishing() as publishers:
        link = publishers.url("/missing", "127.0.0.1")
        card = await picked(scene, await scene.reader.send(scene.desk, f"Oppama is signed {link}"))
    assert "couldn't be read" in said(card)
    assert "[Oppama is signed]" in said(card)


async def test_it_is_the_desks_alone(scene: Scene) -> None:
    """Also where a server opened the command to everybody."""
    message = await scene.reader.send(scene.desk, "Oppama is signed")
    roles = scene.guild.roles["Editors"]
    form = OpenForm(await picked(scene, message))
    scene.env.backend.remove_member_role(scene.guild.id, scene.editor.id, roles.id)
    assert "Only the desk" in said(await scene.submit(form, story=OPPAMA))
