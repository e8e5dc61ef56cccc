"""Many shards in one process: they begin as fast as Discord allows, and the start waits for all of them."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from tests.wire.newsroom import Newsroom, open_newsroom

SHARDS = 14


async def test_fourteen_shards_begin_at_once_where_discord_allows_it(tmp_path: Path, seeded: Path) -> None:
    """At one in five seconds, which discord.py alone keeps to, they would take longer than a minute."""
    shutil.copy(seeded, tmp_path / "dealwire.db")
    async with open_newsroom(tmp_path, shards=SHARDS, max_concurrency=16) as room:
        await room.bot(DESK_GUILD_ID=str(room.guild.id))
        await room.here.wait_until_ready()
        assert room.here.identifies == SHARDS
        assert sorted(session.shard for session in room.here.gateway.sessions.values()) == [
            (number, SHARDS) for number in range(SHARDS)
        ]
        await room.here.wait_for_commands("desk", guild=room.guild)
        await room.check_answers(room.news)


async def test_the_shards_that_are_set_begin_and_no_others(newsroom: Newsroom) -> None:
    newsroom.here.max_concurrency = 16
    await newsroom.bot(SHARD_COUNT="20", SHARD_IDS="3,4,19")
    assert {session.shard for session in newsroom.here.gateway.sessions.values()} == {(3, 20), (4, 20), (19, 20)}


async def test_a_process_of_other_shards_takes_nothing_from_a_server(newsroom: Newsroom) -> None:
    """Its server belongs to another process: commands and follows stay, nothing is registered again, and posts arrive.

    The status says of which shards its count of servers is.
    """
    room = newsroom
    room.here.max_concurrency = 16
    shard = (room.guild.id >> 22) % 2
    desk = {"DESK_GUILD_ID": str(room.guild.id), "DESK_CHANNEL_ID": str(room.deals.id), "SHARD_COUNT": "2"}
    bot = await room.bot(**desk, SHARD_IDS=str(shard))
    await room.here.wait_for_commands("desk", guild=room.guild)
    await room.follow("Nissan", room.news)
    assert "1 in this process, on 1 of 2 shards" in (await room.slash("status")).text
    assert f"servers: 1 on shards {shard} of 2." in bot.err
    registered = len(room.here.requests_to("PUT", "/applications/*/commands"))
    await bot.stop()
    await room.here.wait_until_disconnected()
    bot = await room.bot(**desk, SHARD_IDS=str(1 - shard))
    assert f"servers: 0 on shards {1 - shard} of 2." in bot.err
    tale = room.tale()
    await tale.import_steps(1)
    await room.wait_for_post(room.news, tale.step(1))
    assert "desk" in room.here.world.commands.names(room.guild.id)
    assert len(room.here.requests_to("PUT", "/applications/*/commands")) == registered
    with contextlib.closing(sqlite3.connect(room.database)) as rows:
        assert rows.execute("SELECT count(*) FROM guild WHERE left_at IS NOT NULL").fetchone() == (0,)
