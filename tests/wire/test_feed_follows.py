"""Feeds that servers follow themselves, with the real process: the first post, two servers that know nothing of each other, kills."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Literal

import pytest
from sqlalchemy import update

from bot.clock import utc_now
from bot.store import Store, open_store
from bot.store import tables as t
from tests.feeds.local import Publishers, publishing
from tests.local_discord import Channel, Guild, Message, Permission, User
from tests.wire.newsroom import Newsroom

log = logging.getLogger(__name__)

#: How long to wait for what a poll brings before the feeds are made due again, and how often. Polls are looked for every five seconds.
_ATTEMPT_SECONDS, _ATTEMPTS = 20.0, 5
SIGNED = "Nissan and Foxconn sign a contract to build electric vehicles at the Oppama plant"
SIGNED_TOO = "Nissan, Foxconn sign a contract to build electric vehicles at Oppama plant"
_ITEM = "<item><title>{0}</title><link>http://127.0.0.1/{1}/{2}</link><pubDate>{3}</pubDate></item>"
_RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>{0}</title>{1}</channel></rss>'


@dataclass(slots=True)
class Press:
    """Publishers on this machine, and the bot's store, in which their feeds are made due."""

    newsroom: Newsroom
    publishers: Publishers
    store: Store
    items: dict[str, list[str]] = field(default_factory=dict)

    def bring(self, publisher: str, *titles: str) -> str:
        """Let a publisher list these articles above those that it has; return the address of its feed."""
        listed = self.items.setdefault(publisher, [])
        for title in titles:
            now = format_datetime(datetime.now(UTC))
            listed.insert(0, _ITEM.format(title, publisher, len(listed), now))
        body = _RSS.format(f"The {publisher.title()}", "".join(listed))
        self.publishers.says(f"/{publisher}", body, headers={"Content-Type": "application/rss+xml"})
        return self.url(publisher)

    def url(self, publisher: str) -> str:
        """Return the address of a feed."""
        return self.publishers.url(f"/{publisher}", "127.0.0.1")

    async def make_due(self) -> None:
        """Let every followed feed be due now."""
        async with self.store.write() as tx:
            await tx.connection.execute(update(t.feed).where(t.feed.c.desk == 0).values(next_poll=utc_now()))

    async def wait_for_poll(self, publisher: str) -> None:
        """Let the feeds be due, and return when one of them has been asked."""
        path = f"/{publisher}"
        times = self.publishers.paths().count(path) + 1
        await self.poll_until(lambda: self.publishers.until_asked(path, times, _ATTEMPT_SECONDS))

    async def poll_until(self, wait: Callable[[], Awaitable[object]]) -> None:
        """Let the feeds be due until a wait comes to its end. A poll that is under way when they are made due puts them off again."""
        for _ in range(_ATTEMPTS):
            await self.make_due()
            with contextlib.suppress(TimeoutError):
                await wait()
                return
        await wait()

    def posts(self, channel: Channel, words: str = "") -> list[Message]:
        """Return the posts of articles in a channel."""
        return [
            message
            for message in self.newsroom.here.messages(channel)
            if words in message.text and any(custom_id.startswith("dw:wrong:") for custom_id in message.custom_ids)
        ]

    async def wait_for(self, channel: Channel, words: str) -> Message:
        """Return the post with these words, as soon as it is there."""
        await self.until(lambda: bool(self.posts(channel, words)), f"a post of {words!r} in {channel.name}")
        return self.posts(channel, words)[0]

    async def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Let the feeds be due, and return as soon as something is so."""
        await self.poll_until(lambda: self.newsroom.here.until(is_so, _ATTEMPT_SECONDS, what))


@pytest.fixture
async def press(newsroom: Newsroom) -> AsyncIterator[Press]:
    """No desk, so that nothing but followed feeds brings anything."""
    newsroom.env |= {"FEED_ALLOW": "127.0.0.1", "DESK_GUILD_ID": str(newsroom.guild.id)}
    async with publishing() as publishers, open_store(f"sqlite:///{newsroom.database}") as store:
        async with store.write() as tx:
            # The starter collection's own are on the internet.
            for feed in await tx.feeds.list_all():
                await tx.feeds.remove(feed.id)
        yield Press(newsroom, publishers, store)


@dataclass(frozen=True, slots=True)
class Server:
    """A server with a manager, a reader and a channel."""

    press: Press
    guild: Guild
    channel: Channel
    manager: User
    reader: User

    async def run(self, name: str, **options: object) -> Message:
        """Send a command as the manager, and give its answer."""
        return await self.press.newsroom.slash(name, self.channel, self.manager, **options)

    async def follow(self, publisher: str, **options: object) -> None:
        """Follow a publisher's feed in the channel."""
        answer = await self.run("follow", target=self.press.url(publisher), **options)
        assert "follows" in answer.text, answer.text

    async def texts(self) -> str:
        """Return all that the bot shows of itself and of this server."""
        answers = [
            await self.run("following"),
            await self.run("data"),
            await self.run("status"),
            await self.run("latest"),
            await self.run("deals"),
            await self.run("why", query="nissan foxconn"),
        ]
        return "\n".join(answer.text for answer in answers)


