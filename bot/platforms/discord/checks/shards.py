"""Compare the number of shards with what Discord allows.

A start identifies each shard once. Discord allows a number of that per day, and resets the token of whoever exceeds it
(https://docs.discord.com/developers/events/gateway#session-start-limit-object).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bot.clock import format_duration
from bot.model.findings import Finding
from bot.platforms.discord.session_starts import StartLimit

#: Discord disconnects a shard with more servers (https://docs.discord.com/developers/events/gateway#sharding).
MAX_SERVERS_PER_SHARD = 2_500
#: Shards of one group identify this many seconds after each other.
_IDENTIFY_SECONDS = 5
#: With fewer starts left than this, a restart loop exhausts them.
_FEW_STARTS = 10


def check_shards(
    limit: StartLimit, *, configured_count: int | None, recommended_count: int, own_count: int, server_count: int
) -> Iterator[Finding]:
    """Yield whether the shards suffice for the servers, and may be started.

    ``own_count`` is how many of the shards this process runs.
    """
    count = configured_count or recommended_count
    needed = max(1, math.ceil(server_count / MAX_SERVERS_PER_SHARD))
    if configured_count and configured_count < needed:
        yield Finding.problem(
            f"SHARD_COUNT is {configured_count}, and the bot is in {server_count:,} servers: Discord refuses a shard with more"
            f" than {MAX_SERVERS_PER_SHARD:,}. Set SHARD_COUNT={max(needed, recommended_count)}, or leave it unset."
        )
    elif configured_count and configured_count < recommended_count:
        yield Finding.note(
            f"SHARD_COUNT is {configured_count}, and Discord recommends {recommended_count}. Set SHARD_COUNT={recommended_count},"
            " or leave it unset."
        )
    yield _check_starts(limit, count, own_count)


def _check_starts(limit: StartLimit, count: int, own_count: int) -> Finding:
    left = f"{limit.remaining:,} of {limit.total:,} starts of a shard are left"
    reset = f"for the next {format_duration(limit.reset_seconds)}"
    shards = f"{own_count} shard{'s' if own_count > 1 else ''}"
    if not limit.allows_start(own_count):
        return Finding.problem(
            f"{left} {reset}. A start of the bot needs {own_count} and keeps {limit.reserve:,} in reserve, so it does not start."
            " Wait until then, and find out why it was started so often: Discord resets the token of a bot that exceeds the limit."
        )
    if limit.remaining < own_count * _FEW_STARTS:
        return Finding.note(
            f"{left} {reset}, and a start of the bot needs {own_count}. Find out why it was started so often: Discord resets the"
            " token of a bot that exceeds the limit."
        )
    of_all = f" of {count}" if own_count != count else ""
    rounds = math.ceil(own_count / limit.max_concurrency)
    duration = f", in about {format_duration(_IDENTIFY_SECONDS * rounds)}" if rounds > 1 else ""
    return Finding.ok(f"A start of the bot starts {shards}{of_all}{duration}; {left} {reset}.")
