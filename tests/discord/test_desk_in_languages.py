"""The desk in several languages: each editor is answered in their own, and what all of them see is in the server's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.languages import use_language
from bot.platforms.discord.desk_channel import DeskChannel
from tests.discord.pressroom import open_press
from tests.discord.seen import OpenForm, buttons, message_of, said
from tests.discord.stage import OPPAMA, Scene, Stage
from tests.languages.pseudo import bracketed, outside

SIGNED = "Nissan and Foxconn sign for Oppama"


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Scene]:
    """Yield a scene in which the desk has a channel."""
    async with stage.open() as opened:
        await opened.restart(desk_channel_id=opened.desk.id)
        yield opened


@pytest.fixture
def scene(desk: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Yield the editor's Discord is in another language than the server."""

    async def of_interaction(_interaction: Any) -> str:
        return "de"

    monkeypatch.setattr(desk.client.language_resolver, "for_interaction", of_interaction)
    # What is not said in a language of its own is said in the test's, and shall be seen.
    with bracketed(), use_language("en"):
        yield desk


async def in_channel(scene: Scene) -> discord.Message:
    """Return the one article that stands in the desk's channel."""
    await scene.env.advance_time(3)
    (shown,) = [message for message in scene.own(scene.desk) if len(buttons(message)) > 2]
    return shown


async def choose(scene: Scene, language: str) -> None:
    """Choose the server's language."""
    delivery_settings = scene.container.services.delivery_settings
    settings = await delivery_settings.get(scene.guild.id)
    await delivery_settings.save(scene.guild.id, replace(settings, language=language))


async def test_the_desk_channel_is_in_the_servers_language(scene: Scene) -> None:
    """The desk's channel is in the server's language whoever decides."""
    await (await open_press(scene)).brings(SIGNED)
    assert "⟦" not in said(await in_channel(scene))
    decided = await scene.editor.click(await in_channel(scene), label="Publish")
    assert "**Published** in **" in said(decided)
    assert "⟦" not in said(decided)
    assert "⟦" not in said(await in_channel(scene))
    waits = await scene.editor.click(await in_channel(scene), label="Undo")
    assert "⟦" not in said(waits)


async def test_queue_and_feed_warnings_are_in_the_servers_language(scene: Scene) -> None:
    """A server that has chosen a language gets its queue and its feeds' troubles in it."""
    await choose(scene, "de")
    await (await open_press(scene)).brings(SIGNED)
    shown = await in_channel(scene)
    assert {"⟦Publish⟧", "⟦Edit first⟧", "⟦New story⟧", "⟦Re-report⟧", "⟦Not news⟧"} <= set(buttons(shown))
    (feed,) = [
        one for one in await scene.container.services.feed_subscriptions.list_feeds() if one.label == "Press feed"
    ]
    await DeskChannel(scene.client, scene.container.services).report_broken_feed(replace(feed, reason="It is gone."))
    assert "⟦The feed **Press feed** has stopped working: " in said(scene.own(scene.desk)[-1])


async def test_the_queue_of_ones_own_is_in_ones_own_language(scene: Scene) -> None:
    await (await open_press(scene)).brings(SIGNED)
    await in_channel(scene)
    queue = await scene.editor.slash(scene.desk, "desk queue")
    assert "⟦**Suggested:** a development of **" in said(queue)
    decided = await scene.editor.click(message_of(queue), label="⟦Publish⟧")
    assert "⟦**Published** in **" in said(decided)
    assert "**Published** in **" in said(await in_channel(scene))
    assert "⟦" not in said(await in_channel(scene))


async def test_a_form_is_in_the_editors_language(scene: Scene) -> None:
    """A form is asked mended and answered in the editor's language."""
    form = await scene.form("desk publish", story=OPPAMA)
    assert form.title.startswith("⟦Publish in:")
    assert form.labels == ["⟦Headline⟧", "⟦Text⟧", "⟦Sources (one per line)⟧"]
    refused = await scene.editor.submit_modal(form.shown, {**form.filled(), form.control_id("⟦Headline⟧"): " "})
    assert "⟦Headline⟧: ⟦can't be empty, unless the field for sources has a link⟧" in said(refused)
    again = OpenForm(await scene.editor.click(message_of(refused), label="⟦Fix and resubmit⟧"))
    assert again.title == form.title
    done = await scene.editor.submit_modal(again.shown, {**again.filled(), again.control_id("⟦Headline⟧"): SIGNED})
    assert re.search("[A-Za-z]", outside(said(done))) is None
    assert "⟦Sending to 0 channels.⟧" in said(done)


async def test_words_are_offered_and_taken_as_the_language_calls_them(scene: Scene) -> None:
    for command, option, typed, name, value in (
        ("desk publish", "stage", "in ta", "⟦In talks⟧", "talks"),
        ("desk publish", "claim", "denied", "⟦Denied⟧", "denied"),
        ("desk story", "kind", "supply", "⟦Supply⟧", "supply"),
        ("desk correct", "stage", "none", "⟦None⟧", "none"),
        ("feeds add", "trust", "auto", "⟦auto⟧", "auto"),
    ):
        offers = await scene.editor.autocomplete(scene.desk, command, option, typed)
        assert [(offer["name"], offer["value"]) for offer in offers] == [(name, value)]
    form = await scene.form("desk publish", story=OPPAMA, claim="⟦Confirmed⟧", stage="⟦In talks⟧")
    await scene.editor.submit_modal(form.shown, {**form.filled(), form.control_id("⟦Headline⟧"): SIGNED})
    told = next(
        d for d in (await scene.container.services.library.get_story(OPPAMA)).developments if d.headline == SIGNED
    )
    assert (told.claim.value, told.stage and told.stage.value) == ("confirmed", "talks")


async def test_every_option_of_the_desk_says_what_it_is_for(scene: Scene) -> None:
    """Discord shows three dots for one that does not."""
    commands = scene.client.tree.get_commands(guild=discord.Object(scene.guild.id))
    groups = [command for command in commands if isinstance(command, discord.app_commands.Group)]
    assert {group.name for group in groups} == {"desk", "feeds"}
    options = [
        (command.qualified_name, option.name, str(option.description))
        for group in groups
        for command in group.walk_commands()
        if isinstance(command, discord.app_commands.Command)
        for option in command.parameters
    ]
    assert [option for option in options if not 5 < len(option[2]) <= 80] == []
