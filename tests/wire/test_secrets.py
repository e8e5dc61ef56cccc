"""No secret gets anywhere but where it belongs: a real bot with a canary in each is provoked, and every place is searched."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.feeds.local import Publishers, publishing
from tests.local_discord import Message
from tests.wire.newsroom import Newsroom, open_newsroom
from tests.wire.process import END_SECONDS, ROOT, Process, fetch, find_free_port
from tests.wire.proxy import open_proxy

TOKEN = "Q2FuYXJ5VG9rZW5DYW5hcnlU.GCanar.CanaryTokenCanaryTokenCanaryToken1234"
PROXY, DATABASE, FEED, WEBHOOK, ADDRESS = (f"canary-{name}-4711" for name in ("proxy", "base", "feed", "hook", "user"))
WEBHOOK_URL = f"https://discord.com/api/webhooks/123456789012345678/{WEBHOOK}"
RSS = f"""<rss version="2.0"><channel><title>A https://me:{ADDRESS}@a.example/</title><item><guid
isPermaLink="false">https://me:{ADDRESS}@a.example/b</guid></item><item><title>Nissan opens {WEBHOOK_URL} in Oppama</title>
<link>{WEBHOOK_URL}</link><description>See https://me:{ADDRESS}@a.example/ and {WEBHOOK_URL}</description></item>
</channel></rss>"""

#: Where the database is copied to. What begins so may contain the addresses of feeds.
BACKUP = "dealwire.db.copy"

#: Commands that meet a secret, and the settings that they get.
COMMANDS: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (("check",), {}),
    (("run",), {"DISCORD_TOKEN": TOKEN[:-1] + "5"}),
    (("run",), {"DATABASE_URL": f"postgresql://me:{DATABASE}@host/db?password={DATABASE}"}),
    (("run",), {"DATABASE_URL": "sqlite:///other.db", "HTTPS_PROXY": f"http://me:{PROXY}@127.0.0.1:9"}),
    (("run",), {"HTTPS_PROXY": f"socks5://me:{PROXY}@127.0.0.1:9"}),
    (("run",), {"DISCORD_API_URL": f"http://me:{ADDRESS}@127.0.0.1:9/api"}),
    (("run",), {"TIMEZONE": TOKEN}),
    (("feeds", "add", f"https://me:{ADDRESS}@a.example/feed"), {}),
    (("feeds", "add", f"me:{ADDRESS}@a.example/feed"), {}),
    (("feeds", "check", f"http://127.0.0.1:PORT/broken?token={FEED}"), {}),
    (("feeds", "check", f"http://127.0.0.1:PORT/feed?token={FEED}"), {}),
    (("feeds", "add", f"http://127.0.0.1:PORT/feed?token={FEED}"), {}),
    (("feeds", "list"), {}),
    (("feeds", "import", "feeds.opml"), {}),
    (("import", "twice.toml"), {}),
    (("backup", BACKUP), {}),
    (("show", "--databse", f"postgresql://me:{DATABASE}@host/db"), {}),
    (("show", "--database", f"postgresql://me:{DATABASE}@host/db", "nissan"), {}),
)
#: How they end.
STATUSES = (0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 2, 1)


@dataclass(slots=True)
class Traces:
    """What a bot and some commands left behind."""

    room: Newsroom
    bot: Process
    said: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def secrets(self) -> list[str]:
        tokens = [interaction.token for interaction in self.room.here.interactions]
        assert tokens
        return [TOKEN[:-1], PROXY, DATABASE, FEED, WEBHOOK, ADDRESS, *tokens]


def _read_requests(traces: Traces) -> str:
    """Return the bodies and headers of all requests; their paths contain the tokens of interactions."""
    return "\n".join(
        json.dumps(
            [each.json, {name: text for name, text in each.headers.items() if name != "Authorization"}], default=str
        )
        for each in traces.room.here.requests
    )


def _read_files(traces: Traces) -> str:
    """Return names and contents of all files, but for what was typed, and the contents of the database and its copies."""
    paths = [path for path in traces.room.folder.rglob("*") if path.is_file() and path.suffix not in (".toml", ".opml")]
    contents = [path.read_bytes().decode("latin-1") for path in paths if not path.name.startswith("dealwire.db")]
    return "\n".join([*map(str, paths), *contents])


#: Each place that is searched, and how it is read.
PLACES: dict[str, Callable[[Traces], str]] = {
    "log": lambda traces: traces.bot.err,
    "output of commands": lambda traces: "\n".join(traces.said),
    "messages": lambda traces: "\n".join(each.text + repr(each.components) for each in traces.messages),
    "requests": _read_requests,
    "pages": lambda traces: "\n".join(traces.pages),
    "processes": lambda traces: "\n".join(traces.children),
    "files": _read_files,
}


def read_children(pid: int) -> list[str]:
    """Return the command lines and environments of a process's children."""
    children = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                children.append((folder / "cmdline").read_text() + (folder / "environ").read_text())
        except OSError:
            continue
    return children


