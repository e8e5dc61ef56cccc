"""What a command of its own publishes, the running bot posts: once, in every channel that follows."""

import pytest
import pytest_asyncio

from tests.local_discord import Message, Permission
from tests.wire.newsroom import Newsroom, Tale

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def followed(shared: Newsroom) -> Newsroom:
    """#news follows Nissan with a role, and all supply deals, so that two follows match; #deals follows everything."""
    await shared.follow("Nissan", shared.news, mention=shared.role)
    await shared.follow("supply", shared.news)
    await shared.follow("everything", shared.deals)
    return shared


@pytest_asyncio.fixture(loop_scope="module")
async def tale(followed: Newsroom, room: Newsroom) -> Tale:
    """Return a story of this test's own, not imported yet."""
    return room.tale()


async def posts_of(tale: Tale) -> list[Message]:
    """All posts of the story, once everything that was owed has been sent."""
    room = tale.room
    await room.wait_until_all_sent()
    return [post for channel in (room.news, room.deals) for post in room.posts(channel, f"Tale {tale.number},")]


async def test_a_development_is_one_post_in_each_channel(room: Newsroom, tale: Tale) -> None:
    """With a nonce of its own that Discord enforces; what the import before it brought was silent."""
    assert "Queued" not in await tale.import_steps(1, announce=False)
    before = len(room.here.requests)
    output = await tale.import_steps(2)
    assert "1 development added. Queued for followers: 2 posts." in output
    news, deals = await room.wait_for_post(room.news, tale.step(2)), await room.wait_for_post(room.deals, tale.step(2))
    assert await posts_of(tale) == [news, deals]
    bodies = [each.json for each in room.here.requests[before:] if each.route == "/channels/{channel_id}/messages"]
    assert [body["enforce_nonce"] for body in bodies] == [True, True]
    assert len({body["nonce"] for body in bodies}) == 2


async def test_a_post_pings_the_role_of_its_follow_and_nobody_else(room: Newsroom, tale: Tale) -> None:
    await tale.import_steps(1, extra=f" @everyone {room.editor.mention} {room.role.mention}")
    news, deals = await room.wait_for_post(room.news, tale.step(1)), await room.wait_for_post(room.deals, tale.step(1))
    assert (news.mention_roles, news.mentions, news.mention_everyone) == ([room.role], [], False)
    assert (deals.mention_roles, deals.mentions, deals.mention_everyone) == ([], [], False)


async def test_what_is_not_new_or_not_announced_is_not_posted(room: Newsroom, tale: Tale) -> None:
    assert "1 story added, 1 development added.\n" in await tale.import_steps(1, announce=False)
    assert "nothing new" in await tale.import_steps(1)
    assert await posts_of(tale) == []


async def test_several_developments_arrive_in_their_order(room: Newsroom, tale: Tale) -> None:
    await tale.import_steps(6)
    posts = await posts_of(tale)
    steps = [next(step for step in range(1, 7) if tale.step(step) in post.text) for post in posts]
    assert steps == [1, 2, 3, 4, 5, 6] * 2


async def test_what_a_command_wrote_is_in_the_next_answer(room: Newsroom, tale: Tale) -> None:
    """The same question was answered just before: an answer that was kept would show."""
    await tale.import_steps(1, announce=False)
    assert tale.step(1) in (await room.ask(room.deals, f"!deal {tale.slug}")).text
    await tale.import_steps(2, announce=False)
    assert tale.step(2) in (await room.ask(room.deals, f"!deal {tale.slug}")).text
    assert tale.step(2) in (await room.slash("deal", query=tale.slug)).text


async def test_a_follow_by_dm_brings_the_post_there(room: Newsroom, tale: Tale) -> None:
    assert "Your DMs now follow" in (await room.slash("follow", target="Nissan")).text
    await tale.import_steps(2)
    post = await room.wait_for_post(room.here.dm(room.reader), tale.step(2))
    pressed = await room.here.click(post, room.reader, label="Full story")
    assert tale.step(1) in (await pressed.final()).text


async def test_closed_dms_are_told_when_following(room: Newsroom, tale: Tale) -> None:
    room.here.close_dms(room.reader)
    answer = await room.slash("follow", target="Tesla")
    room.here.open_dms(room.reader)
    assert "Your DMs are closed" in answer.text
    assert "Tesla" not in (await room.slash("following", channel=room.here.dm(room.reader))).text


async def test_dms_that_were_closed_since_hold_up_only_themselves(room: Newsroom, tale: Tale) -> None:
    await room.slash("follow", target="Nissan")
    room.here.close_dms(room.reader)
    await tale.import_steps(1)
    await room.bots[0].wait_for_log("the user's DMs are closed to this bot")
    room.here.open_dms(room.reader)
    listed = (await room.slash("following", channel=room.here.dm(room.reader), user=room.reader)).text
    assert "Nothing arrives here:** the user's DMs are closed to this bot" in listed
    assert room.posts(room.here.dm(room.reader), tale.step(1)) == []
    await room.slash("follow", target="Nissan")
    await room.wait_for_post(room.here.dm(room.reader), tale.step(1))
    assert len(await posts_of(tale)) == 2


async def test_a_refusing_channel_delays_no_other(room: Newsroom, tale: Tale) -> None:
    """What is missing is told; once it is given again, what was missed comes by itself."""
    closed = room.here.add_channel(room.guild, "closed")
    await room.follow("Nissan", closed)
    room.here.set_overwrite(closed, room.guild.bot_role, deny=Permission.SEND_MESSAGES)
    await tale.import_steps(1)
    await room.bots[0].wait_for_log("the bot can't post there: give it Send Messages")
    listed = (await room.slash("following", channel=room.deals, user=room.editor)).text
    of_closed = listed[listed.index(closed.mention) :].split("<#")[1]
    assert "Nothing arrives here:** the bot can't post there: give it Send Messages" in of_closed
    assert listed.count("Nothing arrives") == 1
    room.here.set_overwrite(closed, room.guild.bot_role)
    await room.wait_for_post(closed, tale.step(1))
    assert len(await posts_of(tale)) == 2
