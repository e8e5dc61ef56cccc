"""What the HTTP port and JSON logs cost: answer time and memory, as ratios to a bot without. Run: ``python -m benchmarks.operations``.

Each variant is a real process with settings of its own, on a local Discord of its own. Short blocks of questions go round the
variants, so that all meet the same machine. A variant with ``HTTP_PORT`` is scraped every second, ``/healthz`` and ``/metrics`` in turn, as a
monitoring system would. The ratio of answer times is that of the medians of the blocks of one round; the ratio of
memory is that of the resident memory at the end.

``--variant NAME:KEY=VALUE,KEY=VALUE`` measures other settings; ``HTTP_PORT=auto`` takes a free port.
"""

import argparse
import asyncio
import os
import platform
import re
import socket
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.answer import TOKEN, Bench, row
from benchmarks.process import SEEDS, read_processor_time, read_resident, run_process
from tests.local_discord import LocalDiscord

HOST = "127.0.0.1"
SCRAPE_SECONDS = 1.0
#: The first is what the others are compared with.
VARIANTS = ("off:", "HTTP port, scraped every second:HTTP_PORT=auto", "JSON logs:LOG_FORMAT=json")
_ENTRY = re.compile(r"(?P<key>[A-Z_]+)=(?P<value>[^,]*)(?:,|$)")


@dataclass(slots=True)
class Variant:
    """A bot with settings of its own: the times of its answers in milliseconds, its memory in MB, its processor time in seconds."""

    name: str
    env: dict[str, str]
    bench: Bench | None = None
    pid: int = 0
    scrapes: int = 0
    blocks: list[list[float]] = field(default_factory=list)
    resident: float = 0.0
    processor: float = 0.0

    @property
    def times(self) -> list[float]:
        return [one for block in self.blocks for one in block]


def parse_variant(text: str) -> Variant:
    """Parse ``NAME:KEY=VALUE,KEY=VALUE``."""
    name, _, settings = text.partition(":")
    env = {match["key"]: match["value"] for match in _ENTRY.finditer(settings)}
    if env.get("HTTP_PORT") == "auto":
        env["HTTP_PORT"] = str(find_free_port())
    return Variant(name, env)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def run_variant(variant: Variant, gap: float) -> AsyncIterator[None]:
    """Run the bot of a variant, and scrape it if it has a port. Its log goes to a file, as a service manager's would."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"SEEDS": str(SEEDS), "LOG_LEVEL": "INFO", **variant.env}
        async with LocalDiscord(TOKEN, openapi=None, record=False) as here:
            variant.bench = Bench(here, gap)
            with (folder / "log").open("wb") as log:
                async with run_process(here, folder / "dealwire.db", "bot", "run", stderr=log, **settings) as process:
                    variant.pid = process.pid
                    scraper = asyncio.create_task(scrape(variant))
                    try:
                        await wait_until_ready(here, process, folder / "log")
                        yield
                    finally:
                        scraper.cancel()


async def wait_until_ready(here: LocalDiscord, process: asyncio.subprocess.Process, log: Path) -> None:
    """Return when the bot is ready. If it ends instead, end with the last line of its log."""
    ready, ended = asyncio.create_task(here.wait_until_ready(120.0)), asyncio.create_task(process.wait())
    await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in (ready, ended):
        task.cancel()
    if ended.done() and not ended.cancelled():
        sys.exit((log.read_text(encoding="utf-8").splitlines() or ["The bot ended."])[-1])
    await asyncio.gather(ready, ended, return_exceptions=True)


async def scrape(variant: Variant) -> None:
    """Read both pages every second, with a connection for each, as Prometheus and a health check do."""
    port = variant.env.get("HTTP_PORT")
    async with aiohttp.ClientSession() as session:
        while port:
            await asyncio.sleep(SCRAPE_SECONDS)
            for page in ("healthz", "metrics"):
                try:
                    async with session.get(f"http://{HOST}:{port}/{page}") as response:
                        await response.read()
                except aiohttp.ClientError:
                    # It is still starting.
                    continue
                variant.scrapes += 1


async def measure(variants: list[Variant], rounds: int, asks: int, gap: float) -> None:
    """Measure all variants. The order turns with each round, so that none always follows the same other."""
    async with AsyncExitStack() as stack:
        for variant in variants:
            await stack.enter_async_context(run_variant(variant, gap))
        for variant in variants:
            assert variant.bench is not None
            await variant.bench.block(variant.bench.ours, 50)
            variant.processor = -read_processor_time(variant.pid)
        for number in range(rounds):
            first = number % len(variants)
            for variant in (*variants[first:], *variants[:first]):
                assert variant.bench is not None
                variant.blocks.append(await variant.bench.block(variant.bench.ours, asks))
        for variant in variants:
            variant.resident = read_resident(variant.pid)
            variant.processor += read_processor_time(variant.pid)


def report(variants: list[Variant]) -> Iterator[str]:
    """Return the measurements as lines."""
    base = variants[0]
    yield f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {len(base.blocks)} rounds of {len(base.blocks[0])} questions"
    for variant in variants:
        yield f"{row(variant.name, variant.times)}   resident {variant.resident:6.1f} MB   processor {variant.processor:5.1f} s   pages read {variant.scrapes}"
    for variant in variants[1:]:
        ratios = [
            statistics.median(own) / statistics.median(other)
            for own, other in zip(variant.blocks, base.blocks, strict=True)
        ]
        yield (
            f"{variant.name}, compared with “{base.name}”: answer time × {statistics.median(ratios):.2f}"
            f" (rounds: {min(ratios):.2f} to {max(ratios):.2f}), memory × {variant.resident / base.resident:.3f}"
            f" ({variant.resident - base.resident:+.1f} MB), processor time × {variant.processor / base.processor:.2f}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=150, help="rounds (150)")
    parser.add_argument("--asks", type=int, default=5, help="questions a block (5)")
    parser.add_argument("--gap", type=float, default=0.03, help="seconds between questions (0.03)")
    parser.add_argument(
        "--variant", action="append", help="NAME:KEY=VALUE,… ; the first is what the others are compared with"
    )
    options = parser.parse_args()
    variants = [parse_variant(text) for text in options.variant or VARIANTS]
    asyncio.run(measure(variants, options.rounds, options.asks, options.gap))
    print("\n".join(report(variants)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
