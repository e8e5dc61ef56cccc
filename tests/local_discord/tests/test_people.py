"""What people do on the local Discord reaches a real discord.py bot, and its answers reach them."""

import asyncio

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.local_discord import (
    Impossible,
    LocalDiscord,
    NotAnswered,
)
from tests.local_discord.reporter import Reporter
from tests.local_discord.tests.stage import TOKEN, Stage


async def test_a_prefix_command_is_answered_in_the_channel(stage: Stage, bot: Reporter) -> None:
    question = await stage.here.say(stage.channel, stage.reader, "!ping nissan")
    answer = await stage.here.message_in(stage.channel, after=question)
    assert answer.content == "pong nissan -"
    assert stage.here.messages(stage.channel) == [question, answer]


async def test_a_command_in_a_direct_message_is_answered_there(stage: Stage, bot: Reporter) -> None:
    dm = stage.here.dm(stage.reader)
    question = await stage.here.say(dm, stage.reader, "!ping")
    assert (await stage.here.message_in(dm, after=question)).content == "pong you -"


async def test_a_slash_command_takes_typed_options(stage: Stage, bot: Reporter) -> None:
    answer = await stage.here.slash(stage.channel, stage.reader, "ping", name="foxconn", channel=stage.channel)
    message = await answer.final()
    assert (answer.kind, message.content) == ("message", f"pong foxconn {stage.channel.id}")
    assert not answer.ephemeral
    assert stage.here.messages(stage.channel) == [message]


async def test_a_slash_command_works_in_a_direct_message(stage: Stage, bot: Reporter) -> None:
    answer = await stage.here.slash(stage.here.dm(stage.reader), stage.reader, "ping")
    assert (await answer.final()).content == "pong you -"


async def test_autocomplete_gives_the_bots_suggestions(stage: Stage, bot: Reporter) -> None:
    choices = await stage.here.autocomplete(stage.channel, stage.reader, "ping", "name", "nis")
    assert [(each.name, each.value) for each in choices] == [("nis one", "nis-one"), ("nis two", "nis-two")]


async def test_a_context_menu_hands_over_the_message(stage: Stage, bot: Reporter) -> None:
    said = await stage.here.say(stage.channel, stage.reader, "a rumour")
    answer = await stage.here.menu(stage.channel, stage.reader, "Quote it", said)
    assert (await answer.final()).content == "> a rumour"


async def test_a_deferred_answer_arrives_later_and_stays_private(stage: Stage, bot: Reporter) -> None:
    answer = await stage.here.slash(stage.channel, stage.reader, "quiet")
    assert answer.deferred
    assert answer.ephemeral
    assert (await answer.final()).content == "for you alone"
    assert stage.here.messages(stage.channel) == []


async def test_what_discords_client_would_not_offer_is_refused(stage: Stage, bot: Reporter) -> None:
    with pytest.raises(Impossible, match="no command 'nothing'"):
        await stage.here.slash(stage.channel, stage.reader, "nothing")
    with pytest.raises(Impossible, match="no option"):
        await stage.here.slash(stage.channel, stage.reader, "ping", colour="red")
    with pytest.raises(Impossible, match="for servers"):
        await stage.here.slash(stage.here.dm(stage.reader), stage.reader, "desk publish")


async def test_an_interaction_that_nobody_answers_is_over(stage: Stage, bot: Reporter) -> None:
    stage.here.world.interactions.answer_within = 0.2
    stage.here.faults.add("POST", "/interactions/*/callback", action=404)
    with pytest.raises(NotAnswered):
        await stage.here.slash(stage.channel, stage.reader, "ping")


