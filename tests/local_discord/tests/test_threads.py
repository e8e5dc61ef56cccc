"""Threads on the local Discord: started, listed, written in, read back and deleted, by a real discord.py bot."""

import aiohttp
import discord
import pytest

from tests.local_discord import ChannelKind, Impossible, LocalDiscord, Permission
from tests.local_discord.faults import When
from tests.local_discord.model import HAS_THREAD, RENAMED, THREAD_STARTED, THREAD_STARTER
from tests.local_discord.reporter import Reporter, running
from tests.local_discord.tests.stage import TOKEN, Stage, place, thread_on, wait_for_events


async def test_a_thread_from_a_message_has_the_messages_id(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    changed: list[int] = []

    async def on_raw_message_edit(event: discord.RawMessageUpdateEvent) -> None:
        changed.append(event.message_id)

    bot.event(on_raw_message_edit)
    message = await channel.send("a story")
    thread = await message.create_thread(name="Talk", auto_archive_duration=10080)
    assert (thread.id, thread.name, thread.type) == (message.id, "Talk", discord.ChannelType.public_thread)
    assert (thread.owner_id, thread.auto_archive_duration) == (here.bot.id, 10080)
    await wait_for_events(stage)
    known = channel.get_thread(thread.id)
    assert known is not None
    assert known.me is not None
    assert changed == [message.id]
    arranged = await here.thread_in(stage.channel, name="Talk")
    (posted,) = here.messages(stage.channel)
    assert here.thread_of(posted) is arranged
    assert here.starter(arranged) is posted
    assert posted.flags & HAS_THREAD
    fetched = await channel.fetch_message(message.id)
    assert fetched.flags.has_thread
    assert fetched.thread is not None
    again = await bot.fetch_channel(thread.id)
    assert isinstance(again, discord.Thread)
    assert again.me is not None


async def test_a_message_has_one_thread_at_most(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    message = await channel.send("a story")
    thread = await message.create_thread(name="Talk")
    with pytest.raises(discord.HTTPException) as caught:
        await message.create_thread(name="Again")
    assert (caught.value.status, caught.value.code) == (400, 160004)
    here.delete_thread(here.threads(stage.channel)[0])
    with pytest.raises(discord.HTTPException) as caught:
        await message.create_thread(name="Again")
    assert caught.value.code == 160004
    with pytest.raises(discord.NotFound) as gone:
        await thread.send("nobody hears")
    assert gone.value.code == 10003
    with pytest.raises(discord.NotFound) as gone:
        await thread.fetch_message(thread.id)
    assert gone.value.code == 10003
    assert here.thread_of(here.messages(stage.channel)[0]) is None
    assert (await channel.fetch_message(message.id)).thread is None


async def test_a_thread_needs_its_permissions(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    message = await channel.send("a story")
    for bit in (Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES):
        here.deny_bot(stage.channel, bit)
        with pytest.raises(discord.Forbidden) as caught:
            await message.create_thread(name="Talk")
        assert caught.value.code == 50013
        here.allow_bot(stage.channel, bit)
    thread = await message.create_thread(name="Talk")
    here.deny_bot(stage.channel, Permission.SEND_MESSAGES)
    await thread.send("Send Messages is not asked for in a thread")
    here.deny_bot(stage.channel, Permission.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(discord.Forbidden) as caught:
        await thread.send("no")
    assert caught.value.code == 50013
    here.deny_bot(stage.channel, Permission.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as caught:
        await thread.send("no")
    assert caught.value.code == 50001


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x" * 101}, {"name": "x", "auto_archive_duration": 5}])
async def test_a_bad_thread_is_refused(stage: Stage, body: dict[str, object]) -> None:
    said = await stage.here.say(stage.channel, stage.reader, "a rumour")
    url = f"{stage.here.api_url}/channels/{stage.channel.id}/messages/{said.id}/threads"
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=body) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50035)
    assert stage.here.threads(stage.channel) == []
    # The description forbids them as well; here it is the point that they are refused.
    stage.here.violations.clear()


async def test_a_thread_begins_with_a_note_and_a_late_one_is_told_of(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    first = await channel.send("first")
    await channel.send("second")
    thread = await first.create_thread(name="Talk")
    await thread.send("in the thread")
    read = [each async for each in thread.history(oldest_first=True)]
    assert [(each.type.value, each.content) for each in read] == [(THREAD_STARTER, ""), (0, "in the thread")]
    pointer = read[0].reference
    assert pointer is not None
    assert (pointer.channel_id, pointer.message_id) == (stage.channel.id, first.id)
    (newest,) = [each async for each in channel.history(limit=1)]
    assert (newest.type.value, newest.content) == (THREAD_STARTED, "Talk")
    arranged = here.threads(stage.channel)[0]
    assert [each.content for each in here.messages(arranged)] == ["in the thread"]
    assert [each.content for each in here.messages(stage.channel)] == ["first", "second"]
    assert [each.kind for each in here.messages(arranged, system=True)] == [THREAD_STARTER, 0]
    assert (await here.message_in(arranged)).content == "in the thread"
    # The thread outlives its message.
    here.delete_message(here.messages(stage.channel)[0])
    await thread.send("still here")
    assert here.starter(arranged) is None
    counted = await bot.fetch_channel(thread.id)
    assert isinstance(counted, discord.Thread)
    assert counted.message_count == 2


async def test_the_bot_may_rename_its_own_thread_but_no_other(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    thread = await (await channel.send("a story")).create_thread(name="Talk")
    await thread.edit(name="Signed")
    arranged = here.threads(stage.channel)[0]
    assert arranged.name == "Signed"
    assert here.messages(arranged, system=True)[-1].kind == RENAMED
    await wait_for_events(stage)
    assert thread_on(bot, arranged).name == "Signed"
    said = await here.say(stage.channel, stage.reader, "a rumour")
    other = await here.start_thread(said, stage.reader, "Rumours")
    with pytest.raises(Impossible):
        await here.start_thread(said, stage.reader, "Again")
    await wait_for_events(stage)
    with pytest.raises(discord.Forbidden) as caught:
        await thread_on(bot, other).edit(name="Mine")
    assert caught.value.code == 50013
    here.allow_bot(stage.channel, Permission.MANAGE_THREADS)
    await thread_on(bot, other).edit(name="Mine")
    assert other.name == "Mine"


async def test_threads_are_listed_open_and_archived(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    guild = bot.get_guild(stage.guild.id)
    assert guild is not None
    threads = [await (await channel.send(str(number))).create_thread(name=f"t{number}") for number in range(5)]
    arranged = here.threads(stage.channel)
    for number in (2, 0, 1):
        here.archive_thread(arranged[number])
    assert [each.name for each in await guild.active_threads()] == ["t4", "t3"]
    assert [each.name async for each in channel.archived_threads()] == ["t1", "t0", "t2"]
    assert [each.name async for each in channel.archived_threads(limit=1)] == ["t1"]
    before = discord.utils.parse_time(arranged[1].archive_changed)
    assert [each.name async for each in channel.archived_threads(before=before)] == ["t0", "t2"]
    page = await bot.http.get_public_archived_threads(channel.id, limit=2)
    assert (len(page["threads"]), page["has_more"], len(page["members"])) == (2, True, 2)
    assert [each.name for each in here.threads(stage.channel, archived=False)] == ["t3", "t4"]
    assert threads[3].id == here.threads(stage.channel, archived=False)[0].id


async def test_a_bot_that_comes_is_told_of_open_threads(stage: Stage) -> None:
    here = stage.here
    said = await here.say(stage.channel, stage.reader, "a rumour")
    kept, closed = await here.start_thread(said, stage.reader, "Open"), here.add_thread(stage.channel, "Closed")
    here.archive_thread(closed)
    hidden = here.add_channel(stage.guild, "hidden")
    here.add_thread(hidden, "Secret")
    here.deny_bot(hidden, Permission.VIEW_CHANNEL)
    async with running(here, Reporter()) as bot:
        guild = bot.get_guild(stage.guild.id)
        assert guild is not None
        assert [each.id for each in guild.threads] == [kept.id]
        here.allow_bot(hidden, Permission.VIEW_CHANNEL)
        here.open_thread(closed)
        await wait_for_events(stage)
        assert sorted(each.name for each in guild.threads) == ["Closed", "Open", "Secret"]
        here.archive_thread(kept)
        here.delete_thread(closed)
        await wait_for_events(stage)
        assert [each.name for each in guild.threads] == ["Secret"]


async def test_a_server_has_room_for_so_many_open_threads(stage: Stage, bot: Reporter) -> None:
    here, channel = stage.here, place(bot, stage.channel)
    here.world.open_threads_at_most = 1
    one = await (await channel.send("one")).create_thread(name="One")
    with pytest.raises(discord.HTTPException) as caught:
        await (await channel.send("two")).create_thread(name="Two")
    assert caught.value.code == 160006
    await one.edit(archived=True)
    await (await channel.send("three")).create_thread(name="Three")
    with pytest.raises(discord.HTTPException) as caught:
        await one.edit(archived=False)
    assert caught.value.code == 160006


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_thread_is_started_or_not_when_the_answer_is_lost(when: When, stage: Stage, bot: Reporter) -> None:
    here, message = stage.here, await place(bot, stage.channel).send("a story")
    here.faults.add("POST", "/channels/*/messages/*/threads", when=when, action="drop")
    with pytest.raises(aiohttp.ClientError):
        await message.create_thread(name="Talk")
    if when == "before":
        assert here.threads(stage.channel) == []
        await message.create_thread(name="Talk")
    else:
        with pytest.raises(discord.HTTPException) as caught:
            await message.create_thread(name="Talk")
        assert caught.value.code == 160004
    assert [each.id for each in here.threads(stage.channel)] == [message.id]


async def test_no_thread_starts_where_there_can_be_none(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    thread = await (await place(bot, stage.channel).send("a story")).create_thread(name="Talk")
    inside = await thread.send("deeper")
    with pytest.raises(discord.HTTPException) as caught:
        await inside.create_thread(name="Deeper")
    assert caught.value.code == 50024
    user = await bot.fetch_user(stage.reader.id)
    with pytest.raises(discord.HTTPException) as caught:
        await bot.http.start_thread_with_message(
            (await user.create_dm()).id, (await user.send("hello")).id, name="Talk", auto_archive_duration=1440
        )
    assert caught.value.code == 50024
    news = here.add_announcements(stage.guild, "announcements")
    channel = await bot.fetch_channel(news.id)
    assert isinstance(channel, discord.TextChannel)
    under = await (await channel.send("news")).create_thread(name="Talk")
    assert under.type is discord.ChannelType.news_thread
    assert here.threads(news)[0].kind is ChannelKind.ANNOUNCEMENT_THREAD


async def test_a_thread_without_a_message_is_empty(stage: Stage, bot: Reporter) -> None:
    thread = await place(bot, stage.channel).create_thread(name="Talk", type=discord.ChannelType.public_thread)
    assert [each async for each in thread.history()] == []
    (arranged,) = stage.here.threads(stage.channel)
    assert (arranged.name, stage.here.starter(arranged)) == ("Talk", None)
    await thread.leave()
    assert arranged.members == {}
    await thread.join()
    assert list(arranged.members) == [stage.here.bot.id]


async def test_prefix_commands_are_answered_in_a_thread() -> None:
    async with LocalDiscord(TOKEN) as here:
        stage = Stage(here)
        thread = here.add_thread(stage.channel, "Talk", owner=stage.reader)
        async with running(here, Reporter()):
            question = await here.say(thread, stage.reader, "!ping nissan")
            assert (await here.message_in(thread, after=question)).content == "pong nissan -"
