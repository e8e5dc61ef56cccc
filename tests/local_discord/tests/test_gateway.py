"""The local Discord's gateway: sessions, resumes, intents, shards, and Discord being away."""

import aiohttp
import discord
import pytest
from discord.http import Route

from tests.local_discord import LocalDiscord
from tests.local_discord.reporter import Reporter, running
from tests.local_discord.tests.stage import TOKEN, Stage, place


async def test_a_second_process_takes_over_from_the_first(stage: Stage) -> None:
    for number in (1, 2):
        async with running(stage.here, Reporter()):
            question = await stage.here.say(stage.channel, stage.reader, "!ping")
            await stage.here.message_in(stage.channel, after=question)
        await stage.here.wait_until_disconnected()
        assert stage.here.identifies == number
    assert len(stage.here.requests_to("POST", "/channels/*/messages")) == 2


async def test_no_event_is_lost_when_the_connection_drops(stage: Stage, bot: Reporter) -> None:
    await stage.here.say(stage.channel, stage.reader, "!ping before")
    await stage.here.message_in(stage.channel)
    for code in (1006, 4000):
        bot.resumed.clear()
        await stage.here.drop_gateway(code)
        meanwhile = await stage.here.say(stage.channel, stage.reader, f"!ping {code}")
        answer = await stage.here.message_in(stage.channel, after=meanwhile, timeout=60)
        assert answer.content == f"pong {code} -"
        await bot.resumed.wait()
    assert (stage.here.identifies, stage.here.resumes) == (1, 2)
    assert bot.heard == ["!ping before", "!ping 1006", "!ping 4000"]


async def test_a_forgotten_session_identifies_again(stage: Stage, bot: Reporter) -> None:
    stage.here.invalidate_sessions()
    await stage.here.drop_gateway()
    await stage.here.until(lambda: stage.here.identifies == 2, timeout=60)
    await stage.here.wait_until_ready()
    question = await stage.here.say(stage.channel, stage.reader, "!ping")
    await stage.here.message_in(stage.channel, after=question)


async def test_changes_of_the_world_reach_the_bot(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    other = here.add_guild("Other")
    here.rename_channel(stage.channel, "renamed")
    here.outage(stage.guild)
    here.restore(stage.guild)
    here.remove_guild(other)
    # Events come in order: when the bot answers, it has read all that went before.
    question = await here.say(stage.channel, stage.reader, "!ping")
    await here.message_in(stage.channel, after=question)
    assert place(bot, stage.channel).name == "renamed"
    assert [guild.id for guild in bot.guilds] == [stage.guild.id]


async def test_without_the_intent_only_mentions_and_dms_have_text() -> None:
    async with LocalDiscord(TOKEN, message_content=False) as here:
        stage = Stage(here)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(here, Reporter()):
                pass
        async with running(here, Reporter(content=False)) as bot:
            await here.say(stage.channel, stage.reader, "!ping")
            question = await here.say(stage.channel, stage.reader, f"{here.bot.mention} ping")
            assert (await here.message_in(stage.channel, after=question)).content == "pong you -"
            await here.say(here.dm(stage.reader), stage.reader, "!ping")
            await here.message_in(here.dm(stage.reader))
            assert bot.heard == ["", f"{here.bot.mention} ping", "!ping"]


async def test_servers_are_spread_over_shards() -> None:
    async with LocalDiscord(TOKEN, shards=2) as here:
        stages = [Stage(here) for _ in range(4)]
        async with running(here, Reporter()) as bot:
            assert sorted(guild.shard_id for guild in bot.guilds) == [0, 0, 1, 1]
            for stage in stages:
                question = await here.say(stage.channel, stage.reader, "!ping")
                await here.message_in(stage.channel, after=question)


async def test_a_wrong_token_is_refused(stage: Stage) -> None:
    stage.here.reset_token("another")
    bot = Reporter()
    before, Route.BASE = Route.BASE, stage.here.api_url
    try:
        async with bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login(TOKEN)
    finally:
        Route.BASE = before
    assert stage.here.invalid_requests == 1


async def test_all_of_discord_can_be_away_for_a_while(stage: Stage, bot: Reporter) -> None:
    channel = place(bot, stage.channel)
    await stage.here.go_down()
    with pytest.raises(aiohttp.ClientError):
        await channel.send("nobody hears")
    await stage.here.come_back()
    await channel.send("again")
    assert [each.content for each in stage.here.messages(stage.channel)] == ["again"]
