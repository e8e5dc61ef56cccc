"""Answers that are not Discord's: nothing is lost, blocked or told to people for a proxy's or Cloudflare's sake."""

import contextlib
import sqlite3

from bot.languages import decode_message
from tests.local_discord import Channel
from tests.local_discord.foreign import CLOUDFLARE_PAGE, FOREIGN
from tests.wire.newsroom import Newsroom

#: What is answered so once is tried again after two to four seconds.
LATER = 60.0
WHEN = ("before", "after")


def add_failing_channel(room: Newsroom, what: str, *, when: str) -> Channel:
    """Add a channel whose first post gets this answer, before Discord has accepted it or after."""
    channel = room.here.add_channel(room.guild, f"{when}-{what}"[:90])
    status, body = FOREIGN[what]
    path = f"/channels/{channel.id}/messages"
    room.here.faults.add("POST", path, when=when, action=status, body=body)  # type: ignore[arg-type]  # its words
    return channel


async def test_a_post_that_a_proxy_or_cloudflare_answers_arrives_once(newsroom: Newsroom) -> None:
    """In a channel for each such answer, whether Discord took the post or not, and though it has forgotten the nonce.

    Nobody is written to by DM. The limit is left to the proxy.
    """
    room = newsroom
    room.here.world.nonces.memory = 0.0
    await room.bot(REQUESTS_PER_SECOND="0")
    channels = [add_failing_channel(room, what, when=when) for what in FOREIGN for when in WHEN]
    for channel in channels:
        await room.follow("Nissan", channel)
    tale = room.tale()
    await tale.import_steps(1)
    for channel in channels:
        await room.wait_for_post(channel, tale.step(1), LATER)
    await room.wait_until_all_sent()
    assert {channel.name: len(room.posts(channel, tale.step(1))) for channel in channels} == {
        channel.name: 1 for channel in channels
    }
    assert room.here.messages(room.here.dm(room.editor)) == []
    assert room.here.messages(room.here.dm(room.guild.owner)) == []
    with contextlib.closing(sqlite3.connect(room.database)) as rows:
        assert rows.execute("SELECT state, count(*) FROM post GROUP BY state").fetchall() == [("sent", len(channels))]
        assert rows.execute("SELECT count(*) FROM destination WHERE blocked <> ''").fetchone() == (0,)


async def test_a_page_is_neither_kept_nor_logged(newsroom: Newsroom) -> None:
    """Nor shown: a page of 9 kB that answers posts, questions and clicks leaves a short sentence."""
    room = newsroom
    bot = await room.bot()
    await room.follow("Nissan", room.news)
    refused = room.here.faults.add(
        "POST", f"/channels/{room.news.id}/messages", action=403, body=CLOUDFLARE_PAGE, times=None
    )
    tale = room.tale()
    await tale.import_steps(1)
    await room.here.until(lambda: refused.hits >= 2, LATER)
    await room.here.say(room.news, room.reader, "!deal nissan foxconn")
    await bot.wait_for_log("403 without a reason")
    with contextlib.closing(sqlite3.connect(room.database)) as rows:
        (reason,) = rows.execute("SELECT reason FROM post").fetchone()
    assert (
        decode_message(reason)
        == "the connection to Discord is not working properly: the answer was 403, without a reason"
    )
    assert "cf-error" not in bot.err
    assert max(map(len, bot.err.splitlines())) < 500
    refused.times = 0
    await room.wait_for_post(room.news, tale.step(1), LATER)