def add_server(press: Press, name: str) -> Server:
    """Return a new server that the bot is on."""
    here = press.newsroom.here
    guild = here.add_guild(name)
    managers = here.add_role(guild, "managers", Permission.MANAGE_GUILD)
    channel = here.add_channel(guild, f"news-of-{name}")
    manager, reader = here.add_user(f"{name}-manager"), here.add_user(f"{name}-reader")
    here.add_member(guild, manager, [managers])
    here.add_member(guild, reader, [])
    return Server(press, guild, channel, manager, reader)


async def test_from_the_invite_to_the_first_post(press: Press) -> None:
    """A server invites the bot and follows a feed by its address; no desk does anything. What took how long is logged."""
    here = press.newsroom.here
    press.bring("daily", "Old news")
    await press.newsroom.bot()
    server = add_server(press, "new")
    here.remove_guild(server.guild)
    await press.newsroom.check_answers(press.newsroom.deals)
    start = time.monotonic()
    here.invite_again(server.guild)
    await here.wait_for_commands("follow", guild=server.guild)
    answer = await server.run("follow", target=press.url("daily"))
    assert "now follows" in answer.text
    assert "Old news" in answer.text
    followed = time.monotonic()
    press.bring("daily", "Chip maker opens a plant")
    await press.wait_for(server.channel, "Chip maker opens a plant")
    posted = time.monotonic()
    log.info(
        "From the invite to the follow: %.2f s; from the due feed to its post: %.2f s.",
        followed - start,
        posted - followed,
    )
    assert [post.text for post in press.posts(server.channel, "Old news")] == []