async def test_how_often_and_how_long_an_interaction_is_answered() -> None:
    now = 0.0
    async with LocalDiscord(TOKEN, clock=lambda: now, answer_within=3.0) as here, aiohttp.ClientSession() as session:
        stage = Stage(here)
        here.world.commands.replace(None, [{"name": "ping", "description": "Say pong"}])

        async def answer(path: str, body: object) -> tuple[int, int]:
            async with session.post(f"{here.api_url}/{path}", json=body) as response:
                got = await response.json() if response.status != 204 else {}
                return response.status, got.get("code", 0)

        acting = asyncio.create_task(here.slash(stage.channel, stage.reader, "ping"))
        await here.until(lambda: here.interactions)
        one = here.interactions[0]
        callback, webhook = f"interactions/{one.id}/{one.token}/callback", f"webhooks/{here.bot.id}/{one.token}"
        assert await answer(webhook, {"content": "too early"}) == (404, 10015)
        assert await answer(callback, {"type": 8, "data": {"choices": []}}) == (400, 50035)
        assert await answer(callback, {"type": 4, "data": {"content": "pong"}}) == (204, 0)
        assert await answer(callback, {"type": 4, "data": {"content": "again"}}) == (400, 40060)
        assert (await acting).kind == "message"
        assert await answer(webhook, {"content": "more"}) == (200, 0)
        now = 901.0
        assert await answer(webhook, {"content": "too late"}) == (401, 50027)
        assert [each.content for each in here.messages(stage.channel)] == ["pong", "more"]
        acting = asyncio.create_task(here.slash(stage.channel, stage.reader, "ping"))
        await here.until(lambda: len(here.interactions) == 2)
        late = here.interactions[1]
        now = 905.0
        assert await answer(f"interactions/{late.id}/{late.token}/callback", {"type": 5}) == (404, 10062)
        acting.cancel()


async def test_commands_that_discord_would_not_register_are_refused(stage: Stage, bot: Reporter) -> None:
    async def nothing(interaction: discord.Interaction) -> None: ...

    many = [
        app_commands.Command[app_commands.Group, [], None](name=f"c{number}", description="d", callback=nothing)
        for number in range(101)
    ]
    payload = [each.to_dict(bot.tree) for each in many]
    with pytest.raises(discord.HTTPException) as caught:
        await bot.http.bulk_upsert_global_commands(stage.here.bot.id, payload=payload)
    assert caught.value.code == 50035
    await bot.http.bulk_upsert_global_commands(stage.here.bot.id, payload=payload[:100])
    with pytest.raises(discord.HTTPException) as caught:
        await bot.http.bulk_upsert_global_commands(
            stage.here.bot.id, payload=[each | {"name": f"other-{each['name']}"} for each in payload[:100]]
        )
    assert caught.value.code == 30034


# Pressing, choosing and filling in.


async def test_a_button_of_a_card_updates_it_in_place(stage: Stage, bot: Reporter) -> None:
    question = await stage.here.say(stage.channel, stage.reader, "!card")
    message = await stage.here.message_in(stage.channel, after=question)
    assert message.text == "Pressed 0 times"
    for count in (1, 2):
        pressed = await stage.here.click(message, stage.reader, label="More")
        assert (pressed.kind, pressed.message) == ("update", message)
        assert message.text == f"Pressed {count} times"


async def test_a_menu_is_chosen_from(stage: Stage, bot: Reporter) -> None:
    press = stage.here.add_role(stage.guild, "press")
    card = (await stage.here.slash(stage.channel, stage.reader, "card")).message
    assert card is not None
    with pytest.raises(Impossible, match="not offered"):
        await stage.here.choose(card, stage.reader, "Weekly", custom_id="mode")
    chosen = await stage.here.choose(card, stage.reader, "Daily", custom_id="mode")
    assert (await chosen.final()).content == "daily"
    interaction = await stage.here.choose(card, stage.reader, press, custom_id="role")
    assert interaction.deferred
    assert (await interaction.followup()).content == "press"


async def test_a_modal_is_filled_in_and_sent(stage: Stage, bot: Reporter) -> None:
    opened = await stage.here.slash(stage.channel, stage.reader, "desk publish")
    assert opened.modal is not None
    assert opened.modal.title == "A development"
    with pytest.raises(Impossible):
        await stage.here.submit(opened.modal, stage.reader, {"Headline": ""})
    sent = await stage.here.submit(opened.modal, stage.reader, {"Headline": "Talks end", "claim": "Denied"})
    assert (await sent.final()).content == "Talks end: Denied"
