"""Let a program write a store as in daily use: imports, follows, posts in every state, feeds, reviews, a merge.

The program runs as a process against the local Discord and is driven only by what every version has: the story files, the
command line and the commands in Discord. What came later is left out for older programs, by the revision of their store.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path

from tests.feeds.local import Publishers, publishing
from tests.local_discord import Channel, Permission, User
from tests.local_discord.failures import Impossible
from tests.store.schemas import FOLDER, dump_store
from tests.wire.newsroom import Newsroom, open_newsroom

COMPANIES = """\
[[company]]
name = "Nissan"
aliases = ["Nissan Motor", "日産"]
country = "JP"
ticker = "7201.T"
[[company]]
name = "Foxconn"
aliases = ["Hon Hai", "鴻海"]
country = "TW"
[[company]]
name = "Honda"
country = "JP"
[[company]]
name = "Renault"
country = "FR"
"""

OPPAMA = """\
slug = "nissan-foxconn-oppama"
headline = "Nissan and Foxconn: EV production at Oppama"
summary = "Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close."
kind = "contract-manufacturing"
related = ["honda-nissan-merger"]
[[party]]
company = "Nissan"
role = "plant owner"
[[party]]
company = "Foxconn"
role = "manufacturer"
[[development]]
id = "talks"
date = "2025-07-06"
headline = "Nissan and Foxconn in talks over Oppama"
text = "The plant would build cars for Foxconn's brand."
claim = "reported"
stage = "talks"
[[development.source]]
publisher = "Nikkei"
title = "Nissan in talks with Foxconn"
url = "https://news.example/nissan-foxconn"
date = "2025-07-06"
"""
DENIAL = """\
[[development]]
id = "denied"
date = "2025-08-01"
headline = "Foxconn denies talks over Oppama"
claim = "denied"
[[development.source]]
publisher = "Reuters"
date = "2025-08"
"""
CORRECTED_DENIAL = DENIAL.replace("talks over", "any talks over")
AGREED = """\
[[development]]
id = "agreed"
date = "2025-09-10"
headline = "Nissan and Foxconn agree on Oppama"
claim = "confirmed"
stage = "agreed"
[[development.source]]
publisher = "Nissan"
url = "https://news.example/agreed"
"""
SIGNED = """\
[[development]]
id = "signed"
date = "2025-10-02"
headline = "Nissan and Foxconn sign the Oppama contract"
claim = "confirmed"
stage = "signed"
[[development.source]]
publisher = "Foxconn"
"""
BOUNDED = """\
[[development]]
id = "survey"
date = "by 2025-06"
headline = "Nissan looks for a partner for Oppama"
claim = "reported"
[[development.source]]
publisher = "Nikkei"
"""
TERM = """\
[[term]]
id = "size"
name = "capacity"
amount = "240000"
bound = "up-to"
unit = "vehicles/year"
claim = "reported"
[[term.source]]
publisher = "Nikkei"
"""
EXPECTED = """\
[[expected]]
id = "start"
headline = "Production for Foxconn begins at Oppama"
date = "2028-Q1"
[[expected.source]]
publisher = "Nikkei"
"""
MERGER = """\
slug = "honda-nissan-merger"
headline = "Honda and Nissan: merger"
summary = "Honda and Nissan talked about a joint holding company and ended the talks."
kind = "merger"
[[party]]
company = "Honda"
role = "partner"
[[party]]
company = "Nissan"
role = "partner"
[[development]]
id = "agreed"
date = "2024-12-23"
headline = "Honda and Nissan agree to talk about a merger"
claim = "confirmed"
stage = "agreed"
[[development.source]]
publisher = "Honda"
[[development]]
id = "ended"
date = "2025-02-13"
headline = "Honda and Nissan end their talks"
claim = "confirmed"
stage = "terminated"
[[development.source]]
publisher = "Nissan"
"""
STAKE = """\
slug = "renault-nissan-stake"
headline = "Renault: stake in Nissan"
summary = "Renault sells a part of its shares in Nissan."
kind = "stake"
[[party]]
company = "Renault"
role = "seller"
[[party]]
company = "Nissan"
role = "target"
[[development]]
id = "sale"
date = "2024-09"
headline = "Renault sells shares in Nissan"
claim = "confirmed"
[[development.source]]
publisher = "Renault"
[[development]]
id = "rumour"
date = "2024-10-05"
headline = "Renault wants to sell all shares in Nissan"
claim = "reported"
[[development.source]]
publisher = "Les Echos"
"""
RIVALS = """\
slug = "renault-nissan-shares"
headline = "Renault: shares in Nissan"
summary = "The same subject under another name."
kind = "stake"
[[party]]
company = "Renault"
role = "seller"
[[development]]
id = "plan"
date = "2024-08"
headline = "Renault plans to sell shares"
claim = "reported"
[[development.source]]
publisher = "Les Echos"
"""
ITEM = "<item><title>{0}</title><link>https://press.example/{1}</link><description>{2}</description><pubDate>{3}</pubDate></item>"


async def write_schema(code: Path) -> Path:
    """Let the program in a checkout write a store, and write that as the file of its revision. Return the file."""
    revision = max(path.stem[1:5] for path in (code / "bot/store/migrations/versions").glob("s0*.py"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with publishing() as press, open_newsroom(folder) as newsroom:
            newsroom.env |= {"PYTHONPATH": str(code), "SEEDS": "", "FEED_ALLOW": "127.0.0.1", "EMBEDDINGS": "none"}
            newsroom.env["DESK_GUILD_ID"] = str(newsroom.guild.id)
            await _Writer(newsroom, press, int(revision)).write()
        file = FOLDER / f"{revision}.sql"
        file.write_text("\n".join(dump_store(folder / "dealwire.db")) + "\n", encoding="utf-8")
    return file


class _Writer:
    """The days of a store, one step after the other."""

    def __init__(self, newsroom: Newsroom, press: Publishers, revision: int) -> None:
        self._room = newsroom
        self._press = press
        self._revision = revision
        self._numbers = count(1)
        self._closed = newsroom.here.add_channel(newsroom.guild, "closed")
        self._weekly = newsroom.here.add_channel(newsroom.guild, "weekly")
        self._threads = newsroom.here.add_channel(newsroom.guild, "threads")

    async def write(self) -> None:
        await self._import(companies=COMPANIES, merger=MERGER, stake=STAKE, shares=RIVALS, oppama=self._oppama())
        await self._first_day()
        if self._revision >= 4:
            await self._add_feeds()
        if self._revision >= 6:
            await self._second_day()
        await self._last_day()

    def _oppama(self, *more: str) -> str:
        """Return the story file as far as the program's version reads it, with these further developments."""
        parts = [OPPAMA, *more]
        if self._revision >= 17:
            parts.append(TERM)
        if self._revision >= 19:
            parts.append(BOUNDED)
        if self._revision >= 20:
            parts.append(EXPECTED)
        return "".join(parts)

    async def _import(self, *options: str, **files: str) -> None:
        folder = self._room.folder / f"import-{next(self._numbers)}"
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        await self._room.import_file(folder, *options)

    async def _first_day(self) -> None:
        """Follow, publish, correct, retract and merge."""
        room, here = self._room, self._room.here
        await room.bot()
        await room.follow("nissan", room.news, mention=room.role)
        await room.follow("nissan-foxconn-oppama", room.deals)
        await room.follow("everything", self._closed)
        await room.slash("follow", user=room.reader, target="foxconn")
        await self._ask("follow", room.editor, target="stake", channel=self._weekly, mode="weekly", only="confirmed")
        await self._ask("follow", room.editor, target="foxconn", channel=self._threads, threads=True)
        await self._ask("follow", room.editor, target="honda", channel=self._weekly, mode="daily", reminders=True)
        await self._ask("settings", room.editor, time_zone="Europe/Berlin", digest_hour="9", cap=30)
        await self._ask("settings", room.reader, here.dm(room.reader), language="de")
        await self._ask("catchup", room.reader)
        here.deny_bot(self._closed, Permission.SEND_MESSAGES)
        await self._import("--announce", oppama=self._oppama(DENIAL))
        for channel in (room.news, room.deals, here.dm(room.reader)):
            await self._wait_for_post(channel, "Foxconn denies talks over Oppama")
        await self._import(
            oppama=self._oppama(CORRECTED_DENIAL),
            stake=STAKE.replace("sells shares", "sells a part of its shares"),
        )
        await here.wait_for_commands("desk", guild=room.guild)
        story = "renault-nissan-stake"
        await self._ask("desk retract", room.editor, story=story, development="rumour", reason="It was taken back.")
        await self._ask("desk merge", room.editor, story="renault-nissan-shares", into=story)
        await room.bots.pop().stop()

    async def _add_feeds(self) -> None:
        """Add a feed whose articles the desk reviews, and one whose articles are published."""
        old = datetime.now(UTC) - timedelta(days=3)
        for name in ("review", "auto"):
            self._serve(name, ("An old article", "It was read before.", old))
        feeds = "".join(
            f'[[feed]]\nurl = "{self._press.url(f"/{name}", "127.0.0.1")}"\ntitle = "Press {name}"\ntrust = "{name}"\n'
            for name in ("review", "auto")
        )
        await self._import(feeds=feeds)

    async def _second_day(self) -> None:
        """Read the feeds twice: what they have at first is known, and what is new the second time is news."""
        room = self._room
        old = datetime.now(UTC) - timedelta(days=3)
        bot = await room.bot()
        await self._wait_for_rows("SELECT count(*) = 2 FROM feed WHERE succeeded_at IS NOT NULL")
        if self._revision >= 27:
            address = self._press.url("/auto", "127.0.0.1")
            await self._ask("follow", room.editor, target=address, channel=self._weekly)
        await bot.stop()
        now = datetime.now(UTC) - timedelta(minutes=20)
        self._serve(
            "review",
            ("An old article", "It was read before.", old),
            ("Honda and Renault in talks about a joint venture for batteries", "They want to build a plant.", now),
            ("Nissan and Foxconn agree on the Oppama plant, Nikkei says", "An agreement is near.", now),
        )
        self._serve(
            "auto",
            ("An old article", "It was read before.", old),
            ("Honda and Foxconn sign a supply contract for displays", "Foxconn will supply displays to Honda.", now),
        )
        with contextlib.closing(sqlite3.connect(room.database)) as rows, rows:
            rows.execute("UPDATE feed SET next_poll = succeeded_at")
        bot = await room.bot()
        await self._wait_for_rows("SELECT count(*) >= 5 FROM article")
        # The articles are judged after they are stored.
        await asyncio.sleep(5.0)
        await bot.stop()

    async def _last_day(self) -> None:
        """Kill the bot while a post is on its way, and leave further ones waiting."""
        room, here = self._room, self._room.here
        taken = here.faults.add("POST", f"/channels/{room.deals.id}/messages", when="after", action="hold")
        bot = await room.bot()
        await self._import("--announce", oppama=self._oppama(CORRECTED_DENIAL, AGREED))
        await self._wait_for_post(room.news, "Nissan and Foxconn agree on Oppama")
        await taken.wait_until_reached()
        await bot.kill()
        here.faults.clear()
        await self._import("--announce", oppama=self._oppama(CORRECTED_DENIAL, AGREED, SIGNED))

    async def _ask(self, name: str, user: User, place: Channel | None = None, /, **options: object) -> None:
        """Use a command, unless this version has no such command or option."""
        with contextlib.suppress(Impossible):
            answer = await (await self._room.here.slash(place or self._room.news, user, name, **options)).final()
            print(f"/{name}: {answer.text[:100]!r}")

    def _serve(self, name: str, *articles: tuple[str, str, datetime]) -> None:
        items = "".join(
            ITEM.format(title, f"{name}/{title.replace(chr(32), chr(45))}", text, format_datetime(at))
            for title, text, at in articles
        )
        page = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press {name}</title>{items}</channel></rss>'
        self._press.says(f"/{name}", page, headers={"Content-Type": "application/rss+xml"})

    async def _wait_for_post(self, channel: Channel, words: str) -> None:
        here = self._room.here
        await here.until(
            lambda: any(words in message.text for message in here.messages(channel) if message.author is here.bot),
            60.0,
            f"a post of {words!r}",
        )

    async def _wait_for_rows(self, query: str) -> None:
        async with asyncio.timeout(60):
            while True:
                with contextlib.closing(sqlite3.connect(self._room.database)) as rows:
                    if rows.execute(query).fetchone()[0]:
                        return
                await asyncio.sleep(0.2)
