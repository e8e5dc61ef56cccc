"""A start that cannot succeed ends: status 1, one sentence on stderr that says what to do, no traceback, no waiting."""

import asyncio
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire.newsroom import Newsroom
from tests.wire.process import Ended

#: How long a start may take to fail. discord.py tries a request five times, with 25 s of waits, when Discord answers 500.
FAILS_WITHIN = 25.0


async def read_error(newsroom: Newsroom, *command: str, **env: str) -> str:
    """Return the sentence with which the command fails."""
    process = await newsroom.launch(*(command or ("run",)), **env)
    return sentence(await process.wait_for_end(FAILS_WITHIN))


def sentence(ended: Ended) -> str:
    """Return the one sentence of a process that failed as it should."""
    assert ended.code == 1, ended.err
    ended.check_quiet()
    assert ended.last_line.startswith("dealwire: "), ended.err
    assert ended.last_line.endswith("."), ended.err
    return ended.last_line.removeprefix("dealwire: ")


def nobody_listens() -> str:
    """Return a REST base on a port where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"


async def test_without_a_token(newsroom: Newsroom) -> None:
    assert "DISCORD_TOKEN is not set" in await read_error(newsroom, DISCORD_TOKEN="")


async def test_a_wrong_token(newsroom: Newsroom) -> None:
    assert "Discord rejected the token: check DISCORD_TOKEN" in await read_error(newsroom, DISCORD_TOKEN="wrong")
    assert newsroom.here.identifies == 0


async def test_discord_cannot_be_reached(newsroom: Newsroom) -> None:
    url = nobody_listens()
    assert f"Discord cannot be reached at {url}" in await read_error(newsroom, DISCORD_API_URL=url)


async def test_discord_answers_that_it_is_out_of_order(newsroom: Newsroom) -> None:
    newsroom.here.faults.add("*", "*", action=503, times=None)
    assert "Discord isn't responding properly" in await read_error(newsroom)


async def test_the_gateway_refuses_the_intent(newsroom: Newsroom) -> None:
    """It was switched off between the question whether it is on and the connection."""
    newsroom.here.faults.add("GET", "/gateway/bot", action="hold", times=None)
    process = await newsroom.launch("run")
    await newsroom.here.faults.planned[0].wait_until_reached(FAILS_WITHIN)
    newsroom.here.world.application.privileged = frozenset()
    newsroom.here.faults.clear()
    error = sentence(await process.wait_for_end(FAILS_WITHIN))
    assert "Discord refused the message-content intent: turn it on" in error


async def test_the_gateway_refuses_the_token(newsroom: Newsroom) -> None:
    """It was reset between the login, with its question for the gateway's address, and the connection."""
    question = newsroom.here.faults.add("GET", "/gateway/bot", when="after", action="hold")
    process = await newsroom.launch("run")
    await question.wait_until_reached(FAILS_WITHIN)
    newsroom.here.reset_token("another")
    question.release()
    assert "Discord rejected the token: check DISCORD_TOKEN" in sentence(await process.wait_for_end(FAILS_WITHIN))
    assert newsroom.here.requests_to("GET", "/gateway/bot")[-1].status == 200


async def test_a_token_that_is_reset_while_the_bot_runs_ends_it(newsroom: Newsroom) -> None:
    """Of all that can befall its connection, this alone no waiting mends."""
    bot = await newsroom.bot()
    await newsroom.here.wait_for_commands("desk", guild=newsroom.guild)
    newsroom.here.reset_token("another")
    await newsroom.here.drop_gateway()
    assert "Discord rejected the token: check DISCORD_TOKEN" in sentence(await bot.wait_for_end(FAILS_WITHIN))


async def test_a_refused_token_ends_a_connected_bot(newsroom: Newsroom) -> None:
    """The posts that met it are owed at the next start; what was answered 401 once, by Discord or a proxy, ends nothing."""
    room, tale = newsroom, newsroom.tale()
    bot = await room.bot()
    await room.follow("Nissan", room.news)
    path = f"/channels/{room.news.id}/messages"
    room.here.faults.add("POST", path, action=401, body={"message": "401: Unauthorized", "code": 0})
    room.here.faults.add("*", "*", action=401, body="<html>Proxy authentication required</html>", times=3)
    await tale.import_steps(1)
    await room.wait_for_post(room.news, tale.step(1), 40.0)
    room.here.reset_token("another")
    await tale.import_steps(2)
    assert "Discord rejected the token: check DISCORD_TOKEN" in sentence(await bot.wait_for_end(60.0))
    await room.here.wait_until_disconnected()
    room.here.reset_token(room.env["DISCORD_TOKEN"])
    await room.bot()
    await room.wait_for_post(room.news, tale.step(2), 40.0)
    assert len(room.posts(room.news, f"Tale {tale.number},")) == 2


async def test_a_database_that_cannot_be_written(newsroom: Newsroom) -> None:
    """Its folder is a file, so that root too is refused."""
    (newsroom.folder / "file").write_text("")
    url = f"sqlite:///{newsroom.folder}/file/dealwire.db"
    error = await read_error(newsroom, DATABASE_URL=url)
    assert "The database" in error
    assert "can't be" in error


async def test_a_file_that_is_no_database(newsroom: Newsroom) -> None:
    newsroom.database.write_text("This is a letter.\n" * 300)
    assert "is not an intact SQLite database" in await read_error(newsroom)
    assert newsroom.database.read_text().startswith("This is a letter.")


async def test_a_database_of_a_newer_version(newsroom: Newsroom) -> None:
    with sqlite3.connect(newsroom.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_future'")
    connection.close()
    assert "was written by a newer version of Dealwire; update the program" in await read_error(newsroom)


async def test_a_database_that_another_program_keeps_locked(newsroom: Newsroom) -> None:
    """A fresh one, so that the start must write."""
    database = newsroom.folder / "locked.db"
    async with locked(database):
        error = await read_error(newsroom, DATABASE_URL=f"sqlite:///{database}")
    assert "is locked by another program; close it and try again" in error


@asynccontextmanager
async def locked(database: Path) -> AsyncIterator[None]:
    """Another process holds the database for itself."""
    holding = (
        "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "connection.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    )
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", holding, str(database)), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        async with asyncio.timeout(FAILS_WITHIN):
            await holder.stdout.readline()
        yield
    finally:
        holder.kill()
        await holder.communicate()


async def test_a_second_bot_on_the_same_store(newsroom: Newsroom) -> None:
    """The second one ends; the first one goes on."""
    await newsroom.bot()
    assert "Another bot is running on" in await read_error(newsroom)
    await newsroom.check_answers(newsroom.news)
    assert newsroom.here.identifies == 1


async def test_a_setting_with_a_bad_value(newsroom: Newsroom) -> None:
    ended = await newsroom.command("run", DISCORD_API_URL="discord")
    assert ended.code == 1
    assert ended.err.startswith("dealwire: DISCORD_API_URL: expected a URL")
    assert len(ended.err.splitlines()) == 1


async def test_a_wrong_embedder(newsroom: Newsroom) -> None:
    """It is refused before Discord is asked for anything, not when the first article comes."""
    ended = await newsroom.command("run", EMBEDDINGS="no.such.module:Embedder")
    assert ended.code == 1
    ended.check_quiet()
    assert ended.last_line.startswith("dealwire: EMBEDDINGS: expected e5, none or module:callable; ")
    assert newsroom.here.requests == []
