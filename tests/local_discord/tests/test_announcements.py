"""Announcement channels of the local Discord: what is published goes to each follower once, so often an hour."""

import aiohttp
import discord
import pytest

from tests.local_discord import Channel, Limits, LocalDiscord, Permission
from tests.local_discord.reporter import Reporter, running
from tests.local_discord.tests.stage import TOKEN, Stage, place, wait_for_events


async def news_of(stage: Stage, bot: Reporter, *followed_into: Channel) -> tuple[Channel, discord.TextChannel]:
    """Add an announcement channel, and return it as it is here and as the bot has it."""
    news = stage.here.add_announcements(stage.guild, "announcements", followed_into=followed_into)
    await wait_for_events(stage)
    return news, place(bot, news)


async def test_a_published_message_is_copied_to_each_follower_once(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    elsewhere = here.add_channel(here.add_guild("Elsewhere"), "wire")
    news, channel = await news_of(stage, bot, elsewhere, stage.channel)
    message = await channel.send("news")
    await channel.send("not for all")
    here.faults.add("POST", "/channels/*/crosspost", action=503)
    with pytest.raises(discord.DiscordServerError):
        await message.publish()
    assert here.list_published(news) == []
    here.faults.add("POST", "/channels/*/crosspost", when="after", action="drop")
    with pytest.raises(aiohttp.ClientError):
        await message.publish()
    with pytest.raises(discord.HTTPException) as caught:
        await message.publish()
    assert (caught.value.status, caught.value.code) == (400, 40033)
    (published,) = here.list_published(news)
    assert [each.channel for each in here.copies(published)] == [elsewhere, stage.channel]
    assert [each.content for each in here.messages(elsewhere)] == ["news"]
    (read,) = [each async for each in place(bot, elsewhere).history()]
    assert (read.flags.is_crossposted, read.webhook_id) == (True, here.copies(published)[0].author.id)
    assert (await channel.fetch_message(message.id)).flags.crossposted


async def test_the_copies_follow_their_source(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    elsewhere = here.add_channel(here.add_guild("Elsewhere"), "wire")
    news, channel = await news_of(stage, bot, elsewhere)
    message = await channel.send("talks")
    await message.publish()
    await message.edit(content="signed")
    (copy,) = here.messages(elsewhere)
    assert (copy.content, copy.edits) == ("signed", 1)
    await message.delete()
    assert (copy.content, here.list_published(news)) == ("[Original Message Deleted]", [])
    assert here.messages(elsewhere) == [copy]


async def test_publishing_is_told_as_a_change(stage: Stage, bot: Reporter) -> None:
    heard: list[discord.RawMessageUpdateEvent] = []

    async def on_raw_message_edit(event: discord.RawMessageUpdateEvent) -> None:
        heard.append(event)

    bot.event(on_raw_message_edit)
    _, channel = await news_of(stage, bot)
    message = await channel.send("news")
    await message.publish()
    await wait_for_events(stage)
    assert [(each.message_id, each.message.flags.crossposted) for each in heard] == [(message.id, True)]


async def test_who_may_publish_which_announcements(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    with pytest.raises(discord.HTTPException) as caught:
        await (await place(bot, stage.channel).send("words")).publish()
    assert (caught.value.status, caught.value.code) == (400, 50024)
    news, channel = await news_of(stage, bot)
    said = await channel.fetch_message((await here.say(news, stage.reader, "a word")).id)
    with pytest.raises(discord.Forbidden) as forbidden:
        await said.publish()
    assert forbidden.value.code == 50013
    here.allow_bot(news, Permission.MANAGE_MESSAGES)
    await said.publish()
    own = await channel.send("news")
    here.deny_bot(news, Permission.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden):
        await own.publish()
    assert [each.content for each in here.list_published(news)] == ["a word"]


async def test_so_many_are_published_an_hour_and_headers_do_not_tell() -> None:
    now = 0.0
    async with LocalDiscord(TOKEN, clock=lambda: now) as here:
        stage = Stage(here)
        news = here.add_announcements(stage.guild, "announcements")
        posted = [await here.say(news, here.bot, str(number)) for number in range(4)]
        here.limits = Limits(publishes=(3, 60.0))
        async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session:
            answers = []
            for message in posted:
                url = f"{here.api_url}/channels/{news.id}/messages/{message.id}/crosspost"
                async with session.post(url) as response:
                    answers.append((response.status, response.headers, await response.json()))
            assert [status for status, _, _ in answers] == [200, 200, 200, 429]
            _, headers, body = answers[-1]
            assert (body["code"], body["global"], body["retry_after"]) == (20028, False, 60.0)
            assert (headers["X-RateLimit-Scope"], headers["X-RateLimit-Remaining"]) == ("shared", "1")
            assert len(here.list_published(news)) == 3
            assert here.invalid_requests == 0
            now = 60.0
            async with session.post(url) as response:
                assert response.status == 200


async def test_discord_py_gives_up_on_a_long_wait_for_publishing() -> None:
    async with LocalDiscord(TOKEN, limits=Limits(publishes=(1, 3600.0))) as here:
        stage = Stage(here)
        news = here.add_announcements(stage.guild, "announcements")
        async with running(here, Reporter()) as bot:
            bot.http.max_ratelimit_timeout = 30.0
            channel = place(bot, news)
            await (await channel.send("one")).publish()
            with pytest.raises(discord.RateLimited) as caught:
                await (await channel.send("two")).publish()
            assert 3590 < caught.value.retry_after <= 3600
            # Posting goes on.
            await channel.send("three")


async def test_published_messages_are_changed_so_often_an_hour() -> None:
    async with LocalDiscord(TOKEN, limits=Limits(published_edits=(1, 3600.0))) as here:
        stage = Stage(here)
        news = here.add_announcements(stage.guild, "announcements")
        async with running(here, Reporter()) as bot:
            bot.http.max_ratelimit_timeout = 30.0
            channel = place(bot, news)
            quiet, loud = await channel.send("quiet"), await channel.send("loud")
            await loud.publish()
            for number in range(2):
                await quiet.edit(content=f"quiet {number}")
            await loud.edit(content="loud 0")
            with pytest.raises(discord.RateLimited):
                await loud.edit(content="loud 1")
            assert [each.content for each in here.messages(news)] == ["quiet 1", "loud 0"]
