"""A REST proxy between the bot and Discord that gives up on requests: people get their answers, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest
from discord.http import Route

from bot.delivery.port import IN_DELIVERY
from bot.platforms.discord.rate_limiter import RateLimiter
from bot.platforms.discord.rest_proxy import repeat_for_proxy
from tests.local_discord import LocalDiscord
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


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[LocalDiscord, discord.Client]]:
    """Log a client in that repeats what a proxy gives up on, by a clock on which a wait takes no time."""
    monkeypatch.setattr("bot.platforms.discord.rest_proxy.DEFAULT_WAIT", 0.0)
    async with LocalDiscord() as here:
        monkeypatch.setattr(Route, "BASE", here.api_url)
        trace = RateLimiter(0).build_trace_config()
        async with discord.Client(intents=discord.Intents.none(), http_trace=trace) as opened:
            await opened.login(here.token)
            repeat_for_proxy(opened)
            yield here, opened


async def test_lookups_are_repeated(client: tuple[LocalDiscord, discord.Client]) -> None:
    """Twice; a third answer of the proxy's is an error like any other."""
    here, bot = client
    person = here.add_user("person")
    for what in ("nirn-proxy's 408", "a 429 without a wait"):
        status, body = FOREIGN[what]
        for method, path in (("GET", "/users/*"), ("POST", "/users/@me/channels")):
            here.faults.add(method, path, action=status, body=body, times=2)
        user = await bot.fetch_user(person.id)
        assert (await bot.http.start_private_message(user.id))["id"] == str(here.dm(person).id)
        fault = here.faults.add("GET", "/users/*", action=status, body=body, times=None)
        with pytest.raises(discord.HTTPException) as raised:
            await bot.fetch_user(person.id)
        assert (raised.value.status, fault.hits) == (status, 3)
        here.faults.clear()


async def test_what_may_happen_twice_is_not_repeated(client: tuple[LocalDiscord, discord.Client]) -> None:
    """A thread that is opened, and any request of a delivery, which has a better way."""
    here, bot = client
    guild = here.add_guild("Server")
    channel = here.add_channel(guild, "news")
    status, body = FOREIGN["nirn-proxy's 408"]
    opened = here.faults.add("POST", "/channels/*/threads", when="after", action=status, body=body, times=None)
    with pytest.raises(discord.HTTPException):
        await bot.http.start_thread_without_message(channel.id, name="one", auto_archive_duration=60, type=11)
    IN_DELIVERY.set(True)
    sent = here.faults.add("POST", "/channels/*/messages", when="after", action=status, body=body, times=None)
    with pytest.raises(discord.HTTPException):
        await bot.get_partial_messageable(channel.id).send("once")
    IN_DELIVERY.set(False)
    assert (opened.hits, sent.hits, len(here.messages(channel))) == (1, 1, 1)
