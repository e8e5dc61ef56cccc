"""SIGTERM and SIGINT end the bot in good order, also while posts are under way."""

from tests.wire.newsroom import SOON, Newsroom

#: A stop waits five seconds for tries under way; the rest is for a busy machine.
STOPS_WITHIN = 12.0


async def test_a_signal_before_the_bot_is_up_ends_it_too(newsroom: Newsroom) -> None:
    bot = await newsroom.launch("run")
    await newsroom.here.wait_until_ready(30.0)
    bot.terminate()
    ended = await bot.wait_for_end(STOPS_WITHIN)
    assert ended.code == 0
    ended.check_quiet()


async def test_an_answer_that_is_being_given_at_the_end_is_given(newsroom: Newsroom) -> None:
    room = newsroom
    bot = await room.bot()
    held = room.here.faults.add("POST", f"/channels/{room.news.id}/messages", action="hold")
    question = await room.here.say(room.news, room.reader, "!deal nissan")
    await held.wait_until_reached(SOON)
    bot.terminate()
    await bot.wait_for_log("Stopping.")
    held.release()
    ended = await bot.wait_for_end(STOPS_WITHIN)
    assert ended.code == 0
    ended.check_quiet()
    assert "Oppama" in (await room.here.message_in(room.news, after=question)).text
    await room.here.wait_until_disconnected()


async def test_an_answer_that_never_comes_about_does_not_keep_the_bot(newsroom: Newsroom) -> None:
    """Ctrl+C is as good as SIGTERM."""
    room = newsroom
    bot = await room.bot()
    held = room.here.faults.add("POST", f"/channels/{room.news.id}/messages", action="hold")
    await room.here.say(room.news, room.reader, "!deal nissan")
    await held.wait_until_reached(SOON)
    bot.interrupt()
    ended = await bot.wait_for_end(STOPS_WITHIN)
    assert ended.code == 0
    ended.check_quiet()


async def test_posts_under_way_at_the_end_arrive_once(newsroom: Newsroom) -> None:
    """A post whose answer comes in time is recorded; one whose answer does not is looked for at the next start."""
    room, tale = newsroom, newsroom.tale()
    bot = await room.bot()
    channels = (room.news, room.deals)
    for channel in channels:
        await room.follow("Nissan", channel)
    news, deals = (
        room.here.faults.add("POST", f"/channels/{channel.id}/messages", when="after", action="hold")
        for channel in channels
    )
    await tale.import_steps(2)
    await news.wait_until_reached(SOON)
    await deals.wait_until_reached(SOON)
    bot.terminate()
    await bot.wait_for_log("Stopping.")
    news.release()
    ended = await bot.wait_for_end(STOPS_WITHIN)
    assert ended.code == 0
    ended.check_quiet()
    room.here.faults.clear()
    await room.here.wait_until_disconnected()
    await room.bot()
    for channel in channels:
        await room.wait_for_post(channel, tale.step(2))
        posts = room.posts(channel, f"Tale {tale.number},")
        assert [tale.step(1) in posts[0].text, tale.step(2) in posts[1].text, len(posts)] == [True, True, 2]
