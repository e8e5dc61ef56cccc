"""A REST proxy between the bot and Discord that gives up on requests: people get their answers, once."""

from __future__ import annotations

import pytest

from tests.local_discord.faults import When
from tests.local_discord.foreign import FOREIGN
from tests.wire.newsroom import OPPAMA, Newsroom

GIVEN_UP = ("nirn-proxy's 408", "nirn-proxy's 429", "a proxy's 429", "a 429 without a wait", "a proxy's 502")
QUESTION = "nissan foxconn"


def give_up(room: Newsroom, method: str, path: str, what: str, when: When) -> None:
    status, body = FOREIGN[what]
    room.here.faults.add(method, path, when=when, action=status, body=body)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_answers_arrive_once(newsroom: Newsroom, when: When) -> None:
    """Replies to commands and typed answers, whether Discord has received them or not.

    A lookup at the start is repeated as well.
    """
    room = newsroom
    give_up(room, "GET", "/users/@me/guilds", "nirn-proxy's 408", when)
    bot = await room.bot(REQUESTS_PER_SECOND="0")
    await room.here.wait_for_commands("desk", guild=room.guild)
    for what in GIVEN_UP:
        give_up(room, "POST", "/interactions/*/callback", what, when)
        assert OPPAMA in (await room.slash("deal", query=QUESTION)).text
        give_up(room, "POST", f"/channels/{room.news.id}/messages", what, when)
        before = room.here.messages(room.news)
        assert OPPAMA in (await room.ask(room.news, f"!deal {QUESTION}")).text
        await room.slash("deal", query=QUESTION)
        assert len(room.here.messages(room.news)) == len(before) + 3, what
    assert room.here.faults.strike(when, "POST", f"/channels/{room.news.id}/messages") is None
    for words in ("Traceback", "could not be shown", "failed"):
        assert words not in bot.err