async def test_nothing_crosses_over_between_two_servers(press: Press) -> None:
    """One is hostile: it floods, filters oddly, reports everything, erases its data, throws the bot out, and comes back."""
    press.bring("shared", "Old news")
    press.bring("honest", "Old honest news")
    press.bring("hostile", "Old hostile news")
    await press.newsroom.bot()
    honest, hostile = add_server(press, "honest"), add_server(press, "hostile")
    await honest.follow("shared")
    await honest.follow("honest")
    await hostile.follow("shared", words="@everyone, (((, .*", without="*")
    await hostile.follow("hostile")
    await hostile.follow("shared", words="none", without="none")

    # A flood, with the titles and links of the others.
    flood = [f"Nonsense {number} of {number * 7} things for {chr(97 + number % 26)}" for number in range(200)]
    press.bring("hostile", *flood, SIGNED, "@everyone **free** money")
    press.bring("shared", "Chip maker opens a plant")
    press.bring("honest", SIGNED_TOO)
    first = await press.wait_for(honest.channel, "Chip maker opens a plant")
    await press.wait_for(honest.channel, SIGNED_TOO)
    await press.wait_for(hostile.channel, "Chip maker opens a plant")
    await press.until(lambda: len(press.posts(hostile.channel)) > 2, "posts of the flood")
    await press.newsroom.wait_until_all_sent()
    assert len(press.posts(honest.channel)) == 2
    assert len(press.posts(hostile.channel)) <= 10
    assert not any("also:" in post.text for post in press.posts(honest.channel))
    assert "Hostile" not in await honest.texts()
    assert "Honest" not in await hostile.texts()

    # Reports go to the server's own managers, and to nobody else.
    for post in press.posts(hostile.channel)[:2]:
        pressed = await press.newsroom.here.click(post, hostile.reader, label="Something wrong?")
        assert pressed.modal is not None
        submitted = await press.newsroom.here.submit(pressed.modal, hostile.reader, {"What is wrong?": "spam spam"})
        assert "managers can read it" in (await submitted.final()).text
    listed = await honest.run("following")
    assert not any(custom_id.startswith("dw:feednotes") for custom_id in listed.custom_ids)
    listed = await hostile.run("following")
    opened = await press.newsroom.here.click(listed, hostile.manager, label="Reader reports (2)")
    assert "2 reader reports" in (await opened.final()).text
    queue = await press.newsroom.slash("desk queue", press.newsroom.news, press.newsroom.editor)
    assert "articles or reader reports are waiting" in queue.text

    # It erases its data, follows again, and throws the bot out.
    answer = await hostile.run("data")
    clicked = await press.newsroom.here.click(answer, hostile.manager, label="Erase this server's data")
    question = await clicked.final()
    await (await press.newsroom.here.click(question, hostile.manager, label="Erase for good")).final()
    await hostile.follow("shared")
    press.newsroom.here.remove_guild(hostile.guild)
    press.bring("shared", "Chip maker hires a thousand people")
    await press.wait_for(honest.channel, "Chip maker hires a thousand people")
    press.newsroom.here.invite_again(hostile.guild)
    await press.newsroom.check_answers(press.newsroom.deals)

    # The feed that both follow goes bad: each is told once, and the honest one's other feed goes on.
    press.publishers.says("/shared", status=410)
    await press.wait_for_poll("shared")
    await press.newsroom.here.until(
        lambda: all(
            any(
                "Nothing more is coming from" in message.text
                for message in press.newsroom.here.messages(server.channel)
            )
            for server in (honest, hostile)
        ),
        90.0,
        "a notice in both servers",
    )
    press.bring("honest", "Grid operator plans new lines")
    await press.wait_for(honest.channel, "Grid operator plans new lines")
    assert len(press.posts(honest.channel)) == 4
    assert first in press.posts(honest.channel)
    assert press.posts(press.newsroom.news) == press.posts(press.newsroom.deals) == []


async def test_kills_lose_and_double_nothing(press: Press) -> None:
    """Killed before and after Discord takes a post, while it edits one, and at any other moment."""
    here = press.newsroom.here
    bot = await press.newsroom.bot()
    server = add_server(press, "killed")
    for publisher in ("daily", "gazette"):
        press.bring(publisher, f"Old news of {publisher}")
        await server.follow(publisher)
    path = f"/channels/{server.channel.id}/messages"
    titles = ["Chip maker opens a plant", "Grid operator plans new lines", "Airline orders forty jets"]
    moments: tuple[Literal["before", "after"], ...] = ("before", "after", "before")
    for title, when in zip(titles, moments, strict=True):
        held = here.faults.add("POST", path, when=when, action="hold")
        press.bring("daily", title)
        await press.poll_until(partial(held.wait_until_reached, _ATTEMPT_SECONDS))
        await bot.kill()
        await here.wait_until_disconnected()
        here.faults.clear()
        here.world.nonces.memory = 0.0
        bot = await press.newsroom.bot()
        await press.wait_for(server.channel, title)
    press.bring("daily", SIGNED)
    post = await press.wait_for(server.channel, SIGNED)
    held = here.faults.add("PATCH", f"{path}/*", action="hold")
    press.bring("gazette", SIGNED_TOO)
    await press.poll_until(partial(held.wait_until_reached, _ATTEMPT_SECONDS))
    await bot.kill()
    await here.wait_until_disconnected()
    here.faults.clear()
    bot = await press.newsroom.bot()
    await press.until(lambda: "also: " in post.text, "the second publisher in the post")
    for number in range(5):
        press.bring("daily", f"Headline {number} about the city of {chr(65 + number)}burg")
        await press.wait_for_poll("daily")
        await bot.kill()
        await here.wait_until_disconnected()
        bot = await press.newsroom.bot()
    for number in range(5):
        await press.wait_for(server.channel, f"Headline {number}")
    await press.newsroom.wait_until_all_sent()
    counts = {title: len(press.posts(server.channel, title)) for title in [*titles, SIGNED]}
    assert set(counts.values()) == {1}
    assert len(press.posts(server.channel)) == len(titles) + 1 + 5
