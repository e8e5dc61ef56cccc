"""A message that an editor picks becomes a development."""

from __future__ import annotations

import discord
import pytest
from simcord.backend import serializers
from simcord.enums import AppCommandType, InteractionType
from simcord.results import InteractionResult

from tests.discord.seen import OpenForm, said
from tests.discord.stage import OPPAMA, Scene

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


@pytest.mark.parametrize(
    ("written", "headline", "source"),
    [
        (
            "Oppama is signed https://www.press.example/a?b=1",
            "Oppama is signed",
            "press.example | https://www.press.example/a?b=1",
        ),
        ("Look (https://press.example/a)\nhere", "Look (", "press.example | https://press.example/a"),
        ("No link at all", "No link at all", ""),
    ],
    ids=["with a link", "in brackets", "without"],
)
async def test_the_form_opens_with_what_the_message_says(
    scene: Scene, written: str, headline: str, source: str
) -> None:
    message = await scene.reader.send(scene.desk, written)
    form = OpenForm(await picked(scene, message))
    assert form.text("Headline") == headline
    assert form.text("Sources (one per line)") == source


async def test_sent_it_is_published(scene: Scene) -> None:
    message = await scene.reader.send(scene.desk, "Oppama is signed https://press.example/a")
    form = OpenForm(await picked(scene, message))
    assert "Published" in said(await scene.submit(form, story=OPPAMA))
    story = await scene.rooms.services.library.get_story(OPPAMA)
    assert [source.url for source in story.developments[-1].sources] == ["https://press.example/a"]


async def test_it_is_the_desks_alone(scene: Scene) -> None:
    """Also where a server opened the command to everybody."""
    message = await scene.reader.send(scene.desk, "Oppama is signed")
    roles = scene.guild.roles["Editors"]
    form = OpenForm(await picked(scene, message))
    scene.env.backend.remove_member_role(scene.guild.id, scene.editor.id, roles.id)
    assert "Only the desk" in said(await scene.submit(form, story=OPPAMA))
