"""Archived and locked threads of the local Discord: what is refused there, and who may open them again."""

import discord
import pytest

from tests.local_discord import Channel, Impossible, LocalDiscord, Permission
from tests.local_discord.reporter import Reporter, running
from tests.local_discord.tests.stage import TOKEN, Stage, place, thread_on, wait_for_events


async def talk(stage: Stage, bot: Reporter) -> tuple[discord.Thread, discord.Message, Channel]:
    """Let the bot start a thread and write in it; return the thread, the message, and the thread as it is here."""
    thread = await (await place(bot, stage.channel).send("a story")).create_thread(name="Talk")
    return thread, await thread.send("said"), stage.here.threads(stage.channel)[0]


async def test_nothing_is_written_or_changed_in_an_archived_thread(stage: Stage, bot: Reporter) -> None:
    thread, said, arranged = await talk(stage, bot)
    stage.here.archive_thread(arranged)
    for act in (thread.send("no"), said.edit(content="no"), said.delete(), thread.edit(name="No"), thread.join()):
        with pytest.raises(discord.HTTPException) as caught:
            await act
        assert (caught.value.status, caught.value.code) == (400, 50083)
    await wait_for_events(stage)
    assert place(bot, stage.channel).get_thread(thread.id) is None
    assert (await thread.fetch_message(said.id)).content == "said"
    # Its own may be opened and changed at once.
    await thread.edit(archived=False, name="Signed")
    await said.edit(content="changed")
    assert (arranged.archived, arranged.name) == (False, "Signed")
    assert [each.content for each in stage.here.messages(arranged)] == ["changed"]


async def test_a_bot_archives_its_own_thread(stage: Stage, bot: Reporter) -> None:
    thread, _, arranged = await talk(stage, bot)
    before = arranged.archive_changed
    await thread.edit(archived=True)
    assert arranged.archived
    assert arranged.archive_changed > before
    with pytest.raises(discord.Forbidden) as caught:
        await thread.edit(archived=False, locked=True)
    assert caught.value.code == 50013


async def test_a_locked_thread_is_for_its_managers(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    thread, said, arranged = await talk(stage, bot)
    here.lock_thread(arranged)
    await wait_for_events(stage)
    assert thread_on(bot, arranged).locked
    for act in (thread.send("no"), said.edit(content="no")):
        with pytest.raises(discord.Forbidden) as caught:
            await act
        assert caught.value.code == 50083
    with pytest.raises(discord.Forbidden) as caught:
        await thread.edit(name="No")
    assert caught.value.code == 50013
    here.archive_thread(arranged, locked=True)
    with pytest.raises(discord.Forbidden) as caught:
        await thread.edit(archived=False)
    assert caught.value.code == 50013
    here.allow_bot(stage.channel, Permission.MANAGE_THREADS)
    await thread.edit(archived=False)
    assert (arranged.archived, arranged.locked) == (False, True)
    await thread.send("yes")
    await thread.edit(locked=False)
    here.deny_bot(stage.channel, Permission.MANAGE_THREADS)
    await said.edit(content="changed")
    assert [each.content for each in here.messages(arranged)] == ["changed", "yes"]


async def test_who_may_write_there_opens_an_archived_thread_of_another(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    other = await here.start_thread(await here.say(stage.channel, stage.reader, "a rumour"), stage.reader, "Rumours")
    await wait_for_events(stage)
    thread = thread_on(bot, other)
    here.archive_thread(other)
    with pytest.raises(discord.Forbidden):
        await thread.edit(archived=False, name="Mine")
    here.deny_bot(stage.channel, Permission.SEND_MESSAGES_IN_THREADS)
    with pytest.raises(discord.Forbidden):
        await thread.edit(archived=False)
    here.allow_bot(stage.channel, Permission.SEND_MESSAGES_IN_THREADS)
    await thread.edit(archived=False)
    assert (other.archived, other.name) == (False, "Rumours")


async def test_a_post_opens_an_archived_thread_if_asked_to() -> None:
    async with LocalDiscord(TOKEN, archived_threads="reopen") as here:
        stage = Stage(here)
        async with running(here, Reporter()) as bot:
            thread, said, arranged = await talk(stage, bot)
            here.archive_thread(arranged)
            with pytest.raises(discord.HTTPException):
                await said.edit(content="no")
            await thread.send("and more")
            assert not arranged.archived
            here.archive_thread(arranged, locked=True)
            with pytest.raises(discord.HTTPException) as caught:
                await thread.send("no")
            assert caught.value.code == 50083


async def test_people_open_archived_threads_but_not_locked_ones(stage: Stage, bot: Reporter) -> None:
    here = stage.here
    _, _, arranged = await talk(stage, bot)
    here.archive_thread(arranged)
    question = await here.say(arranged, stage.reader, "!ping")
    await here.message_in(arranged, after=question)
    here.lock_thread(arranged)
    with pytest.raises(Impossible, match="locked"):
        await here.say(arranged, stage.reader, "!ping")
    with pytest.raises(Impossible, match="locked"):
        await here.slash(arranged, stage.reader, "ping")
    here.unlock_thread(arranged)
    await (await here.slash(arranged, stage.reader, "ping")).final()
