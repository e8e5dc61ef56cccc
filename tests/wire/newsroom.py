"""Where the real bot is tried: a local Discord with people in it, a store in a folder, and processes on both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.local_discord import Channel, Guild, LocalDiscord, Message, Permission, Role, User
from tests.progress import remove_progress
from tests.wire.process import Ended, Process

TOKEN = "a.token.of.the.tests"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"

#: What an instant answer is waited for: far more than it takes, for other tests may run beside this one.
SOON = 60.0

OPPAMA = "Nissan and Foxconn: EV production at Oppama"

_NUMBERS = count(1)


class Newsroom:
    """One server with an editor (Manage Server), a reader, a mentionable role and two channels."""

    def __init__(self, here: LocalDiscord, folder: Path) -> None:
        self.here = here
        self.folder = folder
        self.guild: Guild = here.add_guild("Newsroom")
        self.news: Channel = here.add_channel(self.guild, "news")
        self.deals: Channel = here.add_channel(self.guild, "deals")
        managers: Role = here.add_role(self.guild, "managers", Permission.MANAGE_GUILD)
        self.role: Role = here.add_role(self.guild, "deal-watch", mentionable=True)
        self.editor: User = self._member("editor", managers)
        self.reader: User = self._member("reader", self.role)
        self.env = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": here.api_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SEEDS": str(SEEDS),
        }
        #: What is run instead of this checkout.
        self.program: Path | None = None
        self.bots: list[Process] = []
        self._processes: list[Process] = []

    @property
    def database(self) -> Path:
        return self.folder / "dealwire.db"

    def _member(self, name: str, *roles: Role) -> User:
        user = self.here.add_user(name)
        self.here.add_member(self.guild, user, roles)
        return user

    # Processes.

    async def launch(self, *command: str, **env: str) -> Process:
        """Start ``dealwire COMMAND`` and wait for nothing."""
        process = await Process.start(*command, env={**self.env, **env}, cwd=self.folder, program=self.program)
        self._processes.append(process)
        return process

    async def command(self, *command: str, **env: str) -> Ended:
        """Run ``dealwire COMMAND`` to its end."""
        return await (await self.launch(*command, **env)).wait_for_end()

    async def bot(self, **env: str) -> Process:
        """Start the bot and return when it is up, its commands registered and its posts on their way."""
        process = await self.launch("run", **env)
        await process.wait_for_log("The bot is up", timeout=120.0)
        self.bots.append(process)
        return process

    async def stop_all(self) -> None:
        """Stop what still runs, as a service manager does, and check that it takes it well."""
        for process in self._processes:
            if process.running:
                await process.stop()

    async def kill_all(self) -> None:
        """Leave nothing behind, however the test ended."""
        await asyncio.gather(*(process.kill() for process in self._processes))

    # What people do.

    async def ask(self, channel: Channel, text: str, user: User | None = None) -> Message:
        """Say something and give the bot's answer."""
        question = await self.here.say(channel, user or self.reader, text)
        return await self.here.message_in(channel, after=question, timeout=SOON)

    async def slash(
        self, name: str, /, channel: Channel | None = None, user: User | None = None, **options: Any
    ) -> Message:
        """Send a command and give the answer when it is there."""
        answer = await self.here.slash(channel or self.news, user or self.reader, name, **options)
        return await answer.final()

    async def follow(self, target: str, channel: Channel, **options: Any) -> Message:
        """Let a channel follow something, as the editor."""
        answer = await self.slash("follow", user=self.editor, target=target, channel=channel, **options)
        assert "follows" in answer.text, answer.text
        return answer

    async def check_answers(self, channel: Channel) -> None:
        """Check that the bot answers a question there."""
        assert OPPAMA in (await self.ask(channel, "!deal nissan foxconn")).text

    # What is published.

    def tale(self, party: str = "Nissan") -> "Tale":
        """Return a story that no other test uses."""
        return Tale(self, next(_NUMBERS), party)

    async def import_file(self, path: Path, *options: str) -> str:
        """Import the file with a process of its own; what that said."""
        ended = await self.command("import", *options, str(path))
        assert (ended.code, remove_progress(ended.err)) == (0, "")
        return ended.out

    def posts(self, channel: Channel, words: str) -> list[Message]:
        """Return the bot's posts in the channel that tell of a development with these words."""
        return [
            message
            for message in self.here.messages(channel)
            if message.author is self.here.bot
            and words in message.text
            and any(custom_id.startswith("dw:post:") for custom_id in message.custom_ids)
        ]

    async def wait_for_post(self, channel: Channel, words: str, timeout: float = SOON) -> Message:
        """Wait for the post of a development with these words, and return it."""
        await self.here.until(lambda: self.posts(channel, words), timeout, f"a post of {words!r} in {channel.name}")
        return self.posts(channel, words)[0]

    async def wait_until_all_sent(self) -> None:
        """Return when nothing is owed any more, as `/status` tells.

        Each look is one question to the bot, by somebody new: one person may not ask that often.
        """
        async with asyncio.timeout(SOON):
            while " 0 queued" not in (await self.slash("status", user=self._member("onlooker"))).text:
                pass

    def check_clean(self) -> None:
        """Fail when the bot asked for what this Discord does not know, or sent what the real one forbids."""
        assert self.here.unknown_routes == []
        assert self.here.violations == []


@dataclass(frozen=True, slots=True)
class Tale:
    """A supply deal between Acme Cells and another, with as many steps as a test wants it to have."""

    room: Newsroom
    number: int
    party: str

    @property
    def slug(self) -> str:
        return f"tale-{self.number}"

    def step(self, number: int) -> str:
        """Return the headline of a development."""
        return f"Tale {self.number}, step {number} of Acme and {self.party}"

    async def import_steps(self, steps: int, *, announce: bool = True, extra: str = "") -> str:
        """Import the story as a file with so many steps; ``extra`` stands at the end of the last one's headline."""
        return await self.room.import_file(self.file(steps, extra), *(["--announce"] if announce else []))

    def file(self, steps: int, extra: str = "") -> Path:
        """Write the story as a file, longer than before if there was one."""
        parts = [
            f'slug = "{self.slug}"\nheadline = "Acme in talks over tale {self.number}"',
            'summary = "A story that only the tests know."\nkind = "supply"',
            f'[[party]]\ncompany = "{self.party}"\nrole = "buyer"',
            '[[party]]\ncompany = "Acme Cells"\nrole = "supplier"',
        ]
        for step in range(1, steps + 1):
            headline = self.step(step) + (extra if step == steps else "")
            parts.append(
                f'[[development]]\nid = "step-{step}"\ndate = "2025-10-{step:02}"\nheadline = "{headline}"\n'
                'claim = "reported"\n[[development.source]]\npublisher = "The Tester"'
            )
        path = self.room.folder / f"{self.slug}.toml"
        path.write_text("\n".join(parts) + "\n", encoding="utf-8")
        return path


@asynccontextmanager
async def open_newsroom(folder: Path, **discord: Any) -> AsyncIterator[Newsroom]:
    """Open a newsroom on a Discord of its own. At the end, check that its processes stop cleanly and made no bad request."""
    async with LocalDiscord(TOKEN, **discord) as here:
        newsroom = Newsroom(here, folder)
        try:
            yield newsroom
            await newsroom.stop_all()
            newsroom.check_clean()
        finally:
            await newsroom.kill_all()
