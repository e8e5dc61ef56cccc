"""The bot as a process on a store of some size: from its start until it is ready, its answers over the wire, its memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.answer import TOKEN, Bench, settle
from benchmarks.process import read_resident, run_process
from tests.local_discord import LocalDiscord

GAP = 0.03


@dataclass(slots=True)
class Run:
    """What one process showed: seconds to be ready; milliseconds of answers to questions asked for the first time, and of
    the same asked again, with the bare bot's of the same moments; megabytes resident when ready and in the end.
    """

    ready: float = 0.0
    answers: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    resident_first: float = 0.0
    resident: float = 0.0


async def run_on(file: Path, questions: Sequence[str], servers: int) -> Run:
    """Start the bot on a store, and a bare bot beside it; ask both in turn."""
    found = Run()
    async with (
        LocalDiscord(TOKEN, openapi=None, record=False) as first,
        LocalDiscord(TOKEN, openapi=None, record=False) as second,
    ):
        bench, other = Bench(first, GAP), Bench(second, GAP)
        settle(first, file, servers)
        began = time.perf_counter()
        async with run_process(first, file, "bot", "run") as bot, run_process(second, file, "benchmarks.bare_bot"):
            await first.wait_until_ready(120.0)
            found.ready = time.perf_counter() - began
            found.resident_first = read_resident(bot.pid)
            await second.wait_until_ready(60.0)
            for question in questions[:10]:
                await bench.ask(bench.ours, f"!deal {question}")
                await other.ask(other.bare)
            for question in questions[10:]:
                found.answers.append(await bench.ask(bench.ours, f"!deal {question}"))
                found.again.append(await bench.ask(bench.ours, f"!deal {question}"))
                found.bare.append(await other.ask(other.bare))
            found.resident = read_resident(bot.pid)
    return found
