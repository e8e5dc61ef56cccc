"""Ends and new starts: what was owed is posted once, old cards still work, commands are not registered again."""

import signal

from tests.local_discord import Message, Request
from tests.wire.newsroom import SOON, Newsroom, Tale


async def posted_once(tale: Tale, *steps: int) -> list[Message]:
    """Wait for the last of these steps in #news, check that each is there once, in order, and return the posts."""
    room = tale.room
    await room.wait_for_post(room.news, tale.step(steps[-1]))
    posts = room.posts(room.news, f"Tale {tale.number},")
    assert [step for post in posts for step in steps if tale.step(step) in post.text] == list(steps)
    assert len(posts) == len(steps)
    return posts


def registrations(room: Newsroom) -> list[Request]:
    return room.here.requests_to("PUT", "/applications/*commands")


async def test_a_restart_neither_repeats_nor_forgets(newsroom: Newsroom) -> None:
    """What was posted before stays posted once; what is published while the bot is down is posted when it is back.

    Ended politely, and then in the middle of whatever it does. Cards from before still work, and no command is registered
    a second time.
    """
    room, tale = newsroom, newsroom.tale()
    bot = await room.bot()
    await room.follow("Nissan", room.news)
    card = await room.ask(room.deals, "!deal nissan")
    await tale.import_steps(1)
    (old,) = await posted_once(tale, 1)
    await room.here.wait_for_commands("desk", guild=room.guild)
    registered = len(registrations(room))

    await bot.stop()
    await room.here.wait_until_disconnected()
    assert "Queued for followers: 1 post." in await tale.import_steps(2)
    bot = await room.bot()
    await posted_once(tale, 1, 2)
    for message, text in ((card, "Nissan"), (old, tale.step(1))):
        pressed = await room.here.click(message, room.reader, label="Full story")
        assert text in (await pressed.final()).text

    assert (await bot.kill()).code == -signal.SIGKILL
    await room.here.wait_until_disconnected()
    assert "Queued for followers: 1 post." in await tale.import_steps(3)
    await room.bot()
    assert (await posted_once(tale, 1, 2, 3))[0] is old
    pressed = await room.here.click(card, room.reader, label="Follow")
    assert "Your DMs now follow" in (await pressed.final(timeout=SOON)).text
    assert len(registrations(room)) == registered == 2


async def test_a_bot_that_is_killed_while_it_posts_posts_once(newsroom: Newsroom) -> None:
    """Killed with two posts on the wire, of which Discord has taken one: the next start cannot know which, and looks."""
    room, tale = newsroom, newsroom.tale()
    bot = await room.bot()
    for channel in (room.news, room.deals):
        await room.follow("Nissan", channel)
    refused = room.here.faults.add("POST", f"/channels/{room.news.id}/messages", action="hold")
    taken = room.here.faults.add("POST", f"/channels/{room.deals.id}/messages", when="after", action="hold")
    await tale.import_steps(1)
    await refused.wait_until_reached(SOON)
    await taken.wait_until_reached(SOON)
    assert [len(room.posts(channel, tale.step(1))) for channel in (room.news, room.deals)] == [0, 1]
    await bot.kill()
    await room.here.wait_until_disconnected()
    room.here.faults.clear()
    # Discord forgets nonces after some minutes; the bot must not live by them alone.
    room.here.world.nonces.memory = 0.0
    await room.bot()
    await room.wait_for_post(room.news, tale.step(1))
    await room.wait_until_all_sent()
    assert [len(room.posts(channel, tale.step(1))) for channel in (room.news, room.deals)] == [1, 1]


async def test_the_desks_commands_are_registered_in_its_server_alone(newsroom: Newsroom) -> None:
    """With DESK_GUILD_ID set, other servers get the commands for everybody and no more."""
    room = newsroom
    other = room.here.add_guild("Readers")
    await room.bot(DESK_GUILD_ID=str(room.guild.id))
    await room.here.wait_for_commands("desk", guild=room.guild)
    await room.here.wait_for_commands("deal", "follow", guild=other)
    assert "desk" not in room.here.world.commands.names(other.id)
    assert len(registrations(room)) == 2


async def test_a_server_that_the_bot_left_gets_nothing(newsroom: Newsroom) -> None:
    room, tale = newsroom, newsroom.tale()
    bot = await room.bot(DESK_GUILD_ID=str(room.guild.id))
    other = room.here.add_guild("Readers")
    there = room.here.add_channel(other, "there")
    await room.follow("Nissan", room.news)
    answer = await room.here.slash(there, room.here.owner, "follow", target="Nissan", channel=there)
    assert "now follows" in (await answer.final()).text
    await bot.stop()
    await room.here.wait_until_disconnected()
    room.here.remove_guild(other)
    bot = await room.bot(DESK_GUILD_ID=str(room.guild.id))
    # The bot has caught up with its servers by the time that a question is answered after the next post.
    await tale.import_steps(1)
    await posted_once(tale, 1)
    room.here.invite_again(other)
    await room.ask(room.news, "!deal nissan")
    await tale.import_steps(2)
    await posted_once(tale, 1, 2)
    await room.wait_for_post(there, tale.step(2))
    assert room.posts(there, tale.step(1)) == []
