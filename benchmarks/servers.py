"""Memory per 1,000 servers: of the bot, and of a bare discord.py bot in the same run. Run: ``python -m benchmarks.servers``.

Each server is as large as a real one: 25 channels with overwrites, 16 roles, 20 emoji, 2 threads, about 19 kB of JSON. Each bot is
started twice, on the fewest servers and on the most. It is measured when it has answered a question, which it reads behind all
servers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.answer import TOKEN, Bench
from benchmarks.process import SEEDS, read_processor_time, read_resident, run_process
from tests.local_discord import Guild, LocalDiscord

CHANNELS, OVERWRITES, ROLES, EMOJI, THREADS = 25, 2, 16, 20, 2
#: What Discord advises: a shard for each thousand servers.
SERVERS_PER_SHARD = 1_000
TIMEOUT = 600.0


def enlarge(create: dict[str, Any]) -> dict[str, Any]:
    """Return a GUILD_CREATE with the roles, channels, threads and emoji of a real server. All ids are its own."""
    guild_id, next_id = create["id"], int(create["id"])

    def make_id() -> str:
        nonlocal next_id
        next_id += 1
        return str(next_id)

    role = create["roles"][-1]
    roles = [
        {key: value for key, value in role.items() if key != "tags"}
        | {"id": make_id(), "name": f"Role of rank {number}", "managed": False, "position": number}
        for number in range(ROLES)
    ]
    overwrites = [{"id": each["id"], "type": 0, "allow": "1024", "deny": "2048"} for each in roles[:OVERWRITES]]
    channels = [
        {
            "id": make_id(),
            "type": 0,
            "guild_id": guild_id,
            "name": f"channel-for-topic-{number}",
            "topic": f"Everything about topic {number}. Be kind." if number % 3 else None,
            "position": number,
            "parent_id": None,
            "permission_overwrites": overwrites,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "last_message_id": make_id(),
            "last_pin_timestamp": None,
            "flags": 0,
        }
        for number in range(CHANNELS)
    ]
    threads = [
        {
            "id": make_id(),
            "type": 11,
            "guild_id": guild_id,
            "name": f"A longer conversation {number}",
            "parent_id": channels[number]["id"],
            "owner_id": make_id(),
            "last_message_id": make_id(),
            "message_count": 40,
            "member_count": 8,
            "rate_limit_per_user": 0,
            "flags": 0,
            "thread_metadata": {
                "archived": False,
                "archive_timestamp": "2026-11-01T12:00:00+00:00",
                "auto_archive_duration": 1440,
                "locked": False,
                "create_timestamp": "2026-11-01T12:00:00+00:00",
            },
        }
        for number in range(THREADS)
    ]
    emojis = [
        {
            "id": make_id(),
            "name": f"emoji_{number}",
            "roles": [],
            "require_colons": True,
            "managed": False,
            "animated": False,
            "available": True,
        }
        for number in range(EMOJI)
    ]
    return create | {
        "roles": [*create["roles"], *roles],
        "channels": [*create["channels"], *channels],
        "threads": threads,
        "emojis": emojis,
        "member_count": 3_000,
    }


class FullServers:
    """Lets a local Discord tell of servers as large as real ones, without keeping them."""

    def __init__(self, here: LocalDiscord) -> None:
        self._events = here.world.events
        self._shape = self._events.guild_shape
        self.sizes: list[int] = []
        self._events.guild_shape = self.get_shape  # type: ignore[method-assign]  # the benchmark's own servers

    def get_shape(self, guild: Guild) -> Any:
        """Return what makes the server's GUILD_CREATE."""

        def shape(intents: int) -> dict[str, Any]:
            create = enlarge(self._shape(guild)(intents))
            self.sizes.append(len(json.dumps(create, separators=(",", ":"))))
            return create

        return shape


async def measure(count: int, *command: str) -> tuple[float, float, float, float]:
    """Return what a bot on ``count`` servers needs until it answers: resident MB, seconds, processor seconds; and the kB of a server."""
    is_bare = command[0] == "benchmarks.bare_bot"
    shards = 1 if is_bare else max(1, count // SERVERS_PER_SHARD)
    async with LocalDiscord(TOKEN, openapi=None, record=False, shards=shards, max_concurrency=16) as here:
        servers, bench = FullServers(here), Bench(here, 0.0)
        for number in range(count):
            here.add_guild(f"Server {number}")
        with tempfile.TemporaryDirectory() as name:
            began = time.perf_counter()
            file = Path(name) / "dealwire.db"
            async with run_process(here, file, *command, SEEDS=str(SEEDS), LOG_LEVEL="ERROR") as process:
                await here.wait_until_ready(TIMEOUT)
                subject = bench.bare if is_bare else bench.ours
                asked = await here.say(subject.channel, next(bench.readers), subject.question)
                await here.message_in(subject.channel, after=asked, timeout=TIMEOUT)
                took = time.perf_counter() - began
                return (
                    read_resident(process.pid),
                    took,
                    read_processor_time(process.pid),
                    sum(servers.sizes) / len(servers.sizes) / 1000,
                )


async def compare(fewest: int, most: int) -> None:
    print(f"{'':10} {'servers':>8} {'resident':>10} {'until it answers':>18} {'processor':>10}")
    slopes = {}
    size = 0.0
    for name, command in (("bare bot", ("benchmarks.bare_bot",)), ("dealwire", ("bot", "run"))):
        resident = {}
        for count in (fewest, most):
            resident[count], took, processor, size = await measure(count, *command)
            print(f"{name:10} {count:8,} {resident[count]:7.1f} MB {took:16.1f} s {processor:8.1f} s", flush=True)
        slopes[name] = (resident[most] - resident[fewest]) / (most - fewest) * 1000
    print(f"\nGUILD_CREATE: {size:.1f} kB a server")
    for name, slope in slopes.items():
        print(f"{name:10} {slope:5.1f} MB per 1,000 servers")
    print(f"ratio      {slopes['dealwire'] / slopes['bare bot']:5.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fewest", type=int, default=100, help="servers of the first start (default: %(default)s)")
    parser.add_argument("--most", type=int, default=10_000, help="servers of the second start (default: %(default)s)")
    arguments = parser.parse_args()
    asyncio.run(compare(arguments.fewest, arguments.most))


if __name__ == "__main__":
    main()
