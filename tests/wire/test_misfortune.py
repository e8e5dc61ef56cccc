"""Answers of Discord's that are lost, refused or late: every post still stands once, and every question is answered."""

import pytest

from tests.local_discord import Limits
from tests.wire.newsroom import Newsroom, Tale

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: discord.py waits 1 and 3 seconds between tries, the dispatcher 2 and 4.
LATER = 40.0


async def told_in_news(room: Newsroom, tale: Tale, steps: int) -> None:
    """Publish so many steps, and check that #news gets each of them once, in order."""
    await room.follow("Nissan", room.news)
    await tale.import_steps(steps)
    await room.wait_for_post(room.news, tale.step(steps), LATER)
    posts = room.posts(room.news, f"Tale {tale.number},")
    assert [tale.step(step) in post.text for step, post in enumerate(posts, start=1)] == [True] * steps


async def test_a_lost_answer_leads_to_one_message(room: Newsroom) -> None:
    """Discord took the post and the connection broke: the bot looks into the history before it tries again."""
    lost = room.here.faults.add("POST", f"/channels/{room.news.id}/messages", when="after", action="drop", times=2)
    room.here.world.nonces.memory = 0.0
    await told_in_news(room, room.tale(), 3)
    room.here.world.nonces.memory = 300.0
    assert lost.hits == 2
    assert room.here.requests_to("GET", f"/channels/{room.news.id}/messages") != []


async def test_a_lost_answer_leads_to_one_message_without_history(room: Newsroom) -> None:
    """Where the bot may not read the history, the nonce guards against repetition."""
    room.here.faults.add("POST", f"/channels/{room.news.id}/messages", when="after", action="drop")
    refused = {"message": "Missing Permissions", "code": 50013}
    room.here.faults.add("GET", f"/channels/{room.news.id}/messages", action=403, body=refused)
    await told_in_news(room, room.tale(), 2)


async def test_whatever_befalls_a_post_it_stands_once(room: Newsroom) -> None:
    """Errors, whether or not Discord did what it then failed to answer; a request that is lost; being asked to wait."""
    path = f"/channels/{room.news.id}/messages"
    faults = [
        room.here.faults.add("POST", path, action=503),
        room.here.faults.add("POST", path, action=503, when="after"),
        room.here.faults.add("POST", path, action="drop"),
        room.here.faults.add("POST", path, action=429, times=3, retry_after=0.3),
        room.here.faults.add("POST", path, action=500, when="after"),
    ]
    await told_in_news(room, room.tale(), 4)
    assert [fault.hits for fault in faults] == [1, 1, 1, 3, 1]


async def test_one_channels_trouble_holds_up_no_other(room: Newsroom) -> None:
    """#news does not answer at all; #deals gets its post meanwhile."""
    tale = room.tale()
    for channel in (room.news, room.deals):
        await room.follow("Nissan", channel)
    held = room.here.faults.add("POST", f"/channels/{room.news.id}/messages", action="hold")
    await tale.import_steps(2)
    await room.wait_for_post(room.deals, tale.step(2))
    assert room.posts(room.news, f"Tale {tale.number},") == []
    held.release()
    await room.wait_for_post(room.news, tale.step(2))


async def test_a_burst_meets_no_limit(room: Newsroom) -> None:
    """Discord takes fifty requests a second: sixty posts, then sixty answers, and none is answered 429."""
    channels = [room.here.add_channel(room.guild, f"burst-{number}") for number in range(60)]
    for channel in channels:
        await room.follow("Honda", channel)
    room.here.limits = Limits()
    invalid = room.here.invalid_requests
    tale = room.tale("Honda")
    await tale.import_steps(1)
    for channel in channels:
        await room.wait_for_post(channel, tale.step(1), LATER)
    questions = [await room.here.say(channel, room.reader, "!deal nissan foxconn") for channel in channels]
    for question in questions:
        await room.here.message_in(question.channel, after=question, timeout=LATER)
    room.here.limits = None
    assert {len(room.posts(channel, tale.step(1))) for channel in channels} == {1}
    assert room.here.invalid_requests == invalid


async def test_a_question_whose_answer_fails_once_is_answered(room: Newsroom) -> None:
    room.here.faults.add("POST", f"/channels/{room.deals.id}/messages", action=500)
    await room.check_answers(room.deals)
    room.here.faults.add("POST", f"/channels/{room.deals.id}/messages", action=429, retry_after=0.2)
    await room.check_answers(room.deals)


async def test_a_channel_where_the_bot_may_not_answer_stops_nothing(room: Newsroom) -> None:
    """The question cannot be answered there; the next one, elsewhere, is."""
    silent = room.here.add_channel(room.guild, "silent")
    room.here.set_overwrite(silent, room.guild.bot_role, deny=1 << 11)
    before = len(room.here.requests_to("POST", f"/channels/{silent.id}/messages"))
    await room.here.say(silent, room.reader, "!deal nissan")
    await room.here.wait_for_requests("POST", f"/channels/{silent.id}/messages", count=before + 1)
    await room.check_answers(room.deals)
