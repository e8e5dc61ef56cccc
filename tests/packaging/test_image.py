"""What can be said of the image without building it: its files exist, nothing is unpinned, nobody is root, no secret gets in."""

from __future__ import annotations

import asyncio
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web

from bot import healthcheck
from bot.extras import EXTRAS
from bot.store.engines.finding import find_engine
from tests.unit.declared import ROOT

#: Each instruction on one line, without comments.
INSTRUCTIONS = re.sub(
    r"\\\n\s*", "", "".join(line for line in (ROOT / "Dockerfile").read_text().splitlines(True) if line[0] != "#")
).splitlines()
COMPOSE = (ROOT / "compose.yaml").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().split("\n")


def arguments(instruction: str, of: list[str] = INSTRUCTIONS) -> list[list[str]]:
    """Return the words of every such instruction."""
    return [shlex.split(line)[1:] for line in of if line.startswith(f"{instruction} ")]


def last_stage() -> list[str]:
    """Return the instructions of the image itself."""
    start = max(index for index, line in enumerate(INSTRUCTIONS) if line.startswith("FROM "))
    return INSTRUCTIONS[start:]


def test_what_is_copied_exists_and_is_sent() -> None:
    """The builder gets nothing but what the file lists: no .env, no database, no history."""
    sources = {
        source.removeprefix("./")
        for words in arguments("COPY")
        if not words[0].startswith("--from")
        for source in words[:-1]
    }
    assert all((ROOT / source).exists() for source in sources)
    assert IGNORED[1] == "*"
    assert {line[1:] for line in IGNORED if line.startswith("!")} == sources
    project = (ROOT / "pyproject.toml").read_text()
    assert {"README.md", "LICENSE", "NOTICE"} <= sources, "the wheel needs them"
    assert all(f'"{folder}"' in project or f"\n{folder} = " in project for folder in ("bot", "cogs", "seeds"))


def test_the_base_has_a_version_and_packages_have_hashes() -> None:
    base = arguments("ARG")[0][0]
    assert re.fullmatch(r"BASE=docker\.io/library/python:3\.\d+-slim-\w+", base)
    assert {words[0] for words in arguments("FROM")} == {"${BASE}"}
    for line in INSTRUCTIONS:
        for command in re.findall(r"pip (?:--python \S+ )?(?:install|wheel) .*?(?=&&|$)", line):
            assert re.search(r"--require-hashes|--no-index|--no-build-isolation", command), command
    assert "curl" not in "".join(INSTRUCTIONS)
    assert "apt-get" not in "".join(INSTRUCTIONS)


def test_nobody_is_root_and_the_data_is_in_a_volume() -> None:
    stage = last_stage()
    [[user]] = arguments("USER", stage)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user), "a number, so that an orchestrator sees that it is not root"
    assert arguments("VOLUME", stage) == [["/data"]]
    environment = dict(word.split("=", 1) for words in arguments("ENV", stage) for word in words)
    assert environment["DATABASE_URL"].startswith("sqlite:////data/")
    assert not any("TOKEN" in name or "PASSWORD" in name for name in environment)
    assert stage.index(f"USER {user}") < stage.index('CMD ["run"]')


def test_the_image_has_the_extras_but_the_demo() -> None:
    """It brings libraries under the GPL, and is of no use there."""
    [[extras]] = [words for words in arguments("ARG") if words[0].startswith("EXTRAS=")]
    assert "dealwire[${EXTRAS}]" in "\n".join(INSTRUCTIONS)
    assert set(extras.removeprefix("EXTRAS=").split(",")) == {extra.name for extra in EXTRAS} - {"demo"}


def test_compose_takes_away_what_the_bot_does_not_need() -> None:
    for line in (
        "    read_only: true",
        "    cap_drop:\n      - ALL",
        "      - no-new-privileges:true",
        "      - data:/data",
        "    env_file: .env",
        "    restart: unless-stopped",
    ):
        assert line in COMPOSE
    assert re.search(r"tmpfs:\n      - /tmp:\S*size=\d+m\S*noexec", COMPOSE)
    assert re.search(r"mem_limit: \d+[mg]\n", COMPOSE)
    assert "privileged: true" not in COMPOSE
    assert "ports:" not in COMPOSE, "nothing is open to the outside"
    assert not re.search(r"TOKEN|PASSWORD", COMPOSE.split("services:")[1])


def test_compose_can_add_a_server_without_a_port() -> None:
    """The bot reaches it by a socket, in the volume where the server puts it."""
    added = (ROOT / "compose.postgres.yaml").read_text()
    assert "ports:" not in added
    assert "    command: postgres -c listen_addresses=\n" in added
    [url] = re.findall("DATABASE_URL: (.*)", added)
    assert f"      - socket:{find_engine(url).name.removeprefix('dealwire on ')}:ro\n" in added
    assert "      POSTGRES_USER: dealwire\n      POSTGRES_DB: dealwire\n" in added
    assert added.count("- postgres:/var/lib/postgresql/data\n      - socket:/var/run/postgresql\n") == 1


@pytest.mark.parametrize(
    ("host", "status", "problem"),
    [
        ("127.0.0.1", 200, ""),
        ("0.0.0.0", 503, "503: The store: it cannot be written."),  # noqa: S104 - nothing listens there
        ("[::1]", 200, ""),
        ("::", 200, ""),
    ],
)
async def test_the_health_check_asks_the_page(host: str, status: int, problem: str) -> None:
    """Wherever the bot listens, also if the address has brackets, as it may in the settings."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text="The store: it\ncannot be written.")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "::1" if ":" in host else "127.0.0.1", 0).start()
    env = {"HTTP_PORT": str(runner.addresses[0][1]), "HTTP_HOST": host}
    assert await asyncio.to_thread(healthcheck.find_problem, env) == problem
    await runner.cleanup()
    assert (await asyncio.to_thread(healthcheck.find_problem, env)).startswith("/healthz cannot be read: ")


def test_without_a_port_nothing_can_be_asked(tmp_path: Path) -> None:
    """The command of the image's health check; it imports nothing but the standard library."""
    [words] = [line for line in INSTRUCTIONS if line.startswith("HEALTHCHECK")]
    assert words.endswith('CMD ["python3", "-m", "bot.healthcheck"]')
    for port, status in (("", 0), ("x", 1)):
        done = subprocess.run(
            [sys.executable, "-S", "-m", "bot.healthcheck"],
            env={"PYTHONPATH": str(ROOT), "HTTP_PORT": port},
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (status, b"")