async def provoke(room: Newsroom, publishers: Publishers, env: dict[str, str]) -> Traces:
    """Run a bot and commands into errors with every secret."""
    publishers.says("/feed", RSS)
    url = publishers.url("/feed", "127.0.0.1")
    broken = publishers.url(f"/broken?token={FEED}", "127.0.0.1")
    feeds = room.folder / "feeds.toml"
    feeds.write_text(f'[[feed]]\nurl = "{url}"\n[[feed]]\nurl = "{broken}"\n')
    (room.folder / "feeds.opml").write_text(f'<opml><outline xmlUrl="https://me:{ADDRESS}@a.example/"/></opml>')
    (room.folder / "twice.toml").write_text(f'[[feed]]\nurl = "{broken}"\n' * 2)
    await room.import_file(feeds)
    port = find_free_port()
    traces = Traces(room, await room.bot(**env, HTTP_PORT=str(port)))
    here = room.here
    await here.wait_for_commands("desk", guild=room.guild)
    await publishers.until_asked(f"/broken?token={FEED}", 1, 60.0)
    await room.check_answers(room.news)
    here.faults.add("POST", f"/channels/{room.deals.id}/messages", action=429, retry_after=0.1)
    here.faults.add("POST", "/interactions/*", action=429, retry_after=0.1, when="before")
    for query in (f"https://me:{ADDRESS}@a.example/ {WEBHOOK_URL}", "nissan"):
        traces.messages.append(await room.slash("deal", query=query))
    traces.messages.append(await room.ask(room.deals, f"!deal https://me:{ADDRESS}@a.example/ {WEBHOOK_URL}"))
    traces.messages.append(await room.slash("feeds list", user=room.editor))
    traces.pages = [(await fetch(f"http://127.0.0.1:{port}/{page}"))[1] for page in ("healthz", "metrics", "nothing")]
    traces.children = read_children(traces.bot.pid)
    traces.said.append(Path(f"/proc/{traces.bot.pid}/cmdline").read_text())
    return traces


async def run_commands(traces: Traces, port: int) -> None:
    """Run all commands in one process, which is cheaper, in the folder of the newsroom."""
    commands = [([word.replace("PORT", str(port)) for word in words], env) for words, env in COMMANDS]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.wire.commands"),
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), **traces.room.env},
        cwd=traces.room.folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(END_SECONDS):
        out, err = await process.communicate(json.dumps(commands).encode())
    traces.said += [out.decode(), err.decode()]
    assert [line for line in out.decode().splitlines() if " ended: " in line] == [
        f"{words[0]} ended: {status}" for (words, _), status in zip(commands, STATUSES, strict=True)
    ], err.decode()


async def restore(traces: Traces) -> None:
    """Restore the backup, which keeps the former database beside it."""
    ended = await traces.room.command("restore", BACKUP)
    assert ended.code == 0, ended.err
    traces.said += [ended.out, ended.err]
    assert [path for path in traces.room.folder.iterdir() if ".before-restore-" in path.name]


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_no_place_has_a_secret(log_format: str, tmp_path: Path, seeded: Path) -> None:
    """Commands write the same in both formats, so they are run in one."""
    shutil.copy(seeded, tmp_path / "dealwire.db")
    async with open_proxy() as proxy, publishing() as publishers, open_newsroom(tmp_path) as room:
        room.here.reset_token(TOKEN)
        env = {
            "DISCORD_TOKEN": TOKEN,
            "HTTPS_PROXY": f"http://me:{PROXY}@127.0.0.1:{proxy.port}",
            "FEED_ALLOW": "127.0.0.1",
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": log_format,
        }
        room.env.update(env)
        traces = await provoke(room, publishers, env)
        if log_format == "text":
            await run_commands(traces, publishers.port)
        assert traces.children
        assert proxy.requests
        ended = await traces.bot.stop()
        if log_format == "text":
            await restore(traces)
        found = [
            (place, secret) for place, read in PLACES.items() for secret in traces.secrets if secret in read(traces)
        ]
        assert found == []
        if log_format == "json":
            lines = [json.loads(line) for line in ended.err.splitlines()]
            assert {"time", "level", "logger", "message"} <= set(lines[0])
            assert any("[redacted]" in line["message"] for line in lines)


async def test_a_failed_start_is_a_line_of_json(newsroom: Newsroom) -> None:
    """Whether a setting or Discord refuses it."""
    for env in ({"TIMEZONE": "x"}, {"DISCORD_TOKEN": "wrong"}):
        ended = await newsroom.command("run", LOG_FORMAT="json", **{"DISCORD_TOKEN": "wrong", **env})
        assert ended.code == 1
        lines = [json.loads(line) for line in ended.err.splitlines()]
        assert lines[-1]["level"] == "ERROR"
        assert not lines[-1]["message"].startswith("dealwire:")
