"""Many shards in one process: they begin as fast as Discord allows, and the start waits for all of them."""

import shutil
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
